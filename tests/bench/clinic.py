"""The clinic of the benchmark: twenty physicians and rooms, open every day from eight to eight."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import yaml

from clinic.journey import clinic_file, found

# The seeds are kept, so the clock of a run is put back to the moment that they were made for.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ZONE = "Europe/London"
PHYSICIANS = 20
DESK = "desk@bench.example"
PASSWORD = "a long enough phrase of the bench"
KINDS = ("consultation", "toxin", "filler", "combined", "follow-up")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS = dict.fromkeys(WEEKDAYS, "08:00-20:00")
ALWAYS = {"from": date(2010, 1, 1), "until": date(2039, 12, 31)}


def make(physicians: int = PHYSICIANS) -> None:
    """Store the clinic in an empty database."""
    found.clinic(clinic_file.read(yaml.safe_dump(_written(physicians))))


def _written(physicians: int) -> dict[str, Any]:
    return {
        "clinic": {"name": "Bench"},
        "site": {
            "name": "Bench",
            "address": "1 Long Row",
            "zone": ZONE,
            "phone": "020 7946 0123",
            "email": "clinic@bench.example",
        },
        "hours": HOURS,
        "rooms": [{"name": f"Room {n:02}", "hosts": list(KINDS)} for n in range(physicians)],
        "services": [_service(kind) for kind in KINDS],
        "staff": [*map(_physician, range(physicians)), _desk()],
    }


def _service(kind: str) -> dict[str, Any]:
    after = 0 if kind == "follow-up" else 10
    minutes = {"follow-up": 20, "combined": 60}.get(kind, 30)
    return {
        "kind": kind,
        "name": kind.capitalize(),
        "price": 60,
        "minutes": minutes,
        "buffer_after": after,
        "step": 20,
        "notice_hours": 1,
        "horizon_days": 60,
    }


def _physician(number: int) -> dict[str, Any]:
    return {
        "name": f"Dr Bench {number:02}",
        "email": f"physician{number}@bench.example",
        "roles": ["physician"],
        "credentials": {kind: dict(ALWAYS) for kind in ("licence", "toxin", "filler")},
        "hours": HOURS,
    }


def _desk() -> dict[str, Any]:
    return {"name": "Desk Bench", "email": DESK, "roles": ["front-desk"]}
