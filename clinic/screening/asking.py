"""Questions before the consultation: asked by a physician, answered by the patient, once each.

A question is a message: it signs nothing and closes nothing. It needs no answer any more once the
consultation is over, for then it is decided.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from clinic.accounts.same_person import ids_of
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, lock_row, transaction
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import COMING
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening import queries
from clinic.screening.models import Question, Reply, ScreeningNote
from clinic.screening.services import AlreadyAnswered

# While the patient is in the room one asks them there.
BEFORE = frozenset({S.BOOKED, S.ARRIVED})


class TooLate(RuntimeError):
    """The patient is in the room, or the consultation is over."""


class NotNeeded(RuntimeError):
    """The consultation is over: it was decided, cancelled or missed."""


def may_ask(consultation: Appointment) -> bool:
    return consultation.status in BEFORE


def is_open(question: Question) -> bool:
    """Whether somebody still waits for its answer."""
    return question.reply is None and question.appointment.status in COMING


def store(consultation: Appointment, text: str, *, actor: Actor) -> Question:
    """Put a question to the patient of a consultation. Raises `TooLate`."""
    patient = consultation.patient
    assert patient is not None
    with transaction():
        lock_row(consultation)
        if not may_ask(consultation):
            raise TooLate
        question = Question(
            data_key=patient.data_key,
            appointment_id=consultation.id,
            practitioner_id=actor.practitioner_id,
            text=text,
        )
        db.session.add(question)
        db.session.flush()
        audit.record(Event.QUESTION_SENT, actor=actor, patient_id=patient.id, subject=question)
    return question


def answer(question: Question, text: str, *, actor: Actor) -> Reply:
    """The patient answers a question. Raises `AlreadyAnswered` and `NotNeeded`."""
    consultation = question.appointment
    with transaction():
        lock_row(consultation)
        lock_row(question)
        if question.reply is not None:
            raise AlreadyAnswered
        if not is_open(question):
            raise NotNeeded
        found = Reply(data_key=question.data_key, question_id=question.id, text=text)
        db.session.add(found)
        db.session.flush()
        audit.record(
            Event.REPLY_GIVEN, actor=actor, patient_id=consultation.patient_id, subject=found
        )
    return found


def of_patient(patient_id: int) -> Sequence[Question]:
    """Every question put to a patient before a consultation, oldest first, with its answer."""
    return db.session.scalars(
        select(Question)
        .join(Appointment, Appointment.id == Question.appointment_id)
        .options(
            joinedload(Question.practitioner),
            joinedload(Question.reply),
            joinedload(Question.appointment),
        )
        .where(Appointment.patient_id.in_(ids_of(patient_id)))
        .order_by(Question.id)
    ).all()


def own_question(actor: Actor, public_id: str) -> Question | ScreeningNote | None:
    """A question to the patient who asks, before the visit or signed, answered or not."""
    if not actor.opens_own_record:
        return None
    question = db.session.scalar(
        select(Question)
        .join(Appointment, Appointment.id == Question.appointment_id)
        .options(
            joinedload(Question.practitioner),
            joinedload(Question.reply),
            joinedload(Question.appointment),
        )
        .where(
            Question.public_id == public_id,
            Appointment.patient_id.in_(ids_of(actor.patient_id)),
        )
    )
    return question or queries.own_question(actor, public_id)
