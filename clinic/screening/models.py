"""What the physician finds, asks and decides: Flag, ScreeningNote, Addendum, Question, Reply."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock
from clinic.accounts.models import Patient, Practitioner
from clinic.columns import Code, PublicId, UTCDateTime
from clinic.database import Model
from clinic.intake.models import Intake
from clinic.screening.rules import Level
from clinic.sealing import Sealable, SealedDocument, SealedText, sealed_column

if TYPE_CHECKING:
    from clinic.scheduling.models import Appointment


class Decision(StrEnum):
    APPROVE = "approve"
    ASK = "ask"
    DEFER = "defer"
    DECLINE = "decline"
    REFER = "refer"


class EarlierApproval(StrEnum):
    """What becomes of an approval in force by a decision against a treatment."""

    ENDS = "ends"
    GOES_ON = "goes-on"


class Flag(Sealable, Model):
    """One thing to discuss, with the text and rule version it was made with. Never changes."""

    __tablename__ = "flag"
    __table_args__ = (
        CheckConstraint("(intake_id IS NULL) <> (note_id IS NULL)", name="one_cause"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"), index=True)
    note_id: Mapped[int | None] = mapped_column(ForeignKey("screening_note.id"), index=True)
    level: Mapped[Level] = mapped_column(Code(Level))
    rule_version: Mapped[str] = mapped_column(String(12))
    body_sealed: Mapped[bytes] = sealed_column(nullable=False)
    overruled_because_sealed: Mapped[bytes | None] = sealed_column()

    # {"topic", "modality", "areas", "product", "raised_by", "reason", "source"}
    body = SealedDocument("body_sealed")
    overruled_because = SealedText("overruled_because_sealed")


class ScreeningNote(Sealable, Model):
    """One examination and its decision. A draft until signed; signed it never changes.

    *version* counts the saves of a consultation's notes, so that two physicians cannot overwrite
    or overlook each other.
    """

    __tablename__ = "screening_note"
    __table_args__ = (
        CheckConstraint(
            "signed_at IS NULL OR (decision IS NOT NULL AND signed_on IS NOT NULL)",
            name="signed_decides",
        ),
        Index(
            "uq_screening_note_one_draft",
            "appointment_id",
            unique=True,
            # habit: raw-sql, because the class is not there yet to name its column
            sqlite_where=text("signed_at IS NULL"),
            # habit: raw-sql, because the class is not there yet to name its column
            postgresql_where=text("signed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), index=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"))
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_on: Mapped[date | None] = mapped_column(Date)
    decision: Mapped[Decision | None] = mapped_column(Code(Decision))
    rule_version: Mapped[str | None] = mapped_column(String(12))
    # Whether the patient was examined by live video, not in person; told when it is signed.
    by_live_video: Mapped[bool] = mapped_column(default=False, server_default=false())
    text_sealed: Mapped[bytes | None] = sealed_column()
    findings_sealed: Mapped[bytes | None] = sealed_column()
    decided_sealed: Mapped[bytes | None] = sealed_column()
    droop_sealed: Mapped[bytes | None] = sealed_column()

    appointment: Mapped[Appointment] = relationship()
    patient: Mapped[Patient] = relationship()
    practitioner: Mapped[Practitioner] = relationship()
    intake: Mapped[Intake | None] = relationship()
    flags: Mapped[list[Flag]] = relationship(order_by="Flag.id")
    addenda: Mapped[list[Addendum]] = relationship(order_by="Addendum.at")
    reply: Mapped[Reply | None] = relationship(back_populates="note")

    text = SealedText("text_sealed")
    # As typed while a draft: codes and numbers of section d.1, grades by area.
    findings = SealedDocument("findings_sealed")
    # The decision's form: overrules, modalities, areas, ceilings, mitigations, reasons.
    decided = SealedDocument("decided_sealed")
    # At signing: {"rating", "fired": [...], "overruled_to", "overruled_because",
    # "mrd1_difference", "lower_lid": {"signs", "missing"}}; notes of before 2026.3 lack the last.
    droop = SealedDocument("droop_sealed")

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None


class Addendum(Sealable, Model):
    """Text added to a signed note, with its own author and time. Never changes."""

    __tablename__ = "addendum"

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("screening_note.id"), index=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    text_sealed: Mapped[bytes] = sealed_column(nullable=False)

    practitioner: Mapped[Practitioner] = relationship()
    text = SealedText("text_sealed")


class Question(Sealable, Model):
    """What a physician asks before the consultation: a message that signs nothing. Never changes.

    It is open until it is answered or the consultation is over, whichever comes first.
    """

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), index=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    text_sealed: Mapped[bytes] = sealed_column(nullable=False)

    appointment: Mapped[Appointment] = relationship()
    practitioner: Mapped[Practitioner] = relationship()
    reply: Mapped[Reply | None] = relationship(back_populates="question")
    text = SealedText("text_sealed")


class Reply(Sealable, Model):
    """The patient's answer to a question, asked before the visit or signed. Never changes."""

    __tablename__ = "reply"
    __table_args__ = (
        CheckConstraint("(note_id IS NULL) <> (question_id IS NULL)", name="one_question"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int | None] = mapped_column(ForeignKey("screening_note.id"), unique=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    text_sealed: Mapped[bytes] = sealed_column(nullable=False)

    note: Mapped[ScreeningNote | None] = relationship(back_populates="reply")
    question: Mapped[Question | None] = relationship(back_populates="reply")
    text = SealedText("text_sealed")


class Review(Model):
    """A physician took a patient's intake to review; care begins (S7)."""

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("patient_id", "practitioner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class SafetyAlert(PublicId, Model):
    """A form says that its patient feels unsafe (g7): a physician reads it today.

    *seen_by* is who has taken it on. The row says nothing of the answer but that it was given.
    """

    __tablename__ = "safety_alert"
    __table_args__ = (
        CheckConstraint("(seen_at IS NULL) = (seen_by_id IS NULL)", name="seen_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), unique=True)
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))

    patient: Mapped[Patient] = relationship()
    intake: Mapped[Intake] = relationship()
    seen_by: Mapped[Practitioner | None] = relationship()


class EmergencyAccess(Sealable, Model):
    """A physician opened a record without a care relation, with a reason, for an hour (S7).

    The reason is written for the manager and the patient, who both read it.
    """

    __tablename__ = "emergency_access"

    id: Mapped[int] = mapped_column(primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    reason_sealed: Mapped[bytes] = sealed_column(nullable=False)

    patient: Mapped[Patient] = relationship()
    practitioner: Mapped[Practitioner] = relationship()

    reason = SealedText("reason_sealed")
