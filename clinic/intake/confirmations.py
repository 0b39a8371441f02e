"""Before a later visit its patient says that nothing has changed: asked, stored, shown.

Source: clinical reference e.4, "Check again at check-in (new pregnancy, infection, medicines)". A
consultation is examined on the form that it was booked with; whatever comes later is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from clinic import clock
from clinic.accounts.same_person import ids_of
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, lock_row, transaction
from clinic.intake import queries
from clinic.intake.models import Intake, IntakeConfirmation
from clinic.intake.rules import confirmation_counts
from clinic.permissions import Actor
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S

# A form that was sent within these days of a visit needs no confirming: it is as fresh as one.
FRESH = timedelta(days=7)
# Until somebody sits in the room the answer can still be asked for.
ASKED_IN = (S.BOOKED, S.ARRIVED)


class NewerForm(RuntimeError):
    """The form that was confirmed is not the newest any more."""


def own_visit_to_confirm(actor: Actor, public_id: str) -> Appointment | None:
    """A visit of the patient who asks; its page shows answers, so it takes what a record takes."""
    return visits.own_visit(actor, public_id) if actor.opens_own_record else None


def confirm(visit: Appointment, form: Intake, *, actor: Actor) -> None:
    """Nothing has changed since *form*: once for each visit and form, and once more on the day of
    the visit if that was said before it. Raises `NewerForm`."""
    with transaction():
        lock_row(visit)
        newest = queries.latest_submitted(visit.patient_id or 0)
        if newest is None or newest.id != form.id:
            raise NewerForm
        if standing(visit) is not None:
            return
        db.session.add(
            IntakeConfirmation(
                appointment_id=visit.id, intake_id=form.id, at=clock.now(), by=actor.label
            )
        )
        db.session.flush()
        audit.record(
            Event.INTAKE_CONFIRMED,
            actor=actor,
            patient_id=visit.patient_id,
            subject=visit,
            form=form.public_id,
        )


def confirmed(seen: Iterable[Appointment]) -> Mapping[int, datetime]:
    """When the newest form was confirmed for each visit, by its row number; one statement."""
    rows = db.session.execute(
        select(Appointment.id, confirmed_at()).where(Appointment.id.in_([v.id for v in seen]))
    )
    return {visit_id: at for visit_id, at in rows if at is not None}


def standing(visit: Appointment) -> datetime | None:
    """When its answers were confirmed, if they need no asking (any more)."""
    at = confirmed([visit]).get(visit.id)
    return at if _counts(visit, at) else None


def _counts(visit: Appointment, at: datetime | None) -> bool:
    zone = visit.location.zone
    return confirmation_counts(at, visit.starts_on, clock.today(zone), zone)


@dataclass(frozen=True)
class Confirmed:
    """Of a patient's coming visits, by row number: when each was confirmed, so that it counts; and
    which still ask."""

    at: Mapping[int, datetime] = field(default_factory=dict)
    asks: frozenset[int] = frozenset()


def of_coming(coming: Sequence[Appointment], form: Intake | None) -> Confirmed:
    """The same, and which visits still ask for the answers of *form*; one statement."""
    if form is None or form.submitted_at is None or not coming:
        return Confirmed()
    rows = db.session.execute(
        select(Appointment.id, confirmed_at(), has_been_here()).where(
            Appointment.id.in_([visit.id for visit in coming])
        )
    )
    facts = {visit_id: (at, had) for visit_id, at, had in rows}
    told = {v.id: at for v in coming if (at := facts[v.id][0]) and _counts(v, at)}
    asked = [
        v.id
        for v in coming
        if is_asked(v.status, v.service.kind, v.starts_at, form.submitted_at, facts[v.id][1])
    ]
    return Confirmed(told, frozenset(asked) - told.keys())


def is_asked(
    status: S,
    kind: ServiceKind,
    starts_at: datetime,
    sent_at: datetime,
    had_visit: bool,
) -> bool:
    """Whether a visit asks for the answers of a form once more."""
    is_later = kind != ServiceKind.CONSULTATION or had_visit
    return status in ASKED_IN and is_later and sent_at < starts_at - FRESH


# Of the visit that the statement around reads.


def newest_sent_at() -> Any:
    """SQL: when its patient sent the newest form."""
    return (
        select(func.max(Intake.submitted_at))
        .where(Intake.patient_id.in_(ids_of(Appointment.patient_id)))
        .correlate(Appointment)
        .scalar_subquery()
    )


def confirmed_at() -> Any:
    """SQL: when the newest form was confirmed for it."""
    newer = aliased(Intake)
    return (
        select(func.max(IntakeConfirmation.at))
        .join(Intake, Intake.id == IntakeConfirmation.intake_id)
        .where(
            IntakeConfirmation.appointment_id == Appointment.id,
            ~exists().where(
                newer.patient_id.in_(ids_of(Appointment.patient_id)),
                newer.submitted_at > Intake.submitted_at,
            ),
        )
        .correlate(Appointment)
        .scalar_subquery()
    )


def has_been_here() -> ColumnElement[bool]:
    """SQL: whether its patient has been here for any visit."""
    earlier = aliased(Appointment)
    return (
        exists()
        .where(
            earlier.patient_id.in_(ids_of(Appointment.patient_id)), earlier.status == S.FULFILLED
        )
        .correlate(Appointment)
    )
