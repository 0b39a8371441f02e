"""What public pages ask about physicians."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from clinic.accounts.models import Credential, CredentialKind, Practitioner
from clinic.database import db


def physicians() -> Sequence[Practitioner]:
    """Everybody who consults, with their credentials, in the order of their colours."""
    return db.session.scalars(
        select(Practitioner)
        .options(selectinload(Practitioner.credentials))
        .where(Practitioner.active)
        .order_by(Practitioner.colour, Practitioner.name)
    ).all()


def held_on(physician: Practitioner, day: date) -> Mapping[CredentialKind, Credential]:
    """The credentials that are in date on *day*: one that is over is nobody's to read."""
    return {
        held.kind: held
        for held in physician.credentials
        if held.valid_from <= day <= held.valid_until
    }
