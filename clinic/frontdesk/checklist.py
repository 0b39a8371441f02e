"""Reading what the readiness of one visit depends on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from clinic import clock
from clinic.catalogue.rules import MODALITIES
from clinic.database import db
from clinic.frontdesk.readiness import BEFORE_THE_ROOM, Chip, VisitFacts, chips
from clinic.intake import confirmations
from clinic.intake import queries as intakes
from clinic.scheduling.models import Appointment
from clinic.treatment import queries as treatment
from clinic.treatment.rules import DeskWord, Wish, desk_words


def of(visit: Appointment) -> list[Chip]:
    """The points of a visit before its patient sits down; the gate is asked about its hour."""
    patient = visit.patient
    if visit.status not in BEFORE_THE_ROOM or patient is None:
        return []
    form = intakes.latest_submitted(patient.id)
    sent_at = form.submitted_at if form is not None else None
    confirmed_at, had_visit = _answered(visit)
    kind = visit.service.kind
    asks = sent_at is not None and confirmations.is_asked(
        visit.status, kind, visit.starts_at, sent_at, had_visit
    )
    today = clock.today(visit.location.zone)
    refused = _refused(visit)
    return chips(
        VisitFacts(
            status=visit.status,
            kind=kind,
            starts_on=visit.starts_on,
            zone=visit.location.zone,
            today=today,
            form_sent_at=sent_at,
            refused=refused,
            may_move=not refused or bool(treatment.open_ones(patient.id, today)),
            asks=asks,
            confirmed_at=confirmed_at,
            has_phone=bool(patient.phone),
            has_email=bool(patient.email),
            email_proved=patient.email_proved_at is not None,
        )
    )


def _answered(visit: Appointment) -> tuple[datetime | None, bool]:
    """When the newest form was confirmed for it, and whether its patient has been here before."""
    row = db.session.execute(
        select(confirmations.confirmed_at(), confirmations.has_been_here()).where(
            Appointment.id == visit.id
        )
    ).one()
    return row[0], bool(row[1])


def _refused(visit: Appointment) -> list[DeskWord]:
    """The desk's words for what stands against the approval that a treatment was booked on."""
    needed = MODALITIES[visit.service.kind]
    if not needed or visit.patient is None:
        return []
    wish = Wish(needed, visit.starts_at, visit.starts_on)
    return desk_words(treatment.gate(visit.patient).about(visit.approval_id, wish))
