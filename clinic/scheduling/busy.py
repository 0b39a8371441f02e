"""Reading what takes somebody up: stretches of active visits, and of holds while they last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select

from clinic import clock
from clinic.accounts.models import ActorRow
from clinic.accounts.same_person import actors_beside
from clinic.clock import Period
from clinic.columns import UTCDateTime
from clinic.database import db, run, table_of
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import AppointmentStatus, Taken

LONGEST_VISIT = timedelta(days=1)
FOR_GOOD = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a visit takes an actor up for; a hold only until *hold_until*."""

    taken: Taken
    visit_id: int
    hold_until: datetime | None


Stretches = Mapping[int, Sequence[Stretch]]  # by actor, in order of start


def _statement(*, of_a_person: bool = False) -> Select[Any]:
    """Active periods of *actors* in a window, expired holds among them; *of_a_person*: and those of
    every record of the one whose actor is *person*.

    Of the tables, and made once: making it, and what the mapping adds, took as long as asking.
    """
    one, visit = table_of(Participant).c, table_of(Appointment).c
    actors: Any = bindparam("actors", expanding=True)
    if of_a_person:
        named = select(table_of(ActorRow).c.id).where(table_of(ActorRow).c.id.in_(actors))
        actors = named.union(actors_beside(bindparam("person")))
    return (
        select(
            one.actor_id, visit.id, visit.status, visit.hold_until,
            one.starts_at, one.ends_at, visit.starts_at, visit.ends_at,
        )
        .join_from(table_of(Participant), table_of(Appointment), visit.id == one.appointment_id)
        .where(
            one.actor_id.in_(actors),
            one.active,
            one.starts_at < bindparam("until", type_=UTCDateTime),
            one.starts_at > bindparam("earliest", type_=UTCDateTime),
            one.ends_at > bindparam("since", type_=UTCDateTime),
        )
        .order_by(one.starts_at)
    )  # fmt: skip


STATEMENT, OF_A_PERSON = _statement(), _statement(of_a_person=True)


def stretches(
    actors: Iterable[int],
    since: datetime,
    until: datetime = FOR_GOOD,
    *,
    person: int | None = None,
) -> Stretches:
    """What takes up the actors between two instants. Whether a hold is over is not asked.

    *person* is the actor of a patient: visits on their other records count as theirs.
    """
    wanted = {*actors}
    values = {
        "actors": list(wanted),
        "person": person,
        "until": until,
        "earliest": since - LONGEST_VISIT,
        "since": since,
    }
    found: dict[int, list[Stretch]] = defaultdict(list)
    same: dict[int, Taken] = {}  # physician, room and device have one between them
    for (
        actor_id,
        visit_id,
        status,
        hold_until,
        starts_at,
        ends_at,
        begins,
        over,
    ) in run(STATEMENT if person is None else OF_A_PERSON, values):
        taken = same.get(visit_id)
        if taken is None or (taken.starts_at, taken.ends_at) != (starts_at, ends_at):
            taken = same[visit_id] = Taken(starts_at, ends_at, Period(begins, over))
        until_then = hold_until if status == AppointmentStatus.PROPOSED else None
        whose = actor_id if person is None or actor_id in wanted else person
        found[whose].append(Stretch(taken, visit_id, until_then))
    return found


def live(
    some: Iterable[Stretch], now: datetime, besides: Appointment | None = None
) -> tuple[Taken, ...]:
    """Visits and holds that are not over at *now*, without the visit *besides*."""
    left_out = None if besides is None else besides.id
    return tuple(
        one.taken
        for one in some
        if one.visit_id != left_out and (one.hold_until is None or now < one.hold_until)
    )


def expired_holds_in_the_way(
    actors: Iterable[int], period: Period, *, person: int | None = None
) -> Sequence[Appointment]:
    """Holds past their deadline that still take up one of *actors*, or *person*, in *period*."""
    now = clock.now()
    over = {
        one.visit_id
        for some in stretches(actors, period.starts_at, period.ends_at, person=person).values()
        for one in some
        if one.hold_until is not None and one.hold_until <= now
    }
    if not over:
        return []
    return db.session.scalars(select(Appointment).where(Appointment.id.in_(over))).unique().all()
