"""The desk enters somebody at the phone: a record, and an invitation to the address they gave."""

from __future__ import annotations

from datetime import date

from clinic.accounts import claims
from clinic.accounts import queries as people
from clinic.accounts import services as accounts
from clinic.accounts.models import Patient
from clinic.database import transaction
from clinic.permissions import Actor


def patient(
    *, name: str, born_on: date, email: str | None, phone: str | None, actor: Actor
) -> Patient:
    """A record of their own, always; somebody with this name and birth date is shown beside it."""
    with transaction():
        same = [p for p in people.patients_found(name) if p.born_on == born_on]
        added = accounts.add_patient(
            name=name,
            born_on=born_on,
            email=email,
            phone=phone,
            actor=actor,
            possible_duplicate_of=same[0] if same else None,
        )
        if added.email:
            claims.send(added, actor=actor)
    return added
