"""A patient without e-mail answers the form on the desk's tablet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from clinic.accounts import tablet
from clinic.accounts.models import Patient, Visitor
from clinic.database import transaction
from clinic.intake import confirmations
from clinic.intake import queries as intake_queries
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.permissions import Actor
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment


def hand_over(patient: Patient, *, actor: Actor) -> str:
    """Make a browser the tablet for an empty form of *patient*; the token for its cookie."""
    with transaction():
        visitor, token = tablet.hand_over(patient, actor=actor)
        intakes.start_on_tablet(patient, visitor, actor=actor)
    return token


def open_form(visitor: Visitor, draft: Intake, *, actor: Actor) -> None:
    """The date of birth was right: from now on the tablet opens this draft."""
    with transaction():
        tablet.confirm(visitor)
        intakes.resume(draft, visitor, actor=actor)


def ask(draft: Intake | None, sent: Intake | None, topics: Sequence[str] | None) -> None:
    """What the form on the device asks: *topics*, where the form that was sent can fill the rest;
    else everything."""
    if draft is not None:
        intakes.ask_only(draft, topics if intake_queries.may_ask_less(sent) else None)


def visit_that_asks(patient_id: int, today: date) -> tuple[Appointment, Intake] | None:
    """Today's visit whose answers are still to be confirmed, and the form that was sent."""
    form = intake_queries.latest_submitted(patient_id)
    todays = [visit for visit in visits.own_visits(patient_id) if visit.starts_on == today]
    asks = confirmations.of_coming(todays, form).asks
    asking = next((visit for visit in reversed(todays) if visit.id in asks), None)
    return (asking, form) if asking is not None and form is not None else None


def end(visitor: Visitor, *, actor: Actor) -> None:
    """What was answered stays the patient's draft; a form that nobody began is not kept."""
    with transaction():
        tablet.end(visitor, actor=actor)
        intakes.drop_empty(visitor)
