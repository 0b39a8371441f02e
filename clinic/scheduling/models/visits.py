"""Appointment and Participant: a promise, and who and what it takes up; DiaryStamp."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock
from clinic.accounts.models import Patient, Visitor
from clinic.catalogue.models import Location, Service
from clinic.clock import Period
from clinic.columns import Code, PublicId, UTCDateTime
from clinic.database import Model
from clinic.scheduling.rules import AppointmentStatus
from clinic.treatment.models import Approval


class Appointment(PublicId, Model):
    """A promise for one period; who and what it takes are its participants.

    *starts_on* is the date at the site. *version* counts changes of time or state; it is the
    calendar file's SEQUENCE and what a stale page is compared with. *held_from* is the address
    that a hold came from, for as long as it is one, *held_under* the stamp of the roster that
    offered it. *override_reason* is why the desk put it where no time was on offer, *overrode* the
    codes of what stood against it, parted by commas.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="runs_forwards"),
        CheckConstraint(
            "patient_id IS NOT NULL OR status IN ('proposed', 'cancelled')", name="has_patient"
        ),
        CheckConstraint("status <> 'proposed' OR hold_until IS NOT NULL", name="hold_has_end"),
        Index("ix_appointment_starts_on", "starts_on", "status"),
        Index("ix_appointment_patient_id", "patient_id", "starts_at"),
        Index("ix_appointment_held_by_id", "held_by_id", "status"),
        Index(
            "ix_appointment_held_from",
            "held_from",
            # Of an address: for any other question about holds it would be read from end to end.
            # habit: raw-sql, because the class is not there yet to name its column
            sqlite_where=text("status = 'proposed' AND held_from IS NOT NULL"),
            # habit: raw-sql, because the class is not there yet to name its column
            postgresql_where=text("status = 'proposed' AND held_from IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    # An approval rests on a note, and a note on an appointment: this link is added last.
    approval_id: Mapped[int | None] = mapped_column(
        ForeignKey("approval.id", use_alter=True, name="fk_appointment_approval_id_approval")
    )
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    starts_on: Mapped[date] = mapped_column(Date)
    status: Mapped[AppointmentStatus] = mapped_column(Code(AppointmentStatus))
    version: Mapped[int] = mapped_column(default=0)
    hold_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("visitor.id"))
    booked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    status_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    status_by: Mapped[str] = mapped_column(String(60))
    cancel_reason: Mapped[str | None] = mapped_column(String(30))
    held_from: Mapped[str | None] = mapped_column(String(45))
    held_under: Mapped[str | None] = mapped_column(String(40))
    override_reason: Mapped[str | None] = mapped_column(String(300))
    overrode: Mapped[str | None] = mapped_column(String(80))

    service: Mapped[Service] = relationship(lazy="joined")
    location: Mapped[Location] = relationship(lazy="joined")
    patient: Mapped[Patient | None] = relationship()
    approval: Mapped[Approval | None] = relationship()
    held_by: Mapped[Visitor | None] = relationship()
    participants: Mapped[list[Participant]] = relationship(back_populates="appointment")

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)


class Participant(Model):
    """An actor that a visit takes up, for how long; *active* follows the visit's state.

    A visit takes its participants along when it moves (by trigger), so that none is ever without
    them: *next_actor_id*, *next_starts_at* and *next_ends_at* say who and when it is to be then,
    where the same actor shifted by as much is not what is wanted.
    """

    __tablename__ = "participant"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="runs_forwards"),
        Index("ix_participant_actor_id_starts_at", "actor_id", "starts_at"),
        Index("ix_participant_appointment_id", "appointment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    active: Mapped[bool] = mapped_column(default=True)
    next_actor_id: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    next_starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    appointment: Mapped[Appointment] = relationship(back_populates="participants")


class DiaryStamp(Model):
    """A practitioner's, room's or device's *stamp*: another after every change of what takes it
    up, by trigger.

    The visits that a process keeps of it are good as long as the stamp is the one they were read
    under.
    """

    __tablename__ = "diary_stamp"

    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), primary_key=True)
    stamp: Mapped[str] = mapped_column(String(40))
