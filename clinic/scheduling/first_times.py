"""The first times that suit somebody at the phone: across all physicians, and all sites that offer
the same service. Built from the same free times that the write path asks again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from clinic import clock
from clinic.accounts.models import Patient
from clinic.accounts.rules import ADULT
from clinic.catalogue.models import Service
from clinic.catalogue.rules import MODALITIES
from clinic.permissions import Actor
from clinic.scheduling import diary, roster
from clinic.scheduling.on_offer import Offered, Roster
from clinic.scheduling.rules import Facts, PartOfDay, Slot, anyone, free_on, now_slot, part_of_day
from clinic.treatment import queries as treatment
from clinic.treatment.rules import Reason, Wish

MOST, OF_A_DAY = 6, 3
DAY = timedelta(days=1)


class Time(NamedTuple):
    """A free time as its button says it; *service* is the public id of the one that is booked,
    *name* how it is called there."""

    service: str
    name: str
    practitioner_id: int
    practitioner: str
    starts_at: datetime
    zone: str
    place: str


@dataclass(frozen=True)
class Found:
    """*first* and, for somebody who is here, *now* (one at each site), in order of time; *refused*
    is what the gate says of today where nothing was found."""

    first: Sequence[Time]
    now: Sequence[Time]
    refused: list[Reason]


@dataclass(frozen=True)
class AtSite:
    """A service at one site: what decides its times, and which of them the patient may take."""

    offered: Offered
    facts: Facts
    known: Roster
    refused: Callable[[datetime, str], list[Reason]]

    def times(self, slots: Sequence[Slot]) -> list[Time]:
        """One for each start of those that the patient may take."""
        place, names = self.known.sites[self.offered.location_id], self.known.names
        zone = place.zone
        return [
            Time(
                self.offered.public_id,
                self.offered.name,
                slot.practitioner_id,
                names[slot.practitioner_id],
                slot.starts_at,
                zone,
                place.name,
            )
            for slot in anyone([one for one in slots if not self.refused(one.starts_at, zone)])
        ]

    def on(self, day: date, part: PartOfDay | None) -> list[Time]:
        slots = free_on(self.facts, day)
        return self.times([slot for slot in slots if part in (None, self._part(slot))])

    def _part(self, slot: Slot) -> PartOfDay:
        local = clock.local(slot.starts_at, self.facts.zone)
        return part_of_day(local.hour * 60 + local.minute)

    def now(self) -> list[Time]:
        slot = now_slot(self.facts)
        return self.times([slot]) if slot is not None else []


def of(service: Service, patient: Patient, part: PartOfDay | None = None, *, actor: Actor) -> Found:
    """What *actor* could book for *patient*; only in one *part* of the day if it is given.

    One statement for each site that offers it, and the gate's for a treatment.
    """
    known = diary.current()
    gate = treatment.gate(patient) if MODALITIES[service.kind] else None
    wanted = MODALITIES[service.kind]

    def refused(at: datetime, zone: str) -> list[Reason]:
        """The gate's reasons; of what needs no approval, whether the patient is of age."""
        day = clock.local(at, zone).date()
        if gate is not None:
            return gate.ask(Wish(wanted, at, day))[1]
        return [] if clock.age_on(patient.born_on, day) >= ADULT else [Reason.UNDER_18]

    each = [
        AtSite(one, known.facts_of(one, patient=patient), known.roster, refused)
        for one in _everywhere(roster.offered(service), known.roster)
        if actor.works_at(one.location_id)
    ]
    first = first_few(each, part)
    now = sorted((one for site in each for one in site.now()), key=attrgetter("starts_at"))
    facts = each[0].facts
    return Found(first, now, [] if first else refused(facts.now, facts.zone))


def first_few(each: Sequence[AtSite], part: PartOfDay | None = None) -> list[Time]:
    """The earliest times of all sites, few of one day, so that another day is among them."""
    day = min(site.facts.days_in_reach[0] for site in each)
    last = max(site.facts.days_in_reach[1] for site in each)
    found: list[Time] = []
    while day <= last and len(found) < MOST:
        todays = [one for site in each for one in site.on(day, part)]
        found += sorted(todays, key=attrgetter("starts_at"))[: min(OF_A_DAY, MOST - len(found))]
        day += DAY
    return sorted(found, key=attrgetter("starts_at"))


def _everywhere(own: Offered, known: Roster) -> list[Offered]:
    """A service, and at each other site what has its name and kind, or is the one of its kind."""
    found = [own]
    for site_id in sorted(known.sites.keys() - {own.location_id}):
        there = [
            one
            for one in known.services
            if one.location_id == site_id and one.facts.kind == own.facts.kind
        ]
        named = [one for one in there if one.name == own.name]
        found += named[:1] or (there if len(there) == 1 else [])
    return found
