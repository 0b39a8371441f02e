"""Choosing among free times: for anyone, nearest to a wish, by part of the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from clinic.scheduling.rules.facts import IN_ORDER, Facts, Slot
from clinic.scheduling.rules.slots import free_on


def anyone(slots: Iterable[Slot]) -> list[Slot]:
    """One slot for each start: the practitioner with the fewest of the offered times so far.

    Spreads "anyone, soonest" over the physicians and is the same for the same slots.
    """
    given: Counter[int] = Counter()
    chosen: dict[datetime, Slot] = {}
    for slot in sorted(slots, key=IN_ORDER):
        best = chosen.get(slot.starts_at)
        if best is None or given[slot.practitioner_id] < given[best.practitioner_id]:
            if best is not None:
                given[best.practitioner_id] -= 1
            chosen[slot.starts_at] = slot
            given[slot.practitioner_id] += 1
    return [chosen[start] for start in sorted(chosen)]


def anyone_on(facts: Facts, day: date) -> list[Slot]:
    """`anyone` of all that is free on *day*."""
    slots, key = free_on(facts, day), (facts.actor_ids, day)
    if slots is not facts.worked_out.days.get(key):  # less than all: it is early, or for a patient
        return anyone(slots)
    if key not in facts.worked_out.anyone:
        facts.worked_out.anyone[key] = anyone(slots)
    return facts.worked_out.anyone[key]


def nearest(slots: Iterable[Slot], to: datetime, count: int = 3) -> list[Slot]:
    """The *count* slots nearest to an instant, in order of start."""
    return sorted(sorted(slots, key=lambda s: (abs(s.starts_at - to), s))[:count])


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def part_of_day(minute: int) -> PartOfDay:
    """*minute* after midnight, wall time: morning before noon, evening from 5 pm."""
    if minute < 12 * 60:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if minute < 17 * 60 else PartOfDay.EVENING
