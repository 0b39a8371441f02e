"""The desk enters somebody at the phone: a record, and an invitation to the address they gave."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from clinic.accounts import claims, lookup, same_person
from clinic.accounts import queries as people
from clinic.accounts import services as accounts
from clinic.accounts.finding import Identity
from clinic.accounts.lookup import Known
from clinic.accounts.models import Patient
from clinic.database import transaction
from clinic.permissions import Actor


class MayBeKnown(RuntimeError):
    """Somebody on file may be this very person, and the desk has not looked at them yet."""

    def __init__(self, doubles: Sequence[Known]) -> None:
        super().__init__(f"{len(doubles)} may be the same")
        self.doubles = doubles


def patient(
    *,
    name: str,
    born_on: date,
    email: str | None,
    phone: str | None,
    actor: Actor,
    seen: Collection[str] = (),
) -> Patient:
    """A record of their own; the first who may be the same person is shown beside it from then on.

    *seen* are the public ids of those whom the desk was shown and who are somebody else. Raises
    `MayBeKnown` where there are others: asked again under the lock, for two desks may type at once.
    """
    with transaction():
        doubles = lookup.doubles(Identity(name, born_on, phone, email))
        if {one.public_id for one in doubles} - {*seen}:
            raise MayBeKnown(doubles)
        added = accounts.add_patient(
            name=name,
            born_on=born_on,
            email=email,
            phone=phone,
            actor=actor,
            possible_duplicate_of=_kept(doubles[0]) if doubles else None,
        )
        if added.email:
            claims.send(added, actor=actor)
    return added


def _kept(double: Known) -> Patient:
    """The record that goes on for somebody on file."""
    return same_person.kept(people.patient_of(double.id))
