"""What is paused: which approvals wait for a physician to read new answers, and what changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from clinic.accounts.models import Patient
from clinic.database import db
from clinic.intake import queries as intakes
from clinic.intake.changes import Change
from clinic.intake.models import Intake
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment
from clinic.screening.care import in_lasting_care
from clinic.screening.models import ScreeningNote
from clinic.treatment import queries
from clinic.treatment.models import Approval, ApprovalEvent, ApprovalEventKind
from clinic.treatment.rules import ApprovalState


@dataclass(frozen=True)
class Waiting:
    """One line of the physician's lists: whose approval, since when, and where it is decided."""

    consultation_id: str
    patient_name: str
    since: datetime


def waiting(actor: Actor, today: date) -> list[Waiting]:
    """Paused approvals of patients in the physician's care, the oldest first; once for each."""
    if actor.practitioner_id is None:
        return []
    rows = db.session.execute(
        select(Appointment.public_id, Patient.name, func.max(ApprovalEvent.at))
        .select_from(Approval)
        .join(ScreeningNote, ScreeningNote.id == Approval.note_id)
        .join(Appointment, Appointment.id == ScreeningNote.appointment_id)
        .join(Patient, Patient.id == Approval.patient_id)
        .join(ApprovalEvent, ApprovalEvent.approval_id == Approval.id)
        .where(
            queries.is_paused_on(today),
            ApprovalEvent.kind == ApprovalEventKind.SUSPENDED,
            in_lasting_care(actor, Approval.patient_id),
        )
        .group_by(Appointment.public_id, Patient.name)
    )
    return sorted((Waiting(*row) for row in rows), key=lambda line: line.since)


@dataclass(frozen=True)
class Changed:
    """A paused approval beside what its patient answers now. *form* is the newest."""

    approval: Approval
    form: Intake
    since: datetime
    changes: list[Change]


def changed(approvals: Iterable[Approval]) -> list[Changed]:
    """Of approvals of one patient those that are paused, with every answer that is another now."""
    paused = [a for a in approvals if queries.state_of(a) == ApprovalState.SUSPENDED]
    form = intakes.latest_submitted(paused[0].patient_id) if paused else None
    if form is None:
        return []
    return [
        Changed(
            approval=approval,
            form=form,
            since=max(e.at for e in approval.events if e.kind == ApprovalEventKind.SUSPENDED),
            changes=queries.what_changed(approval, form),
        )
        for approval in paused
    ]
