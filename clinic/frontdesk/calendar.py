"""The calendar of a site as a grid: its day by physician or by room, the week of one of them. No
clinical content.

Each grid is of one site, whose clocks its rows show; who is at another meanwhile is grey.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import bindparam, select

from clinic import clock
from clinic.clock import Period
from clinic.columns import UTCDateTime, as_text
from clinic.database import run, table_of
from clinic.frontdesk.lines import Line, Lines, lines, lines_where
from clinic.frontdesk.rules import (
    USUAL,
    By,
    Grey,
    Mark,
    Ruler,
    all_taken,
    extent,
    grey,
    lanes,
    week_of,
    within,
    without_room,
)
from clinic.frontdesk.whose import Whose, gone, key_of, whoever
from clinic.scheduling import names
from clinic.scheduling.busy import LONGEST_VISIT
from clinic.scheduling.diary import Diary
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.on_offer import Site
from clinic.scheduling.rules import AppointmentStatus
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


_visit, _taken = table_of(Appointment), table_of(Participant)
OF_A_DAY = lines_where(  # and of the night before, what goes on past midnight
    _visit.c.starts_on.between(bindparam("before"), bindparam("day")),
    _visit.c.ends_at > bindparam("since", type_=UTCDateTime),
)
OF_SOMEBODY = lines_where(
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
        names.actors_of_it(),
    )
    .where(
        _visit.c.starts_on.between(bindparam("first"), bindparam("last")),
        _visit.c.status == as_text(AppointmentStatus.PROPOSED),
        _visit.c.hold_until > bindparam("now", type_=UTCDateTime),
    )
    .order_by(_visit.c.starts_at, _visit.c.id)
)

Hold = tuple[Period, datetime, frozenset[int]]


class Read(NamedTuple):
    """What is stored of a grid: the same as before, and the grid is."""

    lines: Lines
    holds: tuple[Hold, ...]


def read_day(site: Site, day: date) -> Read:
    """Two statements."""
    since = clock.day_bounds(day, site.zone).starts_at
    found = lines(OF_A_DAY, {"before": day - DAY, "day": day, "since": since})
    return Read(found, _holds(day, day))


def read_week(site: Site, day: date, whose: Whose) -> Read:
    """Two statements."""
    days = week_of(day)
    values = {
        "actor_id": whose.actor_id,
        "earliest": clock.day_bounds(days[0], site.zone).starts_at - LONGEST_VISIT,
        "until": clock.day_bounds(days[-1], site.zone).ends_at,
    }
    return Read(lines(OF_SOMEBODY, values), _holds(days[0], days[-1]))


def _holds(first: date, last: date) -> tuple[Hold, ...]:
    values = {"first": first, "last": last, "now": clock.now()}
    return tuple(
        (Period(starts_at, ends_at), until, frozenset(names.numbers(actors)))
        for starts_at, ends_at, until, actors in run(HOLDS, values)
    )


def of_day(
    diary: Diary, site: Site, day: date, by: By, read: Read, only: str | None = None
) -> Board:
    """The day with a column for each physician (or room), or for *only* one of them."""
    everybody = whoever(diary.roster, site, by)
    there = {key_of(line, by) for line in read.lines if line.place_id == site.public_id}
    shown = [one for one in everybody if one.key == only]
    shown = shown or [one for one in everybody if one.key in there or one.working(day)]
    shown = (shown or everybody) + ([] if only else gone(read.lines, everybody, by, site))
    ruler = _ruler(site, [day], shown, read.lines)
    by_key: dict[str, list[Line]] = {}
    for line in read.lines:
        by_key.setdefault(key_of(line, by), []).append(line)
    taken = _Taken(diary, site, day) if by == By.PHYSICIAN else None
    columns = (
        _column(ruler, one, one.key, one.name, read, by_key.get(one.key, ()), site, taken)
        for one in shown
    )
    return Board(ruler, tuple(columns))


def of_week(diary: Diary, site: Site, day: date, by: By, read: Read, whose: Whose) -> Board:
    """The week of one physician or room, a column for each day."""
    days = week_of(day)
    first = _ruler(site, days, [whose], read.lines)
    columns = []
    for each in days:
        ruler = Ruler(each, site.zone, first.first, first.last, is_wall=True)
        taken = _Taken(diary, site, each) if by == By.PHYSICIAN else None
        key = each.isoformat()
        columns.append(_column(ruler, whose, key, "", read, read.lines, site, taken))
    return Board(Ruler(days[0], site.zone, first.first, first.last, is_wall=True), tuple(columns))


class _Taken:
    """On a day that is not over: where all rooms of a site are taken, and what takes up others."""

    def __init__(self, diary: Diary, site: Site, day: date) -> None:
        self.pages, self.whole = diary.pages, clock.day_bounds(day, site.zone)
        rooms = whoever(diary.roster, site, By.ROOM)
        is_over = self.whole.ends_at <= clock.now()
        self.full = [] if is_over else all_taken([[*self.of(r), *r.away] for r in rooms])
        away = any(period.overlaps(self.whole) for room in rooms for period in room.away)
        self.why = Grey.BOTH_TAKEN if len(rooms) == 2 and not away else Grey.NO_ROOM

    def of(self, who: Whose) -> list[Period]:
        """Clean-up included."""
        page = self.pages.get(who.actor_id)
        return within(page.taken, self.whole) if page is not None else []

    def marks(self, ruler: Ruler, who: Whose) -> list[Mark]:
        """Where *who* could see somebody and no room is free for it."""
        if not self.full:
            return []
        there = in_both(who.opening(ruler.day), who.working(ruler.day))
        own = [*self.of(who), *who.away]
        found = [(p, ruler.span(p)) for p in without_room(there, self.full, own)]
        return [Mark(*span, self.why, p.ends_at) for p, span in found if span is not None]


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


def _column(
    ruler: Ruler,
    whose: Whose,
    key: str,
    name: str,
    read: Read,
    its: Iterable[Line],
    site: Site,
    taken: _Taken | None,
) -> Column:
    """*its* are the lines that may lie in it; *taken* where it is a physician's."""
    plain = _empty(ruler, whose, key, name)
    marks = list(plain.marks)
    here: list[tuple[tuple[int, int], Line]] = []
    for line in its:
        span = ruler.span(Period(line.starts_at, line.ends_at))
        if span is None:
            continue
        if line.place_id == site.public_id:
            here.append((span, line))
        else:
            marks.append(Mark(*span, Grey.ELSEWHERE, None, line.place))
    for period, until, actors in read.holds:
        span = ruler.span(period)
        if span is not None and whose.actor_id in actors:
            marks.append(Mark(*span, Grey.HELD, until))
    marks += taken.marks(ruler, whose) if taken is not None else []
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
