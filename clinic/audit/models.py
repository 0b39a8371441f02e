"""AuditEvent: one line for each thing that happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from clinic import clock
from clinic.audit.events import Event
from clinic.database import Code, Model, UTCDateTime


class AuditEvent(Model):
    """Append-only; triggers refuse update and delete."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_patient_id", "patient_id", "at"),)

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
