"""Booked visits to come that the roster no longer carries: which, why, and how they are listed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.accounts.models import ActorKind, ActorRow
from clinic.catalogue.models import Service
from clinic.clock import Period
from clinic.database import db
from clinic.scheduling import availability, queries, roster, rules
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.on_offer import Offered, Roster
from clinic.scheduling.rules import AppointmentStatus, Judge, Placed, Why

Reasons = Mapping[int, Sequence[Why]]  # by the row number of the visit


@dataclass
class _Visit:
    service_id: int
    starts_at: datetime
    overrode: frozenset[str]
    actors: dict[ActorKind, int] = field(default_factory=dict)
    held: Period | None = None

    @property
    def placed(self) -> Placed:
        assert self.held is not None  # every visit has a practitioner
        return Placed(
            starts_at=self.starts_at,
            held=self.held,
            practitioner_id=self.actors.get(ActorKind.PRACTITIONER),
            room_id=self.actors.get(ActorKind.ROOM),
            device_id=self.actors.get(ActorKind.DEVICE),
            overrode=self.overrode,
        )


@dataclass(frozen=True)
class Line:
    """A visit that falls outside, as pages list it: never what it is for."""

    public_id: str
    starts_at: datetime
    zone: str
    patient_name: str
    service: str
    practitioner: str
    colour: int
    room: str
    reasons: tuple[Why, ...]


# A booking that was on its way when the roster changed may lie outside the new one.
LOOK_AGAIN = timedelta(minutes=5)

_kept: tuple[Roster, datetime, frozenset[int]] | None = None


def now_outside(known: Roster | None = None) -> Reasons:
    """The visits to come that fall outside at this moment; *known* is the roster, if it was read.

    One statement while there are none. All visits to come are read when the roster has changed,
    and every `LOOK_AGAIN`: what is booked under a roster lies inside it.
    """
    global _kept
    known = known or roster.current()
    now = clock.now()
    if _kept is not None and _kept[0] is known and abs(now - _kept[1]) < LOOK_AGAIN:
        return outside(known, _kept[2]) if _kept[2] else {}
    found = outside(known)
    _kept = known, now, frozenset(found)
    return found


def at_sites(found: Reasons, sites: Collection[int] | None) -> Reasons:
    """Those of the visits in *found* that are at some *sites*: one statement; none for all."""
    if sites is None or not found:
        return found
    here = select(Appointment.id).where(
        Appointment.id.in_(list(found)), Appointment.location_id.in_(sorted(sites))
    )
    return {key: found[key] for key in db.session.scalars(here)}


def outside(known: Roster, among: Collection[int] | None = None) -> Reasons:
    """The booked visits to come that fall outside *known*, each with its reasons."""
    visits = _to_come(among)
    services = _services(known, {visit.service_id for visit in visits.values()})
    judges = {
        key: Judge(availability.without_visits(known, service)) for key, service in services.items()
    }
    found = {key: judges[v.service_id].outside(v.placed) for key, v in visits.items()}
    return {key: reasons for key, reasons in found.items() if reasons}


def newly_outside(before: Roster, after: Roster) -> Reasons:
    """What the step from one roster to the other adds."""
    found = outside(after)
    if not found:
        return {}
    known = outside(before, found.keys())
    added = {key: rules.only_new(known.get(key, ()), why) for key, why in found.items()}
    return {key: reasons for key, reasons in added.items() if reasons}


def lines(found: Reasons) -> list[Line]:
    """The visits as values, in order of time, that outlive the transaction they were read in."""
    return [line for _visit, _who, line in listed(found)]


def listed(found: Reasons, most: int | None = None) -> list[tuple[Appointment, queries.Who, Line]]:
    """The visits in *found*, the first *most* of them in order of time: two statements."""
    visits = db.session.scalars(
        select(Appointment)
        .options(joinedload(Appointment.patient))
        .where(Appointment.id.in_(list(found)))
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(most)
    ).all()
    who = queries.who_and_where(visits)
    return [(v, who[v.id], _line(v, who[v.id], found[v.id])) for v in visits]


def _line(visit: Appointment, who: queries.Who, reasons: Sequence[Why]) -> Line:
    return Line(
        public_id=visit.public_id,
        starts_at=visit.starts_at,
        zone=visit.location.zone,
        patient_name=visit.patient.name if visit.patient else "",
        service=visit.service.name,
        practitioner=who.practitioner,
        colour=who.colour,
        room=who.room,
        reasons=tuple(reasons),
    )


def _to_come(among: Collection[int] | None) -> Mapping[int, _Visit]:
    """Booked visits that have not begun, with what they take up: one statement."""
    statement = (
        select(
            Appointment.id,
            Appointment.service_id,
            Appointment.starts_at,
            Appointment.overrode,
            ActorRow.kind,
            Participant.actor_id,
            Participant.starts_at,
            Participant.ends_at,
        )
        .join(Participant, Participant.appointment_id == Appointment.id)
        .join(ActorRow, ActorRow.id == Participant.actor_id)
        .where(
            Appointment.status == AppointmentStatus.BOOKED,
            # the date for the index: nowhere is it more than a day away from here
            Appointment.starts_on >= clock.now().date() - timedelta(days=1),
            Appointment.starts_at >= clock.now(),
            ActorRow.kind != ActorKind.PATIENT,
        )
    )
    if among is not None:
        statement = statement.where(Appointment.id.in_(list(among)))
    found: dict[int, _Visit] = {}
    for key, service_id, starts_at, overrode, kind, actor_id, begins, over in db.session.execute(
        statement
    ):
        if key not in found:
            set_aside = frozenset((overrode or "").split(",")) - {""}
            found[key] = _Visit(service_id, starts_at, set_aside)
        found[key].actors[kind] = actor_id
        if kind == ActorKind.PRACTITIONER:
            found[key].held = Period(begins, over)
    return found


def _services(known: Roster, ids: Iterable[int]) -> Mapping[int, Offered]:
    """Services by row number; a visit may outlive what is on offer."""
    found = {service.id: service for service in known.services}
    missing = set(ids) - found.keys()
    if missing:
        for row in db.session.scalars(select(Service).where(Service.id.in_(missing))):
            found[row.id] = roster.offered(row)
    return found
