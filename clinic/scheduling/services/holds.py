"""Holds: a time kept for one browser while it decides."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from clinic import clock
from clinic.accounts.models import Patient, Visitor
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.models import Service
from clinic.database import db, retried, transaction
from clinic.permissions import Actor
from clinic.scheduling import queries
from clinic.scheduling.locks import lock_address, lock_visit, move_status
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import HOLD, LONGEST_HOLD, AppointmentStatus
from clinic.scheduling.services import places
from clinic.scheduling.services.errors import HoldAtItsLongest, HoldOver, SlotTaken, TooManyHolds
from clinic.treatment.models import Approval

S = AppointmentStatus

HOLDS_OF_AN_ADDRESS = 5


def hold(
    service: Service,
    practitioner_actor_id: int,
    starts_at: datetime,
    *,
    visitor: Visitor,
    actor: Actor,
    patient: Patient | None = None,
    approval: Approval | None = None,
    address: str | None = None,
) -> Appointment:
    """Keep a time for ten minutes; another hold of the same browser is let go.

    *address* is where a visitor comes from; one address holds five times at most (S74), staff as
    many as they need. Raises `SlotTaken` and `TooManyHolds`.
    """
    with transaction():
        _release_own(visitor, actor)
        if address is not None:
            _few_enough(address)
        appointment = _proposed(service, practitioner_actor_id, starts_at, actor, patient, approval)
        appointment.hold_until = clock.now() + HOLD
        appointment.held_by_id = visitor.id
        appointment.held_from = address
        _keep(appointment, actor)
    return appointment


@retried
def hold_for(
    service: Service,
    practitioner_actor_id: int,
    starts_at: datetime,
    patient: Patient,
    *,
    until: datetime,
    actor: Actor,
    approval: Approval | None = None,
) -> Appointment:
    """Keep a time until *until* for a patient who was not there to choose it: an offer.

    It is no browser's and counts for no address. Raises `SlotTaken`.
    """
    with transaction():
        appointment = _proposed(service, practitioner_actor_id, starts_at, actor, patient, approval)
        appointment.hold_until = until
        _keep(appointment, actor)
    return appointment


def _proposed(
    service: Service,
    practitioner_actor_id: int,
    starts_at: datetime,
    actor: Actor,
    patient: Patient | None,
    approval: Approval | None,
) -> Appointment:
    """The hold but for its end, under the lock and not stored yet."""
    if not service.active:
        raise SlotTaken  # retired while its times were on the screen
    slot, stamp = places.free_slot(service, practitioner_actor_id, starts_at, patient)
    appointment = places.promise(service, slot, actor, patient)
    appointment.status = S.PROPOSED
    appointment.held_under = stamp
    appointment.approval = approval
    return appointment


def _keep(appointment: Appointment, actor: Actor) -> None:
    places.store(appointment)
    audit.record(
        Event.APPOINTMENT_HELD,
        actor=actor,
        patient_id=appointment.patient_id,
        subject=appointment,
        service=appointment.service.kind,
        starts_at=appointment.starts_at.isoformat(),
    )


def _few_enough(address: str) -> None:
    lock_address(address)
    ends = queries.ends_of_holds_from(address)
    if len(ends) >= HOLDS_OF_AN_ADDRESS:
        raise TooManyHolds(ends[0])


@retried
def extend(appointment: Appointment, *, actor: Actor) -> None:
    """Ten minutes more, up to an hour from the first press. Raises the hold's errors."""
    with transaction():
        lock_visit(appointment)
        if appointment.status != S.PROPOSED or appointment.hold_until is None:
            raise HoldOver
        now = clock.now()
        if appointment.hold_until <= now:
            places.check_still_free(appointment)
        end = min(max(appointment.hold_until, now) + HOLD, appointment.status_at + LONGEST_HOLD)
        if end <= max(appointment.hold_until, now):
            raise HoldAtItsLongest
        appointment.hold_until = end
        audit.record(
            Event.APPOINTMENT_HOLD_EXTENDED,
            actor=actor,
            subject=appointment,
            until=end.isoformat(),
        )


@retried
def release(appointment: Appointment, *, actor: Actor) -> None:
    """Let a hold go; its time is free at once."""
    with transaction():
        if move_status(appointment, S.PROPOSED, S.CANCELLED, actor):
            appointment.cancel_reason = "released"
            appointment.held_from = None
            audit.record(Event.APPOINTMENT_RELEASED, actor=actor, subject=appointment)


def release_all(patient: Patient, *, actor: Actor) -> None:
    """Let every hold for a patient go."""
    held = select(Appointment).where(
        Appointment.patient_id == patient.id, Appointment.status == S.PROPOSED
    )
    for hold in db.session.scalars(held).all():
        release(hold, actor=actor)


def _release_own(visitor: Visitor, actor: Actor) -> None:
    """One live hold for a browser: choosing another time lets the first one go (S74)."""
    earlier = queries.hold_of(visitor.id)
    if earlier is not None:
        release(earlier, actor=actor)
        db.session.flush()
