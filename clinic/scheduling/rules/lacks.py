"""What a physician still lacks before anybody can be offered a time with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clinic.scheduling.rules.facts import Dates
from clinic.scheduling.rules.hours import DayHours, Hours

OfASite = tuple[Hours | DayHours, ...]


class Lack(StrEnum):
    LICENCE = "licence"
    HOURS = "hours"
    OPENING = "opening"  # hours there are, while the site is closed
    SERVICE = "service"  # nothing is offered where the hours are, or no room hosts it


@dataclass(frozen=True)
class Setup:
    """*hours* and *opening* by the site's row number; *offering* are sites with something to book
    and a room for it.
    """

    licensed: Dates
    hours: Mapping[int, OfASite]
    opening: Mapping[int, OfASite]
    offering: frozenset[int]


def lacks(setup: Setup, today: date) -> list[Lack]:
    """Nothing, if time alone stands between the physician and a first visit: a licence that begins
    next month is there, one that ended yesterday is not. Absences and closed days lack nothing.
    """
    found = []
    if not any(end >= today for _start, end in setup.licensed):
        found.append(Lack.LICENCE)
    working = {
        site: kept
        for site, rows in setup.hours.items()
        if (kept := [row for row in rows if not _is_over(row, today)])
    }
    open_at = [
        site for site, rows in working.items() if _meet_any(rows, setup.opening.get(site, ()))
    ]
    if not working:
        found.append(Lack.HOURS)
    elif not open_at:
        found.append(Lack.OPENING)
    elif not setup.offering.intersection(open_at):
        found.append(Lack.SERVICE)
    return found


def _is_over(row: Hours | DayHours, today: date) -> bool:
    last = row.day if isinstance(row, DayHours) else row.valid_until
    return last is not None and last < today


def _meet_any(these: Iterable[Hours | DayHours], those: Iterable[Hours | DayHours]) -> bool:
    those = tuple(those)
    return any(_meet(one, other) for one in these for other in those)


def _meet(one: Hours | DayHours, other: Hours | DayHours) -> bool:
    """Whether two stretches share a moment on some day."""
    if max(one.opens_minute, other.opens_minute) >= min(one.closes_minute, other.closes_minute):
        return False
    if isinstance(one, DayHours):
        return other.on(one.day)
    if isinstance(other, DayHours):
        return one.on(other.day)
    ends = [row.valid_until for row in (one, other) if row.valid_until is not None]
    begins = max(one.valid_from, other.valid_from)
    return one.weekday == other.weekday and all(begins <= end for end in ends)
