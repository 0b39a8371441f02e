"""What stands at the doors: e-mailed codes and the throttle."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic.database import Code, Model, PublicId, UTCDateTime


class CodePurpose(StrEnum):
    BOOK = "book"  # prove an address while booking
    VISITS = "visits"  # open one's visits


class EmailCode(PublicId, Model):
    """Six digits sent to an address; kept only as a keyed hash, good once, for 15 minutes."""

    __tablename__ = "email_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id"), index=True)
    purpose: Mapped[CodePurpose] = mapped_column(Code(CodePurpose))
    email: Mapped[str] = mapped_column(String(254))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Throttle(Model):
    """Failures counted for one key (an account, a network address), shared by all processes."""

    __tablename__ = "throttle"
    __table_args__ = (UniqueConstraint("kind", "key_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    failures: Mapped[int] = mapped_column(default=0)
    window_started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
