"""What stands at the doors: sessions, passkeys, codes, claims, kept forms, the throttle."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_security import WebAuthnMixin
from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock, sealing
from clinic.accounts.models.people import Patient, User
from clinic.columns import Code, PublicId, UTCDateTime
from clinic.database import Model


class EndedBecause(StrEnum):
    SIGNED_OUT = "signed-out"
    RENEWED = "renewed"  # the same sign-in goes on under a new id
    ENDED_BY_OWNER = "ended-by-owner"
    ENDED_BY_MANAGER = "ended-by-manager"
    PASSWORD = "password"  # noqa: S105  (a code) a new password or factor ends all others


class UserSession(PublicId, Model):
    """One sign-in in one browser. Its id is random and kept as a hash; a copied cookie dies with
    the row. Idle and absolute ends are comparisons with the clock at each use (S20)."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    confirmed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_because: Mapped[EndedBecause | None] = mapped_column(Code(EndedBecause))
    has_second_factor: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(String(45), default="")
    device: Mapped[str] = mapped_column(String(60), default="")

    user: Mapped[User] = relationship()

    @property
    def active(self) -> bool:
        """Whether its person may come in."""
        return self.user.active

    @property
    def is_staff(self) -> bool:
        return self.user.is_staff


class Passkey(WebAuthnMixin, PublicId, Model):
    """A passkey of somebody's; the names of its columns are the sign-in library's."""

    __tablename__ = "passkey"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(JSON)
    extensions: Mapped[str | None] = mapped_column(String(255))
    lastuse_datetime: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    usage: Mapped[str] = mapped_column(String(20))
    backup_state: Mapped[bool] = mapped_column(default=False)
    device_type: Mapped[str] = mapped_column(String(20), default="single_device")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    user: Mapped[User] = relationship(back_populates="webauthn")


class UsedChallenge(Model):
    """The challenge of a passkey ceremony that was answered: it is answered no second time."""

    __tablename__ = "used_challenge"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class KeptForm(PublicId, Model):
    """What was typed into a form whose sender had to sign in first: sealed under the key ring,
    for half an hour, for the same person alone."""

    __tablename__ = "kept_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    path: Mapped[str] = mapped_column(String(500))
    fields_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def _where(self) -> str:
        return f"kept_form.fields_sealed:{self.public_id}"

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Names and values in the order they were sent."""
        opened: list[Any] = json.loads(sealing.ring().open(self.fields_sealed, self._where))
        return [(str(name), str(value)) for name, value in opened]

    @fields.setter
    def fields(self, pairs: list[tuple[str, str]]) -> None:
        self.fields_sealed = sealing.ring().seal(json.dumps(pairs).encode(), self._where)


class ClaimLink(Model):
    """A link sent to the address on file of a patient whom the desk entered: with the date of
    birth it proves the address, once."""

    __tablename__ = "claim_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    email: Mapped[str] = mapped_column(String(254))  # the address it went to
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    patient: Mapped[Patient] = relationship()


class CodePurpose(StrEnum):
    BOOK = "book"  # prove an address while booking
    VISITS = "visits"  # open one's visits
    NEW_ADDRESS = "new-address"  # prove the address that somebody will sign in with
    CONTACT = "contact"  # prove the address that we shall write to from now on


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
