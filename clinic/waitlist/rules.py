"""What a wish fits, who comes first, and which times have become free. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from clinic import clock
from clinic.clock import Period
from clinic.scheduling.rules import (
    DeviceFacts,
    Facts,
    PartOfDay,
    PractitionerFacts,
    RoomFacts,
    Slot,
    WhyNot,
    free_slots,
    part_of_day,
    why_not,
)

Busy = TypeVar("Busy", PractitionerFacts, RoomFacts, DeviceFacts)

EVERY_DAY = 0b111_1111
WHOLE_DAY = 0b111


class EntryState(StrEnum):
    WAITING = "waiting"
    BOOKED = "booked"  # found a time, offered or chosen
    ENDED = "ended"  # taken off by the patient or the desk, or its last day is over


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # the time went for another reason


# An offer past its end that nobody answered: its time still books while it is free.
ANSWERABLE = frozenset({OfferState.OPEN, OfferState.EXPIRED})


@dataclass(frozen=True)
class Wanted:
    """What somebody waits for: bits as in `WaitlistEntry`, *practitioner_id* a row's, None for
    anyone; both dates are included."""

    practitioner_id: int | None
    weekdays: int
    parts: int
    from_on: date
    until_on: date


@dataclass(frozen=True)
class Waiting:
    """One of those who wait. *practitioner_actor_id* is None for anyone. *had* are the visits
    that were offered before: a time that overlaps one of them counts as the same."""

    id: int
    practitioner_actor_id: int | None
    weekdays: int
    parts: int
    from_on: date
    until_on: date
    since: datetime
    had: frozenset[Period] = frozenset()

    def fits(self, slot: Slot, zone: str) -> bool:
        """Whether a time is one that was wished for; days and parts go by the site's clock."""
        local = clock.local(slot.starts_at, zone)
        part = part_of_day(local.hour * 60 + local.minute)
        return (
            self.practitioner_actor_id in (None, slot.practitioner_id)
            and self.from_on <= local.date() <= self.until_on
            and bool(self.weekdays >> local.weekday() & 1)
            and bool(self.parts >> list(PartOfDay).index(part) & 1)
            and not any(slot.period.overlaps(before) for before in self.had)
        )


def in_order(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Who is asked first: those who named a physician, then those who take anyone; among each,
    whoever waits longest. Nobody who fits another physician alone is in anybody's way."""
    return sorted(waiting, key=lambda w: (w.practitioner_actor_id is None, w.since, w.id))


def newly_free(facts: Facts, freed: Mapping[int, Period], first: date, days: int) -> list[Slot]:
    """Times that are free now and were not while *freed* was taken: by actor, buffers included.

    The one nearest to where *freed* begins comes first, so that no gap is left before it.
    """
    before = {
        (slot.practitioner_id, slot.starts_at)
        for slot in free_slots(_with_taken(facts, freed), first, days)
    }
    found = [
        slot
        for slot in free_slots(facts, first, days)
        if (slot.practitioner_id, slot.starts_at) not in before
    ]
    begins = min(period.starts_at for period in freed.values())

    def distance(slot: Slot) -> tuple[float, Slot]:
        return abs((slot.starts_at - facts.service.buffer_before - begins).total_seconds()), slot

    return sorted(found, key=distance)


def opened(before: Facts, after: Facts, first: date, days: int) -> list[Slot]:
    """Times that are free *after* the roster changed and that nobody could have had *before*; the
    first one first.

    A grid that begins elsewhere opens nothing: what it lists was free, a few minutes earlier or
    later.
    """
    before = replace(before, now=after.now)
    known = {(slot.practitioner_id, slot.starts_at) for slot in free_slots(before, first, days)}
    return [
        slot
        for slot in free_slots(after, first, days)
        if (slot.practitioner_id, slot.starts_at) not in known and not _only_off_grid(before, slot)
    ]


def _only_off_grid(facts: Facts, slot: Slot) -> bool:
    reasons = why_not(facts, slot.practitioner_id, slot.starts_at)
    return {why.code for why in reasons} == {WhyNot.OFF_GRID}


def _with_taken(facts: Facts, freed: Mapping[int, Period]) -> Facts:
    return replace(
        facts,
        practitioners=tuple(_taken(p, freed) for p in facts.practitioners),
        rooms=tuple(_taken(r, freed) for r in facts.rooms),
        devices=None if facts.devices is None else tuple(_taken(d, freed) for d in facts.devices),
    )


def _taken(thing: Busy, freed: Mapping[int, Period]) -> Busy:
    period = freed.get(thing.actor_id)
    return thing if period is None else replace(thing, busy=(*thing.busy, period))
