"""Reading what physicians find, and whom they care for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from clinic import clock
from clinic.accounts.models import Patient, Practitioner
from clinic.accounts.same_person import ids_of
from clinic.catalogue.models import Location, Service
from clinic.catalogue.own_sites import at_own_sites
from clinic.catalogue.rules import ServiceKind
from clinic.database import db
from clinic.intake.models import Intake
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import COMING
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.care import in_lasting_care
from clinic.screening.models import (
    Decision,
    EmergencyAccess,
    Flag,
    Question,
    Reply,
    ScreeningNote,
)
from clinic.screening.rules import Level


def consultation_in_queue(actor: Actor, public_id: str) -> Appointment | None:
    """A consultation that waits for any physician, to be taken."""
    if actor.practitioner_id is None:
        return None
    return db.session.scalar(
        select(Appointment)
        .join(Service, Service.id == Appointment.service_id)
        .options(joinedload(Appointment.patient))
        .where(
            Appointment.public_id == public_id,
            Service.kind == ServiceKind.CONSULTATION,
            Appointment.status.in_(COMING),
            at_own_sites(actor, Appointment.location_id),
        )
    )


def draft_note(appointment: Appointment) -> ScreeningNote | None:
    return db.session.scalar(
        select(ScreeningNote).where(
            ScreeningNote.appointment_id == appointment.id, ScreeningNote.signed_at.is_(None)
        )
    )


def note_version(appointment: Appointment) -> int:
    """How often notes of a consultation were saved; what a page of it is compared with.

    Counted over its drafts and signed notes together: a page opened before a colleague signed is
    stale too.
    """
    newest = select(func.max(ScreeningNote.version)).where(
        ScreeningNote.appointment_id == appointment.id
    )
    return db.session.scalar(newest) or 0


def signed_notes(patient_id: int) -> Sequence[ScreeningNote]:
    """Signed notes of a patient, newest first."""
    return (
        db.session.scalars(
            select(ScreeningNote)
            .options(
                joinedload(ScreeningNote.practitioner),
                joinedload(ScreeningNote.reply),
            )
            .where(
                ScreeningNote.patient_id.in_(ids_of(patient_id)),
                ScreeningNote.signed_at.is_not(None),
            )
            .order_by(ScreeningNote.id.desc())
        )
        .unique()
        .all()
    )


def own_question(actor: Actor, public_id: str) -> ScreeningNote | None:
    """A signed question to the patient who asks, answered or not."""
    if not actor.opens_own_record:
        return None
    return db.session.scalar(
        select(ScreeningNote)
        .options(joinedload(ScreeningNote.practitioner), joinedload(ScreeningNote.reply))
        .where(
            ScreeningNote.public_id == public_id,
            ScreeningNote.patient_id.in_(ids_of(actor.patient_id)),
            ScreeningNote.signed_at.is_not(None),
            ScreeningNote.decision == Decision.ASK,
        )
    )


ALL = "all"
FILTERS = (ALL, "mine", "flagged")


@dataclass(frozen=True)
class Waiting:
    """One line of the intake-review queue: name, since when, how strong the flags; nothing else."""

    appointment_id: str
    patient_name: str
    waiting_since: datetime
    starts_at: datetime
    zone: str
    status: S
    levels: Mapping[Level, int]
    mine: bool
    in_care: bool
    asked_at: datetime | None
    replied_at: datetime | None


def review_queue(actor: Actor, sites: Collection[int] | None = None) -> list[Waiting]:
    """Sent forms whose consultation has no signed decision yet, and answered questions: of some
    *sites*, or of all that the physician works at.

    Oldest first: a question before the visit costs no patient their place, so their form waits
    since it was sent; after a signed question it is the answer that waits. Two statements, whatever
    the number of lines (S7: level chips only).
    """
    rows = _forms_waiting(actor, sites)
    levels = _levels([row.intake_id for row in rows])
    waiting = [
        Waiting(
            appointment_id=row.public_id,
            patient_name=row.name,
            waiting_since=row.signed_reply_at or row.submitted_at,
            starts_at=row.starts_at,
            zone=row.zone,
            status=row.status,
            levels=levels.get(row.intake_id, {}),
            mine=row.mine,
            in_care=row.mine or row.care,
            asked_at=row.asked_at,
            replied_at=row.signed_reply_at or row.replied_at,
        )
        for row in rows
    ]
    return sorted(waiting, key=lambda line: (line.waiting_since, line.appointment_id))


def only(lines: Sequence[Waiting], show: str | None) -> list[Waiting]:
    """The queue as one asked to see it: whole, one's own, or what has flags."""
    if show == "mine":
        return [line for line in lines if line.mine]
    if show == "flagged":
        return [line for line in lines if line.levels]
    return list(lines)


def place_of(appointment_id: str, lines: Sequence[Waiting]) -> tuple[int, Waiting | None]:
    """Where a consultation stands, from 1, and the next that its physician may open.

    What is decided, or filtered out, stands nowhere (0); after it comes the first.
    """
    order = [line.appointment_id for line in lines]
    place = order.index(appointment_id) + 1 if appointment_id in order else 0
    return place, next((line for line in lines[place:] if line.in_care), None)


def _forms_waiting(actor: Actor, sites: Collection[int] | None) -> Sequence[Any]:
    newest_intake = (
        select(func.max(Intake.id))
        .where(
            Intake.patient_id.in_(ids_of(Appointment.patient_id)), Intake.submitted_at.is_not(None)
        )
        .correlate(Appointment)
        .scalar_subquery()
    )
    last_note = (
        select(func.max(ScreeningNote.id))
        .where(ScreeningNote.appointment_id == Appointment.id, ScreeningNote.signed_at.is_not(None))
        .correlate(Appointment)
        .scalar_subquery()
    )
    last_question = (
        select(func.max(Question.id))
        .where(Question.appointment_id == Appointment.id)
        .correlate(Appointment)
        .scalar_subquery()
    )
    signed_reply, reply = aliased(Reply), aliased(Reply)
    mine = (
        exists()
        .where(
            Participant.appointment_id == Appointment.id,
            Participant.actor_id == Practitioner.actor_id,
            Practitioner.id == actor.practitioner_id,
        )
        .correlate(Appointment)
    )
    return db.session.execute(
        select(
            Appointment.public_id,
            Appointment.starts_at,
            Location.zone,
            Appointment.status,
            Patient.name,
            Intake.id.label("intake_id"),
            Intake.submitted_at,
            signed_reply.at.label("signed_reply_at"),
            Question.at.label("asked_at"),
            reply.at.label("replied_at"),
            mine.label("mine"),
            in_lasting_care(actor, Appointment.patient_id).label("care"),
        )
        .join(Location, Location.id == Appointment.location_id)
        .join(Service, Service.id == Appointment.service_id)
        .join(Patient, Patient.id == Appointment.patient_id)
        .join(Intake, Intake.id == newest_intake)
        .outerjoin(signed_reply, signed_reply.note_id == last_note)
        .outerjoin(Question, Question.id == last_question)
        .outerjoin(reply, reply.question_id == Question.id)
        .where(
            Service.kind == ServiceKind.CONSULTATION,
            at_own_sites(actor, Appointment.location_id),
            true() if sites is None else Appointment.location_id.in_(sorted(sites)),
            or_(Appointment.status.in_(COMING), signed_reply.id.is_not(None)),
            Patient.user_id.is_distinct_from(actor.user_id),  # nobody examines themself
        )
    ).all()


def _levels(intake_ids: Sequence[int]) -> dict[int, dict[Level, int]]:
    rows = db.session.execute(
        select(Flag.intake_id, Flag.level, func.count())
        .where(Flag.intake_id.in_(intake_ids))
        .group_by(Flag.intake_id, Flag.level)
    )
    found: dict[int, dict[Level, int]] = {}
    for intake_id, level, count in rows:
        if intake_id is not None:
            found.setdefault(intake_id, {})[level] = count
    return found


def open_emergency(actor: Actor, patient: Patient) -> EmergencyAccess | None:
    """The emergency access that opens *patient* to the physician at this moment."""
    return db.session.scalar(
        select(EmergencyAccess)
        .where(
            EmergencyAccess.patient_id.in_(ids_of(patient.id)),
            EmergencyAccess.practitioner_id == actor.practitioner_id,
            EmergencyAccess.until > clock.now(),
        )
        .order_by(EmergencyAccess.id.desc())
        .limit(1)
    )
