"""A month of a site: how many visits each day has, and what is still free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from clinic.catalogue.rules import ServiceKind
from clinic.database import run, table_of
from clinic.frontdesk.whose import opening_on
from clinic.scheduling.diary import Diary
from clinic.scheduling.models import Appointment
from clinic.scheduling.on_offer import Site
from clinic.scheduling.rules import TAKES_TIME, AppointmentStatus, anyone_on

_visit = table_of(Appointment)
BOOKED_EACH_DAY = (
    select(_visit.c.starts_on, func.count())
    .where(
        _visit.c.starts_on.between(bindparam("first"), bindparam("last")),
        _visit.c.location_id == bindparam("location_id"),
        _visit.c.status.in_([s for s in TAKES_TIME if s != AppointmentStatus.PROPOSED]),
    )
    .group_by(_visit.c.starts_on)
)


class DayOfMonth(NamedTuple):
    """How many visits a day has, and how many times for a consultation are free: None where none
    can be booked, because the day is over or too far away."""

    day: date
    booked: int
    free: int | None
    is_closed: bool


def of_month(diary: Diary, site: Site, weeks: Sequence[Sequence[date]]) -> list[list[DayOfMonth]]:
    """The days of *weeks*. One statement."""
    values = {"first": weeks[0][0], "last": weeks[-1][-1], "location_id": site.id}
    booked: dict[date, int] = dict(run(BOOKED_EACH_DAY, values).all())
    free = free_on(diary, site, [day for week in weeks for day in week])
    return [
        [
            DayOfMonth(day, booked.get(day, 0), free.get(day), not opening_on(site, day))
            for day in week
        ]
        for week in weeks
    ]


def free_on(diary: Diary, site: Site, days: Iterable[date]) -> Mapping[date, int]:
    """How many times for a consultation there are on each of *days* that can be booked, as the
    page of times counts them. Nothing where the site offers none."""
    kind, found = ServiceKind.CONSULTATION, None
    for service in diary.roster.services:
        if service.location_id == site.id and service.facts.kind == kind:
            found = service
            break
    if found is None:
        return {}
    facts = diary.facts_of(found)
    first, last = facts.days_in_reach
    return {day: len(anyone_on(facts, day)) for day in days if first <= day <= last}
