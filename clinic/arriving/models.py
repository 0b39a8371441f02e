"""ArrivalLink: a link mailed before a visit. Arrival: a phone that checks in for one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock
from clinic.columns import PublicId, UTCDateTime
from clinic.database import Model
from clinic.scheduling.models import Appointment


class ArrivalLink(Model):
    """With the date of birth it opens the check-in of one visit, as long as that is the *version*
    that it was sent for. *used_at* is when somebody was marked as arrived by it; it is over with
    the visit, by comparison with the clock (S41)."""

    __tablename__ = "arrival_link"
    # A visit that was moved is another version: its letter goes out once.
    __table_args__ = (UniqueConstraint("appointment_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    version: Mapped[int]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    appointment: Mapped[Appointment] = relationship()


class Arrival(PublicId, Model):
    """A browser that has shown whose it is, and the one visit that it checks in for.

    *link* is missing where it came by the code on the desk.
    """

    __tablename__ = "arrival"
    __table_args__ = (Index("ix_arrival_opened_at", "opened_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id"), unique=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    version: Mapped[int]
    link_id: Mapped[int | None] = mapped_column(ForeignKey("arrival_link.id"))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    appointment: Mapped[Appointment] = relationship()
    link: Mapped[ArrivalLink | None] = relationship()
