"""Writing visits. Always lock, check, write; the database's own rules stand behind.

The lock is the actors' rows in the order of their ids (SQLite's single writer needs none).
Whether a treatment may be booked is asked on the journey floor before these are called, and by
the database after.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from clinic import clock
from clinic.accounts.models import Patient, Visitor
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Service
from clinic.clock import Period
from clinic.database import db, transaction
from clinic.permissions import Actor
from clinic.scheduling import availability, queries, rules
from clinic.scheduling.locks import lock_actors, lock_visit, move_status
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import ACTIVE, HOLD, LONGEST_HOLD, AppointmentStatus, Slot
from clinic.treatment.models import Approval

S = AppointmentStatus


class SlotTaken(RuntimeError):
    """The time is not free (any more): somebody took it, or it never was on offer."""


class HoldOver(RuntimeError):
    """The hold was released, used, or is another browser's."""


class HoldAtItsLongest(RuntimeError):
    """A hold lasts an hour at most."""


class Changed(RuntimeError):
    """The visit is no longer in the state that the page showed."""


def hold(
    service: Service,
    practitioner_actor_id: int,
    starts_at: datetime,
    *,
    visitor: Visitor,
    actor: Actor,
    patient: Patient | None = None,
    approval: Approval | None = None,
) -> Appointment:
    """Keep a time for ten minutes; another hold of the same browser is let go.

    Raises `SlotTaken`.
    """
    with transaction():
        _release_own(visitor, actor)
        slot = _free_slot(service, practitioner_actor_id, starts_at, patient)
        appointment = _promise(service, slot, actor, patient)
        appointment.status = S.PROPOSED
        appointment.hold_until = clock.now() + HOLD
        appointment.held_by_id = visitor.id
        appointment.approval = approval
        _store(appointment)
        audit.record(
            Event.APPOINTMENT_HELD,
            actor=actor,
            patient_id=patient.id if patient else None,
            subject=appointment,
            service=service.kind,
            starts_at=starts_at.isoformat(),
        )
    return appointment


def extend(appointment: Appointment, *, actor: Actor) -> None:
    """Ten minutes more, up to an hour from the first press. Raises the hold's errors."""
    with transaction():
        lock_visit(appointment)
        if appointment.status != S.PROPOSED or appointment.hold_until is None:
            raise HoldOver
        now = clock.now()
        if appointment.hold_until <= now:
            _check_still_free(appointment)
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


def release(appointment: Appointment, *, actor: Actor) -> None:
    """Let a hold go; its time is free at once."""
    with transaction():
        if move_status(appointment, S.PROPOSED, S.CANCELLED, actor):
            appointment.cancel_reason = "released"
            audit.record(Event.APPOINTMENT_RELEASED, actor=actor, subject=appointment)


def confirm(
    appointment: Appointment,
    patient: Patient,
    *,
    actor: Actor,
    approval: Approval | None = None,
) -> Appointment:
    """Turn a hold into a booking for *patient*. An expired hold books when its time is still free.

    *approval* is what carries a treatment now; it may be newer than what it was held on. Raises
    `HoldOver` when the hold is gone, `SlotTaken` when its time went or meets another visit of the
    patient.
    """
    with transaction():
        lock_visit(appointment, patient)
        if appointment.status != S.PROPOSED or appointment.hold_until is None:
            raise HoldOver
        if appointment.hold_until <= clock.now():
            _check_still_free(appointment)
        _retire_expired([patient.actor_id], appointment.period, besides=appointment)
        appointment.patient_id = patient.id
        if not any(p.actor_id == patient.actor_id for p in appointment.participants):
            appointment.participants.append(_participant(patient.actor_id, appointment.period))
        appointment.approval = approval
        appointment.booked_at = clock.now()
        _set_status(appointment, S.BOOKED, actor)
        _store(appointment)
        audit.record(
            Event.APPOINTMENT_BOOKED,
            actor=actor,
            patient_id=patient.id,
            subject=appointment,
            service=appointment.service.kind,
            starts_at=appointment.starts_at.isoformat(),
            approval=appointment.approval.public_id if appointment.approval else None,
        )
    return appointment


def change_status(
    appointment: Appointment, was: AppointmentStatus, new: AppointmentStatus, *, actor: Actor
) -> None:
    """Move a visit along an arrow. Raises `Changed` when it is not in state *was* any more."""
    with transaction():
        lock_visit(appointment)
        if not rules.may_move(was, new) or not move_status(appointment, was, new, actor):
            raise Changed
        audit.record(
            Event.APPOINTMENT_STATUS,
            actor=actor,
            patient_id=appointment.patient_id,
            subject=appointment,
            was=was,
            now=new,
        )


def cancel(appointment: Appointment, reason: str, *, actor: Actor) -> None:
    """End a promise; its time is free at once and the visit stays in the history.

    Raises `Changed` when the visit is not booked or arrived (any more).
    """
    with transaction():
        lock_visit(appointment)
        was = appointment.status
        if was not in (S.BOOKED, S.ARRIVED):
            raise Changed
        if not move_status(appointment, was, S.CANCELLED, actor):
            raise Changed
        appointment.cancel_reason = reason
        audit.record(
            Event.APPOINTMENT_CANCELLED,
            actor=actor,
            patient_id=appointment.patient_id,
            subject=appointment,
            reason=reason,
        )


def _free_slot(
    service: Service, practitioner_actor_id: int, starts_at: datetime, patient: Patient | None
) -> Slot:
    """The slot as listed, under the lock. Raises `SlotTaken`."""
    rooms = [room.actor_id for room in catalogue.rooms_for(service)]
    actors = [practitioner_actor_id, *rooms, *([patient.actor_id] if patient else [])]
    lock_actors(actors)
    reserved = availability.service_facts(service).reserved(starts_at)
    _retire_expired(actors, reserved)
    day = clock.local(starts_at, catalogue.site().zone).date()
    facts = availability.times(service, day, 1, patient=patient).facts
    slot = rules.is_free(facts, practitioner_actor_id, starts_at)
    if slot is None:
        raise SlotTaken
    return slot


def _promise(service: Service, slot: Slot, actor: Actor, patient: Patient | None) -> Appointment:
    """The visit and what it takes up: practitioner and room with buffers, the patient without."""
    reserved = availability.service_facts(service).reserved(slot.starts_at)
    location = catalogue.site()
    appointment = Appointment(
        service=service,
        location=location,
        patient=patient,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        starts_on=clock.local(slot.starts_at, location.zone).date(),
        status_by=actor.label,
        status_at=clock.now(),
    )
    appointment.participants = [
        _participant(slot.practitioner_id, reserved),
        _participant(slot.room_id, reserved),
    ]
    if patient is not None:
        appointment.participants.append(_participant(patient.actor_id, slot.period))
    return appointment


def _participant(actor_id: int, period: Period) -> Participant:
    return Participant(actor_id=actor_id, starts_at=period.starts_at, ends_at=period.ends_at)


def _store(appointment: Appointment) -> None:
    """Write now, so that the database's refusal is heard here. Raises `SlotTaken`."""
    db.session.add(appointment)
    try:
        db.session.flush()
    except IntegrityError as error:
        if is_overlap(error):
            raise SlotTaken from error
        raise


def is_overlap(error: IntegrityError) -> bool:
    """Whether the database refused because of truth 1, on either engine."""
    words = str(error.orig)
    return "truth 1: overlapping" in words or "participant_no_overlap" in words


def _retire_expired(
    actor_ids: Iterable[int], period: Period, besides: Appointment | None = None
) -> None:
    """Expired holds in the way of *period* are cancelled; the database then counts them out.

    *besides* is the hold that is about to be used, expired or not.
    """
    for expired in availability.expired_holds_in_the_way(actor_ids, period):
        if expired is besides:
            continue
        expired.status = S.CANCELLED
        expired.status_at = clock.now()
        expired.status_by = "system:expired"
        expired.cancel_reason = "expired"
    db.session.flush()


def _release_own(visitor: Visitor, actor: Actor) -> None:
    """One live hold for a browser: choosing another time lets the first one go (S74)."""
    earlier = queries.hold_of(visitor.id)
    if earlier is not None:
        release(earlier, actor=actor)
        db.session.flush()


def _check_still_free(appointment: Appointment) -> None:
    """An expired hold counts for nothing: is its time still free? Raises `SlotTaken`."""
    actors = queries.actors_of(appointment)
    reserved = availability.service_facts(appointment.service).reserved(appointment.starts_at)
    _retire_expired(actors, reserved, besides=appointment)
    facts = availability.times(
        appointment.service, appointment.starts_on, 1, besides=appointment
    ).facts
    held = {p.actor_id for p in appointment.participants}
    free = any(
        rules.is_free(facts, p.actor_id, appointment.starts_at) is not None
        for p in facts.practitioners
        if p.actor_id in held
    )
    if not free:
        raise SlotTaken


def _set_status(appointment: Appointment, new: AppointmentStatus, actor: Actor) -> None:
    appointment.status = new
    appointment.status_at = clock.now()
    appointment.status_by = actor.label
    appointment.version = appointment.version + 1


def is_active(appointment: Appointment) -> bool:
    return appointment.status in ACTIVE
