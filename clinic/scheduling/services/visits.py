"""Visits: confirmed, moved, cancelled, walked through the day. Lock, check, write.

The database's own rules stand behind. Whether a treatment may be booked or moved is asked on the
journey floor before these are called, and by the database after.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, update

from clinic import clock
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.clock import Period
from clinic.columns import as_text
from clinic.database import changed, db, rows_changed, table_of, transaction
from clinic.made import Made
from clinic.permissions import Actor
from clinic.scheduling import queries, rules
from clinic.scheduling.locks import lock_visit, move_status
from clinic.scheduling.models import Appointment
from clinic.scheduling.press import Press
from clinic.scheduling.rules import AppointmentStatus, Slot
from clinic.scheduling.services import places
from clinic.scheduling.services.errors import Changed, HoldOver, UndoOver
from clinic.treatment.models import Approval

S = AppointmentStatus


BOOK = Made(
    update(table_of(Appointment))
    .where(
        table_of(Appointment).c.id == bindparam("visit_id"),
        table_of(Appointment).c.status == as_text(S.PROPOSED),
        table_of(Appointment).c.version == bindparam("shown"),
    )
    .values(
        dict.fromkeys(("patient_id", "approval_id", "booked_at", "status_at", "status_by"))
        | {"status": S.BOOKED, "held_from": None, "version": bindparam("shown") + 1}
    )
)


def confirm(press: Press, *, actor: Actor, approval: Approval | None = None) -> None:
    """Turn a hold into a booking of its patient. An expired hold books when its time is still free.

    *approval* is what carries a treatment now; it may be newer than what it was held on. Raises
    `HoldOver` when the hold is gone, `SlotTaken` when its time went, is not on offer any more or
    meets another visit of the patient.
    """
    with transaction():
        if not press.is_held:
            raise HoldOver
        if press.has_run_out:
            places.check_still_free(queries.visit_of(press.visit_id))
        else:
            places.check_still_on_offer(press)
        if press.is_in_the_way:
            places.retire_expired([press.actor_id], press.period, besides=press.visit_id)
        _book(press, actor, approval)
        if press.actor_id not in press.taken:
            places.take_along(press)
        audit.record(
            Event.APPOINTMENT_BOOKED,
            actor=actor,
            patient_id=press.patient_id,
            subject=f"appointment:{press.public_id}",
            service=press.kind,
            starts_at=press.starts_at.isoformat(),
            approval=approval.public_id if approval else None,
        )


def _book(press: Press, actor: Actor, approval: Approval | None) -> None:
    now = clock.now()
    row = {
        "visit_id": press.visit_id,
        "shown": press.version,
        "patient_id": press.patient_id,
        "approval_id": approval.id if approval else None,
        "booked_at": now,
        "status_at": now,
        "status_by": actor.label,
    }
    with places.hearing_refusals():
        booked = changed(BOOK, row)
    if booked != 1:
        raise HoldOver
    queries.forget_visit(press.visit_id)


def change_status(
    appointment: Appointment,
    was: AppointmentStatus,
    new: AppointmentStatus,
    *,
    actor: Actor,
    shown: int | None = None,
    since: datetime | None = None,
) -> None:
    """Move a visit along an arrow. *since* is when it came into that state, where that was before
    now. Raises `Changed` when it is not in state *was* any more, or not the version *shown*."""
    with transaction():
        lock_visit(appointment)
        _must_be(appointment, shown)
        if not rules.may_move(was, new) or not move_status(appointment, was, new, actor, since):
            raise Changed
        audit.record(
            Event.APPOINTMENT_STATUS,
            actor=actor,
            patient_id=appointment.patient_id,
            subject=appointment,
            was=was,
            now=new,
        )


def cancel(
    appointment: Appointment,
    reason: str,
    *,
    actor: Actor,
    shown: int | None = None,
    once_arrived: bool = True,
) -> None:
    """End a promise; its time is free at once and the visit stays in the history.

    Raises `Changed` when the visit is not booked any more (or has not arrived, *once_arrived*), or
    not the version that was *shown*.
    """
    with transaction():
        lock_visit(appointment)
        _must_be(appointment, shown)
        was = appointment.status
        if was != S.BOOKED and not (once_arrived and was == S.ARRIVED):
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


def undo_cancel(appointment: Appointment, *, actor: Actor) -> None:
    """Take a cancellation back, within ten minutes and by whoever cancelled: the same visit, at
    its old time.

    Raises `UndoOver`, and `SlotTaken` when somebody has the time meanwhile.
    """
    with transaction():
        lock_visit(appointment)
        if queries.undo_until(appointment, actor) is None:
            raise UndoOver
        reserved = queries.reserved_by(appointment)
        places.retire_expired(queries.actors_of(appointment), reserved, besides=appointment.id)
        with places.hearing_refusals():
            if not move_status(appointment, S.CANCELLED, S.BOOKED, actor):
                raise UndoOver
        appointment.cancel_reason = None
        audit.record(
            Event.APPOINTMENT_CANCEL_UNDONE,
            actor=actor,
            patient_id=appointment.patient_id,
            subject=appointment,
            starts_at=appointment.starts_at.isoformat(),
        )


def move(
    appointment: Appointment,
    practitioner_actor_id: int,
    starts_at: datetime,
    *,
    shown: int,
    actor: Actor,
    approval: Approval | None = None,
    reason: str | None = None,
    room_actor_id: int | None = None,
) -> None:
    """Put a booked visit at another time, with another practitioner, or both; it stays the same
    visit. What it took up is free at once.

    *shown* is the version that the page showed, *approval* what carries a treatment then, *reason*
    a code, *room_actor_id* a room that is wished: no other will do. Raises `SlotTaken`, and
    `Changed` when it is not booked (any more) or was moved meanwhile.
    """
    with transaction():
        must_be_booked(appointment, shown)
        slot, _stamp = places.free_slot(
            appointment.service,
            practitioner_actor_id,
            starts_at,
            appointment.patient,
            besides=appointment,
            room_actor_id=room_actor_id,
        )
        wanted = places.takes_up(appointment.service, slot, appointment.patient)
        go(appointment, slot, wanted, shown=shown, actor=actor, approval=approval, reason=reason)


def go(
    appointment: Appointment,
    slot: Slot,
    wanted: Mapping[int, Period],
    *,
    shown: int,
    actor: Actor,
    approval: Approval | None,
    reason: str | None,
) -> None:
    """Move a visit to a place that was found under the lock; *wanted* is what it takes up there.

    Whatever its old time was booked against is over: the new one is on offer, or its caller says
    against what it goes. Raises the errors of `move`.
    """
    db.session.refresh(appointment)  # under the lock now
    must_be_booked(appointment, shown)
    starts_at, was = appointment.starts_at, queries.who_and_where([appointment])[appointment.id]
    _take_along(appointment, slot, wanted, approval)
    now = queries.who_and_where([appointment])[appointment.id]
    audit.record(
        Event.APPOINTMENT_MOVED,
        actor=actor,
        patient_id=appointment.patient_id,
        subject=appointment,
        was_starts_at=starts_at.isoformat(),
        starts_at=slot.starts_at.isoformat(),
        was_practitioner=was.practitioner_public_id or None,
        practitioner=now.practitioner_public_id or None,
        was_room=was.room_public_id or None,
        room=now.room_public_id or None,
        reason=reason,
    )


def _must_be(appointment: Appointment, shown: int | None) -> None:
    if shown is not None and appointment.version != shown:
        raise Changed


def must_be_booked(appointment: Appointment, shown: int) -> None:
    """Raises `Changed` when it is not, or another version than was *shown*."""
    if appointment.status != S.BOOKED or appointment.version != shown:
        raise Changed


def _take_along(
    appointment: Appointment,
    slot: Slot,
    wanted: Mapping[int, Period],
    approval: Approval | None,
) -> None:
    """Tell the participants where to go, then move the visit: the database takes them along."""
    stays = (appointment.starts_at, appointment.ends_at) == (slot.starts_at, slot.ends_at)
    by_kind = queries.participants_by_kind(appointment)
    places.send(by_kind, slot, wanted, at_once=stays)
    places.flush()
    with places.hearing_refusals():
        moved = rows_changed(
            update(Appointment)
            .where(
                Appointment.id == appointment.id,
                Appointment.status == S.BOOKED,
                Appointment.version == appointment.version,
            )
            .values(
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                starts_on=clock.local(slot.starts_at, appointment.location.zone).date(),
                approval_id=approval.id if approval else None,
                override_reason=None,
                overrode=None,
                version=Appointment.version + 1,
            )
            .execution_options(synchronize_session=False)
        )
    if moved != 1:
        raise Changed
    db.session.expire_all()
    places.complete(appointment, wanted)
