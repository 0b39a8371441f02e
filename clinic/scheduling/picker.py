"""What the page of times shows: who, seven days, one day's times in three parts. Pure.

Built from the same `free_slots` that the write path asks, so what is shown can be booked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from clinic import clock
from clinic.scheduling.rules import (
    Facts,
    PartOfDay,
    Slot,
    anyone,
    anyone_on,
    free_on,
    part_of_day,
    slots_on,
)

WEEK = 7
MOST_KEPT = 256
Allowed = Callable[[Slot], bool]


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


class Choice(NamedTuple):
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


class Part(NamedTuple):
    """A part of the day as it is drawn: actor, start and name for each button, or where else."""

    part: PartOfDay
    buttons: tuple[tuple[int, datetime, str], ...]
    elsewhere: tuple[date, int] | None


class Times(NamedTuple):
    """All that is drawn of a day's times and its week, so that a drawing is kept under it."""

    who: str
    day: date
    earlier: date | None
    later: date | None
    week: tuple[DayTab, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Picker:
    """One page of times. *shown* are the times of *day*; *week* begins at *first*."""

    who: str
    choices: tuple[Choice, ...]
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

    def times(self, names: Mapping[int, str]) -> Times:
        """What there is to choose from; *names* gives each physician by actor."""
        parts = (
            Part(
                part,
                tuple([(s.practitioner_id, s.starts_at, names[s.practitioner_id]) for s in slots]),
                self.elsewhere.get(part),
            )
            for part, slots in self.parts.items()
        )
        week = tuple(self.week)
        return Times(self.who, self.day, self.earlier, self.later, week, tuple(parts))


def kept(facts: Facts, people: Sequence[Person], *, who: str, wanted: date | None) -> Picker:
    """As `build` where the gate has no say, made once a minute for all who would be shown the same.

    Times begin on whole minutes, and so do notice and horizon end: between two minutes no time
    comes into reach or leaves it.
    """
    minute = facts.now.replace(second=0, microsecond=0)
    if facts.now == minute:  # the one moment at which the minutes before and after it may differ
        return build(facts, people, who=who, wanted=wanted)
    pages = facts.worked_out.pages
    key = minute, who, wanted, facts.patient_busy, tuple([p.public_id for p in people])
    found: Picker | None = pages.get(key)
    if found is None:
        if len(pages) >= MOST_KEPT:
            pages.clear()
        found = pages[key] = build(facts, people, who=who, wanted=wanted)
    return found


def build(
    facts: Facts,
    people: Sequence[Person],
    *,
    who: str,
    wanted: date | None,
    allowed: Allowed | None = None,
) -> Picker:
    """The page for *who* ("any" or a public id) and a *wanted* day, or the first with a time.

    *allowed* is the gate's answer for a slot; without it all are.
    """
    today = clock.local(facts.now, facts.zone).date()
    last = clock.local(facts.now + facts.service.horizon, facts.zone).date()
    firsts = first_of_each(facts, [p.actor_id for p in people], today, last, allowed)
    choices = [_choice(person, firsts.get(person.actor_id)) for person in people]
    soonest = min((choice.next_at for choice in choices if choice.next_at), default=None)
    chosen = next((c for c in choices if c.key == who), None)
    mine = chosen.next_at if chosen else soonest
    day = _day(wanted, mine, today, last, facts.zone)
    first = _week_start(day, today)
    by_day = _week(facts, chosen.actor_id if chosen else None, first, last, allowed)
    parts = _parts(by_day[day], facts.zone)
    return Picker(
        who=who if chosen else "any",
        choices=(Choice("any", "", 0, None, soonest), *choices),
        week=[DayTab(d, len(slots), _is_open(facts, d)) for d, slots in by_day.items()],
        day=day,
        parts=parts,
        elsewhere=_elsewhere(by_day, day, parts, facts.zone),
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
    allowed: Allowed | None = None,
) -> dict[int, Slot]:
    """The first free time of each practitioner who has one, by actor."""
    found = {actor: first_free(facts, actor, first, last, allowed) for actor in actor_ids}
    return {actor: slot for actor, slot in found.items() if slot is not None}


def first_free(
    facts: Facts, actor_id: int, first: date, last: date, allowed: Allowed | None = None
) -> Slot | None:
    """The first free time of one practitioner from *first* to *last*."""
    practitioner = facts.practitioner(actor_id)
    day = first
    while practitioner is not None and day <= last:
        for slot in slots_on(facts, practitioner, day):
            if allowed is None or allowed(slot):
                return slot
        day += timedelta(days=1)
    return None


def next_free(facts: Facts, actor_id: int, first: date, last: date, count: int) -> list[Slot]:
    """The next *count* free times of one practitioner."""
    practitioner = facts.practitioner(actor_id)
    found: list[Slot] = []
    day = first
    while practitioner is not None and day <= last and len(found) < count:
        found += slots_on(facts, practitioner, day)
        day += timedelta(days=1)
    return found[:count]


def _week(
    facts: Facts, actor_id: int | None, first: date, last: date, allowed: Allowed | None
) -> dict[date, list[Slot]]:
    """The times of each day of a week, of one practitioner or of anyone."""
    some = facts if actor_id is None else facts.of([actor_id])
    by_day = {}
    for day in (first + timedelta(days=number) for number in range(WEEK)):
        if day <= last:
            by_day[day] = _on(some, day, actor_id is None, allowed)
    return by_day


def _on(facts: Facts, day: date, is_anyone: bool, allowed: Allowed | None) -> list[Slot]:
    if allowed is None:
        return anyone_on(facts, day) if is_anyone else free_on(facts, day)
    slots = [slot for slot in free_on(facts, day) if allowed(slot)]
    return anyone(slots) if is_anyone else slots


def _day(
    wanted: date | None, first_at: datetime | None, today: date, last: date, zone: str
) -> date:
    if wanted is not None and today <= wanted <= last:
        return wanted
    return clock.local(first_at, zone).date() if first_at else today


def _week_start(day: date, today: date) -> date:
    """Weeks of seven days counted from today, so that no tab lies in the past."""
    return today + timedelta(days=(day - today).days // WEEK * WEEK)


def _is_open(facts: Facts, day: date) -> bool:
    return any(hours.on(day) for hours in facts.opening)


def _parts(slots: Sequence[Slot], zone: str) -> dict[PartOfDay, list[Slot]]:
    parts: dict[PartOfDay, list[Slot]] = {part: [] for part in PartOfDay}
    for slot in slots:
        local = clock.local(slot.starts_at, zone)
        parts[part_of_day(local.hour * 60 + local.minute)].append(slot)
    return parts


def _elsewhere(
    by_day: Mapping[date, Sequence[Slot]],
    day: date,
    parts: Mapping[PartOfDay, Sequence[Slot]],
    zone: str,
) -> dict[PartOfDay, tuple[date, int]]:
    """For a part of the day with nothing: the next day of the week that has some, and how many."""
    missing = {part for part, slots in parts.items() if not slots}
    found: dict[PartOfDay, tuple[date, int]] = {}
    for other in sorted(d for d in by_day if d > day):
        if not missing:
            break
        for part, slots in _parts(by_day[other], zone).items():
            if slots and part in missing:
                found[part] = other, len(slots)
                missing.remove(part)
    return found
