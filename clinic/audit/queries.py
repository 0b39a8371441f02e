"""Reading the audit log: for the manager by filters, for a patient who looked at their record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from clinic.accounts.models import Patient, User
from clinic.accounts.same_person import ids_of
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.permissions import STAFF

PAGE, LARGE_PAGE = 50, 1000


@dataclass(frozen=True)
class Wanted:
    """What the log is asked for; None leaves a question open. Instants are half-open."""

    since: datetime | None = None
    until: datetime | None = None
    events: frozenset[Event] | None = None
    actor: str | None = None
    result: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        asked = [
            (self.since, lambda: AuditEvent.at >= self.since),
            (self.until, lambda: AuditEvent.at < self.until),
            (self.events, lambda: AuditEvent.event.in_(self.events or ())),
            (self.actor, lambda: AuditEvent.actor == self.actor),
            (self.result, lambda: AuditEvent.result == self.result),
        ]
        return [condition() for value, condition in asked if value is not None]


@dataclass(frozen=True)
class Line:
    """One row of the log with the patient it is about, if any."""

    event: AuditEvent
    patient: Patient | None


@dataclass(frozen=True)
class Page:
    """Lines, newest first, and the names behind the labels in them."""

    lines: Sequence[Line]
    names: Mapping[str, str]
    has_more: bool


def log_page(wanted: Wanted, *, seen: datetime, number: int, size: int = PAGE) -> Page:
    """Page *number* (from 1) of what was written up to *seen*, so that pages do not move."""
    lines = _lines(wanted, seen=seen, offset=(number - 1) * size, limit=size + 1)
    return Page(lines[:size], _names(lines[:size]), len(lines) > size)


def all_pages(wanted: Wanted, *, seen: datetime) -> Iterator[Page]:
    """The whole of it, a large page at a time in memory."""
    for number in count(1):
        page = log_page(wanted, seen=seen, number=number, size=LARGE_PAGE)
        yield page
        if not page.has_more:
            return


def how_many(wanted: Wanted, *, seen: datetime) -> int:
    found = db.session.scalar(
        select(func.count(AuditEvent.id)).where(AuditEvent.at <= seen, *wanted.conditions())
    )
    return int(found or 0)


def _lines(wanted: Wanted, *, seen: datetime, offset: int, limit: int) -> list[Line]:
    rows = db.session.execute(
        select(AuditEvent, Patient)
        .outerjoin(Patient, Patient.id == AuditEvent.patient_id)
        .where(AuditEvent.at <= seen, *wanted.conditions())
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [Line(event, patient) for event, patient in rows]


def _names(lines: Iterable[Line]) -> Mapping[str, str]:
    """The names of the accounts and patients in labels like "user:1f0a…"."""
    labels = {line.event.actor for line in lines} | {line.event.subject or "" for line in lines}
    labels |= {label.replace("tablet:", "user:") for label in labels}  # who handed it over
    return {**_named(User, "user", labels), **_named(Patient, "patient", labels)}


def _named(model: Any, kind: str, labels: set[str]) -> Mapping[str, str]:
    ids = [label.removeprefix(f"{kind}:") for label in labels if label.startswith(f"{kind}:")]
    if not ids:
        return {}
    public_id: InstrumentedAttribute[str] = model.public_id
    found = db.session.execute(select(public_id, model.name).where(public_id.in_(ids)))
    return {f"{kind}:{number}": name for number, name in found}


@dataclass(frozen=True)
class Look:
    """What somebody of the clinic did, and when."""

    event: Event
    at: datetime
    actor: str
    roles: Sequence[str]


@dataclass(frozen=True)
class Looks:
    looks: Sequence[Look]
    names: Mapping[str, str]
    has_more: bool


def looks_at(patient: Patient, events: Iterable[Event], *, number: int) -> Looks:
    """Page *number* of what staff did with the record of *patient*, newest first.

    What the patient did, on whichever side of the desk, is left out.
    """
    rows = db.session.scalars(_looks_at(patient, events, number)).all()
    looks = [Look(row.event, row.at, row.actor, row.roles.split(",")) for row in rows[:PAGE]]
    names = _named(User, "user", {look.actor for look in looks})
    return Looks(looks, names, len(rows) > PAGE)


def _looks_at(patient: Patient, events: Iterable[Event], number: int) -> Select[AuditEvent]:
    own = patient.user.public_id if patient.user else ""
    return (
        select(AuditEvent)
        .where(
            AuditEvent.patient_id.in_(ids_of(patient.id)),
            AuditEvent.event.in_([*events]),
            AuditEvent.result == "done",
            AuditEvent.actor != f"user:{own}",
            or_(*(AuditEvent.roles.contains(role.value) for role in STAFF)),
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .offset((number - 1) * PAGE)
        .limit(PAGE + 1)
    )
