"""Reading what decides the free times of a service: people, rooms, hours, busy stretches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select

from clinic import clock
from clinic.accounts.models import Credential, CredentialKind, Patient, Practitioner
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Service
from clinic.clock import Period
from clinic.database import db
from clinic.scheduling import rules
from clinic.scheduling.models import Appointment, Participant, Schedule
from clinic.scheduling.rules import AppointmentStatus, Facts, Hours, PractitionerFacts, RoomFacts
from clinic.screening.rules import Modality

LONGEST_VISIT = timedelta(days=1)


@dataclass(frozen=True)
class Offered:
    """A practitioner as a page of times names them."""

    public_id: str
    name: str
    colour: int
    actor_id: int


@dataclass(frozen=True)
class Times:
    """What decides the free times, and who the practitioners are."""

    facts: Facts
    people: Sequence[Offered]


def times(
    service: Service,
    first: date,
    days: int,
    *,
    patient: Patient | None = None,
    besides: Appointment | None = None,
) -> Times:
    """All that decides the free times of *service* on *days* days from *first*.

    Live holds count as busy, expired ones do not; *besides* (the asker's own hold) does not
    either. Three statements beside the site's, whatever the number of practitioners or of visits.
    """
    location = catalogue.site()
    rooms = catalogue.rooms_for(service)
    practitioners = _practitioners(first, days)
    actors = [p.offered.actor_id for p in practitioners] + [room.actor_id for room in rooms]
    if patient is not None:
        actors.append(patient.actor_id)
    window = Period(
        clock.instant(first, 0, location.zone),
        clock.instant(first + timedelta(days=days), 0, location.zone),
    )
    busy = _busy(actors, window, besides)
    known = Facts(
        service=service_facts(service),
        zone=location.zone,
        now=clock.now(),
        opening=tuple(Hours(h.weekday, h.opens_minute, h.closes_minute) for h in location.hours),
        practitioners=tuple(_practitioner_facts(p, busy) for p in practitioners),
        rooms=tuple(RoomFacts(r.actor_id, tuple(busy[r.actor_id])) for r in rooms),
        patient_busy=tuple(busy[patient.actor_id]) if patient is not None else (),
    )
    return Times(known, [p.offered for p in practitioners])


def service_facts(service: Service) -> rules.ServiceFacts:
    return rules.ServiceFacts(
        kind=service.kind,
        duration=service.duration,
        buffer_before=timedelta(minutes=service.buffer_before_minutes),
        buffer_after=timedelta(minutes=service.buffer_after_minutes),
        notice=timedelta(hours=service.notice_hours),
        horizon=timedelta(days=service.horizon_days),
        step=timedelta(minutes=service.step_minutes),
    )


@dataclass(frozen=True)
class _PractitionerRows:
    offered: Offered
    hours: tuple[Hours, ...]
    credentials: tuple[tuple[CredentialKind, date, date], ...]


def _practitioners(first: date, days: int) -> list[_PractitionerRows]:
    """Active practitioners with hours and credentials that touch the days, in one statement."""
    last = first + timedelta(days=days - 1)
    rows = db.session.execute(
        select(
            Practitioner.actor_id,
            Practitioner.public_id,
            Practitioner.name,
            Practitioner.colour,
            Schedule.weekday,
            Schedule.opens_minute,
            Schedule.closes_minute,
            Schedule.valid_from,
            Schedule.valid_until,
            Credential.kind,
            Credential.valid_from,
            Credential.valid_until,
        )
        .join(Schedule, Schedule.practitioner_id == Practitioner.id)
        .join(Credential, Credential.practitioner_id == Practitioner.id)
        .where(
            Practitioner.active,
            Schedule.valid_from <= last,
            or_(Schedule.valid_until.is_(None), Schedule.valid_until >= first),
            Credential.valid_from <= last,
            Credential.valid_until >= first,
        )
        .order_by(Practitioner.colour, Practitioner.name)
    ).all()
    people: dict[int, Offered] = {}
    hours: dict[int, dict[Hours, None]] = defaultdict(dict)
    credentials: dict[int, dict[tuple[CredentialKind, date, date], None]] = defaultdict(dict)
    for actor_id, public_id, name, colour, *stretch, kind, valid_from, valid_until in rows:
        people[actor_id] = Offered(public_id, name, colour, actor_id)
        hours[actor_id][Hours(*stretch)] = None
        credentials[actor_id][(kind, valid_from, valid_until)] = None
    return [
        _PractitionerRows(person, tuple(hours[actor_id]), tuple(credentials[actor_id]))
        for actor_id, person in people.items()
    ]


def _practitioner_facts(
    rows: _PractitionerRows, busy: Mapping[int, list[Period]]
) -> PractitionerFacts:
    spans: dict[CredentialKind, list[tuple[date, date]]] = defaultdict(list)
    for kind, valid_from, valid_until in rows.credentials:
        spans[kind].append((valid_from, valid_until))
    return PractitionerFacts(
        actor_id=rows.offered.actor_id,
        hours=rows.hours,
        licensed=tuple(spans[CredentialKind.LICENCE]),
        able={modality: tuple(spans[CredentialKind(modality.value)]) for modality in Modality},
        busy=tuple(busy[rows.offered.actor_id]),
    )


def _busy(
    actors: Iterable[int], window: Period, besides: Appointment | None
) -> Mapping[int, list[Period]]:
    """Active periods of the actors that touch the window; expired holds are not among them."""
    statement = (
        select(Participant.actor_id, Participant.starts_at, Participant.ends_at)
        .join(Appointment, Appointment.id == Participant.appointment_id)
        .where(
            Participant.actor_id.in_(list(actors)),
            Participant.active,
            Participant.starts_at < window.ends_at,
            Participant.starts_at > window.starts_at - LONGEST_VISIT,
            Participant.ends_at > window.starts_at,
            or_(
                Appointment.status != AppointmentStatus.PROPOSED,
                Appointment.hold_until > clock.now(),
            ),
        )
        .order_by(Participant.starts_at)
    )
    if besides is not None:
        statement = statement.where(Appointment.id != besides.id)
    busy: dict[int, list[Period]] = defaultdict(list)
    for actor_id, starts_at, ends_at in db.session.execute(statement):
        busy[actor_id].append(Period(starts_at, ends_at))
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
