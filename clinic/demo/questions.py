"""What a physician has asked before a visit in the demo: one patient answered, one has not yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from clinic.accounts.models import Patient
from clinic.catalogue.models import Service
from clinic.catalogue.rules import ServiceKind
from clinic.database import db
from clinic.intake import queries as intakes
from clinic.journey import ask
from clinic.journey.decide import Typed
from clinic.permissions import Actor, Role, system
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.screening import asking
from clinic.screening.models import Question

ANSWERED, OPEN = "Oscar Lange", "Amelie Roux"
ASKED = {
    ANSWERED: "Which antiperspirant did you use, and for how long?",
    OPEN: "When was your last cold sore?",
}


def play(go: Callable[[datetime], None], now: datetime) -> None:
    """*go* moves the clock, *now* is the moment at which the story ends."""
    go(now - timedelta(hours=5))
    first = _ask(ANSWERED)
    _ask(OPEN)
    go(now - timedelta(hours=1))
    if first is not None:
        words = "One with aluminium chloride, every night for three months."
        asking.answer(first, words, actor=system("demo"))


def _ask(name: str) -> Question | None:
    consultation = db.session.scalar(
        select(Appointment)
        .join(Patient, Patient.id == Appointment.patient_id)
        .join(Service, Service.id == Appointment.service_id)
        .where(Patient.name == name, Service.kind == ServiceKind.CONSULTATION)
    )
    if consultation is None or consultation.patient is None:
        return None
    physician = visits.practitioner_of(consultation)
    assert physician is not None
    assert physician.user is not None
    actor = Actor(
        label=f"user:{physician.user.public_id}",
        roles=frozenset({Role.PHYSICIAN}),
        user_id=physician.user_id,
        practitioner_id=physician.id,
    )
    patient = consultation.patient
    page = Typed(0, "", {}, {"question": ASKED[name], "decision": "ask"})
    form = intakes.latest_submitted(patient.id)
    return ask.before_the_visit(consultation, patient, form, page, actor=actor)
