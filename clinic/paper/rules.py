"""Which hours of a day are left free, as lines to write on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from clinic import clock
from clinic.clock import Period
from clinic.scheduling.rules.hours import Agenda

SHORTEST = timedelta(minutes=15)  # less than that is a pause between two visits
HOUR = timedelta(hours=1)


def free_hours(working: Iterable[Period], taken: Iterable[Period], zone: str) -> list[Period]:
    """What nobody has of *working*, parted at the full hours of the clock in *zone*."""
    agenda = Agenda(taken)
    return [
        part
        for stretch in working
        for starts_at, ends_at in agenda.gaps(stretch)
        for part in _hours(starts_at, ends_at, zone)
        if part.ends_at - part.starts_at >= SHORTEST
    ]


def _hours(starts_at: datetime, ends_at: datetime, zone: str) -> Iterator[Period]:
    """Clock changes are whole or half hours: minutes past the hour go on as they were, or not."""
    while starts_at < ends_at:
        local = clock.local(starts_at, zone)
        past = timedelta(minutes=local.minute, seconds=local.second)
        until = min(starts_at + HOUR - past, ends_at)
        yield Period(starts_at, until)
        starts_at = until
