"""Message: one mail to one address, because of one thing."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic import clock, sealing
from clinic.columns import Code, PublicId, UTCDateTime
from clinic.database import Model


class MessageKind(StrEnum):
    CODE = "code"
    RESUME = "resume"
    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    QUESTION = "question"
    DECIDED = "decided"
    PAUSED = "paused"
    RESUMED = "resumed"
    FORM_CHANGED = "form-changed"
    READ_TODAY = "read-today"
    RESET = "reset"
    PASSWORD_SET = "password-set"  # noqa: S105  (a code)
    EMAIL_CHANGED = "email-changed"
    FACTOR_CHANGED = "factor-changed"
    LOCKED = "locked"
    CLAIM = "claim"
    OFFER = "offer"
    CHECK_IN = "check-in"
    ACCOUNT_CLOSED = "account-closed"
    ACCOUNT_OPENED = "account-opened"


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    DROPPED = "dropped"


class Message(PublicId, Model):
    """*params* (a code, a link's token) is sealed under the key ring, not a patient's key."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("appointment_id", "kind", "version"),
        Index("ix_message_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MessageKind] = mapped_column(Code(MessageKind))
    to: Mapped[str] = mapped_column(String(254))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"))
    version: Mapped[int] = mapped_column(default=0)
    params_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[MessageState] = mapped_column(Code(MessageState), default=MessageState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str | None] = mapped_column(String(200))

    @property
    def params(self) -> dict[str, Any]:
        where = _where(self.public_id)
        opened: dict[str, Any] = json.loads(sealing.ring().open(self.params_sealed, where))
        return opened


def sealed_params(public_id: str, params: dict[str, Any]) -> bytes:
    """The *params* of the message that has this public id, for its row alone."""
    return sealing.ring().seal(json.dumps(params).encode(), _where(public_id))


def _where(public_id: str) -> str:
    return f"message.params:{public_id}"
