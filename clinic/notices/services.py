"""Queueing messages, in the transaction of their cause."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from clinic import clock
from clinic.columns import new_public_id
from clinic.database import changed, db, rows_changed, table_of, transaction
from clinic.made import Made
from clinic.notices.models import Message, MessageKind, MessageState, sealed_params

ADD = Made(insert(table_of(Message)))


def queue(
    kind: MessageKind,
    *,
    to: str | None,
    params: dict[str, Any],
    patient_id: int | None = None,
    appointment_id: int | None = None,
    version: int = 0,
    due_at: datetime | None = None,
) -> str | None:
    """Store a message for the worker: its public id. Somebody without an address gets none.

    *params* is all that its words need; it is sealed, and must hold no health text all the same.
    """
    if not to:
        return None
    public_id = new_public_id()
    row = {
        "public_id": public_id,
        "kind": kind,
        "to": to,
        "patient_id": patient_id,
        "appointment_id": appointment_id,
        "version": version,
        "params_sealed": sealed_params(public_id, params),
        "due_at": due_at or clock.now(),
    }
    with transaction():
        changed(ADD, row)
    return public_id


def newest(kinds: Collection[MessageKind], appointment_id: int) -> Message | None:
    """The newest letter of these kinds about a visit."""
    return db.session.scalar(
        select(Message)
        .where(Message.appointment_id == appointment_id, Message.kind.in_(kinds))
        .order_by(Message.version.desc())
        .limit(1)
    )


def take_back(kind: MessageKind, appointment_id: int) -> dict[str, Any] | None:
    """Drop the newest letter of *kind* about a visit if it has not left; what it held, or None."""
    with transaction():
        letter = newest((kind,), appointment_id)
        if letter is None:
            return None
        dropped = rows_changed(
            update(Message)
            .where(
                Message.id == letter.id,
                Message.state.in_([MessageState.QUEUED, MessageState.RETRY]),
            )
            .values(state=MessageState.DROPPED)
        )
        return letter.params if dropped == 1 else None
