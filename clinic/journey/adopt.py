"""Somebody signs in half-way through a form: what they typed goes along."""

from __future__ import annotations

from clinic.accounts.models import Patient, Visitor
from clinic.intake import queries
from clinic.intake import services as intakes
from clinic.permissions import Actor


def draft(visitor: Visitor, patient: Patient, *, actor: Actor) -> None:
    """The browser's unsent form becomes the patient's, if the birth date is theirs.

    A form of somebody else on the same device stays that browser's, and a draft that the patient
    has already stays the one that counts.
    """
    begun = queries.draft_of_visitor(visitor.id)
    if begun is None or begun.born_on != patient.born_on:
        return
    if queries.draft_of_patient(patient.id) is None:
        intakes.give(begun, patient, actor=actor)
