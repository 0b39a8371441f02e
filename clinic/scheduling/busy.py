"""Reading what takes somebody up: stretches of active visits, and of holds while they last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select

from clinic import clock
from clinic.accounts.models import ActorRow
from clinic.accounts.same_person import actors_beside
from clinic.clock import Period
from clinic.columns import UTCDateTime
from clinic.database import db, rows, run, table_of
from clinic.made import Made
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


def _statement(actors: Any) -> Select[Any]:
    """Active periods of *actors* in a window, expired holds among them.

    Of the tables, and made once: making it, and what the mapping adds, took as long as asking.
    """
    one, visit = table_of(Participant).c, table_of(Appointment).c
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


_named: Any = bindparam("actors", expanding=True)
_of_person = actors_beside(bindparam("person"))  # of every record of theirs
_actor = table_of(ActorRow).c.id
STATEMENT = _statement(_named)
WITH_A_PERSON = _statement(select(_actor).where(_actor.in_(_named)).union(_of_person))
OF_A_PERSON = Made(_statement(_of_person))


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
    found = run(STATEMENT if person is None else WITH_A_PERSON, values)
    return _by_actor(found, wanted, person)


def of_a_person(actor_id: int, since: datetime) -> Sequence[Stretch]:
    """The same of a patient alone, from *since* on, on every record of theirs."""
    values = {
        "person": actor_id,
        "until": FOR_GOOD,
        "earliest": since - LONGEST_VISIT,
        "since": since,
    }
    return _by_actor(rows(OF_A_PERSON, values), set(), actor_id).get(actor_id, ())


def _by_actor(
    found_rows: Iterable[Sequence[Any]], wanted: Set[int], person: int | None
) -> Stretches:
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
    ) in found_rows:
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
