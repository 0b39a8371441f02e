"""AuditEvent: one line for each thing that happened; AuditSeal: what makes a changed line show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock
from clinic.audit.events import Event
from clinic.columns import Code, UTCDateTime
from clinic.database import Model
from clinic.sealing import DataKey


class AuditEvent(Model):
    """Append-only; triggers refuse update and delete."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_patient_id", "patient_id", "at"),
        Index("ix_audit_event_at", "at"),
        # How visits moved through the day, which the numbers count: one row of dozens.
        Index(
            "ix_audit_event_visits_moved",
            "at",
            # habit: raw-sql, because the class is not there yet to name its column
            sqlite_where=text("event = 'appointment:status'"),
            # habit: raw-sql, because the class is not there yet to name its column
            postgresql_where=text("event = 'appointment:status'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    event: Mapped[Event] = mapped_column(Code(Event, longest=40))
    actor: Mapped[str] = mapped_column(String(60))
    roles: Mapped[str] = mapped_column(String(80))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    subject: Mapped[str | None] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    result: Mapped[str] = mapped_column(String(20), default="done")
    address: Mapped[str | None] = mapped_column(String(45))
    request_id: Mapped[str | None] = mapped_column(String(32))


class AuditChain(Model):
    """The key of the chain of seals, wrapped by the key ring, which is outside the database.

    There is one row, *id* 1. Whoever holds only the database can neither make nor mend a seal.
    """

    __tablename__ = "audit_chain"

    id: Mapped[int] = mapped_column(primary_key=True)
    data_key_id: Mapped[int] = mapped_column(ForeignKey("data_key.id"))

    data_key: Mapped[DataKey] = relationship()


class AuditSeal(Model):
    """The seal of one audit row: a keyed hash over the seal before it and the row's content.

    Made by the worker, in the order of *id*; append-only like the rows that it seals.
    """

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), unique=True)
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
