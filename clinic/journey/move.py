"""Moving a visit: by the patient inside the clinic's policy, by staff with a reason.

The same visit, another time, another physician or both. A treatment asks the gate about the new
time, in the transaction that holds the locks.
"""

from __future__ import annotations

from datetime import datetime
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


class SameTime(RuntimeError):
    """The visit is at that time, with that physician, already."""


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
    reason: str,
    actor: Actor,
    *,
    why: str | None = None,
) -> None:
    if visit.patient is None:
        raise scheduling.Changed
    was = visit.starts_at
    if was == starts_at and practitioner_actor_id in visits.actors_of(visit):
        raise SameTime
    approval = book.allowed(visit.service, visit.patient, starts_at)
    put = scheduling.move
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
    tell(visit, was)


def tell(visit: Appointment, was: datetime) -> None:
    """One letter for several moves in a row: it names the time that the patient was told last."""
    unsent = notices.take_back(MessageKind.MOVED, visit.id) or {}
    notices.queue(
        MessageKind.MOVED,
        to=visit.patient.email if visit.patient else None,
        params={"was": unsent.get("was", was.isoformat())},
        patient_id=visit.patient_id,
        appointment_id=visit.id,
        version=visit.version,
    )
