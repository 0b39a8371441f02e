"""Who is late, who waits since when, who sits in a room: today’s visits by how far they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from clinic import clock
from clinic.catalogue.sites import every_site
from clinic.frontdesk.lines import Line
from clinic.frontdesk.queries import day_sheet
from clinic.scheduling.rules import AppointmentStatus

S = AppointmentStatus
MINUTE = timedelta(minutes=1)


class Row(NamedTuple):
    """A visit and its whole minutes: *since* it came to where it is (late: since its time), *over*
    since its appointed time; none before it."""

    line: Line
    since: int
    over: int


@dataclass(frozen=True)
class Arrivals:
    late: Sequence[Row]
    waiting: Sequence[Row]
    in_room: Sequence[Row]
    missed: Sequence[Row]
    done: Sequence[Row]
    coming: Sequence[Row]

    @property
    def zones(self) -> list[str]:
        every = (self.late, self.waiting, self.in_room, self.missed, self.done, self.coming)
        return sorted({row.line.zone for rows in every for row in rows})


def todays(sites: Collection[int] | None = None) -> Arrivals:
    """The visits of today by each site's own clock, at some *sites* or at all. One statement for
    each date."""
    days = {clock.today(site.zone) for site in every_site() if sites is None or site.id in sites}
    lines = [
        line
        for day in sorted(days)
        for line in day_sheet(day, sites).lines
        if clock.today(line.zone) == day
    ]
    return sorted_out(lines, clock.now())


def sorted_out(lines: Iterable[Line], now: datetime) -> Arrivals:
    """*lines* by state: whoever is longest overdue, or has waited longest, first."""
    rows = [_row(line, now) for line in lines]

    def those(wanted: Callable[[Line], bool]) -> list[Row]:
        return sorted((row for row in rows if wanted(row.line)), key=_longest_first)

    return Arrivals(
        late=those(lambda line: line.is_late),
        waiting=those(lambda line: line.status == S.ARRIVED),
        in_room=those(lambda line: line.status == S.IN_ROOM),
        missed=those(lambda line: line.status == S.NOSHOW),
        done=those(lambda line: line.status == S.FULFILLED),
        coming=those(lambda line: line.status == S.BOOKED and not line.is_late),
    )


def _row(line: Line, now: datetime) -> Row:
    begins = line.starts_at if line.status == S.BOOKED else line.since
    return Row(line, _minutes(begins, now), _minutes(line.starts_at, now))


def _minutes(since: datetime, now: datetime) -> int:
    return max((now - since) // MINUTE, 0)


def _longest_first(row: Row) -> tuple[datetime, datetime, str]:
    line = row.line
    moved = line.status in (S.ARRIVED, S.IN_ROOM)
    return (line.since if moved else line.starts_at, line.starts_at, line.public_id)
