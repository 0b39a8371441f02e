"""What the page of times shows: who, seven days, one day's times in three parts. Pure.

Built from the same `free_slots` that the write path asks, so what is shown can be booked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from clinic import clock
from clinic.scheduling.rules import (
    Facts,
    PartOfDay,
    Slot,
    anyone,
    free_slots,
    part_of_day,
    slots_on,
)

WEEK = 7


class Person(Protocol):
    """A practitioner as the page names them."""

    @property
    def public_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def colour(self) -> int: ...
    @property
    def actor_id(self) -> int: ...


@dataclass(frozen=True)
class Choice:
    """Whom a patient can see; *key* is "any" or the practitioner's public id."""

    key: str
    name: str
    colour: int
    actor_id: int | None
    next_at: datetime | None


@dataclass(frozen=True)
class DayTab:
    day: date
    count: int
    is_open: bool


@dataclass(frozen=True)
class Picker:
    """One page of times. *shown* are the times of *day*; *week* begins at *first*."""

    who: str
    choices: Sequence[Choice]
    week: Sequence[DayTab]
    day: date
    parts: Mapping[PartOfDay, Sequence[Slot]]
    elsewhere: Mapping[PartOfDay, tuple[date, int]]
    earlier: date | None
    later: date | None
    next_at: datetime | None

    @property
    def is_empty(self) -> bool:
        return not any(self.parts.values())


def build(
    facts: Facts,
    people: Sequence[Person],
    *,
    who: str,
    wanted: date | None,
    allowed: Callable[[Slot], bool] = lambda slot: True,
    firsts: Mapping[int, Slot] | None = None,
    facts_of: Callable[[date], Facts] | None = None,
) -> Picker:
    """The page for *who* ("any" or a public id) and a *wanted* day, or the first with a time.

    *allowed* is the gate's answer for a slot. Where *facts* do not reach as far as the service's
    horizon, *firsts* are the first free times by actor, and *facts_of* gives the facts of the week
    that begins on a day.
    """
    today = clock.local(facts.now, facts.zone).date()
    last = clock.local(facts.now + facts.service.horizon, facts.zone).date()
    who = who if who in {person.public_id for person in people} else "any"
    if firsts is None:
        firsts = first_of_each(facts, [p.actor_id for p in people], today, last, allowed)
    choices = [_choice(person, firsts.get(person.actor_id)) for person in people]
    times = [choice.next_at for choice in choices if choice.next_at]
    soonest = min(times, default=None)
    actor = next((c.actor_id for c in choices if c.key == who), None)
    mine = next((c.next_at for c in choices if c.key == who), soonest)
    day = _day(wanted, mine, today, last, facts.zone)
    first = _week_start(day, today)
    shown = facts_of(first) if facts_of is not None else facts
    slots = _slots(shown, actor, first, WEEK, allowed)
    by_day = _by_day(slots, facts.zone)
    return Picker(
        who=who,
        choices=[Choice("any", "", 0, None, soonest), *choices],
        week=_tabs(facts, first, by_day, last),
        day=day,
        parts=_parts(by_day.get(day, []), facts.zone),
        elsewhere=_elsewhere(by_day, day, facts.zone),
        earlier=first - timedelta(days=WEEK) if first > today else None,
        later=first + timedelta(days=WEEK) if first + timedelta(days=WEEK) <= last else None,
        next_at=mine,
    )


def _choice(person: Person, first: Slot | None) -> Choice:
    next_at = first.starts_at if first else None
    return Choice(person.public_id, person.name, person.colour, person.actor_id, next_at)


def first_of_each(
    facts: Facts,
    actor_ids: Iterable[int],
    first: date,
    last: date,
    allowed: Callable[[Slot], bool] = lambda slot: True,
) -> dict[int, Slot]:
    """The first free time of each practitioner who has one, by actor."""
    found = {actor: first_free(facts, actor, first, last, allowed) for actor in actor_ids}
    return {actor: slot for actor, slot in found.items() if slot is not None}


def first_free(
    facts: Facts,
    actor_id: int,
    first: date,
    last: date,
    allowed: Callable[[Slot], bool] = lambda slot: True,
) -> Slot | None:
    """The first free time of one practitioner from *first* to *last*."""
    practitioner = facts.practitioner(actor_id)
    day = first
    while practitioner is not None and day <= last:
        for slot in slots_on(facts, practitioner, day):
            if allowed(slot):
                return slot
        day += timedelta(days=1)
    return None


def next_free(facts: Facts, actor_id: int, first: date, last: date, count: int) -> list[Slot]:
    """The next *count* free times of one practitioner."""
    found: list[Slot] = []
    day = first
    while day <= last and len(found) < count:
        found += _slots(facts, actor_id, day, 1, lambda slot: True)
        day += timedelta(days=1)
    return found[:count]


def _slots(
    facts: Facts, actor_id: int | None, first: date, days: int, allowed: Callable[[Slot], bool]
) -> list[Slot]:
    slots = [slot for slot in free_slots(_only(facts, actor_id), first, days) if allowed(slot)]
    return anyone(slots) if actor_id is None else slots


def _only(facts: Facts, actor_id: int | None) -> Facts:
    if actor_id is None:
        return facts
    chosen = tuple(p for p in facts.practitioners if p.actor_id == actor_id)
    return replace(facts, practitioners=chosen)


def _day(
    wanted: date | None, first_at: datetime | None, today: date, last: date, zone: str
) -> date:
    if wanted is not None and today <= wanted <= last:
        return wanted
    return clock.local(first_at, zone).date() if first_at else today


def _week_start(day: date, today: date) -> date:
    """Weeks of seven days counted from today, so that no tab lies in the past."""
    return today + timedelta(days=(day - today).days // WEEK * WEEK)


def _by_day(slots: Iterable[Slot], zone: str) -> dict[date, list[Slot]]:
    found: dict[date, list[Slot]] = {}
    for slot in slots:
        found.setdefault(clock.local(slot.starts_at, zone).date(), []).append(slot)
    return found


def _tabs(
    facts: Facts, first: date, by_day: Mapping[date, Sequence[Slot]], last: date
) -> list[DayTab]:
    days = [first + timedelta(days=n) for n in range(WEEK)]
    return [
        DayTab(day, len(by_day.get(day, [])), any(h.on(day) for h in facts.opening))
        for day in days
        if day <= last
    ]


def _parts(slots: Sequence[Slot], zone: str) -> dict[PartOfDay, list[Slot]]:
    parts: dict[PartOfDay, list[Slot]] = {part: [] for part in PartOfDay}
    for slot in slots:
        parts[_part(slot, zone)].append(slot)
    return parts


def _part(slot: Slot, zone: str) -> PartOfDay:
    local = clock.local(slot.starts_at, zone)
    return part_of_day(local.hour * 60 + local.minute)


def _elsewhere(
    by_day: Mapping[date, Sequence[Slot]], day: date, zone: str
) -> dict[PartOfDay, tuple[date, int]]:
    """For a part of the day with nothing: the next day of the week that has some, and how many."""
    found: dict[PartOfDay, tuple[date, int]] = {}
    for other in sorted(d for d in by_day if d > day):
        for part, slots in _parts(by_day[other], zone).items():
            if slots:
                found.setdefault(part, (other, len(slots)))
    return found
