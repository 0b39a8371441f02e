"""What a seal covers: an audit row in bytes that are the same on every engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

# Every column of an audit row. Seals are made over this list: it only ever grows with a new seal.
COVERED = (
    "id",
    "at",
    "event",
    "actor",
    "roles",
    "patient_id",
    "subject",
    "facts",
    "result",
    "address",
    "request_id",
)


def canonical(row: Mapping[str, Any], number: int, sealed_at: datetime) -> bytes:
    """An audit row as stored, with the number and the instant of its seal.

    *row* holds its columns as the driver gives them: `at` an aware datetime or microseconds since
    1970, `facts` the text of a JSON document. Raises `TypeError` or `ValueError` for a row that no
    audit would have written.
    """
    content = {name: row[name] for name in COVERED}
    content["at"] = _microseconds(content["at"])
    content["facts"] = json.loads(content["facts"])
    sealed = {"row": content, "number": number, "sealed_at": _microseconds(sealed_at)}
    return json.dumps(sealed, sort_keys=True, separators=(",", ":")).encode()


def _microseconds(value: Any) -> int:
    if isinstance(value, datetime):
        return (value - EPOCH) // MICROSECOND
    if type(value) is not int:
        raise TypeError("an instant is stored as a whole number of microseconds")
    return value
