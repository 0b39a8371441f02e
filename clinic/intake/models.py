"""Intake: one filled questionnaire, draft or sent. IntakeConfirmation: it still holds."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock
from clinic.accounts.models import Patient, Visitor
from clinic.columns import PublicId, UTCDateTime
from clinic.database import Model
from clinic.sealing import Sealable, SealedDocument, sealed_column


class Intake(Sealable, Model):
    """What a patient answered, to which version of the questions.

    A draft has no *submitted_at*, and perhaps nobody known behind it: then it is its visitor's and
    sealed under a key of its own, which becomes the patient's or is kept beside it.
    """

    __tablename__ = "intake"

    id: Mapped[int] = mapped_column(primary_key=True)
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitor.id"), index=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"), unique=True)
    questionnaire_version: Mapped[str] = mapped_column(String(12))
    born_on: Mapped[date | None] = mapped_column(Date)
    resume_email: Mapped[str | None] = mapped_column(String(254))
    resume_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    document_sealed: Mapped[bytes | None] = sealed_column()

    visitor: Mapped[Visitor | None] = relationship()
    patient: Mapped[Patient | None] = relationship()

    # {"answers": {key: {...}}, "concerns": [...], "words": {...}}; see intake.answers
    document = SealedDocument("document_sealed")


class IntakeConfirmation(PublicId, Model):
    """Before a visit its patient said that nothing has changed since a form. Never changes.

    Said on an earlier day it is asked for once more on the day of the visit.
    """

    __tablename__ = "intake_confirmation"
    __table_args__ = (Index("ix_intake_confirmation_appointment_id", "appointment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    by: Mapped[str] = mapped_column(String(60))
