"""The throttle: failures counted in the database, shared by all processes (S13)."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import select

from clinic import clock
from clinic.accounts.models import Throttle
from clinic.accounts.rules import Failures, after_failure, wait
from clinic.database import db, transaction


class TooMany(RuntimeError):
    """Closed for now; *retry_after* says how long."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__("too many attempts")
        self.retry_after = retry_after


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _row(kind: str, key: str) -> Throttle | None:
    return db.session.scalar(
        select(Throttle).where(Throttle.kind == kind, Throttle.key_hash == _hash(key))
    )


def _failures(row: Throttle | None) -> Failures | None:
    if row is None:
        return None
    return Failures(row.failures, row.window_started_at, row.closed_until)


def check(kind: str, *keys: str) -> None:
    """Raise `TooMany` when one of *keys* is closed."""
    waits = [wait(_failures(_row(kind, key)), clock.now()) for key in keys]
    longest = max((w for w in waits if w), default=None)
    if longest:
        raise TooMany(longest)


def fail(kind: str, key: str, *, per_address: bool = False) -> int:
    """Count one failure; how many there are now. Called outside the transaction of what failed,
    so that it stays when that is undone."""
    with transaction():
        row = _row(kind, key)
        after = after_failure(_failures(row), clock.now(), per_address=per_address)
        if row is None:
            row = Throttle(kind=kind, key_hash=_hash(key))
            db.session.add(row)
        row.failures = after.count
        row.window_started_at = after.window_started_at
        row.closed_until = after.closed_until
    return after.count


def clear(kind: str, key: str) -> None:
    """Forget the failures of a key, after a success."""
    with transaction():
        row = _row(kind, key)
        if row is not None:
            db.session.delete(row)
