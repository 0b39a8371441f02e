"""When somebody works and when a room can be used on a day: hours less absences, as instants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from clinic.clock import Period
from clinic.scheduling.on_offer import Person, Site, Thing
from clinic.scheduling.rules import Away
from clinic.scheduling.rules.hours import Agenda, in_both, stretches, whole_day


def of_person(who: Person, site: Site, day: date) -> list[Period]:
    """When a practitioner works at a site that is open, inside the midnights of *day*."""
    hours, extra = who.hours.get(site.id, ()), who.extra.get(site.id, ())
    working = stretches(hours, extra, day, site.zone)
    return _less(in_both(working, _open(site, day)), who.away, site, day) if working else []


def of_room(room: Thing, site: Site, day: date) -> list[Period]:
    """When a room can be used: the site is open and the room is not out of order."""
    return _less(_open(site, day), room.away, site, day)


def minutes(periods: Sequence[Period]) -> int:
    """How long they last together, in elapsed minutes."""
    return sum(int((one.ends_at - one.starts_at) / timedelta(minutes=1)) for one in periods)


def _open(site: Site, day: date) -> list[Period]:
    return stretches(site.opening, site.extra_opening, day, site.zone, site.closed)


def _less(periods: Sequence[Period], away: Sequence[Away], site: Site, day: date) -> list[Period]:
    """*periods* inside the day without the absences: what runs across a midnight is cut there."""
    inside = in_both(periods, [whole_day(day, site.zone)])
    near = (one for one in away if one.starts_on <= day <= one.ends_on)
    absent = [period for one in near if (period := one.period(site.zone))]
    agenda = Agenda(tuple(absent))
    return [Period(*gap) for one in inside for gap in agenda.gaps(one)]
