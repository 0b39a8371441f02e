"""Reading what decides the free times of a service: the roster, and busy stretches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from clinic import clock
from clinic.accounts.models import CredentialKind, Patient
from clinic.catalogue.models import Service
from clinic.clock import Period
from clinic.scheduling import busy, roster, rules
from clinic.scheduling.models import Appointment
from clinic.scheduling.on_offer import Offered, Person, Roster, Site, Thing
from clinic.scheduling.rules import (
    Away,
    DeviceFacts,
    Facts,
    PractitionerFacts,
    RoomFacts,
    Taken,
)
from clinic.screening.rules import Modality

SomeThing = TypeVar("SomeThing", RoomFacts, DeviceFacts)


@dataclass(frozen=True)
class Times:
    """What decides the free times, who the practitioners are, and how every actor is called."""

    facts: Facts
    people: Sequence[Person]
    names: Mapping[int, str]


def times(
    service: Service | Offered,
    first: date,
    days: int,
    *,
    patient: Patient | None = None,
    besides: Appointment | None = None,
    only: Person | None = None,
    known: Roster | None = None,
) -> Times:
    """All that decides the free times of *service* on *days* days from *first*.

    Live holds count as busy, expired ones do not; *besides* (the asker's own hold, or the visit
    that is to move) does not either. Two statements, whatever the number of practitioners or of
    visits, one of them for the roster unless *known* is given.
    """
    known = known or roster.current()
    wanted = service if isinstance(service, Offered) else roster.offered(service)
    site = known.sites[wanted.location_id]
    people = _offering(known, site, first, first + timedelta(days=days - 1), only)
    rooms, devices = known.rooms_for(wanted), known.devices_for(wanted)
    actors = [who.actor_id for who in (*people, *rooms, *(devices or ()))]
    if patient is not None:
        actors.append(patient.actor_id)
    # What a visit that starts on one of the days may take up, across both midnights.
    window = Period(
        wanted.facts.reserved(clock.instant(first, 0, site.zone)).starts_at,
        wanted.facts.reserved(clock.instant(first + timedelta(days=days), 0, site.zone)).ends_at,
    )
    now = clock.now()
    person = patient.actor_id if patient is not None else None
    found = busy.stretches(actors, window.starts_at, window.ends_at, person=person)
    taken = {actor_id: busy.live(some, now, besides) for actor_id, some in found.items()}
    own = taken.get(patient.actor_id, ()) if patient is not None else ()
    return Times(facts(known, wanted, taken, people=people, patient_busy=own), people, known.names)


def without_visits(known: Roster, wanted: Offered, people: Sequence[Person] | None = None) -> Facts:
    """The roster as the rules see it, with nobody's visits: who is there, not who is free."""
    return facts(known, wanted, {}, people=people)


def facts_for_each(
    known: Roster, wanted: Mapping[int, Offered], patients: Mapping[int, int], window: Period
) -> Mapping[int, Facts]:
    """For each visit (its service, its patient's actor) what decides where else it could be.

    Every visit in *window* counts as busy but the one itself. One statement for all of them.
    """
    things = {t.actor_id for t in (*known.rooms, *known.devices)}
    actors = {p.actor_id for p in known.people} | things | set(patients.values())
    there = busy.stretches(actors, window.starts_at, window.ends_at)
    now = clock.now()
    made: Agendas = {}  # of those whom a visit does not take up, the same for all
    whole = {actor_id: busy.live(some, now) for actor_id, some in there.items()}
    found = {}
    for visit_id, service in wanted.items():
        its = {
            actor_id: busy.live((one for one in some if one.visit_id != visit_id), now)
            for actor_id, some in there.items()
            if any(one.visit_id == visit_id for one in some)
        }
        others = {key: one for key, one in made.items() if key[0] not in its}
        taken = {**whole, **its}
        own = taken.get(patients[visit_id], ())
        found[visit_id] = facts(known, service, taken, patient_busy=own, agendas=others)
        made |= {key: one for key, one in others.items() if key[0] not in its}
    return found


Agendas = dict[tuple[int, int], PractitionerFacts | RoomFacts | DeviceFacts]


def facts(
    known: Roster,
    wanted: Offered,
    taken: Mapping[int, tuple[Taken, ...]],
    *,
    people: Sequence[Person] | None = None,
    patient_busy: tuple[Taken, ...] = (),
    agendas: Agendas | None = None,
) -> Facts:
    """The roster and what is *taken*, by actor, as the rules see them.

    *people* are all who ever work at the site unless given. What *agendas* (by actor and site) has
    is taken from it, and what is made is put there.
    """
    site = known.sites[wanted.location_id]
    made = _Agendas(site, taken, {} if agendas is None else agendas)
    if people is None:
        people = [who for who in known.people if who.works_at(site.id)]
    devices = known.devices_for(wanted)
    return Facts(
        service=wanted.facts,
        zone=site.zone,
        now=clock.now(),
        opening=site.opening,
        practitioners=tuple(made.practitioner(who) for who in people),
        rooms=tuple(made.thing(room, RoomFacts) for room in known.rooms_for(wanted)),
        patient_busy=patient_busy,
        closed=site.closed,
        extra_opening=site.extra_opening,
        devices=None
        if devices is None
        else tuple(made.thing(device, DeviceFacts) for device in devices),
    )


def service_facts(service: Service) -> rules.ServiceFacts:
    return roster.offered(service).facts


def offering(wanted: Offered, now: datetime, known: Roster) -> list[Person]:
    """Who has hours at the service's site, and may work there, on a day that one can book."""
    site = known.sites[wanted.location_id]
    first = clock.local(now, site.zone).date()
    last = clock.local(now + wanted.facts.horizon, site.zone).date()
    return _offering(known, site, first, last)


def _offering(
    known: Roster, site: Site, first: date, last: date, only: Person | None = None
) -> list[Person]:
    """Practitioners with hours at the site and a credential that touch the days."""
    return [
        who
        for who in (known.people if only is None else [only])
        if _works(who, site, first, last)
        and any(
            start <= last and first <= end
            for spans in who.credentials.values()
            for start, end in spans
        )
    ]


def _works(who: Person, site: Site, first: date, last: date) -> bool:
    weekly = who.hours.get(site.id, ())
    if any(
        h.valid_from <= last and (h.valid_until is None or first <= h.valid_until) for h in weekly
    ):
        return True
    return any(first <= hours.day <= last for hours in who.extra.get(site.id, ()))


@dataclass(frozen=True)
class _Agendas:
    """Facts about each actor at a site, those that were made before or made now."""

    site: Site
    taken: Mapping[int, tuple[Taken, ...]]
    made: Agendas

    def practitioner(self, who: Person) -> PractitionerFacts:
        found = self.made.get((who.actor_id, self.site.id))
        if not isinstance(found, PractitionerFacts):
            found = PractitionerFacts(
                actor_id=who.actor_id,
                hours=who.hours.get(self.site.id, ()),
                licensed=who.credentials.get(CredentialKind.LICENCE, ()),
                able={m: who.credentials.get(CredentialKind(m.value), ()) for m in Modality},
                busy=self.taken.get(who.actor_id, ()),
                extra=who.extra.get(self.site.id, ()),
                absent=_away(who.away, self.site.zone),
            )
            self.made[who.actor_id, self.site.id] = found
        return found

    def thing(self, one: Thing, kind: type[SomeThing]) -> SomeThing:
        found = self.made.get((one.actor_id, self.site.id))
        if not isinstance(found, kind):
            away = _away(one.away, self.site.zone)
            found = kind(one.actor_id, self.taken.get(one.actor_id, ()), away)
            self.made[one.actor_id, self.site.id] = found
        return found


def _away(stretches: Iterable[Away], zone: str) -> tuple[Period, ...]:
    found = (stretch.period(zone) for stretch in stretches)
    return tuple(period for period in found if period is not None)
