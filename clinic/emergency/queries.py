"""Whom a physician may open a record of in an emergency, and which records were opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.accounts.models import Patient, Practitioner
from clinic.accounts.rules import name_key
from clinic.accounts.same_person import goes_on_for, ids_of, is_kept
from clinic.database import db
from clinic.permissions import Actor
from clinic.screening.models import EmergencyAccess

MOST_FOUND = 5
PAGE_LENGTH = 25
RECENT = timedelta(days=7)


def _somebody_else(actor: Actor) -> ColumnElement[bool]:
    return Patient.user_id.is_distinct_from(actor.user_id)


def found(actor: Actor, name: str, born_on: date) -> Sequence[Patient]:
    """Who was born on that day and has a name of which a word begins like *name*; 5 at most."""
    wanted = name_key(name)
    begins = or_(
        Patient.name_key.startswith(wanted, autoescape=True),
        Patient.name_key.contains(f" {wanted}", autoescape=True),
    )
    return db.session.scalars(
        select(Patient)
        .where(begins, Patient.born_on == born_on, _somebody_else(actor), is_kept())
        .order_by(Patient.name_key, Patient.id)
        .limit(MOST_FOUND)
    ).all()


def patient_to_open(actor: Actor, public_id: str) -> Patient | None:
    """Anybody but the physician who asks."""
    if actor.practitioner_id is None:
        return None
    return db.session.scalar(
        select(Patient)
        .options(joinedload(Patient.data_key))
        .where(goes_on_for(public_id), _somebody_else(actor))
    )


def reasons_for(patient: Patient) -> list[tuple[str, datetime, str]]:
    """Each emergency opening of a record: the label of who opened it, when, and the reason."""
    rows = db.session.scalars(
        select(EmergencyAccess)
        .options(joinedload(EmergencyAccess.practitioner).joinedload(Practitioner.user))
        .where(EmergencyAccess.patient_id.in_(ids_of(patient.id)))
        .order_by(EmergencyAccess.id.desc())
    )
    return [
        (f"user:{row.practitioner.user.public_id}", row.opened_at, row.reason or "")
        for row in rows
        if row.practitioner.user is not None
    ]


def own_access(actor: Actor, public_id: str) -> EmergencyAccess | None:
    """An access that the physician who asks has opened, over or not."""
    if actor.practitioner_id is None:
        return None
    return db.session.scalar(
        select(EmergencyAccess).where(
            EmergencyAccess.public_id == public_id,
            EmergencyAccess.practitioner_id == actor.practitioner_id,
        )
    )


@dataclass(frozen=True)
class Opened:
    """One line of the manager's list; its fields are those of `permissions.FIELDS`."""

    practitioner: str
    patient: str
    born_on: date
    opened_at: datetime
    until: datetime
    reason: str


def opened(page: int) -> Sequence[Opened]:
    """Records opened in an emergency, newest first, 25 a page; pages count from 1."""
    rows = db.session.scalars(
        select(EmergencyAccess)
        .options(joinedload(EmergencyAccess.patient), joinedload(EmergencyAccess.practitioner))
        .order_by(EmergencyAccess.id.desc())
        .offset((page - 1) * PAGE_LENGTH)
        .limit(PAGE_LENGTH)
    )
    return [
        Opened(
            practitioner=row.practitioner.name,
            patient=row.patient.name,
            born_on=row.patient.born_on,
            opened_at=row.opened_at,
            until=row.until,
            reason=row.reason or "",
        )
        for row in rows
    ]


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(EmergencyAccess)) or 0


def recent_count() -> int:
    """How many were opened in the last seven days."""
    since = clock.now() - RECENT
    return db.session.scalar(select(func.count()).where(EmergencyAccess.opened_at > since)) or 0
