"""Columns that several tables have: instants, codes, public ids."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import BigInteger, ColumnElement, DateTime, String, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

E = TypeVar("E", bound=StrEnum)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant. TIMESTAMPTZ on PostgreSQL, integer microseconds since 1970 on SQLite.

    SQLite has no instants; its own text form sorts wrongly once microseconds are left out.
    Raises `ValueError` for a naive value.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no instant")
        if dialect.name == "sqlite":
            return (value - EPOCH) // MICROSECOND
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return _of_microseconds(value) if dialect.name == "sqlite" else _in_utc(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """The bare function: a page of times reads thousands, the same few again and again."""
        return _of_microseconds if dialect.name == "sqlite" else _in_utc


@lru_cache(maxsize=65_536)
def _of_microseconds(value: int | None) -> datetime | None:
    return None if value is None else EPOCH + value * MICROSECOND


def _in_utc(value: datetime | None) -> datetime | None:
    return value if value is None or value.tzinfo is UTC else value.astimezone(UTC)


class _Known(dict[str | None, StrEnum | None]):
    """Each code by its text, and None for none."""

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__((code.value, code) for code in codes)
        self[None] = None
        self.codes = codes

    def __missing__(self, text: str | None) -> StrEnum:
        raise ValueError(f"{text!r} is no {self.codes.__name__}")


class Code(TypeDecorator[E]):
    """A code of one `StrEnum`, stored as its text. Raises `ValueError` for any other text.

    PostgreSQL refuses a code over *longest*, SQLite does not: so do we, when the table is declared.
    """

    impl = String
    cache_ok = True

    def __init__(self, codes: type[E], longest: int = 20) -> None:
        if max(map(len, codes)) > longest:
            raise ValueError(f"{codes.__name__} has a code longer than {longest} characters")
        super().__init__(longest)
        self.codes = codes
        self.longest = longest
        self.known = _Known(codes)

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else self.codes(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return cast("E | None", self.known[value])

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """The bare look into the table: lists have hundreds of codes, the same few."""
        return self.known.__getitem__


def new_public_id() -> str:
    """128 random bits, the only id that leaves the server (S3)."""
    return uuid.uuid4().hex


class PublicId:
    """Mixin: a random id made in Python, so that it exists before the row does."""

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)


def as_text(code: StrEnum) -> ColumnElement[Any]:
    """A code as part of a statement's text. Where an index holds only the rows of one code, SQLite
    plans a statement that is given it as a value anew each time."""
    return literal_column(f"'{code.value}'")
