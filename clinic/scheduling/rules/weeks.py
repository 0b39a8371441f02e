"""Weekly hours that hold from a day until another, put in place of those that held there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from clinic.scheduling.rules.hours import Hours

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Week:
    """All stretches that hold on the same days. *valid_until* None: for good."""

    valid_from: date
    valid_until: date | None
    stretches: tuple[tuple[int, int, int], ...]  # weekday, opening and closing minute


def weeks(rows: Iterable[Hours]) -> list[Week]:
    """The rows by the days on which they hold, in order; days without any row have no week."""
    rows = list(rows)
    edges = {row.valid_from for row in rows}
    edges |= {row.valid_until + DAY for row in rows if row.valid_until is not None}
    found: list[Week] = []
    for start in sorted(edges):
        held = tuple(sorted({_stretch(row) for row in rows if _holds(row, start)}))
        end = min((edge - DAY for edge in edges if edge > start), default=None)
        if not held:
            continue
        last = found[-1] if found else None
        if last and last.stretches == held and last.valid_until == start - DAY:
            found[-1] = replace(last, valid_until=end)
        else:
            found.append(Week(start, end, held))
    return found


def week_on(rows: Iterable[Hours], day: date) -> tuple[tuple[int, int, int], ...]:
    """The stretches that hold on *day*, whatever its weekday."""
    return tuple(sorted({_stretch(row) for row in rows if _holds(row, day)}))


def replaced(rows: Iterable[Hours], new: Week) -> list[Hours]:
    """*rows* with *new* in place of what they said from its first day to its last.

    What held before stays until the day before; what held beyond goes on the day after.
    """
    kept: list[Hours] = []
    for row in rows:
        kept += _before(row, new.valid_from)
        if new.valid_until is not None:
            kept += _after(row, new.valid_until)
    put = [Hours(*stretch, new.valid_from, new.valid_until) for stretch in new.stretches]
    return _joined([*kept, *put])


def _before(row: Hours, day: date) -> list[Hours]:
    if row.valid_from >= day:
        return []
    last = day - DAY
    if row.valid_until is not None:
        last = min(row.valid_until, last)
    return [replace(row, valid_until=last)]


def _after(row: Hours, day: date) -> list[Hours]:
    if row.valid_until is not None and row.valid_until <= day:
        return []
    return [replace(row, valid_from=max(row.valid_from, day + DAY))]


def _joined(rows: Iterable[Hours]) -> list[Hours]:
    """The same stretch that goes on the next day is one row."""
    found: list[Hours] = []
    for row in sorted(rows, key=lambda r: (*_stretch(r), r.valid_from)):
        last = found[-1] if found else None
        if last and _stretch(last) == _stretch(row) and last.valid_until == row.valid_from - DAY:
            found[-1] = replace(last, valid_until=row.valid_until)
        else:
            found.append(row)
    return found


def _stretch(row: Hours) -> tuple[int, int, int]:
    return row.weekday, row.opens_minute, row.closes_minute


def _holds(row: Hours, day: date) -> bool:
    return row.valid_from <= day and (row.valid_until is None or day <= row.valid_until)
