"""The roster as values: sites, people, rooms, devices and what is offered. How it is read and kept
is in `roster`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from clinic.accounts.models import CredentialKind
from clinic.scheduling.rules import Away, DayHours, Hours, ServiceFacts

Dates = tuple[tuple[date, date], ...]


@dataclass(frozen=True)
class Offered:
    """A service as a page of times needs it. *facts* is what decides its times."""

    id: int
    public_id: str
    name: str
    location_id: int
    device_kind: str | None
    facts: ServiceFacts


@dataclass(frozen=True)
class Site:
    id: int
    public_id: str
    name: str
    zone: str
    opening: tuple[Hours, ...]
    closed: frozenset[date]
    extra_opening: tuple[DayHours, ...]


@dataclass(frozen=True)
class Person:
    """A practitioner; *hours* and *extra* by the site's row number."""

    id: int
    actor_id: int
    public_id: str
    name: str
    colour: int
    hours: Mapping[int, tuple[Hours, ...]]
    extra: Mapping[int, tuple[DayHours, ...]]
    away: tuple[Away, ...]
    credentials: Mapping[CredentialKind, Dates]

    def works_at(self, site_id: int) -> bool:
        """Has hours there on some day or other."""
        return site_id in self.hours or site_id in self.extra


@dataclass(frozen=True)
class Thing:
    """A room or a device; *serves* are kinds of service (a room) or its own kind (a device)."""

    actor_id: int
    public_id: str
    name: str
    location_id: int
    serves: frozenset[str]
    away: tuple[Away, ...]


@dataclass(frozen=True)
class Roster:
    """Everything that decides which times are on offer, visits aside; *stamp* is of what is stored,
    None for what is not yet."""

    sites: Mapping[int, Site]
    people: Sequence[Person]
    rooms: Sequence[Thing]
    devices: Sequence[Thing]
    services: Sequence[Offered]
    stamp: str | None = None

    def service(self, public_id: str) -> Offered | None:
        return next((s for s in self.services if s.public_id == public_id), None)

    def service_of(self, row_id: int) -> Offered | None:
        """None for one that is retired."""
        return next((s for s in self.services if s.id == row_id), None)

    def person(self, public_id: str) -> Person | None:
        return next((p for p in self.people if p.public_id == public_id), None)

    def person_of(self, actor_id: int) -> Person | None:
        return next((p for p in self.people if p.actor_id == actor_id), None)

    def rooms_for(self, service: Offered) -> list[Thing]:
        kind = service.facts.kind
        return [
            room
            for room in self.rooms
            if room.location_id == service.location_id and kind in room.serves
        ]

    def devices_for(self, service: Offered) -> list[Thing] | None:
        """None when the service needs none."""
        if service.device_kind is None:
            return None
        return [
            device
            for device in self.devices
            if device.location_id == service.location_id and service.device_kind in device.serves
        ]

    def of(self, actor_ids: Collection[int]) -> Roster:
        """The same with some of the people, rooms and devices alone."""
        return replace(
            self,
            people=[p for p in self.people if p.actor_id in actor_ids],
            rooms=[r for r in self.rooms if r.actor_id in actor_ids],
            devices=[d for d in self.devices if d.actor_id in actor_ids],
        )

    @cached_property
    def names(self) -> Mapping[int, str]:
        """How each actor is called."""
        things = (*self.rooms, *self.devices)
        return {p.actor_id: p.name for p in self.people} | {t.actor_id: t.name for t in things}

    @cached_property
    def actor_ids(self) -> frozenset[int]:
        """Whom and what a visit can take up, patients aside."""
        return frozenset(self.names)
