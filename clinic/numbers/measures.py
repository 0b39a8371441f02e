"""The tables of the numbers page: one for each measure, a row for each week and one for all. Pure.

Facts in, tables out; what a column is called is in `words`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeVar

from clinic.numbers.facts import (
    Day,
    Decided,
    Facts,
    Lead,
    Taken,
    Times,
    Waited,
)
from clinic.numbers.rules import (
    FEW,
    FEWEST,
    Shown,
    Weeks,
    counted,
    monday_of,
    share,
    spread,
    veiled,
)

MIDDLE, NINE_OF_TEN = 50, 90
BY_PATIENT = "patient"
# Why the desk cancels, as `clinic.journey.cancel` has it; after it whatever else is stored.
REASONS = (BY_PATIENT, "patient-asked", "ill", "clinic", "mistake", "other")


class Of(StrEnum):
    """Which numbers: the code of a table in an address."""

    PHYSICIANS = "physicians"
    ROOMS = "rooms"
    MISSED = "no-shows"
    LEAD = "lead-time"
    CANCELLED = "cancellations"
    REASONS = "reasons"
    WAITING = "waiting"
    APPROVAL_TIME = "approval-time"
    APPROVAL_RATE = "approval-rate"


# Counted for all sites together, whichever is asked for: `queries.facts` says why.
OF_ALL_SITES = frozenset({Of.APPROVAL_TIME, Of.APPROVAL_RATE})


class Unit(StrEnum):
    COUNT = "count"
    SHARE = "share"
    DAYS = "days"
    MINUTES = "minutes"


class Column(NamedTuple):
    """*name* is of somebody or of a room; without one, words stand for the *code*."""

    code: str
    unit: Unit
    name: str = ""


class Row(NamedTuple):
    """A week by its Monday, a reason by its code."""

    of: date | str
    cells: tuple[Shown, ...]


@dataclass(frozen=True)
class Table:
    """*drawn* is the column that the chart shows."""

    of: Of
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: tuple[Shown, ...]
    drawn: int

    @property
    def bars(self) -> Sequence[tuple[date | str, Shown]]:
        return [(row.of, row.cells[self.drawn]) for row in self.rows]

    @property
    def is_empty(self) -> bool:
        return not any(cell for row in self.rows for cell in row.cells)


Fact = TypeVar("Fact", Day, Lead, Waited, Decided)


def _weekly(weeks: Weeks, facts: Iterable[Fact]) -> dict[date, list[Fact]]:
    found: dict[date, list[Fact]] = {monday: [] for monday in weeks.mondays}
    for fact in facts:
        found[monday_of(fact.day)].append(fact)
    return found


def utilisation(of: Of, weeks: Weeks, times: Sequence[Times], taken: Iterable[Taken]) -> Table:
    """Minutes taken up of those that there were: all together, then each alone."""
    spent: Counter[tuple[int, date]] = Counter()
    for one in taken:
        spent[one.actor_id, monday_of(one.day)] += one.minutes

    def cells(mondays: Sequence[date]) -> tuple[Shown, ...]:
        used = [sum(spent[who.actor_id, monday] for monday in mondays) for who in times]
        had = [sum(who.minutes.get(monday, 0) for monday in mondays) for who in times]
        pairs = [(sum(used), sum(had)), *zip(used, had, strict=True)]
        return tuple(part / whole if whole else None for part, whole in pairs)

    return Table(
        of,
        (Column("all", Unit.SHARE), *(Column("", Unit.SHARE, who.name) for who in times)),
        tuple(Row(monday, cells([monday])) for monday in weeks.mondays),
        cells(weeks.mondays),
        0,
    )


def _by_week(
    of: Of,
    weeks: Weeks,
    facts: Iterable[Fact],
    columns: tuple[Column, ...],
    cells: Callable[[Sequence[Fact]], tuple[Shown, ...]],
    drawn: int = 1,
) -> Table:
    weekly = _weekly(weeks, facts)
    return Table(
        of,
        columns,
        tuple(Row(monday, cells(some)) for monday, some in weekly.items()),
        cells([fact for some in weekly.values() for fact in some]),
        drawn,
    )


def missed(weeks: Weeks, facts: Facts) -> Table:
    """Of the visits whose time has come, how many nobody came to."""

    def cells(some: Sequence[Day]) -> tuple[Shown, ...]:
        due = sum(day.due for day in some)
        return counted(due), share(sum(day.missed for day in some), due, due)

    columns = (Column("due", Unit.COUNT), Column("missed", Unit.SHARE))
    return _by_week(Of.MISSED, weeks, facts.days, columns, cells)


def _spread_columns(unit: Unit) -> tuple[Column, ...]:
    return Column("visits", Unit.COUNT), Column("median", unit), Column("ninetieth", unit)


def lead_time(weeks: Weeks, facts: Facts) -> Table:
    def cells(some: Sequence[Lead]) -> tuple[Shown, ...]:
        return _spreads([lead.days for lead in some])

    return _by_week(Of.LEAD, weeks, facts.leads, _spread_columns(Unit.DAYS), cells)


def waiting(weeks: Weeks, facts: Facts) -> Table:
    def cells(some: Sequence[Waited]) -> tuple[Shown, ...]:
        return _spreads([wait.minutes for wait in some])

    return _by_week(Of.WAITING, weeks, facts.waited, _spread_columns(Unit.MINUTES), cells)


def _spreads(values: Sequence[float]) -> tuple[Shown, ...]:
    count = len(values)
    return counted(count), spread(values, MIDDLE, count), spread(values, NINE_OF_TEN, count)


def cancellations(weeks: Weeks, facts: Facts) -> Table:
    """Of all that was booked for a week, what was called off, by patients and by the clinic."""
    own: Counter[date] = Counter()
    desk: Counter[date] = Counter()
    for one in facts.cancelled:
        by = own if one.reason == BY_PATIENT else desk
        by[one.day] += one.visits

    def cells(some: Sequence[Day]) -> tuple[Shown, ...]:
        booked = sum(day.booked for day in some)
        by = [sum(who[day.day] for day in some) for who in (own, desk)]
        return counted(booked), *(share(part, booked, booked) for part in (sum(by), *by))

    columns = (
        Column("booked", Unit.COUNT),
        Column("cancelled", Unit.SHARE),
        Column("by-patient", Unit.SHARE),
        Column("by-desk", Unit.SHARE),
    )
    return _by_week(Of.CANCELLED, weeks, facts.days, columns, cells)


def reasons(_weeks: Weeks, facts: Facts) -> Table:
    """Why visits were called off, for the whole range: a week has too few of each."""
    counts: dict[str, int] = dict.fromkeys(REASONS, 0)
    for one in facts.cancelled:
        counts[one.reason if one.reason in counts else "other"] += one.visits
    total = sum(counts.values())
    shown = veiled(counts)

    def cells(cell: Shown) -> tuple[Shown, ...]:
        return cell, cell if cell is FEW or cell is None else share(cell, total, total)

    return Table(
        Of.REASONS,
        (Column("cancellations", Unit.COUNT), Column("of-all", Unit.SHARE)),
        tuple(Row(code, cells(cell)) for code, cell in shown.items()),
        (counted(total), share(total, total, total)),
        0,
    )


def approval_time(weeks: Weeks, facts: Facts) -> Table:
    """From the form to the approval that rests on it."""
    approved = [one for one in facts.decided if one.approves and one.days is not None]

    def cells(some: Sequence[Decided]) -> tuple[Shown, ...]:
        days = [one.days for one in some if one.days is not None]
        people = _people(some)
        return _closed(len(some), people), spread(days, MIDDLE, people)

    columns = (Column("approvals", Unit.COUNT), Column("median", Unit.DAYS))
    return _of_open_weeks(Of.APPROVAL_TIME, weeks, approved, columns, cells)


def approval_rate(weeks: Weeks, facts: Facts) -> Table:
    """Decisions that approve, of all that were signed; never what the others were."""

    def cells(some: Sequence[Decided]) -> tuple[Shown, ...]:
        people = _people(some)
        approving = sum(one.approves for one in some)
        return _closed(len(some), people), share(approving, len(some), people)

    columns = (Column("decisions", Unit.COUNT), Column("approving", Unit.SHARE))
    return _of_open_weeks(Of.APPROVAL_RATE, weeks, facts.decided, columns, cells)


def _people(some: Iterable[Decided]) -> int:
    return len({one.patient_id for one in some})


def _closed(count: int, people: int) -> Shown:
    return FEW if 0 < people < FEWEST else count


def _of_open_weeks(
    of: Of,
    weeks: Weeks,
    facts: Sequence[Decided],
    columns: tuple[Column, ...],
    cells: Callable[[Sequence[Decided]], tuple[Shown, ...]],
) -> Table:
    """The total leaves closed weeks out: what is left of it would be what they close."""
    by_monday: dict[date, list[Decided]] = defaultdict(list)
    for fact in facts:
        by_monday[monday_of(fact.day)].append(fact)
    open_weeks = {monday for monday, some in by_monday.items() if _people(some) >= FEWEST}
    table = _by_week(of, weeks, facts, columns, cells)
    kept = [fact for fact in facts if monday_of(fact.day) in open_weeks]
    return Table(of, columns, table.rows, cells(kept), 1)


def _physicians(weeks: Weeks, facts: Facts) -> Table:
    return utilisation(Of.PHYSICIANS, weeks, facts.physicians, facts.taken)


def _rooms(weeks: Weeks, facts: Facts) -> Table:
    return utilisation(Of.ROOMS, weeks, facts.rooms, facts.taken)


# In the order of the page.
TABLES: Mapping[Of, Callable[[Weeks, Facts], Table]] = {
    Of.PHYSICIANS: _physicians,
    Of.ROOMS: _rooms,
    Of.MISSED: missed,
    Of.LEAD: lead_time,
    Of.CANCELLED: cancellations,
    Of.REASONS: reasons,
    Of.WAITING: waiting,
    Of.APPROVAL_TIME: approval_time,
    Of.APPROVAL_RATE: approval_rate,
}


def tables(weeks: Weeks, facts: Facts, wanted: Collection[Of] = tuple(Of)) -> Mapping[Of, Table]:
    return {of: build(weeks, facts) for of, build in TABLES.items() if of in wanted}
