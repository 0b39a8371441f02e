"""The connections of either engine: what each is told when it opens, and how it waits its turn."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from select import POLLIN, poll
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import DisconnectionError, OperationalError

WRITES = "clinic_writes"
ALONE = "clinic_alone"  # one statement that is a transaction of its own
BUSY_TIMEOUT_MS = 10_000
FIRST_PAUSE, OLD = 0.002, 0.05  # seconds between two tries; after OLD they are half as long
PLANNED_ONCE = "plan_cache_mode=force_generic_plan"
CONNECT_SECONDS = 5  # until a server that does not answer counts as away


def prepare_engine(engine: Engine) -> None:
    """Set up the connections of either engine (S70 for SQLite)."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)


def _prepare_postgresql(engine: Engine) -> None:
    """Times in UTC; whoever waits long for a lock is told to try again, as on SQLite. A statement
    is planned once and not for each of its values: ours find their rows by an index whatever these
    are, and to plan the desk's day anew took as long as to answer it."""
    driver: Any = engine.dialect.loaded_dbapi

    @event.listens_for(engine, "do_connect")
    def _on_connect(_dialect: Dialect, _record: object, _args: object, wanted: Any) -> None:
        ours = f"-c timezone=UTC -c lock_timeout={BUSY_TIMEOUT_MS} -c {PLANNED_ONCE}"
        wanted["options"] = f"{wanted.get('options', '')} {ours}".strip()
        wanted.setdefault("connect_timeout", CONNECT_SECONDS)

    @event.listens_for(engine, "checkout")
    def _on_checkout(connection: Any, _record: object, _proxy: object) -> None:
        """A connection that died is replaced. An idle one has nothing to say: only one that has
        (that it ends, most often) is asked whether it still answers."""
        heard = poll()
        heard.register(connection.fileno(), POLLIN)
        if not heard.poll(0):
            return
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except driver.Error as error:
            raise DisconnectionError from error


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "do_connect")
    def _before_connect(_dialect: Dialect, _record: object, _args: object, _wanted: Any) -> None:
        """A new file is its owner's alone; SQLite gives its log the same mode (S61)."""
        name = engine.url.database
        if name and name != ":memory:" and not name.startswith("file:"):
            with suppress(OSError):  # there already, or no folder, which SQLite says better
                os.close(os.open(name, os.O_CREAT | os.O_EXCL, 0o600))

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    # Not by the engine's own event of a beginning: an engine that has one asks about listeners
    # thrice with every statement.
    dialect: Any = engine.dialect
    dialect.set_connection_execution_options = _note_who_writes
    dialect.do_begin = _begin


def _note_who_writes(connection: Connection, options: Mapping[str, Any]) -> None:
    dialect: Any = connection.dialect
    DefaultDialect.set_connection_execution_options(dialect, connection, options)
    for name in (WRITES, ALONE):
        if name in options:
            connection.info[name] = options[name]


def _begin(connection: Any) -> None:
    """At the beginning of a transaction: as the writer where it was said so just before.

    A statement alone begins nothing. Between BEGIN and COMMIT its thread would have to get the
    interpreter back twice from another one that draws a page, and nobody else could write
    meanwhile: a look held the lock for several times as long as its line took.
    """
    if connection.info.pop(ALONE, False):
        connection.info.pop(WRITES, None)
    elif connection.info.pop(WRITES, False):
        _take_the_lock(connection.driver_connection)
    else:
        connection.driver_connection.execute("BEGIN")


def go_on_as_writer(connection: Connection) -> None:
    """Let a connection's read snapshot go and begin as the writer, on SQLite: for a third of what
    handing it back and taking it again costs. Raises `OperationalError`."""
    fairy: Any = connection.connection
    fairy.driver_connection.rollback()
    connection.info[WRITES] = True
    try:
        connection.dialect.do_begin(fairy)
    except sqlite3.OperationalError as refused:
        raise OperationalError("BEGIN IMMEDIATE", None, refused) from refused


def in_turn(connection: Connection, write: Callable[[], object]) -> None:
    """Do what takes SQLite's lock by itself. Raises `OperationalError` when patience is over."""
    if connection.dialect.name != "sqlite":
        write()
        return
    fairy: Any = connection.connection
    _when_free(fairy.driver_connection, write)


def _take_the_lock(driver: sqlite3.Connection) -> None:
    """Begin as the writer. Raises `sqlite3.OperationalError` when patience is over."""
    _when_free(driver, lambda: driver.execute("BEGIN IMMEDIATE"))


def _when_free(driver: sqlite3.Connection, take: Callable[[], object]) -> None:
    """Take the lock, or ask again until whatever patience the connection has is over.

    SQLite's own waiting asks the more rarely the longer somebody has waited, so whoever comes last
    is served first and one of eight unbroken writers waits for many seconds. Here the oldest asks
    the most often. Raises what *take* does after as long as SQLite would wait.
    """
    patience = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    driver.execute("PRAGMA busy_timeout = 0")
    began = time.monotonic()
    try:
        while True:
            try:
                take()
                return
            except (sqlite3.OperationalError, OperationalError) as refused:
                waited = time.monotonic() - began
                if not _is_busy(refused) or waited * 1000 >= patience:
                    raise
            time.sleep(FIRST_PAUSE / (1 + waited / OLD))
    finally:
        driver.execute(f"PRAGMA busy_timeout = {patience}")


def _is_busy(refused: Exception) -> bool:
    cause = refused.orig if isinstance(refused, OperationalError) else refused
    return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
