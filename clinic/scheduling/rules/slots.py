"""Which times are free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from clinic import clock
from clinic.clock import Period
from clinic.scheduling.rules.facts import (
    IN_ORDER,
    Facts,
    PractitionerFacts,
    ServiceFacts,
    Slot,
    ThingFacts,
)
from clinic.scheduling.rules.hours import in_both, stretches, whole_day

NONE = timedelta(0)


def free_slots(facts: Facts, first: date, days: int) -> list[Slot]:
    """Every free time of each practitioner on *days* days from *first*, in order of start.

    One slot for each (start, practitioner); the room is the first that is free, in the order of
    *facts.rooms*, and so is the device.
    """
    each = (first + timedelta(days=offset) for offset in range(days))
    return [slot for day in each for slot in free_on(facts, day)]


def free_on(facts: Facts, day: date) -> list[Slot]:
    """Every free time of each practitioner whose start lies on *day*, in order of start."""
    if not in_reach(facts, day):
        return []
    key = facts.actor_ids, day
    found = facts.worked_out.days.get(key)
    if found is None:
        everybody = (slot for p in facts.practitioners for slot in _open_on(facts, p, day))
        found = facts.worked_out.days[key] = sorted(everybody, key=IN_ORDER)
    return _for_the_patient(facts, _in_reach(facts, found))


def is_free(facts: Facts, practitioner_id: int, starts_at: datetime) -> Slot | None:
    """The same question about one time: the slot as `free_slots` lists it, or None."""
    practitioner = facts.practitioner(practitioner_id)
    if practitioner is None:
        return None
    day = clock.local(starts_at, facts.zone).date()  # a start belongs to the day it lies on
    if not in_reach(facts, day):
        return None
    alone = list(_open_times(facts, practitioner, day, only=starts_at))
    return next(iter(_for_the_patient(facts, _in_reach(facts, alone))), None)


def slots_on(facts: Facts, practitioner: PractitionerFacts, day: date) -> list[Slot]:
    """One practitioner's free times whose start lies on *day*, in order."""
    if not in_reach(facts, day):
        return []
    found = _open_on(facts, practitioner, day)
    return _for_the_patient(facts, _in_reach(facts, found)) if found else []


def in_reach(facts: Facts, day: date) -> bool:
    """Whether anything on *day* can be booked now. What is not is neither worked out nor kept: one
    may ask for any day of three centuries."""
    first, last = facts.days_in_reach
    return first <= day <= last


def _open_on(facts: Facts, practitioner: PractitionerFacts, day: date) -> list[Slot]:
    """One practitioner's times of *day* that nobody has, whoever asks and whenever."""
    key = practitioner.actor_id, day
    found = facts.worked_out.free.get(key)
    if found is None:
        found = facts.worked_out.free[key] = list(_open_times(facts, practitioner, day))
    return found


def _open_times(
    facts: Facts, practitioner: PractitionerFacts, day: date, only: datetime | None = None
) -> Iterator[Slot]:
    """Each of them, or the *only* one that is asked for: its room need not be found for others."""
    service = facts.service
    if not practitioner.may(service.kind, day):
        return
    for stretch in working_periods(facts, practitioner, day):
        for starts_at in starts_in(facts, practitioner, stretch, day):
            if only is not None and starts_at != only:
                continue
            begins, ends_at = starts_at - service.buffer_before, starts_at + service.duration
            over = ends_at + service.buffer_after
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


def _in_reach(facts: Facts, slots: list[Slot]) -> list[Slot]:
    """Those of *slots*, in order of start, outside the notice and inside the horizon."""
    lowest, highest = facts.reach
    if not slots or (lowest <= slots[0].starts_at and slots[-1].starts_at <= highest):
        return slots
    return [slot for slot in slots if lowest <= slot.starts_at <= highest]


def _for_the_patient(facts: Facts, slots: list[Slot]) -> list[Slot]:
    """Those of *slots*, in order of start, at which the patient is not elsewhere."""
    if not facts.patient_busy or not slots:
        return slots
    agenda = facts.patient_agenda
    if agenda.is_free(slots[0].starts_at, slots[-1].ends_at):  # most days: they have nothing then
        return slots
    return [slot for slot in slots if agenda.is_free(slot.starts_at, slot.ends_at)]


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
    found = facts.worked_out.opening.get(day)
    if found is None:
        found = stretches(facts.opening, facts.extra_opening, day, facts.zone, facts.closed)
        if in_reach(facts, day):
            facts.worked_out.opening[day] = found
    return found


def starts_in(
    facts: Facts, practitioner: PractitionerFacts, stretch: Period, day: date
) -> Iterator[datetime]:
    """Starts on *day* on the grid of a stretch, at which the practitioner is free for the visit
    and its buffers.

    The grid counts steps of elapsed time from where the stretch begins.
    """
    service = facts.service
    midnights = whole_day(day, facts.zone)
    for begins, over in practitioner.agenda.gaps(stretch):
        lowest = max(begins + service.buffer_before, midnights.starts_at)
        highest = over - service.duration - service.buffer_after
        steps = -((stretch.starts_at - lowest) // service.step)  # rounded up
        starts_at = stretch.starts_at + steps * service.step
        while starts_at <= highest and starts_at < midnights.ends_at:
            yield starts_at
            starts_at += service.step


def on_grid(service: ServiceFacts, stretch: Period, starts_at: datetime) -> bool:
    """Whether a start lies on the grid of a stretch that holds its visit."""
    inside = stretch.contains(service.reserved(starts_at))
    return inside and (starts_at - stretch.starts_at) % service.step == NONE
