"""Which times are free, and how a visit moves between its states.

`free_slots` is the one function that lists times and that the write path asks again about one
time, under the lock; `why_not` gives its reasons. Pure: facts in, slots out. Source: design 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from clinic import clock
from clinic.catalogue.rules import MODALITIES, ServiceKind
from clinic.clock import Period
from clinic.screening.rules import Modality


class AppointmentStatus(StrEnum):
    PROPOSED = "proposed"  # a hold
    BOOKED = "booked"
    ARRIVED = "arrived"
    IN_ROOM = "in-room"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"


S = AppointmentStatus

ACTIVE = frozenset({S.PROPOSED, S.BOOKED, S.ARRIVED, S.IN_ROOM})
COMING = ACTIVE - {S.PROPOSED}  # booked, and not over yet
TAKES_TIME = ACTIVE | {S.FULFILLED, S.NOSHOW}

# Truth 6. The arrows back carry conditions that the database checks too (clinic/guards.py).
ARROWS: Mapping[AppointmentStatus, frozenset[AppointmentStatus]] = {
    S.PROPOSED: frozenset({S.BOOKED, S.CANCELLED}),
    S.BOOKED: frozenset({S.ARRIVED, S.CANCELLED, S.NOSHOW}),
    S.ARRIVED: frozenset({S.IN_ROOM, S.BOOKED, S.CANCELLED}),
    S.IN_ROOM: frozenset({S.FULFILLED, S.ARRIVED}),
    S.FULFILLED: frozenset(),
    S.CANCELLED: frozenset({S.BOOKED}),
    S.NOSHOW: frozenset({S.BOOKED, S.ARRIVED}),
}

UNDO_CANCEL = timedelta(minutes=10)
HOLD = timedelta(minutes=10)
LONGEST_HOLD = timedelta(minutes=60)


@dataclass(frozen=True)
class Hours:
    """A stretch of wall time on one weekday (0 is Monday), minutes after midnight, 1440 legal."""

    weekday: int
    opens_minute: int
    closes_minute: int
    valid_from: date = date.min
    valid_until: date | None = None

    def on(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday
            and self.valid_from <= day
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True)
class ServiceFacts:
    kind: ServiceKind
    duration: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    notice: timedelta
    horizon: timedelta
    step: timedelta

    def reserved(self, starts_at: datetime) -> Period:
        """What practitioner and room are taken up for: the visit plus its buffers."""
        return Period(starts_at - self.buffer_before, starts_at + self.duration + self.buffer_after)


@dataclass(frozen=True)
class PractitionerFacts:
    """*able* holds, for each modality, the day after which the qualification ends (both included);
    *licensed* is the licence's own stretch."""

    actor_id: int
    hours: tuple[Hours, ...]
    licensed: tuple[tuple[date, date], ...]
    able: Mapping[Modality, tuple[tuple[date, date], ...]]
    busy: tuple[Period, ...] = ()

    def may(self, kind: ServiceKind, day: date) -> bool:
        needed = [self.licensed, *(self.able.get(m, ()) for m in MODALITIES[kind])]
        return all(any(start <= day <= end for start, end in spans) for spans in needed)


@dataclass(frozen=True)
class RoomFacts:
    actor_id: int
    busy: tuple[Period, ...] = ()


@dataclass(frozen=True)
class Facts:
    """All that decides which times are free. *now* is aware; *rooms* can host the service."""

    service: ServiceFacts
    zone: str
    now: datetime
    opening: tuple[Hours, ...]
    practitioners: tuple[PractitionerFacts, ...]
    rooms: tuple[RoomFacts, ...]
    patient_busy: tuple[Period, ...] = ()


@dataclass(frozen=True, order=True)
class Slot:
    starts_at: datetime
    ends_at: datetime
    practitioner_id: int
    room_id: int

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)


class WhyNot(StrEnum):
    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    CLOSED = "closed"
    HOURS = "hours"
    OFF_GRID = "off-grid"
    NOT_QUALIFIED = "not-qualified"
    PRACTITIONER_BUSY = "practitioner-busy"
    NO_ROOM = "no-room"
    PATIENT_BUSY = "patient-busy"


def free_slots(facts: Facts, first: date, days: int) -> list[Slot]:
    """Every free time of each practitioner on *days* days from *first*, in order of start.

    One slot for each (start, practitioner); the room is the first that is free, in the order of
    *facts.rooms*.
    """
    found = [
        slot
        for offset in range(days)
        for practitioner in facts.practitioners
        for slot in _slots_on(facts, practitioner, first + timedelta(days=offset))
    ]
    return sorted(found)


def is_free(facts: Facts, practitioner_id: int, starts_at: datetime) -> Slot | None:
    """The same question about one time: the slot as `free_slots` lists it, or None."""
    day = clock.local(starts_at, facts.zone).date()
    for practitioner in facts.practitioners:
        if practitioner.actor_id != practitioner_id:
            continue
        # A stretch that ends at 24:00 can hold a start of its own day only; one day is enough.
        for slot in _slots_on(facts, practitioner, day):
            if slot.starts_at == starts_at:
                return slot
    return None


def _slots_on(facts: Facts, practitioner: PractitionerFacts, day: date) -> Iterator[Slot]:
    if not practitioner.may(facts.service.kind, day):
        return
    stretches = working_periods(facts, practitioner, day)
    # A set: where two stretches overlap, both may hold the same start.
    for starts_at in sorted({start for p in stretches for start in _grid(facts.service, p)}):
        if _outside_window(facts, starts_at):
            continue
        reserved = facts.service.reserved(starts_at)
        visit = Period(starts_at, starts_at + facts.service.duration)
        if _any_overlap(practitioner.busy, reserved) or _any_overlap(facts.patient_busy, visit):
            continue
        room = next((r for r in facts.rooms if not _any_overlap(r.busy, reserved)), None)
        if room is not None:
            yield Slot(visit.starts_at, visit.ends_at, practitioner.actor_id, room.actor_id)


def working_periods(facts: Facts, practitioner: PractitionerFacts, day: date) -> list[Period]:
    """When the practitioner works and the site is open, on *day*, as instants."""
    working = list(_periods(practitioner.hours, day, facts.zone))
    opening = list(_periods(facts.opening, day, facts.zone))
    met = [
        (max(w.starts_at, o.starts_at), min(w.ends_at, o.ends_at)) for w in working for o in opening
    ]
    return sorted(Period(start, end) for start, end in met if start < end)


def _periods(hours: Iterable[Hours], day: date, zone: str) -> Iterator[Period]:
    for stretch in hours:
        if stretch.on(day):
            start = clock.instant(day, stretch.opens_minute, zone)
            end = clock.instant(day, stretch.closes_minute, zone)
            if start < end:  # a stretch inside the hour that the spring change skips is empty
                yield Period(start, end)


def _grid(service: ServiceFacts, stretch: Period) -> Iterator[datetime]:
    """Starts on the step grid of a stretch whose visit, buffers included, lies inside it."""
    starts_at = stretch.starts_at
    while starts_at - service.buffer_before < stretch.starts_at:
        starts_at += service.step
    while service.reserved(starts_at).ends_at <= stretch.ends_at:
        yield starts_at
        starts_at += service.step


def _outside_window(facts: Facts, starts_at: datetime) -> bool:
    too_soon = starts_at < facts.now + facts.service.notice
    return too_soon or starts_at > facts.now + facts.service.horizon


def _any_overlap(busy: Iterable[Period], period: Period) -> bool:
    return any(other.overlaps(period) for other in busy)


def why_not(facts: Facts, practitioner_id: int, starts_at: datetime) -> list[WhyNot]:
    """Every reason why one time is not offered; an empty list means it is free."""
    practitioner = next(p for p in facts.practitioners if p.actor_id == practitioner_id)
    service, day = facts.service, clock.local(starts_at, facts.zone).date()
    reserved = service.reserved(starts_at)
    visit = Period(starts_at, starts_at + service.duration)
    working = [p for p in working_periods(facts, practitioner, day) if p.contains(reserved)]
    opening = _periods(facts.opening, day, facts.zone)
    checks = {
        WhyNot.PAST: starts_at < facts.now,
        WhyNot.NOTICE: facts.now <= starts_at < facts.now + service.notice,
        WhyNot.HORIZON: starts_at > facts.now + service.horizon,
        WhyNot.CLOSED: not any(p.contains(reserved) for p in opening),
        WhyNot.HOURS: not working,
        WhyNot.OFF_GRID: bool(working) and not any(starts_at in _grid(service, p) for p in working),
        WhyNot.NOT_QUALIFIED: not practitioner.may(service.kind, day),
        WhyNot.PRACTITIONER_BUSY: _any_overlap(practitioner.busy, reserved),
        WhyNot.NO_ROOM: all(_any_overlap(room.busy, reserved) for room in facts.rooms),
        WhyNot.PATIENT_BUSY: _any_overlap(facts.patient_busy, visit),
    }
    return [reason for reason, holds in checks.items() if holds]


def anyone(slots: Iterable[Slot]) -> list[Slot]:
    """One slot for each start: the practitioner with the fewest of the offered times so far.

    Spreads "anyone, soonest" over the physicians and is the same for the same slots.
    """
    given: Counter[int] = Counter()
    chosen: dict[datetime, Slot] = {}
    for slot in sorted(slots):
        best = chosen.get(slot.starts_at)
        if best is None or given[slot.practitioner_id] < given[best.practitioner_id]:
            if best is not None:
                given[best.practitioner_id] -= 1
            chosen[slot.starts_at] = slot
            given[slot.practitioner_id] += 1
    return [chosen[start] for start in sorted(chosen)]


def nearest(slots: Iterable[Slot], to: datetime, count: int = 3) -> list[Slot]:
    """The *count* slots nearest to an instant, in order of start."""
    return sorted(sorted(slots, key=lambda s: (abs(s.starts_at - to), s))[:count])


def may_move(old: AppointmentStatus, new: AppointmentStatus) -> bool:
    """Whether there is an arrow; its condition, if it has one, is checked by the service."""
    return new in ARROWS[old]


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def part_of_day(minute: int) -> PartOfDay:
    """*minute* after midnight, wall time: morning before noon, evening from 5 pm."""
    if minute < 12 * 60:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if minute < 17 * 60 else PartOfDay.EVENING
