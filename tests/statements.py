"""What a request asks the database for, without who is asking, whose row it is, and the audit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import event

from clinic.database import db

# Who is asking and where; the row that the door looked for, read again after the audit's commit.
IDENTITY = re.compile(r'FROM "?(user|user_session|visitor|location)\b|FROM roster_stamp$')
DOOR = re.compile(r"FROM (patient|appointment|service)\b.* WHERE \w+\.(id|public_id) = \S+$")
OWN_ROW = re.compile(r"FROM patient WHERE patient.id = \S+$")
AUDIT = re.compile(r"^INSERT INTO audit_event\b")


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(" ".join(statement.split()))

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def reads(sent: Iterable[str]) -> list[str]:
    """What a page asks for itself."""
    selects = [s for s in sent if s.startswith("SELECT")]
    return [s for s in selects if not IDENTITY.search(s) and not DOOR.search(s)]


def all_but_sign_in_and_audit(sent: Iterable[str]) -> list[str]:
    """Reads and writes, without who is asking, the audit's rows and where transactions begin."""
    besides = (IDENTITY, OWN_ROW, AUDIT)
    return [s for s in sent if not (s.startswith("BEGIN") or any(one.search(s) for one in besides))]
