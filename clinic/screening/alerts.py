"""Alerts of safety: raised by a form, taken on by a physician; nobody else ever reads them (g7).

The audit log, which managers read, calls the form urgent and no more.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.accounts.models import Patient, Practitioner
from clinic.accounts.same_person import ids_of
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.models import Service
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, lock_row, transaction
from clinic.intake.models import Intake
from clinic.permissions import Actor, only_readable
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import COMING
from clinic.screening import services
from clinic.screening.models import SafetyAlert


class AlreadyTaken(RuntimeError):
    """A colleague has taken the alert on before."""


def of_form(intake: Intake) -> SafetyAlert | None:
    return db.session.scalar(select(SafetyAlert).where(SafetyAlert.intake_id == intake.id))


def raise_for(intake: Intake, *, actor: Actor) -> bool:
    """One alert for each form, however often it is saved; whether this raised it."""
    assert intake.patient_id is not None
    with transaction():
        lock_row(intake)  # two pages saved at one moment raise one
        if of_form(intake) is not None:
            return False
        alert = SafetyAlert(
            patient_id=intake.patient_id, intake_id=intake.id, raised_at=clock.now()
        )
        db.session.add(alert)
        db.session.flush()
        audit.record(Event.FORM_URGENT, actor=actor, patient_id=intake.patient_id, subject=intake)
    return True


def open_alerts(actor: Actor) -> list[dict[str, object]]:
    """What nobody has taken on yet, oldest first: for every physician, whoever the patient sees.

    Nobody is shown one about themself.
    """
    if actor.practitioner_id is None:
        return []
    rows = db.session.scalars(
        select(SafetyAlert)
        .join(Patient, Patient.id == SafetyAlert.patient_id)
        .options(joinedload(SafetyAlert.patient))
        .where(SafetyAlert.seen_at.is_(None), Patient.user_id.is_distinct_from(actor.user_id))
        .order_by(SafetyAlert.id)
    ).all()
    return [_view(alert, actor) for alert in rows]


def _view(alert: SafetyAlert, actor: Actor) -> dict[str, object]:
    everything = {
        "alert_id": alert.public_id,
        "patient_name": alert.patient.name,
        "raised_at": alert.raised_at,
    }
    return only_readable("safety alert", actor.roles, everything)


def alert_to_take(actor: Actor, public_id: str) -> SafetyAlert | None:
    """An alert, taken on or not, about somebody else than the physician who asks."""
    if actor.practitioner_id is None:
        return None
    return db.session.scalar(
        select(SafetyAlert)
        .join(Patient, Patient.id == SafetyAlert.patient_id)
        .options(joinedload(SafetyAlert.patient), joinedload(SafetyAlert.seen_by))
        .where(SafetyAlert.public_id == public_id, Patient.user_id.is_distinct_from(actor.user_id))
    )


def alerts_of(patient_id: int) -> Sequence[SafetyAlert]:
    """All alerts of a patient for the record, newest first."""
    return db.session.scalars(
        select(SafetyAlert)
        .options(joinedload(SafetyAlert.seen_by))
        .where(SafetyAlert.patient_id.in_(ids_of(patient_id)))
        .order_by(SafetyAlert.id.desc())
    ).all()


def take_on(alert: SafetyAlert, *, actor: Actor) -> None:
    """The physician answers for it from now on; care begins. Raises `AlreadyTaken`."""
    with transaction():
        lock_row(alert)
        if alert.seen_at is not None and alert.seen_by_id != actor.practitioner_id:
            raise AlreadyTaken
        if alert.seen_at is not None:
            return
        alert.seen_at = clock.now()
        alert.seen_by_id = actor.practitioner_id
        services.take_review(alert.patient, actor=actor)
        db.session.flush()
        audit.record(
            Event.FORM_URGENT_TAKEN, actor=actor, patient_id=alert.patient_id, subject=alert.intake
        )


def physicians_to_tell(patient_id: int) -> Sequence[int]:
    """Who is to see the patient at the next consultation that is booked or under way."""
    return db.session.scalars(
        select(Practitioner.id)
        .join(Participant, Participant.actor_id == Practitioner.actor_id)
        .join(Appointment, Appointment.id == Participant.appointment_id)
        .join(Service, Service.id == Appointment.service_id)
        .where(
            Appointment.patient_id.in_(ids_of(patient_id)),
            Service.kind == ServiceKind.CONSULTATION,
            Appointment.status.in_(COMING),
        )
        .order_by(Appointment.starts_at)
        .limit(1)
    ).all()
