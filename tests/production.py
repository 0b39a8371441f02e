"""The app as a real clinic runs it: outside demo mode, over https, beside the tests' own app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask

from clinic import clock, create_app
from clinic.database import db
from tests.engines import SETTINGS, Engine

REAL: Mapping[str, Any] = {
    **SETTINGS,
    "DEMO": False,
    "BASE_URL": "https://localhost",
    "SMTP_URL": "smtp://mail.invalid",
}


@contextmanager
def app_beside(engine: Engine, url: str | None = None, **over: Any) -> Iterator[Flask]:
    """Another app over the engine's database (or over *url*), closed at the end."""
    shift = clock.now() - datetime.now(UTC)
    database = {"INSTANCE": Path(engine.folder), "SQLALCHEMY_DATABASE_URI": url or engine.url}
    made = create_app({**REAL, **database, **over})
    clock.shift(shift)  # starting an app sets the clock
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
