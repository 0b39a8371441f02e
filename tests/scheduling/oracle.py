"""What must be on offer, found the slow and obvious way: minute by minute, by the wall clock.

Written from the words of docs/scheduling.md, not from the engine, and shares nothing with it but
the facts that both are asked about. An instant is a whole number of minutes since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from clinic.clock import Period
from clinic.scheduling.rules import Away, DayHours, Facts, Hours, PractitionerFacts, Slot
from clinic.screening.rules import Modality

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
MIDNIGHT = 24 * 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEEDED = {
    "consultation": (),
    "follow-up": (),
    "toxin": (Modality.TOXIN,),
    "filler": (Modality.FILLER,),
    "combined": (Modality.TOXIN, Modality.FILLER),
}
Minutes = set[int]


@dataclass
class World:
    """The facts that the engine is asked about, and absences as somebody typed them."""

    facts: Facts
    away: Mapping[int, Sequence[Away]] = field(default_factory=dict)

    @cached_property
    def taken(self) -> dict[int, Minutes]:
        """The minutes in which each actor has a visit with its buffers, or is away."""
        facts, found = self.facts, {}
        for who in (*facts.practitioners, *facts.rooms, *(facts.devices or ())):
            found[who.actor_id] = all_of(who.busy)
            for away in self.away.get(who.actor_id, ()):
                start = meant(away.starts_on, away.starts_minute, facts.zone, away.starts_second)
                end = meant(away.ends_on, away.ends_minute, facts.zone, away.ends_second)
                found[who.actor_id] |= set(range(start, end))
        return found

    @cached_property
    def patient_taken(self) -> Minutes:
        return all_of(self.facts.patient_busy)


def number(instant: datetime) -> int:
    return (instant - EPOCH) // MINUTE


def length(duration: timedelta) -> int:
    return duration // MINUTE


def all_of(periods: Iterable[Period]) -> Minutes:
    return {m for p in periods for m in range(number(p.starts_at), number(p.ends_at))}


def offered(world: World, first: date, days: int) -> list[Slot]:
    """Every free time, in order of start, then of practitioner."""
    return sorted(
        slot for offset in range(days) for slot in Day(world, first + offset * DAY).offered()
    )


@lru_cache(maxsize=1024)
def minutes_of(day: date, zone: str) -> tuple[tuple[int, int], ...]:
    """Every minute that clocks in *zone* show on *day*, in order, with what they show."""
    midnight_in_utc = number(datetime(day.year, day.month, day.day, tzinfo=UTC))
    found = []
    for minute in range(midnight_in_utc - 15 * 60, midnight_in_utc + 39 * 60):
        shown = (EPOCH + minute * MINUTE).astimezone(ZoneInfo(zone))
        if shown.date() == day:
            found.append((minute, shown.hour * 60 + shown.minute))
    return tuple(found)


def first_at(day: date, wall: int, zone: str) -> int:
    """When clocks first show *wall* on *day*, or whatever is later: a gap's end, midnight."""
    minutes = minutes_of(day, zone)
    return next((minute for minute, shown in minutes if shown >= wall), minutes[-1][0] + 1)


def meant(day: date, wall: int, zone: str, second: bool | None) -> int:
    """The same, or when clocks show *wall* for the last time on *day*, where that was meant."""
    midnight = wall == MIDNIGHT
    on, shown = (day + DAY, 0) if midnight else (day, wall)
    all_shown = [minute for minute, seen in minutes_of(on, zone) if seen == shown]
    return all_shown[-1] if second and all_shown else first_at(day, wall, zone)


class Day:
    """One date at the site."""

    def __init__(self, world: World, day: date) -> None:
        self.world, self.facts, self.day = world, world.facts, day
        self.minutes = [minute for minute, _shown in minutes_of(day, world.facts.zone)]

    def offered(self) -> Iterator[Slot]:
        for practitioner in self.facts.practitioners:
            for stretch in self.stretches(practitioner):
                for start in self.minutes:
                    slot = self.slot_at(practitioner, stretch, start)
                    if slot is not None:
                        yield slot

    def slot_at(
        self, practitioner: PractitionerFacts, stretch: list[int], start: int
    ) -> Slot | None:
        """The slot of one practitioner that begins at *start*, inside one stretch, or None."""
        service, taken = self.facts.service, self.world.taken
        if (start - stretch[0]) % length(service.step) or not self.is_in_time(start):
            return None
        end = start + length(service.duration)
        begins, over = start - length(service.buffer_before), end + length(service.buffer_after)
        if begins < stretch[0] or over > stretch[-1] + 1:
            return None
        whole = set(range(begins, over))
        if not self.is_qualified(practitioner) or whole & taken[practitioner.actor_id]:
            return None
        if set(range(start, end)) & self.world.patient_taken:
            return None
        room = next((r for r in self.facts.rooms if not whole & taken[r.actor_id]), None)
        device = next((d for d in self.facts.devices or () if not whole & taken[d.actor_id]), None)
        if room is None or (device is None and self.facts.devices is not None):
            return None
        return Slot(
            EPOCH + start * MINUTE,
            EPOCH + end * MINUTE,
            practitioner.actor_id,
            room.actor_id,
            device.actor_id if device else None,
        )

    def is_in_time(self, start: int) -> bool:
        """Neither inside the notice nor beyond the horizon; both are elapsed time from now."""
        ahead = EPOCH + start * MINUTE - self.facts.now
        return self.facts.service.notice <= ahead <= self.facts.service.horizon

    def is_qualified(self, practitioner: PractitionerFacts) -> bool:
        kinds = [practitioner.licensed]
        kinds += [practitioner.able[m] for m in NEEDED[self.facts.service.kind.value]]
        return all(any(a <= self.day <= b for a, b in kind) for kind in kinds)

    def stretches(self, practitioner: PractitionerFacts) -> list[list[int]]:
        """Minutes in which the practitioner works and the site is open, without a break."""
        facts = self.facts
        working = self.around(practitioner.hours, practitioner.extra, frozenset())
        opened = self.around(facts.opening, facts.extra_opening, facts.closed)
        found: list[list[int]] = []
        for minute in sorted(working & opened):
            if found and minute == found[-1][-1] + 1:
                found[-1].append(minute)
            else:
                found.append([minute])
        return found

    def around(
        self, weekly: Sequence[Hours], extra: Sequence[DayHours], closed: frozenset[date]
    ) -> Minutes:
        """The minutes kept on this day, and on the days before and after where they go on."""

        def kept(day: date) -> Minutes:
            hours: list[Hours | DayHours] = [h for h in extra if h.day == day]
            if day not in closed:
                hours += [h for h in weekly if is_kept_on(h, day)]
            found: Minutes = set()
            for h in hours:
                second = (h.opens_second, h.closes_second) if isinstance(h, DayHours) else (0, 0)
                start = meant(day, h.opens_minute, self.facts.zone, second[0])
                found |= set(range(start, meant(day, h.closes_minute, self.facts.zone, second[1])))
            return found

        today = kept(self.day)
        found = set(today)
        if self.minutes[0] in today:
            found |= kept(self.day - DAY)
        if self.minutes[-1] in today:
            found |= kept(self.day + DAY)
        return found


def is_kept_on(hours: Hours, day: date) -> bool:
    valid = hours.valid_from <= day <= (hours.valid_until or date.max)
    return valid and hours.weekday == day.weekday()
