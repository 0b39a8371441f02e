"""The grid of the calendar: which rows a stretch takes, what stands in grey and why. Pure.

Rows are of five minutes, whatever the page's zoom: a visit keeps its class while rows grow.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from clinic import clock
from clinic.clock import MINUTES_IN_A_DAY, Period
from clinic.scheduling.rules.hours import in_both, merged

ROW = timedelta(minutes=5)
HOUR = 60
USUAL = (8 * HOUR, 18 * HOUR)  # of a day on which nothing happens


class View(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class By(StrEnum):
    """What the columns are, and whose week it is."""

    PHYSICIAN = "physician"
    ROOM = "room"


STEPS = (5, 10, 15, 30)  # minutes to a line of the grid
USUAL_STEP = 15


class Grey(StrEnum):
    """Why a stretch of a column is grey."""

    CLOSED = "closed"
    NOT_HERE = "not-here"
    FROM = "from"
    UNTIL = "until"
    BREAK = "break"
    AWAY = "away"
    OUT = "out"
    HELD = "held"
    ELSEWHERE = "elsewhere"
    NO_ROOM = "no-room"
    BOTH_TAKEN = "both-taken"  # of two rooms


class Mark(NamedTuple):
    """A grey stretch: its first row and how many, why, until when (or from), and where instead."""

    start: int
    length: int
    why: Grey
    at: datetime | None = None
    name: str = ""


@dataclass(frozen=True)
class Ruler:
    """Which row an instant of *day* is in; *first* and *last* are minutes of wall time.

    Rows count elapsed time, so that on a day with a clock change a visit is as long as it lasts.
    *is_wall* for a week, whose days share one row of hours: there they are what clocks show.
    """

    day: date
    zone: str
    first: int
    last: int
    is_wall: bool = False

    @cached_property
    def whole(self) -> Period:
        return Period(
            clock.instant(self.day, self.first, self.zone),
            clock.instant(self.day, self.last, self.zone),
        )

    @cached_property
    def rows(self) -> int:
        if self.is_wall:
            return (self.last - self.first) * timedelta(minutes=1) // ROW
        return (self.whole.ends_at - self.whole.starts_at) // ROW

    def row(self, at: datetime) -> int:
        """The row in which *at* lies; what is before or after the grid is at its edge."""
        if self.is_wall:
            local = clock.local(at, self.zone)
            days = (local.date() - self.day).days
            minute = days * MINUTES_IN_A_DAY + local.hour * HOUR + local.minute
            row = (minute - self.first) * timedelta(minutes=1) // ROW
        else:
            row = (at - self.whole.starts_at) // ROW
        return max(0, min(row, self.rows))

    def row_of_now(self, now: datetime) -> int | None:
        """The row of the line that says what time it is; None where *now* is not in the grid."""
        return self.row(now) if self.whole.starts_at <= now < self.whole.ends_at else None

    def span(self, period: Period) -> tuple[int, int] | None:
        """First row and number of rows; None for what lies outside the grid. Never no row at all:
        what is shorter than one takes one."""
        if not period.overlaps(self.whole):
            return None
        start, end = self.row(period.starts_at), self.row(period.ends_at)
        start = min(start, self.rows - 1)
        return start, max(1, end - start)

    @property
    def hours(self) -> list[tuple[int, datetime]]:
        """Row and instant of each hour; clocks may show one twice, or none of it."""
        per_hour = timedelta(hours=1) // ROW
        return [
            (row, self.whole.starts_at + row * ROW)
            for row in range(0, (self.whole.ends_at - self.whole.starts_at) // ROW, per_hour)
        ]


def extent(periods: Iterable[Period], day: date, zone: str) -> tuple[int, int] | None:
    """From which full hour to which of *day* the grid goes, so that all *periods* are in it."""
    whole = clock.day_bounds(day, zone)
    inside = [period for period in periods if period.overlaps(whole)]
    if not inside:
        return None
    begins = min(period.starts_at for period in inside)
    over = max(period.ends_at for period in inside)
    first = 0 if begins <= whole.starts_at else clock.local(begins, zone).hour * HOUR
    if over >= whole.ends_at:
        return first, MINUTES_IN_A_DAY
    local = clock.local(over, zone)
    last = (local.hour + (local.minute > 0)) * HOUR
    return first, max(last, first + HOUR)


def grey(
    ruler: Ruler,
    opening: Sequence[Period],
    working: Sequence[Period],
    away: Iterable[Period] = (),
    why_away: Grey = Grey.AWAY,
) -> list[Mark]:
    """What nobody can be booked in: outside the hours, in a break, while somebody is away."""
    marks = [
        _mark(ruler, gap, why, at) for gap, why, at in _gaps(ruler.whole, list(opening), working)
    ]
    marks += [_mark(ruler, period, why_away, period.ends_at) for period in merged(away)]
    return [mark for mark in marks if mark is not None]


def _mark(ruler: Ruler, period: Period, why: Grey, at: datetime | None) -> Mark | None:
    span = ruler.span(period)
    return None if span is None else Mark(*span, why, at)


def _gaps(
    whole: Period, opening: Sequence[Period], working: Sequence[Period]
) -> list[tuple[Period, Grey, datetime | None]]:
    there = in_both(in_both(opening, working), [whole])
    if not there:
        is_closed = not in_both(opening, [whole])
        return [(whole, Grey.CLOSED if is_closed else Grey.NOT_HERE, None)]
    found: list[tuple[Period, Grey, datetime | None]] = []
    begins = whole.starts_at
    for period in there:
        if begins < period.starts_at:
            gap = Period(begins, period.starts_at)
            is_first = begins == whole.starts_at
            found.append((gap, Grey.FROM if is_first else _between(gap, opening), gap.ends_at))
        begins = period.ends_at
    if begins < whole.ends_at:
        found.append((Period(begins, whole.ends_at), Grey.UNTIL, begins))
    return found


def _between(gap: Period, opening: Iterable[Period]) -> Grey:
    is_open = any(period.contains(gap) for period in opening)
    return Grey.BREAK if is_open else Grey.CLOSED


SHORTEST_WITHOUT_ROOM = timedelta(minutes=15)


def within(taken: Sequence[Period], whole: Period) -> list[Period]:
    """Those of *taken*, in order of start and none longer than a day, that lie in *whole*."""
    first = bisect_left(taken, whole.starts_at - timedelta(days=1), key=_start)
    last = bisect_left(taken, whole.ends_at, key=_start)
    return [period for period in taken[first:last] if period.ends_at > whole.starts_at]


def _start(period: Period) -> datetime:
    return period.starts_at


def all_taken(rooms: Sequence[Iterable[Period]]) -> list[Period]:
    """Where each of *rooms* is taken up; nothing where there is none."""
    found = merged(rooms[0]) if rooms else []
    for taken in rooms[1:]:
        if not found:
            break
        found = in_both(found, merged(taken))
    return found


def without_room(
    there: Sequence[Period], full: Sequence[Period], own: Iterable[Period]
) -> list[Period]:
    """Where somebody who is *there* is free and no room is; not what is too short for any visit."""
    found = in_both(there, full)
    for taken in merged(own):
        found = [part for period in found for part in _left(period, taken)]
    return [p for p in found if p.ends_at - p.starts_at >= SHORTEST_WITHOUT_ROOM]


def _left(period: Period, taken: Period) -> list[Period]:
    """What *taken* leaves of a period: none, one or two."""
    if not period.overlaps(taken):
        return [period]
    ends = (period.starts_at, taken.starts_at), (taken.ends_at, period.ends_at)
    return [Period(start, end) for start, end in ends if start < end]


def lanes(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each (first row, length), in order of start, which of how many lanes it takes.

    Nobody is in two visits at once, but an hour that clocks show twice is one on a week's grid, and
    what is shorter than a row takes one: what would lie over another stands beside it.
    """
    found: list[tuple[int, int]] = []
    group: list[int] = []
    ends: list[int] = []  # of each lane of the group

    def close() -> None:
        for one in group:
            found[one] = found[one][0], len(ends)
        group.clear()
        ends.clear()

    for start, length in spans:
        if ends and start >= max(ends):
            close()
        lane = next((number for number, end in enumerate(ends) if end <= start), len(ends))
        ends[lane : lane + 1] = [start + length]
        group.append(len(found))
        found.append((lane, 1))
    close()
    return found


def week_of(day: date) -> list[date]:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(7)]


def weeks_of_month(day: date) -> list[list[date]]:
    """The weeks that touch the month of *day*."""
    monday = week_of(day.replace(day=1))[0]
    found: list[list[date]] = []
    while not found or monday.month == day.month:
        found.append(week_of(monday))
        monday += timedelta(days=7)
    return found
