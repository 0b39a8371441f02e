"""The only clock, and the arithmetic of local time.

Instants are aware UTC. Wall time exists only at a site: a date, minutes after midnight and the
site's IANA zone. Every other module takes `now` or `today` as an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_IN_A_DAY = 24 * 60

_shift = timedelta(0)


def now() -> datetime:
    """This instant, aware UTC, moved by `shift` in demos and tests only."""
    return datetime.now(UTC) + _shift


def real_now() -> datetime:
    """This instant as the machine has it, for libraries that read its clock themselves."""
    return datetime.now(UTC)


def shift(by: timedelta) -> None:
    """Move the clock by *by* from real time. `create_app` refuses the setting in production."""
    global _shift
    _shift = by


def today(zone: str) -> date:
    """The date at a site whose IANA zone is *zone*."""
    return local(now(), zone).date()


def local(instant: datetime, zone: str) -> datetime:
    """*instant* as wall time in *zone*. Refuses naive values."""
    if instant.tzinfo is None:
        raise ValueError("a naive datetime has no instant")
    return instant.astimezone(ZoneInfo(zone))


def instant(day: date, minute: int, zone: str) -> datetime:
    """The instant at which clocks in *zone* show *minute* minutes after midnight of *day*.

    *minute* is 0 to 1440; 1440 is the next midnight. A wall time that the spring change skips is
    the first instant after the gap; one that the autumn change repeats is the first of the two.
    """
    if not 0 <= minute <= MINUTES_IN_A_DAY:
        raise ValueError(f"minute {minute} is outside 0 to {MINUTES_IN_A_DAY}")
    if minute == MINUTES_IN_A_DAY:
        day, minute = day + timedelta(days=1), 0
    wall = datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone))
    at = wall.astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return at
    return _end_of_gap(wall)


def times_shown(day: date, minute: int, zone: str) -> int:
    """How often clocks in *zone* show *minute* minutes after midnight of *day*.

    0 where the spring change skips it, 2 where the autumn change repeats it, else 1.
    """
    if minute == MINUTES_IN_A_DAY:
        day, minute = day + timedelta(days=1), 0
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    both = {wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sum(local(at, zone).replace(tzinfo=None) == wall for at in both)


def second_instant(day: date, minute: int, zone: str) -> datetime:
    """The later of the two instants at which clocks show a wall time that the autumn change
    repeats; for any other the one that `instant` gives."""
    if times_shown(day, minute, zone) != 2:
        return instant(day, minute, zone)
    if minute == MINUTES_IN_A_DAY:
        day, minute = day + timedelta(days=1), 0
    wall = datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone))
    return wall.replace(fold=1).astimezone(UTC)


def _end_of_gap(wall: datetime) -> datetime:
    """The instant of the clock change that skipped *wall*, found to the minute.

    Reading a skipped wall time with fold 1 (the offset after the change) gives an instant before
    the gap; with fold 0 (the offset before it) one after.
    """
    zone = wall.tzinfo
    before = wall.replace(fold=1).astimezone(UTC)
    after = wall.replace(fold=0).astimezone(UTC)
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def day_bounds(day: date, zone: str) -> Period:
    """The instants at which *day* begins and ends at a site in *zone*: 23, 24 or 25 hours."""
    return Period(instant(day, 0, zone), instant(day, MINUTES_IN_A_DAY, zone))


@dataclass(frozen=True, order=True)
class Period:
    """Half-open: *starts_at* belongs to it, *ends_at* does not. Both aware."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at >= self.ends_at:
            raise ValueError("a period ends after it starts")

    def overlaps(self, other: Period) -> bool:
        """Touching ends do not overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def contains(self, other: Period) -> bool:
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def widened(self, before: timedelta, after: timedelta) -> Period:
        return Period(self.starts_at - before, self.ends_at + after)


def age_on(born_on: date, day: date) -> int:
    """Age in whole years; someone born on 29 February has the birthday on 1 March.

    Source: clinical reference c, question 1.
    """
    had_birthday = (day.month, day.day) >= (born_on.month, born_on.day)
    return day.year - born_on.year - (0 if had_birthday else 1)


def months_later(day: date, months: int) -> date:
    """The same calendar day *months* later; the month's last day where that day is missing."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(f"no day {months} months after {day}")  # unreachable: every month has a 28th
