"""What decides which times are free, as plain values."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Any

from clinic import clock
from clinic.catalogue.rules import MODALITIES, ServiceKind
from clinic.clock import Period
from clinic.scheduling.rules.hours import Agenda, DayHours, Hours
from clinic.screening.rules import Modality

Dates = tuple[tuple[date, date], ...]


@dataclass(frozen=True, order=True)
class Taken(Period):
    """What a visit takes somebody up for, buffers included, with the *visit* itself inside."""

    visit: Period | None = None


@dataclass(frozen=True)
class ServiceFacts:
    kind: ServiceKind
    duration: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    notice: timedelta
    horizon: timedelta
    step: timedelta

    def visit(self, starts_at: datetime) -> Period:
        return Period(starts_at, starts_at + self.duration)

    def reserved(self, starts_at: datetime) -> Period:
        """What practitioner, room and device are taken up for: the visit plus its buffers."""
        return Period(starts_at - self.buffer_before, starts_at + self.duration + self.buffer_after)


@dataclass(frozen=True)
class PractitionerFacts:
    """*licensed* and, for each modality, *able* are stretches of dates, both ends included.

    *extra* are hours of single dates, *absent* stretches in which nothing is offered.
    """

    actor_id: int
    hours: tuple[Hours, ...]
    licensed: Dates
    able: Mapping[Modality, Dates]
    busy: tuple[Period, ...] = ()
    extra: tuple[DayHours, ...] = ()
    absent: tuple[Period, ...] = ()

    def may(self, kind: ServiceKind, day: date) -> bool:
        """Licensed, and qualified for all that the service needs: a combined one for both."""
        needed = [self.licensed, *(self.able.get(m, ()) for m in MODALITIES[kind])]
        return all(any(start <= day <= end for start, end in spans) for spans in needed)

    @cached_property
    def agenda(self) -> Agenda:
        return Agenda((*self.busy, *self.absent))


@dataclass(frozen=True)
class ThingFacts:
    """Something that one visit takes up at a time."""

    actor_id: int
    busy: tuple[Period, ...] = ()
    absent: tuple[Period, ...] = ()

    @cached_property
    def agenda(self) -> Agenda:
        return Agenda((*self.busy, *self.absent))


class RoomFacts(ThingFacts):
    """A room that can host the service."""


class DeviceFacts(ThingFacts):
    """A device of the kind that the service needs."""


@dataclass
class WorkedOut:
    """What `slots` found so far for a roster and its visits, whoever asks and whenever.

    *opening* by day, *free* by practitioner and day, *days* by practitioners and day, and what
    *anyone* would be given of those. *pages* are what `picker.kept` made of all of it.
    """

    opening: dict[date, list[Period]] = field(default_factory=dict)
    free: dict[tuple[int, date], list[Slot]] = field(default_factory=dict)
    days: dict[tuple[tuple[int, ...], date], list[Slot]] = field(default_factory=dict)
    anyone: dict[tuple[tuple[int, ...], date], list[Slot]] = field(default_factory=dict)
    pages: dict[Hashable, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """All that decides which times are free. *now* is aware.

    *closed* are dates without weekly opening hours, *extra_opening* hours of single dates.
    *devices* is None when the service needs none.
    """

    service: ServiceFacts
    zone: str
    now: datetime
    opening: tuple[Hours, ...]
    practitioners: tuple[PractitionerFacts, ...]
    rooms: tuple[RoomFacts, ...]
    patient_busy: tuple[Period, ...] = ()
    closed: frozenset[date] = frozenset()
    extra_opening: tuple[DayHours, ...] = ()
    devices: tuple[DeviceFacts, ...] | None = None
    worked_out: WorkedOut = field(
        default_factory=WorkedOut, init=False, compare=False, repr=False
    )  # a copy with anything replaced begins anew

    def at(self, now: datetime, patient_busy: tuple[Period, ...] = ()) -> Facts:
        """The same roster and visits at another moment, for another patient.

        What was worked out goes along: it depends on neither.
        """
        return self._sharing(replace(self, now=now, patient_busy=patient_busy))

    def of(self, actor_ids: Collection[int]) -> Facts:
        """Some of the practitioners; what was worked out goes along."""
        some = tuple(p for p in self.practitioners if p.actor_id in actor_ids)
        return self._sharing(replace(self, practitioners=some))

    def in_room(self, actor_id: int | None) -> Facts:
        """With the one room that is wished; as it is, where none is."""
        if actor_id is None:
            return self
        return replace(self, rooms=tuple(room for room in self.rooms if room.actor_id == actor_id))

    def _sharing(self, other: Facts) -> Facts:
        object.__setattr__(other, "worked_out", self.worked_out)
        return other

    @cached_property
    def actor_ids(self) -> tuple[int, ...]:
        """The practitioners."""
        return tuple(p.actor_id for p in self.practitioners)

    @cached_property
    def reach(self) -> tuple[datetime, datetime]:
        """The first and the last start that can be booked now."""
        return self.now + self.service.notice, self.now + self.service.horizon

    @cached_property
    def days_in_reach(self) -> tuple[date, date]:
        """The days on which these two lie."""
        lowest, highest = self.reach
        return clock.local(lowest, self.zone).date(), clock.local(highest, self.zone).date()

    @cached_property
    def patient_agenda(self) -> Agenda:
        return Agenda(self.patient_busy)

    def practitioner(self, actor_id: int) -> PractitionerFacts | None:
        return next((p for p in self.practitioners if p.actor_id == actor_id), None)


@dataclass(frozen=True, order=True, slots=True)
class Slot:
    starts_at: datetime
    ends_at: datetime
    practitioner_id: int
    room_id: int
    device_id: int | None = None

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)

    @property
    def actors(self) -> tuple[int, ...]:
        """Whom and what it takes up, the patient aside."""
        taken = (self.practitioner_id, self.room_id)
        return taken if self.device_id is None else (*taken, self.device_id)


# As `Slot` compares where ends follow from starts and rooms from both; it compares more slowly.
IN_ORDER = attrgetter("starts_at", "practitioner_id")
