"""Moving a visit: by the patient inside the clinic's policy, by staff with a reason.

The same visit, another time, another physician or both. A treatment asks the gate about the new
time, in the transaction that holds the locks.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from clinic import clock
from clinic.database import transaction
from clinic.journey import book, waitlist
from clinic.journey.cancel import BY_PATIENT, TooLate, free_until
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor
from clinic.scheduling import queries as visits
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment

# How long a move at the desk may be taken back before the patient hears of it.
SLIP = timedelta(minutes=3)


class SameTime(RuntimeError):
    """The visit is there already: that time, that physician, and the room if one is wished."""


def by_patient(
    visit: Appointment,
    practitioner_actor_id: int,
    starts_at: datetime,
    *,
    shown: int,
    actor: Actor,
) -> None:
    """*shown* is the version that the page showed.

    Raises `TooLate` inside the notice that the clinic asks for, and the errors of `by_staff`.
    """
    with transaction():
        if clock.now() > free_until(visit):
            raise TooLate
        _move(visit, practitioner_actor_id, starts_at, shown, BY_PATIENT, actor)


def by_staff(
    visit: Appointment,
    practitioner_actor_id: int,
    starts_at: datetime,
    *,
    shown: int,
    reason: str,
    actor: Actor,
) -> None:
    """*reason* is a code of `cancel.DESK_REASONS`.

    Raises `GateClosed`, `SlotTaken`, `SameTime`, and `Changed` when the visit is not booked (any
    more) or was moved meanwhile.
    """
    with transaction():
        _move(visit, practitioner_actor_id, starts_at, shown, reason, actor)


def in_the_calendar(
    visit: Appointment,
    practitioner_actor_id: int,
    starts_at: datetime,
    *,
    room_actor_id: int | None,
    shown: int,
    actor: Actor,
) -> None:
    """By the desk with one pull, which slips at times: the patient is told after `SLIP` where the
    visit is then, and nothing where it is back by then.

    *room_actor_id* is the room that it is to have; None keeps its own where that is free. Raises
    the errors of `by_staff`.
    """
    with transaction():
        _move(
            visit,
            practitioner_actor_id,
            starts_at,
            shown,
            None,
            actor,
            room_actor_id=room_actor_id,
            told_after=SLIP,
        )


def all_the_same(
    visit: Appointment,
    practitioner_actor_id: int,
    starts_at: datetime,
    *,
    shown: int,
    reason: str,
    why: str,
    actor: Actor,
) -> None:
    """Where no time is on offer, by staff with a typed *why*. Nobody overrides the gate or an age.

    Raises the errors of `by_staff`, and `CleanUpBegun`.
    """
    with transaction():
        _move(visit, practitioner_actor_id, starts_at, shown, reason, actor, why=why)


def _move(
    visit: Appointment,
    practitioner_actor_id: int,
    starts_at: datetime,
    shown: int,
    reason: str | None,
    actor: Actor,
    *,
    why: str | None = None,
    room_actor_id: int | None = None,
    told_after: timedelta | None = None,
) -> None:
    if visit.patient is None:
        raise scheduling.Changed
    was, had = told_now(visit), visits.actors_of(visit)
    if visit.starts_at == starts_at and {practitioner_actor_id, room_actor_id} <= {*had, None}:
        raise SameTime
    approval = book.allowed(visit.service, visit.patient, starts_at)
    put = partial(scheduling.move, room_actor_id=room_actor_id)
    if why is not None:
        put = partial(scheduling.move_all_the_same, why=why)
    with waitlist.freeing(visit):
        put(
            visit,
            practitioner_actor_id,
            starts_at,
            shown=shown,
            actor=actor,
            approval=approval,
            reason=reason,
        )
    tell(visit, was, told_after)


def told_now(visit: Appointment) -> dict[str, str]:
    """What a letter says of where a visit is; the room is none of it."""
    practitioner = visits.practitioner_of(visit)
    with_whom = practitioner.public_id if practitioner is not None else ""
    return {"was": visit.starts_at.isoformat(), "was_with": with_whom}


def tell(visit: Appointment, was: dict[str, str], after: timedelta | None = None) -> None:
    """One letter for several moves in a row: it names the time that the patient was told last.

    None where that is where the visit is again, *after* a slip of the desk's.
    """
    unsent = notices.take_back(MessageKind.MOVED, visit.id)
    told = was if unsent is None else unsent
    if after is not None and told == told_now(visit):
        return
    notices.queue(
        MessageKind.MOVED,
        to=visit.patient.email if visit.patient else None,
        params=told,
        patient_id=visit.patient_id,
        appointment_id=visit.id,
        version=visit.version,
        due_at=None if after is None else clock.now() + after,
    )
