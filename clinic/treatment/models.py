"""Approval: dated, scoped, and only ever added to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock
from clinic.accounts.models import Patient, Practitioner
from clinic.columns import Code, UTCDateTime
from clinic.database import Model
from clinic.intake.models import Intake
from clinic.screening.models import ScreeningNote
from clinic.screening.rules import Area, Modality
from clinic.sealing import Sealable, SealedText, sealed_column


class ApprovalEventKind(StrEnum):
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Approval(Sealable, Model):
    """A physician's decision that a patient may be treated, in these areas, between these days.

    Both days are included and are dates at the site. *scope_count* is how many scope rows it was
    signed with: the database lets no further one in.
    """

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_until", name="runs_forwards"),
        CheckConstraint("scope_count >= 1", name="has_scope"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("screening_note.id"), unique=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    given_on: Mapped[date] = mapped_column(Date)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    scope_count: Mapped[int]
    toxin_ceiling_units: Mapped[int | None]
    filler_ceiling_tenths_ml: Mapped[int | None]
    conditions_sealed: Mapped[bytes | None] = sealed_column()

    patient: Mapped[Patient] = relationship()
    note: Mapped[ScreeningNote] = relationship()
    practitioner: Mapped[Practitioner] = relationship()
    scopes: Mapped[list[ApprovalScope]] = relationship(
        lazy="selectin", order_by="ApprovalScope.modality, ApprovalScope.area"
    )
    events: Mapped[list[ApprovalEvent]] = relationship(lazy="selectin", order_by="ApprovalEvent.id")

    conditions = SealedText("conditions_sealed")

    @property
    def over_since(self) -> date:
        """The first day after its last one."""
        return self.valid_until + timedelta(days=1)

    @property
    def rests_on(self) -> Intake | None:
        """The newest form that a physician has read for it: of the signature, or of the newest
        resumption. None where it was given without a form and never resumed."""
        read = [event.intake for event in self.events if event.intake is not None]
        return read[-1] if read else self.note.intake


class ApprovalScope(Model):
    """One area that an approval covers with one modality, and the product it is limited to."""

    __tablename__ = "approval_scope"

    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"), primary_key=True)
    modality: Mapped[Modality] = mapped_column(Code(Modality), primary_key=True)
    area: Mapped[Area] = mapped_column(Code(Area), primary_key=True)
    product: Mapped[str | None] = mapped_column(String(60))


class ApprovalEvent(Sealable, Model):
    """Something that happened to an approval after it was given. Rows are only added.

    One that resumes it names the form that was read, who read it and the date there: the approval
    rests on that form from then on.
    """

    __tablename__ = "approval_event"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'resumed') = (intake_id IS NOT NULL)"
            " AND (kind = 'resumed') = (practitioner_id IS NOT NULL)"
            " AND (kind = 'resumed') = (resumed_on IS NOT NULL)",
            name="resumed_on_a_form",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"), index=True)
    kind: Mapped[ApprovalEventKind] = mapped_column(Code(ApprovalEventKind))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    by: Mapped[str] = mapped_column(String(60))
    reason_sealed: Mapped[bytes | None] = sealed_column()
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    resumed_on: Mapped[date | None] = mapped_column(Date)

    intake: Mapped[Intake | None] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()

    reason = SealedText("reason_sealed")
