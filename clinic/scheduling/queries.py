"""Reading visits and holds; what decides the free times is read in `availability`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.accounts.models import ActorKind, ActorRow, Practitioner
from clinic.accounts.same_person import ids_of
from clinic.catalogue.models import Room, Service
from clinic.catalogue.own_sites import at_own_sites
from clinic.catalogue.rules import TREATMENTS, ServiceKind
from clinic.clock import Period
from clinic.columns import as_text
from clinic.database import db, rows, table_of
from clinic.made import Made
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import COMING, UNDO_CANCEL, AppointmentStatus

# Asked by every page of times and every booking, so made once.
HOLD_OF = (
    select(Appointment)
    .where(
        Appointment.held_by_id == bindparam("visitor_id"),
        Appointment.status == as_text(AppointmentStatus.PROPOSED),
    )
    .order_by(Appointment.id.desc())
    .limit(1)
)


def hold_of(visitor_id: int | None) -> Appointment | None:
    """The newest hold of a browser, expired or not; None when it holds nothing."""
    return None if visitor_id is None else db.session.scalar(HOLD_OF, {"visitor_id": visitor_id})


class Held(NamedTuple):
    """A hold by its numbers: all that a press needs of it."""

    id: int
    public_id: str


_visit = table_of(Appointment).c
HELD_BY = (
    select(_visit.id, _visit.public_id, _visit.approval_id)
    .where(
        _visit.held_by_id == bindparam("visitor_id"),
        _visit.status == as_text(AppointmentStatus.PROPOSED),
    )
    .order_by(_visit.id.desc())
    .limit(1)
)


def visit_of(row_id: int) -> Appointment:
    """The visit of a row number that was just read."""
    return db.session.get_one(Appointment, row_id)


def forget_visit(row_id: int) -> None:
    """What the session knows of a visit is old: its row was written past it."""
    known = db.session.identity_map.get(db.session.identity_key(Appointment, row_id))
    if known is not None:
        db.session.expire(known)


def lost_hold(visitor_id: int | None) -> Appointment | None:
    """The newest hold of a browser, when it ran out and somebody else took the time."""
    if visitor_id is None:
        return None
    newest = db.session.scalar(
        select(Appointment)
        .where(Appointment.held_by_id == visitor_id)
        .order_by(Appointment.id.desc())
        .limit(1)
    )
    return newest if newest is not None and newest.cancel_reason == "expired" else None


class Who(NamedTuple):
    """Who and where of a visit, for a page: never what for."""

    practitioner: str
    practitioner_public_id: str
    colour: int
    room: str
    room_public_id: str


_taken, _person, _room = table_of(Participant), table_of(Practitioner), table_of(Room)
# A visit has one practitioner and one room; the largest of one is that one.
WHO_AND_WHERE = (
    select(
        _taken.c.appointment_id,
        func.max(_person.c.name),
        func.max(_person.c.public_id),
        func.max(_person.c.colour),
        func.max(_room.c.name),
        func.max(_room.c.public_id),
    )
    .select_from(
        _taken.outerjoin(_person, _person.c.actor_id == _taken.c.actor_id).outerjoin(
            _room, _room.c.actor_id == _taken.c.actor_id
        )
    )
    .group_by(_taken.c.appointment_id)
)


def who_and_where(appointments: Iterable[Appointment]) -> Mapping[int, Who]:
    """Practitioner and room of each visit, by the visit's id, in one statement."""
    ids = [appointment.id for appointment in appointments]
    if not ids:
        return {}
    rows = db.session.execute(WHO_AND_WHERE.where(_taken.c.appointment_id.in_(ids)))
    return {
        key: Who(name or "", public_id or "", colour or 1, room or "", room_id or "")
        for key, name, public_id, colour, room, room_id in rows
    }


def practitioner_of(appointment: Appointment) -> Practitioner | None:
    return db.session.scalar(
        select(Practitioner)
        .join(Participant, Participant.actor_id == Practitioner.actor_id)
        .where(Participant.appointment_id == appointment.id)
    )


def name_of_actor(actor_id: int) -> str:
    """What the practitioner is called whose actor it is; empty for anything else."""
    return (
        db.session.scalar(select(Practitioner.name).where(Practitioner.actor_id == actor_id)) or ""
    )


def own_visits(patient_id: int) -> Sequence[Appointment]:
    """A patient's visits on each of their records, newest first; released holds are not among
    them."""
    return db.session.scalars(
        select(Appointment)
        .where(
            Appointment.patient_id.in_(ids_of(patient_id)),
            Appointment.booked_at.is_not(None),
        )
        .order_by(Appointment.starts_at.desc())
    ).all()


def own_visit(actor: Actor, public_id: str) -> Appointment | None:
    """A visit of the patient who asks."""
    if actor.patient_id is None:
        return None
    return db.session.scalar(
        select(Appointment).where(
            Appointment.public_id == public_id,
            Appointment.patient_id.in_(ids_of(actor.patient_id)),
            Appointment.booked_at.is_not(None),
        )
    )


def visit_for_desk(actor: Actor, public_id: str) -> Appointment | None:
    """Anybody's visit at a site that the actor works at."""
    return db.session.scalar(
        select(Appointment)
        .options(joinedload(Appointment.patient))
        .where(
            Appointment.public_id == public_id,
            Appointment.booked_at.is_not(None),
            at_own_sites(actor, Appointment.location_id),
        )
    )


def visits_on(
    day: date, practitioner_id: int | None = None, sites: Collection[int] | None = None
) -> Sequence[Appointment]:
    """Booked visits of a day in order of start, at some *sites* or at all; cancelled ones are left
    out."""
    statement = (
        select(Appointment)
        .options(joinedload(Appointment.patient))
        .where(
            Appointment.starts_on == day,
            Appointment.status.not_in([AppointmentStatus.PROPOSED, AppointmentStatus.CANCELLED]),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    if sites is not None:
        statement = statement.where(Appointment.location_id.in_(sorted(sites)))
    if practitioner_id is not None:
        statement = statement.join(Participant, Participant.appointment_id == Appointment.id).join(
            Practitioner,
            and_(
                Practitioner.actor_id == Participant.actor_id,
                Practitioner.id == practitioner_id,
            ),
        )
    return db.session.scalars(statement).all()


_service = table_of(Service)
OPEN_CONSULTATION = Made(
    select(_visit.starts_at)
    .join(_service, _service.c.id == _visit.service_id)
    .where(
        _visit.patient_id.in_(ids_of(bindparam("patient_id"))),
        _service.c.kind == as_text(ServiceKind.CONSULTATION),
        _visit.status.in_([as_text(status) for status in COMING]),
    )
    .order_by(_visit.starts_at)
    .limit(1)
)


def open_consultation_at(patient_id: int) -> datetime | None:
    """When the consultation begins that a patient has coming or under way."""
    found = rows(OPEN_CONSULTATION, {"patient_id": patient_id})
    return found[0][0] if found else None


def actors_of(appointment: Appointment) -> Sequence[int]:
    return db.session.scalars(
        select(Participant.actor_id)
        .where(Participant.appointment_id == appointment.id)
        .order_by(Participant.actor_id)
    ).all()


def reserved_by(appointment: Appointment) -> Period:
    """From when to when a visit takes anybody up, its buffers included."""
    starts, ends = db.session.execute(
        select(func.min(Participant.starts_at), func.max(Participant.ends_at)).where(
            Participant.appointment_id == appointment.id
        )
    ).one()
    return Period(starts, ends)


def participants_by_kind(appointment: Appointment) -> Mapping[ActorKind, Participant]:
    """Practitioner, room, patient and, where it takes one, device."""
    rows = db.session.execute(
        select(ActorRow.kind, Participant)
        .join(Participant, Participant.actor_id == ActorRow.id)
        .where(Participant.appointment_id == appointment.id)
    )
    return dict(rows.all())


def ends_of_holds_from(address: str) -> Sequence[datetime]:
    """When each hold from one address ends that is live at this moment, the first one first."""
    ends = db.session.scalars(
        select(Appointment.hold_until)
        .where(
            Appointment.held_from == address,
            Appointment.status == as_text(AppointmentStatus.PROPOSED),
            Appointment.hold_until > clock.now(),
        )
        .order_by(Appointment.hold_until)
    )
    return [end for end in ends if end is not None]


def undo_until(appointment: Appointment, actor: Actor) -> datetime | None:
    """Until when *actor* may take back the cancellation; None when they may not (truth 6)."""
    is_theirs = appointment.status_by == actor.label and appointment.booked_at is not None
    until = appointment.status_at + UNDO_CANCEL
    is_over = appointment.status != AppointmentStatus.CANCELLED or clock.now() > until
    return until if is_theirs and not is_over else None


def last_treatment_on(
    patient_id: int, kinds: Iterable[ServiceKind], before: datetime
) -> date | None:
    """The date of the latest finished treatment of one of *kinds*; feeds the toxin interval."""
    return db.session.scalar(
        select(Appointment.starts_on)
        .join(Service, Service.id == Appointment.service_id)
        .where(
            Appointment.patient_id.in_(ids_of(patient_id)),
            Service.kind.in_(list(kinds)),
            Appointment.status == AppointmentStatus.FULFILLED,
            Appointment.starts_at < before,
        )
        .order_by(Appointment.starts_at.desc())
        .limit(1)
    )


def _booked_treatments() -> Select[Any]:
    return (
        select(Appointment)
        .join(Service, Service.id == Appointment.service_id)
        .where(Service.kind.in_(list(TREATMENTS)), Appointment.status == AppointmentStatus.BOOKED)
        .order_by(Appointment.starts_at)
    )


def coming_treatments(patient_id: int) -> Sequence[Appointment]:
    """Booked treatment visits on this record that have not begun: an approval carries no others."""
    own = _booked_treatments().where(Appointment.patient_id == patient_id)
    return db.session.scalars(own).all()


def every_coming_treatment() -> Sequence[Appointment]:
    """Booked treatment visits of all patients from now on."""
    coming = _booked_treatments().where(
        # the date for the index: nowhere is it more than a day away from here
        Appointment.starts_on >= clock.now().date() - timedelta(days=1),
        Appointment.starts_at >= clock.now(),
    )
    whole = (joinedload(Appointment.patient), joinedload(Appointment.service))
    return db.session.scalars(coming.options(*whole)).all()
