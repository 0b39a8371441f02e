"""Writing the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import g, has_request_context, request
from sqlalchemy import insert

from clinic.audit.events import FACTS, Event
from clinic.audit.models import AuditEvent
from clinic.database import beside, in_transaction, run, table_of
from clinic.permissions import Actor

ADD = insert(table_of(AuditEvent))


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
    if in_transaction():
        run(ADD, rows)
        return
    with beside() as connection:
        connection.execute(ADD, rows)


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
