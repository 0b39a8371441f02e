"""People and browsers: User, Patient, Practitioner, Credential, Visitor."""

from __future__ import annotations

import json
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_security import RoleMixin, UserMixin
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock, sealing
from clinic.columns import Code, PublicId, UTCDateTime
from clinic.database import Base, Model
from clinic.permissions import STAFF
from clinic.sealing import DataKey

if TYPE_CHECKING:
    from clinic.accounts.models.doors import Passkey
    from clinic.accounts.models.links import PatientLink

SEED = "seed of an authenticator app"

user_roles = Table(
    "user_roles",
    Base.metadata,
    Column("user_id", Integer, ForeignKey("user.id"), primary_key=True),
    Column("role_id", Integer, ForeignKey("role.id"), primary_key=True),
)


class SiteRight(Model):
    """A site at which somebody of the staff works. Who has no row works at all of them."""

    __tablename__ = "site_right"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)


class SiteChosen(Model):
    """The site that somebody of the staff looks at, until they choose another; none: all."""

    __tablename__ = "site_chosen"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))


class ActorKind(StrEnum):
    PRACTITIONER = "practitioner"
    ROOM = "room"
    DEVICE = "device"
    PATIENT = "patient"


class ActorRow(Model):
    """Whatever a visit can take up; the overlap rule and the locks are about these rows."""

    __tablename__ = "actor"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ActorKind] = mapped_column(Code(ActorKind))


class RoleRow(RoleMixin, Model):
    """A role's name, as the sign-in library wants it; what it grants is in `permissions`."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)


class User(PublicId, UserMixin, Model):
    """A sign-in. The person behind it is the practitioner or patient that points here.

    The seed of an authenticator app and the recovery codes are sealed under the key ring; what
    the sign-in library calls them are properties, so that no column ever holds one readable.
    """

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        String(64), unique=True, index=True
    )
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_last_counter: Mapped[int | None] = mapped_column(BigInteger)
    recovery_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    roles: Mapped[list[RoleRow]] = relationship(secondary=user_roles)  # type: ignore[assignment]
    site_rights: Mapped[list[SiteRight]] = relationship(
        cascade="all, delete-orphan", order_by="SiteRight.location_id"
    )
    practitioner: Mapped[Practitioner | None] = relationship(back_populates="user")
    patient: Mapped[Patient | None] = relationship(back_populates="user")
    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]
        back_populates="user", cascade="all, delete-orphan", order_by="Passkey.id"
    )

    @property
    def is_staff(self) -> bool:
        return any(role.name in STAFF for role in self.roles)

    @property
    def sites(self) -> frozenset[int] | None:
        """The row numbers of the sites that they work at; None for all."""
        return frozenset(right.location_id for right in self.site_rights) or None

    # What the sign-in library reads and writes of a second step. It carries the seed through the
    # browser while an app is set up, so there it travels sealed too: see `sealing.in_transit`.
    @property
    def tf_totp_secret(self) -> str | None:
        if self.totp_sealed is None:
            return None
        seed = sealing.ring().open(self.totp_sealed, self._where("totp_sealed"))
        return sealing.in_transit(seed, SEED)

    @tf_totp_secret.setter
    def tf_totp_secret(self, sealed: str | None) -> None:
        self.totp_sealed = None
        if sealed is not None:
            seed = sealing.from_transit(sealed, SEED)
            self.totp_sealed = sealing.ring().seal(seed, self._where("totp_sealed"))

    @property
    def tf_primary_method(self) -> str | None:
        return None if self.totp_sealed is None else "authenticator"

    @tf_primary_method.setter
    def tf_primary_method(self, method: str | None) -> None:
        """Said by the seed: there is no other method."""

    @property
    def mf_recovery_codes(self) -> list[str]:
        if self.recovery_sealed is None:
            return []
        opened = sealing.ring().open(self.recovery_sealed, self._where("recovery_sealed"))
        return list(json.loads(opened))

    @mf_recovery_codes.setter
    def mf_recovery_codes(self, codes: list[str] | None) -> None:
        plain = json.dumps(codes or []).encode()
        self.recovery_sealed = sealing.ring().seal(plain, self._where("recovery_sealed"))

    def _where(self, column: str) -> str:
        return f"user.{column}:{self.public_id}"

    @property
    def has_second_step(self) -> bool:
        return self.totp_sealed is not None or bool(self.webauthn)

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Staff show a second step at every sign-in, patients when they have set one up (S11)."""
        return self.is_staff or bool(tf_setup_methods), tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        """Whether an app must stay: staff without a passkey have no other second step."""
        return self.is_staff and not self.webauthn


class Practitioner(PublicId, Model):
    """A physician who consults and injects."""

    __tablename__ = "practitioner"

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(String(1000), default="")
    colour: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)

    actor: Mapped[ActorRow] = relationship()
    user: Mapped[User | None] = relationship(back_populates="practitioner")
    credentials: Mapped[list[Credential]] = relationship(back_populates="practitioner")


class CredentialKind(StrEnum):
    LICENCE = "licence"  # without it: no consultation, no signature
    TOXIN = "toxin"
    FILLER = "filler"


class Credential(Model):
    """What a practitioner may do, from when, until when; both dates included."""

    __tablename__ = "credential"
    __table_args__ = (CheckConstraint("valid_from <= valid_until", name="runs_forwards"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    kind: Mapped[CredentialKind] = mapped_column(Code(CredentialKind))
    reference: Mapped[str] = mapped_column(String(80), default="")
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)

    practitioner: Mapped[Practitioner] = relationship(back_populates="credentials")


class Patient(PublicId, Model):
    """A person with a record. Names, contact data and birth date stay readable: the desk searches
    them; everything about health is sealed under *data_key*."""

    __tablename__ = "patient"

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), unique=True)
    data_key_id: Mapped[int] = mapped_column(ForeignKey("data_key.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    born_on: Mapped[date] = mapped_column(Date)
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    email_proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    phone: Mapped[str | None] = mapped_column(String(40))
    phone_key: Mapped[str | None] = mapped_column(String(40), index=True)
    possible_duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    actor: Mapped[ActorRow] = relationship()
    user: Mapped[User | None] = relationship(back_populates="patient")
    data_key: Mapped[DataKey] = relationship()
    possible_duplicate_of: Mapped[Patient | None] = relationship(remote_side=[id])
    stands_for: Mapped[list[PatientLink]] = relationship(  # in force
        primaryjoin="and_(PatientLink.kept_id == Patient.id, PatientLink.undone_at.is_(None))",
        viewonly=True,
    )


class Visitor(Model):
    """A browser, known by a token in its cookie: it owns a draft intake, a hold, a proved address.

    Not an account: *patient* is who it proved to be by date of birth and e-mailed code.
    """

    __tablename__ = "visitor"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The desk's tablet in a patient's hands, or, handed over by nobody, their own phone at the
    # check-in: it answers this patient's form and opens nothing else.
    tablet_patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    tablet_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # who handed it over

    patient: Mapped[Patient | None] = relationship(foreign_keys=[patient_id])
    tablet_patient: Mapped[Patient | None] = relationship(foreign_keys=[tablet_patient_id])
    tablet_user: Mapped[User | None] = relationship(foreign_keys=[tablet_user_id])
