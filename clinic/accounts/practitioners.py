"""Writing who may be booked: a physician's name and words, on offer or not, credentials.

Nobody is booked by what stands here alone: it takes hours and a licence in date (`scheduling`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from clinic.accounts.models import (
    ActorKind,
    Credential,
    CredentialKind,
    Practitioner,
    User,
)
from clinic.accounts.services import new_actor
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, lock_row, transaction
from clinic.permissions import Actor
from clinic.stale import fingerprint, must_be

FIELDS = ("name", "about", "active")
ENDS_SOON = timedelta(days=60)  # a credential that pages warn about
COLOURS = (1, 2, 3)  # of the columns of the calendar


class IsPhysician(RuntimeError):
    """There is a physician behind this sign-in already: nobody has two agendas."""


@dataclass(frozen=True)
class Held:
    """A credential as it is typed; both dates included."""

    reference: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True)
class Newcomer:
    """A physician as they are typed: what patients read, and what they may do."""

    name: str
    about: str
    credentials: Mapping[CredentialKind, Held]


def new(user: User, newcomer: Newcomer, colour: int) -> Practitioner:
    """The row behind *user*, with an agenda and credentials of its own."""
    practitioner = Practitioner(
        actor=new_actor(ActorKind.PRACTITIONER),
        user=user,
        name=newcomer.name,
        about=newcomer.about,
        colour=colour,
    )
    practitioner.credentials = [
        Credential(
            kind=kind,
            reference=held.reference,
            valid_from=held.valid_from,
            valid_until=held.valid_until,
        )
        for kind, held in newcomer.credentials.items()
    ]
    db.session.add(practitioner)
    db.session.flush()
    return practitioner


def add(user: User, newcomer: Newcomer, *, actor: Actor) -> Practitioner:
    """Put a physician behind a sign-in, which takes their name. Raises `IsPhysician`."""
    with transaction():
        lock_row(user)
        is_one = select(Practitioner.id).where(Practitioner.user_id == user.id)
        if db.session.scalar(is_one) is not None:
            raise IsPhysician
        user.name = newcomer.name
        practitioner = new(user, newcomer, _rarest_colour())
        audit.record(
            Event.PHYSICIAN_ADDED,
            actor=actor,
            subject=practitioner,
            credentials=sorted(newcomer.credentials),
        )
    return practitioner


def _rarest_colour() -> int:
    """Of those on offer, so that neighbours in the calendar look different."""
    statement = (
        select(Practitioner.colour, func.count().label("many"))
        .where(Practitioner.active)
        .group_by(Practitioner.colour)
    )
    used = {row.colour: row.many for row in db.session.execute(statement)}
    return min(COLOURS, key=lambda colour: used.get(colour, 0))


def values(practitioner: Practitioner) -> dict[str, Any]:
    return {name: getattr(practitioner, name) for name in FIELDS}


def shown(practitioner: Practitioner) -> str:
    return fingerprint(sorted(values(practitioner).items()))


def change(
    practitioner: Practitioner, wanted: Mapping[str, Any], *, shown_before: str, actor: Actor
) -> list[str]:
    """Put *wanted* in place; the names of the fields that changed. Raises `ChangedMeanwhile`."""
    with transaction():
        lock_row(practitioner)
        must_be(shown_before, shown(practitioner))
        changed = [name for name, value in wanted.items() if getattr(practitioner, name) != value]
        for name in changed:
            setattr(practitioner, name, wanted[name])
        if "name" in changed and practitioner.user is not None:
            practitioner.user.name = practitioner.name
        if changed:
            _note("practitioner", practitioner, changed, actor)
    return changed


def credentials_of(practitioner: Practitioner) -> Sequence[Credential]:
    return db.session.scalars(
        select(Credential)
        .where(Credential.practitioner_id == practitioner.id)
        .order_by(Credential.kind, Credential.valid_until)
    ).all()


def newest(rows: Sequence[Credential]) -> Mapping[CredentialKind, Credential]:
    """The credential of each kind that ends last: the one that pages change."""
    return {row.kind: row for row in sorted(rows, key=lambda row: row.valid_until)}


def credentials_shown(rows: Sequence[Credential]) -> str:
    return fingerprint(
        sorted((row.kind, row.reference, row.valid_from, row.valid_until) for row in rows)
    )


def put_credentials(
    practitioner: Practitioner,
    wanted: Mapping[CredentialKind, Held],
    *,
    shown_before: str,
    actor: Actor,
) -> list[str]:
    """Change the newest credential of each kind in *wanted*, or add the first of its kind.

    Raises `ChangedMeanwhile`.
    """
    with transaction():
        lock_row(practitioner)
        rows = credentials_of(practitioner)
        must_be(shown_before, credentials_shown(rows))
        known = newest(rows)
        changed: list[str] = []
        for kind, held in wanted.items():
            row = known.get(kind)
            if row is None:
                row = Credential(practitioner_id=practitioner.id, kind=kind)
                db.session.add(row)
            elif Held(row.reference, row.valid_from, row.valid_until) == held:
                continue
            row.reference, row.valid_from = held.reference, held.valid_from
            row.valid_until = held.valid_until
            changed.append(kind)
        if changed:
            db.session.flush()
            db.session.expire(practitioner, ["credentials"])
            _note("credential", practitioner, changed, actor)
    return changed


def _note(table: str, practitioner: Practitioner, fields: list[str], actor: Actor) -> None:
    audit.record(
        Event.ROSTER_CHANGED,
        actor=actor,
        subject=practitioner,
        table=table,
        row=practitioner.public_id,
        fields=fields,
    )
