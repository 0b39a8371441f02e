"""Queueing messages, in the transaction of their cause."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from clinic import clock
from clinic.database import db, new_public_id, transaction
from clinic.notices.models import Message, MessageKind


def queue(
    kind: MessageKind,
    *,
    to: str | None,
    params: dict[str, Any],
    patient_id: int | None = None,
    appointment_id: int | None = None,
    version: int = 0,
    due_at: datetime | None = None,
) -> Message | None:
    """Store a message for the worker. Somebody without an address gets none: None is returned.

    *params* is all that its words need; it is sealed, and must hold no health text all the same.
    """
    if not to:
        return None
    with transaction():
        message = Message(
            public_id=new_public_id(),
            kind=kind,
            to=to,
            patient_id=patient_id,
            appointment_id=appointment_id,
            version=version,
            due_at=due_at or clock.now(),
        )
        message.params = params
        db.session.add(message)
    return message
