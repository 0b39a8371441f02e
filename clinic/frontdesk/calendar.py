"""The calendar of a site as a grid: its day by physician or by room, the week of one of them, and
a month with what is still free. No clinical content.

Each grid is of one site, whose clocks its rows show; who is at another meanwhile is grey.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from clinic import clock
from clinic.accounts.models import Practitioner
from clinic.catalogue.models import Room
from clinic.catalogue.rules import ServiceKind
from clinic.clock import Period
from clinic.columns import UTCDateTime, as_text
from clinic.database import run, table_of
from clinic.frontdesk import queries
from clinic.frontdesk.queries import Line
from clinic.frontdesk.rules import USUAL, By, Grey, Mark, Ruler, extent, grey, lanes, week_of
from clinic.frontdesk.whose import Whose, gone, key_of, opening_on, whoever
from clinic.scheduling import diary
from clinic.scheduling import queries as visits
from clinic.scheduling.busy import LONGEST_VISIT
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.on_offer import Roster, Site
from clinic.scheduling.rules import TAKES_TIME, AppointmentStatus, anyone_on
from clinic.scheduling.rules.hours import in_both

DAY = timedelta(days=1)


class Block(NamedTuple):
    """A visit in a column: first row, rows, which of how many lanes, and what it says."""

    start: int
    length: int
    lane: int
    of: int
    line: Line


class Column(NamedTuple):
    """All that is drawn of a column, so that a drawing is kept under it.

    *key* is the public id of a physician or a room, or a date; *origin* is when its first row
    begins, in seconds; *hours* are the first and the last instant of work, if there are any.
    """

    key: str
    name: str
    colour: int
    hours: tuple[datetime, datetime] | None
    zone: str
    origin: int
    marks: tuple[Mark, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Board:
    """A grid: *hours* are the rows at which full hours begin."""

    ruler: Ruler
    columns: tuple[Column, ...]

    @property
    def days(self) -> list[date]:
        """Of a week, the day of each column."""
        return week_of(self.ruler.day)

    @property
    def lines(self) -> list[Line]:
        return [block.line for column in self.columns for block in column.blocks]

    @property
    def hours_high(self) -> int:
        return -(-self.ruler.rows // 12)

    def now_row(self, now: datetime) -> int | None:
        """The row of the line that says what time it is; None on any other day."""
        is_inside = self.ruler.whole.starts_at <= now < self.ruler.whole.ends_at
        return self.ruler.row(now) if is_inside else None


_visit, _taken = table_of(Appointment), table_of(Participant)
OVERNIGHT = queries.lines_where(
    _visit.c.starts_on == bindparam("day"), _visit.c.ends_at > bindparam("until", type_=UTCDateTime)
)
OF_SOMEBODY = queries.lines_where(
    _visit.c.id.in_(
        select(_taken.c.appointment_id).where(
            _taken.c.actor_id == bindparam("actor_id"),
            _taken.c.starts_at > bindparam("earliest", type_=UTCDateTime),
            _taken.c.starts_at < bindparam("until", type_=UTCDateTime),
        )
    )
)
HOLDS = (
    select(
        _visit.c.starts_at,
        _visit.c.ends_at,
        _visit.c.hold_until,
        visits.actor_among(table_of(Practitioner)),
        visits.actor_among(table_of(Room)),
    )
    .where(
        _visit.c.starts_on.between(bindparam("first"), bindparam("last")),
        _visit.c.status == as_text(AppointmentStatus.PROPOSED),
        _visit.c.hold_until > bindparam("now", type_=UTCDateTime),
    )
    .order_by(_visit.c.starts_at, _visit.c.id)
)
BOOKED_EACH_DAY = (
    select(_visit.c.starts_on, func.count())
    .where(
        _visit.c.starts_on.between(bindparam("first"), bindparam("last")),
        _visit.c.location_id == bindparam("location_id"),
        _visit.c.status.in_([s for s in TAKES_TIME if s != AppointmentStatus.PROPOSED]),
    )
    .group_by(_visit.c.starts_on)
)


def of_day(known: Roster, site: Site, day: date, by: By, only: str | None = None) -> Board:
    """The day with a column for each physician (or room), or for *only* one of them.

    Three statements, whatever the number of columns.
    """
    whole = clock.day_bounds(day, site.zone)
    night = {"day": day - DAY, "until": whole.starts_at}
    lines = (*queries.lines(OVERNIGHT, night), *queries.day_sheet(day).lines)
    holds = _holds(day, day)
    everybody = whoever(known, site, by)
    there = {key_of(line, by) for line in lines if line.place_id == site.public_id}
    shown = [one for one in everybody if one.key == only]
    shown = shown or [one for one in everybody if one.key in there or one.working(day)]
    shown = (shown or everybody) + ([] if only else gone(lines, everybody, by, site))
    ruler = _ruler(site, [day], shown, lines)
    by_key: dict[str, list[Line]] = {}
    for line in lines:
        by_key.setdefault(key_of(line, by), []).append(line)
    columns = (
        _column(ruler, one, one.key, one.name, by_key.get(one.key, ()), holds, site)
        for one in shown
    )
    return Board(ruler, tuple(columns))


def of_week(known: Roster, site: Site, day: date, whose: Whose) -> Board:
    """The week of one physician or room, a column for each day. Two statements."""
    days = week_of(day)
    bounds = Period(
        clock.day_bounds(days[0], site.zone).starts_at,
        clock.day_bounds(days[-1], site.zone).ends_at,
    )
    values = {
        "actor_id": whose.actor_id,
        "earliest": bounds.starts_at - LONGEST_VISIT,
        "until": bounds.ends_at,
    }
    lines, holds = queries.lines(OF_SOMEBODY, values), _holds(days[0], days[-1])
    first = _ruler(site, days, [whose], lines)
    columns = []
    for each in days:
        ruler = Ruler(each, site.zone, first.first, first.last, is_wall=True)
        columns.append(_column(ruler, whose, each.isoformat(), "", lines, holds, site))
    return Board(Ruler(days[0], site.zone, first.first, first.last, is_wall=True), tuple(columns))


class DayOfMonth(NamedTuple):
    """How many visits a day has, and how many times for a consultation are free: None where none
    can be booked, because the day is over or too far away."""

    day: date
    booked: int
    free: int | None
    is_closed: bool


def of_month(known: Roster, site: Site, weeks: Sequence[Sequence[date]]) -> list[list[DayOfMonth]]:
    """The days of *weeks*. Two statements."""
    values = {"first": weeks[0][0], "last": weeks[-1][-1], "location_id": site.id}
    booked: dict[date, int] = dict(run(BOOKED_EACH_DAY, values).all())
    free = free_on(known, site, [day for week in weeks for day in week])
    return [
        [
            DayOfMonth(day, booked.get(day, 0), free.get(day), not opening_on(site, day))
            for day in week
        ]
        for week in weeks
    ]


def free_on(known: Roster, site: Site, days: Iterable[date]) -> Mapping[date, int]:
    """How many times for a consultation there are on each of *days* that can be booked, as the
    page of times counts them. Nothing where the site offers none. One statement."""
    kind, found = ServiceKind.CONSULTATION, None
    for service in known.services:
        if service.location_id == site.id and service.facts.kind == kind:
            found = service
            break
    if found is None:
        return {}
    facts = diary.current().facts_of(found)
    first, last = facts.days_in_reach
    return {day: len(anyone_on(facts, day)) for day in days if first <= day <= last}


def _ruler(
    site: Site, days: Sequence[date], whose: Iterable[Whose], lines: Iterable[Line]
) -> Ruler:
    """From the first hour of any of *days* to the last, of work and of visits."""
    visits_here = [
        Period(line.starts_at, line.ends_at) for line in lines if line.place_id == site.public_id
    ]
    found = []
    for day in days:
        working = [p for one in whose for p in in_both(one.opening(day), one.working(day))]
        found.append(extent([*working, *visits_here], day, site.zone))
    spans = [span for span in found if span is not None] or [USUAL]
    return Ruler(days[0], site.zone, min(s[0] for s in spans), max(s[1] for s in spans))


Hold = tuple[Period, datetime, frozenset[int]]


def _holds(first: date, last: date) -> list[Hold]:
    values = {"first": first, "last": last, "now": clock.now()}
    return [
        (Period(starts_at, ends_at), until, frozenset({physician, room}))
        for starts_at, ends_at, until, physician, room in run(HOLDS, values)
    ]


def _column(
    ruler: Ruler,
    whose: Whose,
    key: str,
    name: str,
    lines: Iterable[Line],
    holds: Iterable[Hold],
    site: Site,
) -> Column:
    plain = _empty(ruler, whose, key, name)
    marks = list(plain.marks)
    here: list[tuple[tuple[int, int], Line]] = []
    for line in lines:
        span = ruler.span(Period(line.starts_at, line.ends_at))
        if span is None:
            continue
        if line.place_id == site.public_id:
            here.append((span, line))
        else:
            marks.append(Mark(*span, Grey.ELSEWHERE, None, line.place))
    for period, until, actors in holds:
        span = ruler.span(period)
        if span is not None and whose.actor_id in actors:
            marks.append(Mark(*span, Grey.HELD, until))
    beside = lanes([span for span, _line in here])
    blocks = [Block(*span, *lane, line) for (span, line), lane in zip(here, beside, strict=True)]
    return plain._replace(marks=tuple(marks), blocks=tuple(blocks))


@lru_cache(maxsize=1024)
def _empty(ruler: Ruler, whose: Whose, key: str, name: str) -> Column:
    """The column without a visit: as it is until the roster changes."""
    opening, working = whose.opening(ruler.day), whose.working(ruler.day)
    marks = grey(ruler, opening, working, whose.away, whose.why_away)
    there = in_both(opening, working)
    hours = (there[0].starts_at, there[-1].ends_at) if there else None
    origin = int(ruler.whole.starts_at.timestamp())
    return Column(key, name, whose.colour, hours, ruler.zone, origin, tuple(marks), ())
