"""A physician ends an approval: its coming visits need renewal, and the patient is told."""

from __future__ import annotations

from clinic.accounts.models import Patient
from clinic.database import transaction
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor
from clinic.treatment import services as treatment
from clinic.treatment.models import Approval


def approval(ended: Approval, patient: Patient, reason: str, *, actor: Actor) -> None:
    """Withdraw from this moment. Nothing is deleted: visits stay, and cannot be checked in.

    Raises `AlreadyEnded`.
    """
    with transaction():
        treatment.withdraw(ended, reason, actor=actor)
        notices.queue(MessageKind.DECIDED, to=patient.email, params={}, patient_id=patient.id)
