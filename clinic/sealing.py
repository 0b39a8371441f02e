"""Sealing: health text is stored as AES-256-GCM ciphertext under its patient's own data key.

A data key is stored wrapped by the key ring, which lives outside the database (a file with mode
0600, or the environment). The associated data of a sealed value is table, column and public id,
so a value moved to another row does not open. Rotation rewraps data keys and touches no sealed
row; erasure destroys the data key.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app
from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, reconstructor, relationship

from clinic import clock
from clinic.database import Model, PublicId, UTCDateTime, new_public_id

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyRingError(ValueError):
    """The key ring is missing, malformed or lacks a key. The text says which, never a key."""


class SealBroken(RuntimeError):
    """A sealed value did not open: wrong key, or moved or changed bytes."""

    def __init__(self, where: str) -> None:
        super().__init__(f"sealed value did not open: {where}")
        self.where = where


def _encrypt(key: bytes, plain: bytes, where: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, where.encode())


def _decrypt(key: bytes, blob: bytes, where: str) -> bytes:
    try:
        return AESGCM(key).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], where.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(where) from error


@dataclass(frozen=True)
class KeyRing:
    """Named 256-bit keys; the first wraps new data keys, all of them unwrap."""

    keys: dict[str, bytes]

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """Read lines of `name:base64`, newest first. Raises `KeyRingError`."""
        keys: dict[str, bytes] = {}
        for number, line in enumerate(text.replace(",", "\n").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            name, _, encoded = line.strip().partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except ValueError as error:
                raise KeyRingError(f"line {number} of the key ring is not base64") from error
            if len(key) != KEY_BYTES or not name:
                raise KeyRingError(f"line {number} of the key ring is not a name and 32 bytes")
            keys[name] = key
        if not keys:
            raise KeyRingError("the key ring holds no key")
        return cls(keys)

    @staticmethod
    def fresh_line(name: str) -> str:
        return f"{name}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"

    @property
    def current(self) -> str:
        return next(iter(self.keys))

    def seal(self, plain: bytes, where: str) -> bytes:
        """Seal under the ring itself: for what belongs to no patient. Keeps the key's name."""
        name = self.current.encode()
        return bytes([len(name)]) + name + _encrypt(self.keys[self.current], plain, where)

    def open(self, blob: bytes, where: str) -> bytes:
        length = blob[0] if blob else 0
        name = blob[1 : 1 + length].decode(errors="replace")
        if name not in self.keys:
            raise SealBroken(f"{where} (no key named {name} in the ring)")
        return _decrypt(self.keys[name], blob[1 + length :], where)


def ring() -> KeyRing:
    """The key ring of the running app."""
    found: KeyRing = current_app.extensions["key_ring"]
    return found


def init_app(app: Flask, text: str) -> None:
    app.extensions["key_ring"] = KeyRing.parse(text)


def in_transit(plain: bytes, what: str) -> str:
    """Text that may pass through a browser or somebody else's code without being read or changed;
    *what* it is goes into the seal."""
    return base64.urlsafe_b64encode(ring().seal(plain, f"in transit: {what}")).decode()


def from_transit(text: str, what: str) -> bytes:
    """What `in_transit` was given. Raises `SealBroken`."""
    where = f"in transit: {what}"
    try:
        blob = base64.urlsafe_b64decode(text)
    except ValueError as error:
        raise SealBroken(where) from error
    return ring().open(blob, where)


class DataKey(PublicId, Model):
    """One patient's key (or one draft's), wrapped. Destroying it makes its values unreadable."""

    __tablename__ = "data_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    wrapped_by: Mapped[str | None] = mapped_column(String(60), index=True)  # name of the ring's key
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    destroyed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @classmethod
    def fresh(cls) -> DataKey:
        key = cls(public_id=new_public_id())
        key._remember(secrets.token_bytes(KEY_BYTES))
        key.wrapped = ring().seal(key._unwrapped(), key._where)
        key.wrapped_by = ring().current
        return key

    @reconstructor
    def _remember(self, plain: bytes | None = None) -> None:
        """Keep the unwrapped key for as long as this object lives."""
        self._plain = plain

    @property
    def _where(self) -> str:
        return f"data_key.wrapped:{self.public_id}"

    def _unwrapped(self) -> bytes:
        if self._plain is None:
            if self.wrapped is None:
                raise SealBroken(f"{self._where} (destroyed)")
            self._plain = ring().open(self.wrapped, self._where)
        return self._plain

    def seal(self, plain: bytes, where: str) -> bytes:
        return _encrypt(self._unwrapped(), plain, where)

    def open(self, blob: bytes, where: str) -> bytes:
        return _decrypt(self._unwrapped(), blob, where)

    def signer(self, purpose: str) -> Callable[[bytes], bytes]:
        """HMAC-SHA256 under a key derived for *purpose*: no key both encrypts and signs."""
        derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode())
        key = derived.derive(self._unwrapped())
        return lambda message: hmac.digest(key, message, "sha256")


class Sealable(PublicId):
    """Mixin for rows with sealed columns: gives id and key before any sealed value is set."""

    data_key_id: Mapped[int] = mapped_column(ForeignKey("data_key.id"))

    @declared_attr
    def data_key(cls) -> Mapped[DataKey]:
        return relationship(DataKey, lazy="joined", innerjoin=True)

    def __init__(self, *, data_key: DataKey, **values: Any) -> None:
        self.public_id = values.pop("public_id", None) or new_public_id()
        self.data_key = data_key
        super().__init__(**values)

    def where(self, column: str) -> str:
        table = getattr(self, "__tablename__", type(self).__name__)
        return f"{table}.{column}:{self.public_id}"


class SealedText:
    """A text attribute over a bytes column: sealed when set, opened when read; None stays None."""

    def __init__(self, column: str) -> None:
        self.column = column

    @overload
    def __get__(self, row: None, owner: type) -> SealedText: ...
    @overload
    def __get__(self, row: Sealable, owner: type) -> str | None: ...
    def __get__(self, row: Sealable | None, owner: type) -> Any:
        if row is None:
            return self
        blob = getattr(row, self.column)
        return None if blob is None else row.data_key.open(blob, row.where(self.column)).decode()

    def __set__(self, row: Sealable, text: str | None) -> None:
        blob = None if text is None else row.data_key.seal(text.encode(), row.where(self.column))
        setattr(row, self.column, blob)


class SealedDocument:
    """Like `SealedText`, for a JSON document; missing reads as an empty one."""

    def __init__(self, column: str) -> None:
        self.column = column

    @overload
    def __get__(self, row: None, owner: type) -> SealedDocument: ...
    @overload
    def __get__(self, row: Sealable, owner: type) -> dict[str, Any]: ...
    def __get__(self, row: Sealable | None, owner: type) -> Any:
        if row is None:
            return self
        blob = getattr(row, self.column)
        if blob is None:
            return {}
        return json.loads(row.data_key.open(blob, row.where(self.column)))

    def __set__(self, row: Sealable, document: dict[str, Any]) -> None:
        plain = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
        setattr(row, self.column, row.data_key.seal(plain, row.where(self.column)))


def sealed_column(*, nullable: bool = True) -> Any:
    return mapped_column(LargeBinary, nullable=nullable)
