"""Contact data changed: by the desk, or by the patient; never the date of birth.

Who may change which field is `WRITABLE` in `permissions`. What the page showed comes back with the
form, so that two people who edit at once do not overwrite each other unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from clinic import clock
from clinic.accounts import claims
from clinic.accounts.models import Patient
from clinic.accounts.rules import name_key, phone_key, tidy_email
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import lock_row, transaction
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor, writable

FIELDS = ("name", "phone", "email")


class FieldNotTheirs(RuntimeError):
    """A field that this kind of person does not change (S4)."""


class ChangedMeanwhile(RuntimeError):
    """Somebody else changed the contact data after the page was drawn."""


def fingerprint(patient: Patient) -> str:
    """Stands for what a page shows of the contact data."""
    shown = repr([getattr(patient, field) for field in FIELDS])
    return hashlib.sha256(shown.encode()).hexdigest()


def change(
    patient: Patient,
    wanted: Mapping[str, str | None],
    *,
    shown: str,
    actor: Actor,
    proved: bool = False,
) -> list[str]:
    """Put *wanted* in place of what is on file; the names of the fields that changed, in order.

    *shown* is the `fingerprint` of the page; *proved*: a code proved the new e-mail address.
    Raises `FieldNotTheirs` and `ChangedMeanwhile`.
    """
    forbidden = wanted.keys() - writable("contact", actor.roles)
    if forbidden:
        raise FieldNotTheirs(", ".join(sorted(forbidden)))
    with transaction():
        lock_row(patient)
        if fingerprint(patient) != shown:
            raise ChangedMeanwhile
        tidied = {field: _tidied(field, text) for field, text in wanted.items()}
        changed = [f for f in FIELDS if f in tidied and tidied[f] != getattr(patient, f)]
        if not changed:
            return []
        if "email" in changed:
            _move_address(patient, tidied["email"], proved=proved)
        if "name" in changed:
            _rename(patient, tidied["name"] or patient.name)
        if "phone" in changed:
            patient.phone = tidied["phone"]
            patient.phone_key = phone_key(patient.phone) if patient.phone else None
        audit.record(
            Event.CONTACT_CHANGED,
            actor=actor,
            patient_id=patient.id,
            subject=patient,
            fields=changed,
        )
    return changed


def _tidied(field: str, text: str | None) -> str | None:
    if not text:
        return None
    return tidy_email(text) if field == "email" else text


def _move_address(patient: Patient, email: str | None, *, proved: bool) -> None:
    """Links sent to the old address die, and whoever reads it is told."""
    claims.end(patient)
    notices.queue(MessageKind.EMAIL_CHANGED, to=patient.email, params={}, patient_id=patient.id)
    patient.email = email
    patient.email_proved_at = clock.now() if proved else None


def _rename(patient: Patient, name: str) -> None:
    patient.name, patient.name_key = name, name_key(name)
    if patient.user is not None:
        patient.user.name = name
