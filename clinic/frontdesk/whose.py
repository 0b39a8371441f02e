"""Who has a column of the calendar, or a week: physicians and rooms, and when they are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple

from clinic.clock import Period
from clinic.frontdesk.lines import Line
from clinic.frontdesk.rules import By, Grey
from clinic.scheduling.on_offer import Person, Roster, Site, Thing
from clinic.scheduling.rules.hours import stretches

Hours = Callable[[date], list[Period]]


class Whose(NamedTuple):
    """A physician or a room, who has a column or a week."""

    key: str
    actor_id: int
    name: str
    colour: int
    opening: Hours
    working: Hours
    away: tuple[Period, ...]
    why_away: Grey


DAYS_KEPT = 64

_kept: tuple[Roster, dict[tuple[int, By], list[Whose]]] | None = None


def whoever(known: Roster, site: Site, by: By) -> list[Whose]:
    """All who may have a column at *site*, in the order of the roster; kept while that is the
    same, with the hours of the days that were asked about last."""
    global _kept
    if _kept is None or _kept[0] is not known:
        _kept = known, {}
    found = _kept[1].get((site.id, by))
    if found is None:
        found = _kept[1][site.id, by] = _whoever(known, site, by)
    return found


def _whoever(known: Roster, site: Site, by: By) -> list[Whose]:
    opening = lru_cache(DAYS_KEPT)(partial(opening_on, site))
    if by == By.ROOM:
        return [_room(site, room, opening) for room in known.rooms if room.location_id == site.id]
    return [_person(site, person, opening) for person in known.people if person.works_at(site.id)]


def opening_on(site: Site, day: date) -> list[Period]:
    return stretches(site.opening, site.extra_opening, day, site.zone, site.closed)


def _person(site: Site, person: Person, opening: Hours) -> Whose:
    hours, extra = person.hours.get(site.id, ()), person.extra.get(site.id, ())

    @lru_cache(DAYS_KEPT)
    def working(day: date) -> list[Period]:
        return stretches(hours, extra, day, site.zone)

    away = _away(person, site)
    return Whose(
        person.public_id, person.actor_id, person.name, person.colour,
        opening, working, away, Grey.AWAY,
    )  # fmt: skip


def _room(site: Site, room: Thing, opening: Hours) -> Whose:
    return Whose(
        room.public_id, room.actor_id, room.name, 0,
        opening, opening, _away(room, site), Grey.OUT,
    )  # fmt: skip


def _away(who: Person | Thing, site: Site) -> tuple[Period, ...]:
    found = (stretch.period(site.zone) for stretch in who.away)
    return tuple(period for period in found if period is not None)


def gone(lines: Iterable[Line], everybody: Iterable[Whose], by: By, site: Site) -> list[Whose]:
    """Whoever works here no longer, or a room that is not used any more: their visits stay."""
    known, found = {one.key for one in everybody}, {}
    for line in lines:
        key = key_of(line, by)
        if key not in known and line.place_id == site.public_id:
            name = line.room if by == By.ROOM else line.practitioner
            found[key] = Whose(
                key, 0, name, 0 if by == By.ROOM else line.colour,
                lambda day: opening_on(site, day), lambda _day: [], (), Grey.AWAY,
            )  # fmt: skip
    return list(found.values())


def key_of(line: Line, by: By) -> str:
    return line.room_id if by == By.ROOM else line.practitioner_id
