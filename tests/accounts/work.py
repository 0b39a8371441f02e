"""How much work a request makes: its statements, and the passwords it hashes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from flask import current_app
from sqlalchemy import event

from clinic.database import db


@dataclass
class Work:
    statements: list[str] = field(default_factory=list)
    hashes: int = 0


@contextmanager
def counted() -> Iterator[Work]:
    """What is done inside the block, by whichever request."""
    work, engine = Work(), db.engine
    hashing = current_app.extensions["security"].pwd_context

    def see(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        work.statements.append(statement)

    event.listen(engine, "before_cursor_execute", see)
    with (
        patch.object(hashing, "hash", wraps=hashing.hash) as made,
        patch.object(hashing, "verify", wraps=hashing.verify) as checked,
    ):
        yield work
        work.hashes = made.call_count + checked.call_count
    event.remove(engine, "before_cursor_execute", see)
