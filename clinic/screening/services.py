"""Writing what physicians find: reviews taken, notes drafted, addenda, replies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from clinic import clock
from clinic.accounts import queries as people
from clinic.accounts import same_person
from clinic.accounts.models import Patient
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue import queries as catalogue
from clinic.database import db, lock_row, transaction
from clinic.intake.models import Intake
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment
from clinic.screening import queries, rules
from clinic.screening.models import (
    Addendum,
    Decision,
    EmergencyAccess,
    Flag,
    Reply,
    Review,
    ScreeningNote,
)
from clinic.sealing import DataKey

EMERGENCY_LASTS = timedelta(minutes=60)


class NotLicensed(RuntimeError):
    """No licence of the physician is on file for today."""


class Replaced(RuntimeError):
    """The record leads to another one of the same person: a new decision is made there."""


class OwnRecord(RuntimeError):
    """Nobody opens their own record as a physician."""


class SomebodyElseSaved(RuntimeError):
    """The note was saved or signed by somebody else since the page was opened."""


class AlreadyAnswered(RuntimeError):
    """The question has an answer."""


def take_review(patient: Patient, *, actor: Actor) -> None:
    """The physician takes the patient's form to review; care begins."""
    with transaction():
        taken = db.session.scalar(
            select(Review).where(
                Review.patient_id == patient.id, Review.practitioner_id == actor.practitioner_id
            )
        )
        if taken is None:
            taken = Review(patient_id=patient.id, practitioner_id=actor.practitioner_id)
            db.session.add(taken)
        taken.taken_at = clock.now()
        audit.record(Event.REVIEW_TAKEN, actor=actor, patient_id=patient.id, subject=patient)


def store_flags(
    flags: tuple[rules.Flag, ...],
    data_key: DataKey,
    *,
    intake: Intake | None = None,
    note: ScreeningNote | None = None,
    overruled: dict[str, str] | None = None,
) -> None:
    """Keep each flag with the text and version it was made with, for a form or a note.

    *overruled* gives the physician's written reason by `flag_key`.
    """
    with transaction():
        for flag in flags:
            db.session.add(
                Flag(
                    data_key=data_key,
                    intake_id=intake.id if intake else None,
                    note_id=note.id if note else None,
                    level=flag.level,
                    rule_version=flag.rule_version,
                    body=flag_body(flag),
                    overruled_because=(overruled or {}).get(flag_key(flag)),
                )
            )
        db.session.flush()


def flag_body(flag: rules.Flag) -> dict[str, Any]:
    return {
        "topic": flag.topic,
        "modality": flag.scope.modality,
        "areas": list(flag.scope.areas) if flag.scope.areas is not None else None,
        "product": flag.scope.product,
        "raised_by": flag.raised_by,
        "reason": flag.reason,
        "source": flag.source,
    }


def flag_key(flag: rules.Flag) -> str:
    """What a flag is, whatever its text: names its field on the physician's page."""
    product = flag.scope.product or "any"
    return f"{flag.topic}.{flag.level}.{flag.scope.modality}.{product}"


def save_draft(
    appointment: Appointment,
    patient: Patient,
    intake: Intake | None,
    version: int,
    *,
    text: str,
    findings: dict[str, Any],
    decided: dict[str, Any],
    actor: Actor,
) -> ScreeningNote:
    """Store what the physician typed. *version* is the one the page was opened with; 0 is none.

    Raises `SomebodyElseSaved` when it is not the newest any more, and `Replaced`.
    """
    with transaction():
        note = _current(appointment, patient, intake, version, actor)
        note.text = text
        note.findings = findings
        note.decided = decided
        note.intake_id = intake.id if intake else None
        note.practitioner_id = actor.practitioner_id or 0
        note.changed_at = clock.now()
        db.session.flush()
        audit.record(
            Event.NOTE_SAVED,
            actor=actor,
            patient_id=patient.id,
            subject=note,
            version=note.version,
        )
    return note


def save_if_changed(
    appointment: Appointment,
    patient: Patient,
    intake: Intake | None,
    version: int,
    *,
    text: str,
    findings: dict[str, Any],
    decided: dict[str, Any],
    actor: Actor,
) -> ScreeningNote:
    """Store what the physician typed, unless just that is stored as *version* already."""
    draft = queries.draft_note(appointment)
    if draft is not None and draft.version == version:
        stored = (draft.text or "", draft.findings, draft.decided)
        if stored == (text, findings, decided):
            return draft
    typed: dict[str, Any] = {"text": text, "findings": findings, "decided": decided}
    return save_draft(appointment, patient, intake, version, **typed, actor=actor)


def _current(
    appointment: Appointment, patient: Patient, intake: Intake | None, version: int, actor: Actor
) -> ScreeningNote:
    """The draft to write on, its version counted up; a new one when there is none yet."""
    lock_row(appointment)
    if same_person.kept_id(patient.id) != patient.id:
        raise Replaced
    if version != queries.note_version(appointment):
        raise SomebodyElseSaved
    draft = queries.draft_note(appointment)
    if draft is None:
        draft = ScreeningNote(
            data_key=patient.data_key,
            appointment_id=appointment.id,
            patient_id=patient.id,
            practitioner_id=actor.practitioner_id,
            intake_id=intake.id if intake else None,
        )
        db.session.add(draft)
    draft.version = version + 1
    return draft


def sign(
    note: ScreeningNote,
    decision: Decision,
    droop: dict[str, Any],
    today: date,
    *,
    by_live_video: bool = False,
    actor: Actor,
) -> None:
    """Close a draft for good. *today* is the date at the site, *by_live_video* how it was seen."""
    with transaction():
        note.decision = decision
        note.droop = droop
        note.by_live_video = by_live_video
        note.rule_version = rules.RULE_VERSION
        note.signed_at = clock.now()
        note.signed_on = today
        db.session.flush()
        audit.record(
            Event.NOTE_SIGNED,
            actor=actor,
            patient_id=note.patient_id,
            subject=note,
            decision=decision,
            appointment=note.appointment_id,
        )


def add_addendum(note: ScreeningNote, text: str, *, actor: Actor) -> Addendum:
    """Add text to a signed note; the note itself never changes."""
    with transaction():
        addendum = Addendum(
            data_key=note.data_key,
            note_id=note.id,
            practitioner_id=actor.practitioner_id,
            text=text,
        )
        db.session.add(addendum)
        db.session.flush()
        audit.record(Event.NOTE_ADDENDUM, actor=actor, patient_id=note.patient_id, subject=addendum)
    return addendum


def reply(note: ScreeningNote, text: str, *, actor: Actor) -> Reply:
    """The patient answers the question of a note. Raises `AlreadyAnswered`."""
    with transaction():
        lock_row(note)
        if note.reply is not None:
            raise AlreadyAnswered
        answer = Reply(data_key=note.data_key, note_id=note.id, text=text)
        db.session.add(answer)
        db.session.flush()
        audit.record(Event.REPLY_GIVEN, actor=actor, patient_id=note.patient_id, subject=answer)
    return answer


def open_in_emergency(patient: Patient, reason: str, *, actor: Actor) -> EmergencyAccess:
    """Open the record to a physician without a care relation, for an hour (S7).

    Raises `NotLicensed` and `OwnRecord`. Whoever has it open already gets the hour that runs:
    one reason must not stand for the next.
    """
    if patient.user_id is not None and patient.user_id == actor.user_id:
        raise OwnRecord
    with transaction():
        opened = queries.open_emergency(actor, patient)
        if opened is not None:
            return opened
        now = clock.now()
        if not people.is_licensed(actor.practitioner_id, clock.today(catalogue.site().zone)):
            raise NotLicensed
        access = EmergencyAccess(
            data_key=patient.data_key,
            practitioner_id=actor.practitioner_id,
            patient_id=patient.id,
            opened_at=now,
            until=now + EMERGENCY_LASTS,
            reason=reason,
        )
        db.session.add(access)
        db.session.flush()
        audit.record(
            Event.EMERGENCY_OPENED,
            actor=actor,
            patient_id=patient.id,
            subject=access,
            until=access.until.isoformat(),
        )
    return access


def close_emergency(access: EmergencyAccess, *, actor: Actor) -> None:
    """End it before its hour is over; what has ended stays as it ended."""
    with transaction():
        lock_row(access)
        now = clock.now()
        if access.until <= now:
            return
        access.until = now
        audit.record(
            Event.EMERGENCY_CLOSED, actor=actor, patient_id=access.patient_id, subject=access
        )
