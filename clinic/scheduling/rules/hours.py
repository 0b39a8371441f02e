"""Hours of wall time, and the instants that they are on a day.

Whoever works until midnight and goes on from there has one stretch across it: stretches that
touch or overlap are one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from clinic import clock
from clinic.clock import MINUTES_IN_A_DAY, Period

DAY = timedelta(days=1)


class AbsenceKind(StrEnum):
    HOLIDAY = "holiday"
    ILL = "ill"
    TRAINING = "training"
    OUT_OF_ORDER = "out-of-order"  # a room or a device
    OTHER = "other"


@dataclass(frozen=True)
class Hours:
    """A stretch of wall time on one weekday (0 is Monday), minutes after midnight, 1440 legal."""

    weekday: int
    opens_minute: int
    closes_minute: int
    valid_from: date = date.min
    valid_until: date | None = None

    def on(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday
            and self.valid_from <= day
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True)
class DayHours:
    """A stretch of wall time on one date.

    *opens_second* and *closes_second* say which is meant of a time that the autumn change repeats;
    they are None for one that comes once.
    """

    day: date
    opens_minute: int
    closes_minute: int
    opens_second: bool | None = None
    closes_second: bool | None = None

    def on(self, day: date) -> bool:
        return day == self.day

    def period(self, zone: str) -> Period | None:
        """The instants at a site in *zone*; None where the end does not come after the start."""
        return _instants(
            self.day,
            self.opens_minute,
            self.closes_minute,
            zone,
            self.opens_second,
            self.closes_second,
        )


@dataclass(frozen=True)
class Away:
    """From a minute of one date to a minute of another, both wall time; 1440 legal.

    *starts_second* and *ends_second* are as in `DayHours`.
    """

    starts_on: date
    starts_minute: int
    ends_on: date
    ends_minute: int
    starts_second: bool | None = None
    ends_second: bool | None = None

    def period(self, zone: str) -> Period | None:
        """The instants at a site in *zone*; None for one that the spring change swallows."""
        start = _instant(self.starts_on, self.starts_minute, zone, self.starts_second)
        end = _instant(self.ends_on, self.ends_minute, zone, self.ends_second)
        return Period(start, end) if start < end else None


def stretches(
    weekly: Iterable[Hours],
    extra: Iterable[DayHours],
    day: date,
    zone: str,
    closed: frozenset[date] = frozenset(),
) -> list[Period]:
    """The stretches of *day*, and what they run on from or into across its midnights, merged.

    On *closed* dates the weekly hours are not kept; extra hours are.
    """
    weekly, extra = tuple(weekly), tuple(extra)

    def on(one: date) -> list[Hours | DayHours]:
        kept = [h for h in weekly if h.on(one)] if one not in closed else []
        return [*kept, *(h for h in extra if h.on(one))]

    # Instants, not wall times: where the clocks skip midnight, hours from 0:30 begin with the day.
    midnights = whole_day(day, zone)
    today = _periods(on(day), day, zone)
    found = list(today)
    if any(period.starts_at == midnights.starts_at for period in today):
        found += _periods(on(day - DAY), day - DAY, zone)
    if any(period.ends_at == midnights.ends_at for period in today):
        found += _periods(on(day + DAY), day + DAY, zone)
    return merged(found)


def whole_day(day: date, zone: str) -> Period:
    """From midnight to midnight: 23, 24 or 25 hours, or what an odd zone makes of it."""
    found = _instants(day, 0, MINUTES_IN_A_DAY, zone)
    assert found is not None  # no clock change swallows a day that people book on
    return found


def _periods(hours: Iterable[Hours | DayHours], day: date, zone: str) -> list[Period]:
    found = [
        h.period(zone)
        if isinstance(h, DayHours)
        else _instants(day, h.opens_minute, h.closes_minute, zone)
        for h in hours
    ]
    return [period for period in found if period is not None]


@lru_cache(maxsize=8192)  # the same few stretches of the same few weeks, asked again and again
def _instants(
    day: date,
    opens_minute: int,
    closes_minute: int,
    zone: str,
    opens_second: bool | None = None,
    closes_second: bool | None = None,
) -> Period | None:
    """None for a stretch inside the hour that the spring change skips."""
    start = _instant(day, opens_minute, zone, opens_second)
    end = _instant(day, closes_minute, zone, closes_second)
    return Period(start, end) if start < end else None


def _instant(day: date, minute: int, zone: str, second: bool | None) -> datetime:
    """The first of two unless *second* was meant; weekly hours say nothing: nobody can be asked."""
    return (clock.second_instant if second else clock.instant)(day, minute, zone)


def merged(periods: Iterable[Period]) -> list[Period]:
    """In order of start, those that touch or overlap made one."""
    found: list[Period] = []
    for period in sorted(periods, key=lambda p: p.starts_at):
        if found and period.starts_at <= found[-1].ends_at:
            if period.ends_at > found[-1].ends_at:
                found[-1] = Period(found[-1].starts_at, period.ends_at)
        else:
            found.append(period)
    return found


def in_both(these: Sequence[Period], those: Sequence[Period]) -> list[Period]:
    """What lies in both, each list in order and without overlaps."""
    met = ((max(a.starts_at, b.starts_at), min(a.ends_at, b.ends_at)) for a in these for b in those)
    return sorted(Period(start, end) for start, end in met if start < end)


class Agenda:
    """Stretches in which somebody is taken, ready to be asked about many times."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, taken: Iterable[Period]) -> None:
        apart = merged(taken)
        self._starts = [period.starts_at for period in apart]
        self._ends = [period.ends_at for period in apart]

    def is_free(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether nothing overlaps the half-open stretch; touching ends do not."""
        begun_before_its_end = bisect_left(self._starts, ends_at)
        over_at_its_start = bisect_right(self._ends, starts_at)
        return begun_before_its_end == over_at_its_start

    def gaps(self, within: Period) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of *within* that nothing takes, in order."""
        free_from = within.starts_at
        number = bisect_right(self._ends, free_from)
        while number < len(self._starts) and self._starts[number] < within.ends_at:
            if free_from < self._starts[number]:
                yield free_from, self._starts[number]
            free_from = self._ends[number]
            number += 1
        if free_from < within.ends_at:
            yield free_from, within.ends_at
