"""WaitlistEntry: a wish for an earlier or a better time. Offer: a freed time, held for one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock
from clinic.accounts.models import Patient, Practitioner
from clinic.catalogue.models import Service
from clinic.columns import Code, PublicId, UTCDateTime
from clinic.database import Model
from clinic.scheduling.models import Appointment
from clinic.waitlist.rules import EntryState, OfferState


class WaitlistEntry(PublicId, Model):
    """One patient waits once for one service.

    *weekdays* and *parts* are sets of bits: bit 0 is Monday, bit 0 is the morning. *practitioner*
    is missing for anyone. Both dates are included.
    """

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
        CheckConstraint("parts BETWEEN 1 AND 7", name="parts"),
        CheckConstraint("from_on <= until_on", name="runs_forwards"),
        Index("ix_waitlist_entry_state", "state", "service_id"),
        Index(
            "uq_waitlist_entry_waits_once",
            "patient_id",
            "service_id",
            unique=True,
            # habit: raw-sql, because the class is not there yet to name its column
            sqlite_where=text("state = 'waiting'"),
            # habit: raw-sql, because the class is not there yet to name its column
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    weekdays: Mapped[int]
    parts: Mapped[int]
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    state: Mapped[EntryState] = mapped_column(Code(EntryState), default=EntryState.WAITING)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by: Mapped[str] = mapped_column(String(60))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(60))

    patient: Mapped[Patient] = relationship()
    service: Mapped[Service] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()
    offers: Mapped[list[Offer]] = relationship(back_populates="entry", order_by="Offer.id")


class Offer(PublicId, Model):
    """A freed time, held for one entry until *until*; one at a time for each.

    *token_hash* is the link's in its mail.
    """

    __tablename__ = "offer"
    __table_args__ = (
        Index("ix_offer_state", "state", "until"),
        Index(
            "uq_offer_open_once",
            "entry_id",
            unique=True,
            # habit: raw-sql, because the class is not there yet to name its column
            sqlite_where=text("state = 'open'"),
            # habit: raw-sql, because the class is not there yet to name its column
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("waitlist_entry.id"), index=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), unique=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    state: Mapped[OfferState] = mapped_column(Code(OfferState), default=OfferState.OPEN)
    offered_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    entry: Mapped[WaitlistEntry] = relationship(back_populates="offers")
    appointment: Mapped[Appointment] = relationship()
