"""When somebody works and when a room can be used on a day: hours less absences, as instants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from clinic.clock import Period
from clinic.scheduling.on_offer import Person, Site, Thing
from clinic.scheduling.rules import Away
from clinic.scheduling.rules.hours import Agenda, in_both, stretches, whole_day


def opening(site: Site, day: date) -> list[Period]:
    """When a site is open, inside the midnights of *day*: what runs across one is cut there."""
    hours = stretches(site.opening, site.extra_opening, day, site.zone, site.closed)
    return in_both(hours, [whole_day(day, site.zone)])


def of_person(
    who: Person, site: Site, day: date, opened: Sequence[Period] | None = None
) -> list[Period]:
    """When a practitioner works at a site that is open; *opened* is when, if that is known."""
    hours, extra = who.hours.get(site.id, ()), who.extra.get(site.id, ())
    working = stretches(hours, extra, day, site.zone)
    if not working:
        return []
    opened = opening(site, day) if opened is None else opened
    return _less(in_both(working, opened), who.away, site, day)


def of_room(
    room: Thing, site: Site, day: date, opened: Sequence[Period] | None = None
) -> list[Period]:
    """When a room can be used: the site is open and the room is not out of order."""
    opened = opening(site, day) if opened is None else opened
    return _less(opened, room.away, site, day)


def minutes(periods: Sequence[Period]) -> int:
    """How long they last together, in elapsed minutes."""
    return sum(int((one.ends_at - one.starts_at) / timedelta(minutes=1)) for one in periods)


def _less(periods: Sequence[Period], away: Sequence[Away], site: Site, day: date) -> list[Period]:
    near = [one for one in away if one.starts_on <= day <= one.ends_on]
    if not near:
        return list(periods)
    agenda = Agenda([period for one in near if (period := one.period(site.zone))])
    return [Period(*gap) for one in periods for gap in agenda.gaps(one)]
