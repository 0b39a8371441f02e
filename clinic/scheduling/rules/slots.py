"""Which times are free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from clinic import clock
from clinic.clock import Period
from clinic.scheduling.rules.facts import Facts, PractitionerFacts, ServiceFacts, Slot, ThingFacts
from clinic.scheduling.rules.hours import in_both, stretches, whole_day

NONE = timedelta(0)


def free_slots(facts: Facts, first: date, days: int) -> list[Slot]:
    """Every free time of each practitioner on *days* days from *first*, in order of start.

    One slot for each (start, practitioner); the room is the first that is free, in the order of
    *facts.rooms*, and so is the device.
    """
    found = [
        slot
        for offset in range(days)
        for practitioner in facts.practitioners
        for slot in slots_on(facts, practitioner, first + timedelta(days=offset))
    ]
    return sorted(found)


def is_free(facts: Facts, practitioner_id: int, starts_at: datetime) -> Slot | None:
    """The same question about one time: the slot as `free_slots` lists it, or None."""
    practitioner = facts.practitioner(practitioner_id)
    if practitioner is None:
        return None
    day = clock.local(starts_at, facts.zone).date()  # a start belongs to the day it lies on
    for slot in slots_on(facts, practitioner, day):
        if slot.starts_at == starts_at:
            return slot
    return None


def slots_on(facts: Facts, practitioner: PractitionerFacts, day: date) -> Iterator[Slot]:
    """One practitioner's free times whose start lies on *day*, in order."""
    service = facts.service
    if not practitioner.may(service.kind, day):
        return
    for stretch in working_periods(facts, practitioner, day):
        for starts_at in starts_in(facts, stretch, day):
            begins = starts_at - service.buffer_before
            ends_at = starts_at + service.duration
            over = ends_at + service.buffer_after
            if not practitioner.agenda.is_free(begins, over):
                continue
            if not facts.patient_agenda.is_free(starts_at, ends_at):
                continue
            room = first_free(facts.rooms, begins, over)
            if room is None:
                continue
            device = None
            if facts.devices is not None:
                found = first_free(facts.devices, begins, over)
                if found is None:
                    continue
                device = found.actor_id
            yield Slot(starts_at, ends_at, practitioner.actor_id, room.actor_id, device)


def first_free(things: Iterable[ThingFacts], begins: datetime, over: datetime) -> ThingFacts | None:
    return next((thing for thing in things if thing.agenda.is_free(begins, over)), None)


def working_periods(facts: Facts, practitioner: PractitionerFacts, day: date) -> list[Period]:
    """When the practitioner works and the site is open, on *day*, as instants.

    A stretch that runs across a midnight of *day* is whole.
    """
    working = stretches(practitioner.hours, practitioner.extra, day, facts.zone)
    return in_both(working, opening_periods(facts, day)) if working else []


def opening_periods(facts: Facts, day: date) -> list[Period]:
    """When the site is open on *day*: its weekly hours unless it is closed, and its extra hours."""
    return stretches(facts.opening, facts.extra_opening, day, facts.zone, facts.closed)


def starts_in(facts: Facts, stretch: Period, day: date) -> Iterator[datetime]:
    """Starts on *day* on the grid of a stretch whose visit, buffers included, lies inside it.

    The grid counts steps of elapsed time from where the stretch begins. Starts inside the notice,
    beyond the horizon, or on another day than *day* are left out.
    """
    service, now = facts.service, facts.now
    midnights = whole_day(day, facts.zone)
    lowest = max(
        stretch.starts_at + service.buffer_before, midnights.starts_at, now + service.notice
    )
    highest = min(stretch.ends_at - service.duration - service.buffer_after, now + service.horizon)
    steps = max(0, -((stretch.starts_at - lowest) // service.step))  # rounded up
    starts_at = stretch.starts_at + steps * service.step
    while starts_at <= highest and starts_at < midnights.ends_at:
        yield starts_at
        starts_at += service.step


def on_grid(service: ServiceFacts, stretch: Period, starts_at: datetime) -> bool:
    """Whether a start lies on the grid of a stretch that holds its visit."""
    inside = stretch.contains(service.reserved(starts_at))
    return inside and (starts_at - stretch.starts_at) % service.step == NONE
