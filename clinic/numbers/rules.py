"""What the numbers are made of: weeks, middles, shares, and which cells stay closed. Pure.

A cell that is about fewer than `FEWEST` people says only that (`FEW`): nobody is to be read out of
a total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FEWEST = 5
MOST_DAYS = 2 * 366  # two years, whichever
WEEK = timedelta(days=7)


class Few(StrEnum):
    """More than nobody and fewer than `FEWEST`."""

    FEW = "few"


FEW = Few.FEW
Shown = float | Few | None  # None: there was nothing to count


def monday_of(day: date) -> date:
    """The first day of an ISO week; the week of 1 January may begin in December."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Weeks:
    """Whole ISO weeks, from a Monday up to and including a Sunday.

    Whole ones only: two ranges that differ by a day would tell what happened on that day.
    """

    first: date
    last: date

    @classmethod
    def around(cls, first: date, last: date) -> Weeks:
        """All weeks that hold a day from *first* to *last*."""
        return cls(monday_of(first), monday_of(last) + timedelta(days=6))

    @property
    def mondays(self) -> Sequence[date]:
        return [self.first + WEEK * n for n in range((self.last - self.first).days // 7 + 1)]

    @property
    def days(self) -> Sequence[date]:
        count = (self.last - self.first).days + 1
        return [self.first + timedelta(days=n) for n in range(count)]


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which *percent* of a hundred lie, on a straight line between neighbours.

    As spreadsheets have it (PERCENTILE.INC): 0 is the lowest, 50 the median, 100 the highest.
    """
    if not values:
        raise ValueError("nothing has no percentile")
    in_order = sorted(values)
    place = (len(in_order) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(in_order) - 1)
    low, high = in_order[below], in_order[above]
    return min(max(low + (high - low) * (place - below), low), high)  # rounding leaves no gap


def counted(people: int) -> Shown:
    """A number of people, unless they are few."""
    return FEW if 0 < people < FEWEST else people


def share(part: float, whole: float, people: int) -> Shown:
    """*part* of *whole*, which is about so many *people*."""
    if whole <= 0:
        return None
    return FEW if people < FEWEST else part / whole


def spread(values: Sequence[float], percent: float, people: int) -> Shown:
    """A percentile of *values*, which are of so many *people*."""
    if not values:
        return None
    return FEW if people < FEWEST else percentile(values, percent)


def veiled(counts: Mapping[str, int]) -> dict[str, Shown]:
    """Counts beside one another whose sum is known elsewhere, the few closed.

    One closed cell alone is what is left of the sum: the next smallest is closed with it.
    """
    shown: dict[str, Shown] = {code: counted(count) for code, count in counts.items()}
    closed = [code for code, cell in shown.items() if cell is FEW]
    open_ones = [code for code, count in counts.items() if count and shown[code] is not FEW]
    if len(closed) == 1 and open_ones:
        shown[min(open_ones, key=lambda code: (counts[code], code))] = FEW
    return shown


def axis_end(highest: float) -> float:
    """Where the scale of a chart ends: the next of 1, 2 or 5 times a power of ten."""
    if highest <= 0:
        return 1.0
    end = 1e-3
    while True:
        for step in (1, 2, 5):
            if highest <= end * step * (1 + 1e-9):
                return end * step
        end *= 10
