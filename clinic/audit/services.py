"""Writing the audit log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import g, has_request_context, request
from sqlalchemy import Insert, Text, bindparam, func, insert, literal_column, select

from clinic.audit.events import FACTS, Event
from clinic.audit.models import AuditEvent
from clinic.database import beside, changed, dialect_name, in_transaction, run, table_of
from clinic.made import Made
from clinic.permissions import Actor

_line = table_of(AuditEvent)
ADD_TO = insert(_line)
ADD = Made(ADD_TO)


def _add_all() -> Insert:
    """All *lines* of a list in one step on SQLite: a step each would hold the lock for as long as
    another thread draws its page, and that for each line."""
    each = func.json_each(bindparam("lines", type_=Text)).table_valued("key", "value")
    names = [column.name for column in _line.columns if column.name not in ("id", "at")]
    told = [func.json_extract(each.c.value, literal_column(f"'$.{name}'")) for name in names]
    return ADD_TO.from_select(names, select(*told).order_by(each.c.key))


ADD_ALL = _add_all()


def record(
    event: Event,
    *,
    actor: Actor,
    patient_id: int | None = None,
    subject: object | None = None,
    result: str = "done",
    **facts: Any,
) -> None:
    """Add one line, in the open transaction or in one of its own.

    *subject* is a row with a public id, or its name; *facts* are ids and codes that the event
    allows. Raises `ValueError` for any other fact.
    """
    unknown = facts.keys() - FACTS.get(event, frozenset())
    if unknown:
        raise ValueError(f"{event} does not carry {sorted(unknown)}")
    _add(_row(event, actor, patient_id, subject, facts, result))


def _row(
    event: Event,
    actor: Actor,
    patient_id: int | None,
    subject: object | None,
    facts: Mapping[str, Any],
    result: str = "done",
) -> dict[str, Any]:
    return {
        "event": event,
        "actor": actor.label,
        "roles": ",".join(sorted(actor.roles)),
        "patient_id": patient_id,
        "subject": name_of(subject),
        "facts": facts,
        "result": result,
        "address": request.remote_addr if has_request_context() else None,
        "request_id": g.get("request_id") if has_request_context() else None,
    }


def _add(rows: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
    if isinstance(rows, Mapping):
        changed(ADD, rows) if in_transaction() else beside(ADD, rows)
    elif in_transaction():
        run(ADD_TO, rows)
    elif dialect_name() != "sqlite":
        beside(ADD_TO, rows)
    else:
        told = [{**row, "facts": json.dumps(row["facts"])} for row in rows]
        beside(ADD_ALL, {"lines": json.dumps(told)})


def record_each(event: Event, patients: Iterable[tuple[int, str]], *, actor: Actor) -> None:
    """One line for each patient whom a list shows: row number and name in the log of each."""
    if rows := [_row(event, actor, number, subject, {}) for number, subject in patients]:
        _add(rows)


def name_of(subject: object | None) -> str | None:
    """What the log calls a row; a name that was made before stays as it is."""
    if subject is None or isinstance(subject, str):
        return subject
    table = getattr(subject, "__tablename__", "")
    return f"{table}:{getattr(subject, 'public_id', '')}"
