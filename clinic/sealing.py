"""Sealing: health text is stored as AES-256-GCM ciphertext under its patient's own data key.

A data key is stored wrapped by the key ring (`key_ring.py`). The associated data of a sealed value
is table, column and public id, so a value moved to another row does not open. Rotation rewraps
data keys and touches no sealed row; erasure destroys the data key.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, overload

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app
from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, reconstructor, relationship

from clinic import clock
from clinic.columns import PublicId, UTCDateTime, new_public_id
from clinic.database import Model
from clinic.key_ring import (
    KEY_BYTES,
    KeyFile,
    KeyRing,
    KeyRingError,
    SealBroken,
    decrypt,
    encrypt,
)

__all__ = [
    "DataKey",
    "KeyRing",
    "KeyRingError",
    "SealBroken",
    "Sealable",
    "SealedBytes",
    "SealedDocument",
    "SealedText",
]


def ring() -> KeyRing:
    """The key ring of the running app as it is now. Ask once for what must fit together."""
    found: KeyRing = current_app.extensions["key_ring"].now()
    return found


def init_app(app: Flask, text: str, file: Path | None) -> None:
    """Use the ring of *file*, whenever it changes; without one the ring that *text* writes down."""
    app.extensions["key_ring"] = KeyFile(file) if file else KeyRing.parse(text)


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
        now = ring()
        key.wrapped = now.seal(key._unwrapped(), key._where)
        key.wrapped_by = now.current
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
        return encrypt(self._unwrapped(), plain, where)

    def open(self, blob: bytes, where: str) -> bytes:
        return decrypt(self._unwrapped(), blob, where)

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


class SealedBytes:
    """Like `SealedText`, for what is no text."""

    def __init__(self, column: str) -> None:
        self.column = column

    @overload
    def __get__(self, row: None, owner: type) -> SealedBytes: ...
    @overload
    def __get__(self, row: Sealable, owner: type) -> bytes | None: ...
    def __get__(self, row: Sealable | None, owner: type) -> Any:
        if row is None:
            return self
        blob = getattr(row, self.column)
        return None if blob is None else row.data_key.open(blob, row.where(self.column))

    def __set__(self, row: Sealable, plain: bytes | None) -> None:
        blob = None if plain is None else row.data_key.seal(plain, row.where(self.column))
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
