"""One press, one effect (S77): the first outcome of a form is kept and given again.

A form that books, cancels or signs carries a random key in a hidden field. `once` stores key,
input and outcome in the transaction of the change itself, so either both are there or neither.
Same key and input: the first outcome. Same key, other input: `KeyReused` (422). While the first
still runs the second waits its turn and then gets the first outcome: what a double click shows is
what its first press did. On PostgreSQL it waits a second, then it is told: `StillRunning` (409).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from clinic import clock
from clinic.columns import UTCDateTime
from clinic.database import Model, changed, db, retried, rows, run, table_of, transaction
from clinic.made import Made

FIELD = "idempotency_key"
KEPT = timedelta(hours=24)
TRIES, SECONDS_BETWEEN = 20, 0.05  # a second for the first press of two


class KeyReused(RuntimeError):
    """The key of another input: the page was changed and sent again."""


class StillRunning(RuntimeError):
    """The first press is being worked on at this moment."""


class IdempotencyKey(Model):
    __tablename__ = "idempotency_key"
    __table_args__ = (
        UniqueConstraint("scope", "key"),
        Index("ix_idempotency_key_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(64))
    input_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    outcome: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


_row = table_of(IdempotencyKey).c
ADD = Made(insert(table_of(IdempotencyKey)))
CLAIM = Made(select(func.pg_try_advisory_xact_lock(bindparam("number", type_=BigInteger))))
EARLIER = select(_row.input_hash, _row.outcome).where(
    _row.scope == bindparam("scope"), _row.key == bindparam("key")
)


@retried
def once(scope: str, key: str, typed: dict[str, list[str]], work: Callable[[], str]) -> str:
    """Do *work* under *key*, or give the address that the first time answered with.

    *scope* is who and where; *typed* is the form as sent. An error in *work* leaves no trace, so
    the same form may be mended and sent again.
    """
    digest = _digest(typed)
    try:
        with transaction():
            _claim(scope, key)
            outcome = work()
            row = {"scope": scope, "key": key, "input_hash": digest, "outcome": outcome}
            changed(ADD, row)
    except Exception:  # whatever stands against it now, the first outcome is the answer
        # Most presses are the first, so whether there was one is asked only where this one fails:
        # at the latest a key that is there already refuses to be stored again.
        before = earlier(scope, key, typed)
        if before is None:
            raise
        return before
    return outcome


def earlier(scope: str, key: str, typed: dict[str, list[str]]) -> str | None:
    """What the first time answered with, or None. Raises `KeyReused` for another input."""
    before = run(EARLIER, {"scope": scope, "key": key}).one_or_none()
    if before is None:
        return None
    if before.input_hash != _digest(typed):
        raise KeyReused(scope)
    outcome: str = before.outcome
    return outcome


def forget_old() -> bool:
    """Delete keys that are a day old (S77); whether there were any."""
    is_old = IdempotencyKey.created_at < clock.now() - KEPT
    found = db.session.scalar(select(IdempotencyKey.id).where(is_old).limit(1))
    db.session.rollback()
    if found is None:
        return False
    with transaction():
        db.session.execute(delete(IdempotencyKey).where(is_old))
    return True


def _digest(typed: dict[str, list[str]]) -> bytes:
    kept = sorted((name, values) for name, values in typed.items() if name != "csrf_token")
    return hashlib.sha256(repr(kept).encode()).digest()


def _claim(scope: str, key: str) -> None:
    """On PostgreSQL, hold the key until the end of the transaction; SQLite's writer is alone."""
    if db.engine.dialect.name != "postgresql":
        return
    number = int.from_bytes(
        hashlib.sha256(f"{scope}\n{key}".encode()).digest()[:8], "big", signed=True
    )
    for _try in range(TRIES):
        if rows(CLAIM, {"number": number})[0][0]:
            return
        time.sleep(SECONDS_BETWEEN)
    raise StillRunning(scope)
