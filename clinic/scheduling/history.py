"""What happened to a visit: who, when, why. Read from the audit log; no clinical word in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from clinic.accounts.models import Practitioner, User
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.catalogue.models import Room
from clinic.database import db
from clinic.permissions import Actor, Role
from clinic.scheduling.models import Appointment

STEPS = (
    Event.APPOINTMENT_BOOKED,
    Event.APPOINTMENT_MOVED,
    Event.APPOINTMENT_STATUS,
    Event.APPOINTMENT_CANCELLED,
    Event.APPOINTMENT_CANCEL_UNDONE,
)


@dataclass(frozen=True)
class Step:
    """One thing that was done with a visit.

    *name* and *roles* are those of staff, for staff to read; empty for a patient or the system.
    *by_phone* is said where a patient checked in by themself.
    *practitioner* is with whom a moved visit is now, and *room* where, each where that is another
    than before.
    """

    event: Event
    at: datetime
    by_patient: bool
    name: str
    roles: Sequence[str]
    reason: str | None
    state: str | None
    starts_at: datetime | None
    was_starts_at: datetime | None
    practitioner: str
    room: str = ""
    by_phone: bool = False


def of(visit: Appointment) -> Sequence[Step]:
    """Every step since the visit was booked, in order. Three statements."""
    rows = db.session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.patient_id == visit.patient_id,
            AuditEvent.subject == audit.name_of(visit),
            AuditEvent.event.in_(STEPS),
            AuditEvent.result == "done",
        )
        .order_by(AuditEvent.at, AuditEvent.id)
    ).all()
    staff = _staff(row.actor for row in rows)
    names = _names(str(row.facts.get(kind)) for row in rows for kind in ("practitioner", "room"))
    return [_step(row, visit, staff, names) for row in rows]


@dataclass(frozen=True)
class Before:
    """Where a visit was before its newest move, as public ids; *at* is when it was moved."""

    at: datetime
    starts_at: datetime
    practitioner: str
    room: str


def before_the_move(visit: Appointment, actor: Actor, since: datetime) -> Before | None:
    """None where the newest move is somebody else's, or was before *since*. One statement."""
    row = db.session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.patient_id == visit.patient_id,
            AuditEvent.subject == audit.name_of(visit),
            AuditEvent.event == Event.APPOINTMENT_MOVED,
            AuditEvent.at > since,
        )
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).first()
    if row is None or row.actor != actor.label:
        return None
    was = {name: row.facts.get(f"was_{name}") or "" for name in ("practitioner", "room")}
    return Before(at=row.at, starts_at=datetime.fromisoformat(row.facts["was_starts_at"]), **was)


def _step(
    row: AuditEvent, visit: Appointment, staff: Mapping[str, str], names: Mapping[str, str]
) -> Step:
    facts, by_patient = row.facts, _is_patient(row.actor, visit)
    return Step(
        event=row.event,
        at=row.at,
        by_patient=by_patient,
        name="" if by_patient else staff.get(row.actor, ""),
        roles=() if by_patient else [role for role in row.roles.split(",") if role],
        reason=facts.get("reason"),
        state=facts.get("now"),
        starts_at=_instant(facts.get("starts_at")),
        was_starts_at=_instant(facts.get("was_starts_at")),
        practitioner=_another(facts, "practitioner", names),
        room=_another(facts, "room", names),
        by_phone=Role.PHONE in row.roles.split(","),
    )


def _another(facts: Mapping[str, str], kind: str, names: Mapping[str, str]) -> str:
    """The name of who or what it is now; empty where it stayed the same."""
    return names.get(facts.get(kind, ""), "") if facts.get(kind) != facts.get(f"was_{kind}") else ""


def _is_patient(label: str, visit: Appointment) -> bool:
    """By code, signed in, or as the visitor who proved an address with the booking."""
    patient = visit.patient
    assert patient is not None  # only holds may have none
    own = {f"patient:{patient.public_id}"}
    if patient.user is not None:
        own.add(f"user:{patient.user.public_id}")
    return label in own or label.startswith("visitor:")


def _staff(labels: Iterable[str]) -> Mapping[str, str]:
    ids = {label.removeprefix("user:") for label in labels if label.startswith("user:")}
    rows = db.session.execute(select(User.public_id, User.name).where(User.public_id.in_(ids)))
    return {f"user:{public_id}": name for public_id, name in rows}


def _names(ids: Iterable[str]) -> Mapping[str, str]:
    """How physicians and rooms are called, by public id."""
    wanted = {*ids}
    people = select(Practitioner.public_id, Practitioner.name)
    rooms = select(Room.public_id, Room.name)
    rows = db.session.execute(
        people.where(Practitioner.public_id.in_(wanted)).union_all(
            rooms.where(Room.public_id.in_(wanted))
        )
    )
    return dict(rows.all())


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
