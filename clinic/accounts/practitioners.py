"""Writing who may be booked: a physician's name and words, on offer or not, credentials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from clinic.accounts.models import Credential, CredentialKind, Practitioner
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, lock_row, transaction
from clinic.permissions import Actor
from clinic.stale import fingerprint, must_be

FIELDS = ("name", "about", "active")
ENDS_SOON = timedelta(days=60)  # a credential that pages warn about


@dataclass(frozen=True)
class Held:
    """A credential as it is typed; both dates included."""

    reference: str
    valid_from: date
    valid_until: date


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
