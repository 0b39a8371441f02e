"""Reading what decides the free times of a service: the roster, and busy stretches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from clinic import clock
from clinic.accounts.models import CredentialKind, Patient
from clinic.catalogue.models import Service
from clinic.clock import Period
from clinic.database import UTCDateTime, db
from clinic.scheduling import roster, rules
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.roster import Offered, Person, Roster, Site, Thing
from clinic.scheduling.rules import (
    AppointmentStatus,
    Away,
    DeviceFacts,
    Facts,
    PractitionerFacts,
    RoomFacts,
    Taken,
)
from clinic.screening.rules import Modality

LONGEST_VISIT = timedelta(days=1)
Busy = Mapping[int, list[Taken]]


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
    among: Sequence[Person] | None = None,
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
    people = among
    if people is None:
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
    busy = _busy(actors, window, besides)
    own = tuple(busy[patient.actor_id]) if patient is not None else ()
    return Times(_facts(known, wanted, people, busy, own), people, known.names())


def without_visits(known: Roster, wanted: Offered) -> Facts:
    """The roster as the rules see it, with nobody's visits: who is there, not who is free."""
    return _facts(known, wanted, known.people, defaultdict(list), ())


def facts_for_each(
    known: Roster, wanted: Mapping[int, Offered], patients: Mapping[int, int], window: Period
) -> Mapping[int, Facts]:
    """For each visit (its service, its patient's actor) what decides where else it could be.

    Every visit in *window* counts as busy but the one itself. One statement for all of them.
    """
    things = {t.actor_id for t in (*known.rooms, *known.devices)}
    actors = {p.actor_id for p in known.people} | things | set(patients.values())
    rows = db.session.execute(BUSY_VISITS, _values(actors, window, None)).all()
    found = {}
    for visit_id, service in wanted.items():
        busy: dict[int, list[Taken]] = defaultdict(list)
        for actor_id, starts_at, ends_at, begins, over, of in rows:
            if of != visit_id:
                busy[actor_id].append(Taken(starts_at, ends_at, Period(begins, over)))
        own = tuple(busy[patients[visit_id]])
        found[visit_id] = _facts(known, service, known.people, busy, own)
    return found


def _facts(
    known: Roster,
    wanted: Offered,
    people: Sequence[Person],
    busy: Busy,
    patient_busy: tuple[Taken, ...],
) -> Facts:
    site = known.sites[wanted.location_id]
    devices = known.devices_for(wanted)
    return Facts(
        service=wanted.facts,
        zone=site.zone,
        now=clock.now(),
        opening=site.opening,
        practitioners=tuple(_practitioner_facts(p, site, busy) for p in people),
        rooms=tuple(
            RoomFacts(r.actor_id, tuple(busy[r.actor_id]), _away(r.away, site.zone))
            for r in known.rooms_for(wanted)
        ),
        patient_busy=patient_busy,
        closed=site.closed,
        extra_opening=site.extra_opening,
        devices=None if devices is None else tuple(_device_facts(d, site, busy) for d in devices),
    )


def service_facts(service: Service) -> rules.ServiceFacts:
    return roster.offered(service).facts


def offering(service: Service | Offered, first: date, last: date, known: Roster) -> list[Person]:
    """Who has hours at the service's site, and may work there, on one of the days or more."""
    return _offering(known, known.sites[service.location_id], first, last)


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


def _practitioner_facts(who: Person, site: Site, busy: Busy) -> PractitionerFacts:
    return PractitionerFacts(
        actor_id=who.actor_id,
        hours=who.hours.get(site.id, ()),
        licensed=who.credentials.get(CredentialKind.LICENCE, ()),
        able={m: who.credentials.get(CredentialKind(m.value), ()) for m in Modality},
        busy=tuple(busy[who.actor_id]),
        extra=who.extra.get(site.id, ()),
        absent=_away(who.away, site.zone),
    )


def _device_facts(device: Thing, site: Site, busy: Busy) -> DeviceFacts:
    taken = tuple(busy[device.actor_id])
    return DeviceFacts(device.actor_id, taken, _away(device.away, site.zone))


def _away(stretches: Iterable[Away], zone: str) -> tuple[Period, ...]:
    found = (stretch.period(zone) for stretch in stretches)
    return tuple(period for period in found if period is not None)


def _busy_statement() -> Select[Any]:
    """Active periods of *actors* in a window; expired holds, and the visit *besides*, left out.

    Of the tables, and made once: making it, and what the mapping adds, took as long as asking.
    """
    one, visit = Participant.__table__.c, Appointment.__table__.c
    return (
        select(one.actor_id, one.starts_at, one.ends_at, visit.starts_at, visit.ends_at)
        .join_from(Participant.__table__, Appointment.__table__, visit.id == one.appointment_id)
        .where(
            one.actor_id.in_(bindparam("actors", expanding=True)),
            one.active,
            one.starts_at < bindparam("until", type_=UTCDateTime),
            one.starts_at > bindparam("earliest", type_=UTCDateTime),
            one.ends_at > bindparam("since", type_=UTCDateTime),
            or_(
                visit.status != AppointmentStatus.PROPOSED,
                visit.hold_until > bindparam("now", type_=UTCDateTime),
            ),
            visit.id != bindparam("besides"),
        )
        .order_by(one.starts_at)
    )


BUSY = _busy_statement()
BUSY_VISITS = BUSY.add_columns(Appointment.__table__.c.id)  # and whose each stretch is
NOBODYS = 0  # no visit has this number


def _values(
    actors: Iterable[int], window: Period, besides: Appointment | None
) -> Mapping[str, Any]:
    return {
        "actors": list(actors),
        "until": window.ends_at,
        "earliest": window.starts_at - LONGEST_VISIT,
        "since": window.starts_at,
        "now": clock.now(),
        "besides": NOBODYS if besides is None else besides.id,
    }


def _busy(actors: Iterable[int], window: Period, besides: Appointment | None) -> Busy:
    """What takes up the actors in the window, by actor."""
    values = _values(actors, window, besides)
    busy: dict[int, list[Taken]] = defaultdict(list)
    same: dict[tuple[datetime, ...], Taken] = {}  # physician, room and device have one between them
    for row in db.session.execute(BUSY, values).all():
        moments = row[1:]
        taken = same.get(moments)
        if taken is None:
            starts_at, ends_at, begins, over = moments
            taken = same[moments] = Taken(starts_at, ends_at, Period(begins, over))
        busy[row[0]].append(taken)
    return busy


def expired_holds_in_the_way(actors: Iterable[int], period: Period) -> Sequence[Appointment]:
    """Holds past their deadline that still take up one of *actors* in *period*."""
    return (
        db.session.scalars(
            select(Appointment)
            .join(Participant, Participant.appointment_id == Appointment.id)
            .where(
                Participant.actor_id.in_(list(actors)),
                Participant.active,
                Participant.starts_at < period.ends_at,
                Participant.starts_at > period.starts_at - LONGEST_VISIT,
                Participant.ends_at > period.starts_at,
                Appointment.status == AppointmentStatus.PROPOSED,
                Appointment.hold_until <= clock.now(),
            )
        )
        .unique()
        .all()
    )
