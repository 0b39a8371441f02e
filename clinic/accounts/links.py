"""Two records of one person: the link between them, added and undone (truth 7).

Rows never move. While a link is in force the record that is replaced has no sign-in, no invitation
and no browser that proved to be its patient's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.accounts import claims, sessions
from clinic.accounts.models import EndedBecause, Patient, PatientLink, User, Visitor
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, lock_row, transaction
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor

UNDONE_WITHIN = timedelta(days=30)


class AlreadyUndone(RuntimeError):
    """A colleague has undone it meanwhile."""


class TooLate(RuntimeError):
    """The thirty days are over: the two records stay together."""


def undo_until(link: PatientLink) -> datetime:
    return link.linked_at + UNDONE_WITHIN


def may_be_undone(link: PatientLink) -> bool:
    return link.undone_at is None and clock.now() <= undo_until(link)


def of_patient(patient: Patient) -> Sequence[PatientLink]:
    """The links in force that lead to this record, or away from it; newest first."""
    return db.session.scalars(
        select(PatientLink)
        .options(joinedload(PatientLink.replaced), joinedload(PatientLink.kept))
        .where(
            or_(PatientLink.replaced_id == patient.id, PatientLink.kept_id == patient.id),
            PatientLink.undone_at.is_(None),
        )
        .order_by(PatientLink.id.desc())
    ).all()


def newest(most: int) -> Sequence[PatientLink]:
    """What was put together last, undone or not."""
    return db.session.scalars(
        select(PatientLink)
        .options(joinedload(PatientLink.replaced), joinedload(PatientLink.kept))
        .order_by(PatientLink.id.desc())
        .limit(most)
    ).all()


def link_for_manager(_actor: Actor, public_id: str) -> PatientLink | None:
    return db.session.scalar(
        select(PatientLink)
        .options(joinedload(PatientLink.replaced), joinedload(PatientLink.kept))
        .where(PatientLink.public_id == public_id)
    )


def name_of(label: str | None) -> str:
    """What somebody is called who put records together or apart; empty for nobody."""
    kind, _colon, public_id = (label or "").partition(":")
    if kind != "user":
        return ""
    return db.session.scalar(select(User.name).where(User.public_id == public_id)) or ""


def join(replaced: Patient, kept: Patient, reason: str, *, actor: Actor) -> PatientLink:
    """From now on *kept* stands for the person of *replaced* too. Whether it may was asked."""
    with transaction():
        closed = _close(replaced, actor)
        claims.end(replaced)
        db.session.execute(
            update(Visitor)
            .where(Visitor.patient_id == replaced.id)
            .values(patient_id=None, proved_at=None)
        )
        link = PatientLink(
            data_key=kept.data_key,
            replaced=replaced,
            kept=kept,
            linked_at=clock.now(),
            linked_by=actor.label,
            reason=reason,
            closed_user=closed,
        )
        db.session.add(link)
        db.session.flush()
        events = Event.PATIENTS_MERGED, Event.PATIENT_REPLACED
        _record(events, link, "closed" if closed else None, actor)
    return link


def _close(replaced: Patient, actor: Actor) -> User | None:
    """Close the sign-in of the record, and tell its owner."""
    user = replaced.user
    if user is None or not user.active:
        return None
    user.active = False
    db.session.flush()
    sessions.end_all(user, EndedBecause.ENDED_BY_MANAGER, actor=actor)
    notices.queue(MessageKind.ACCOUNT_CLOSED, to=user.email, params={}, patient_id=replaced.id)
    return user


def undo(link: PatientLink, *, actor: Actor) -> None:
    """Two records of two people again; what was written stays where it was written.

    Raises `AlreadyUndone` and `TooLate`.
    """
    with transaction():
        lock_row(link)
        if link.undone_at is not None:
            raise AlreadyUndone
        if not may_be_undone(link):
            raise TooLate
        link.undone_at, link.undone_by = clock.now(), actor.label
        db.session.flush()
        opened = link.closed_user
        if opened is not None:
            opened.active = True
            notices.queue(
                MessageKind.ACCOUNT_OPENED, to=opened.email, params={}, patient_id=link.replaced_id
            )
        events = Event.PATIENTS_PARTED, Event.PATIENT_RESTORED
        _record(events, link, "opened" if opened else None, actor)


def _record(
    events: tuple[Event, Event], link: PatientLink, sign_in: str | None, actor: Actor
) -> None:
    """A line in the log of each of the two: of the one that goes on, and of the other."""
    pairs = (link.kept, link.replaced), (link.replaced, link.kept)
    for event, (one, other) in zip(events, pairs, strict=True):
        audit.record(
            event,
            actor=actor,
            patient_id=one.id,
            subject=one,
            other=other.public_id,
            sign_in=sign_in,
        )
