"""The database: one session, one way to write.

`transaction()` is the only place that commits. On SQLite it takes the write lock before it reads
(BEGIN IMMEDIATE), so what a service checks stays true until it commits; on PostgreSQL services
lock the rows of the actors they touch, in the order of their ids.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    MetaData,
    Table,
    event,
    select,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session

from clinic.engines import ALONE, BUSY_TIMEOUT_MS, WRITES, go_on_as_writer, in_turn
from clinic.made import Made, Row

RETRIES = 3
FIRST_PAUSE_SECONDS = 0.05
# Not serializable, a deadlock, a lock that did not come: PostgreSQL's codes for "try again".
PASSING = frozenset({"40001", "40P01", "55P03"})

Rows = CursorResult[*tuple[Any, ...]]
P = ParamSpec("P")
R = TypeVar("R")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class PendingChanges(RuntimeError):
    """Something was changed outside a transaction; it would be lost or half-written."""


class OurSession(FlaskSession):
    """On PostgreSQL, reads outside `transaction()` travel alone, without BEGIN and ROLLBACK.

    Each statement sees what is committed, as under READ COMMITTED anyhow, and two of three journeys
    to the server are saved. What would be written like that would stay: so nothing may be.
    """

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        bind = super().get_bind(*args, **kwargs)
        if self.info.get(WRITES) or not isinstance(bind, Engine):
            return bind
        return _for_reading(bind)


@event.listens_for(OurSession, "before_flush")
def _before_flush(session: OurSession, *_more: object) -> None:
    if not session.info.get(WRITES):
        raise PendingChanges("change rows inside transaction(), not outside")


@event.listens_for(OurSession, "do_orm_execute")
def _before_statement(state: ORMExecuteState) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and not state.session.info.get(WRITES):
        raise PendingChanges("change rows inside transaction(), not outside")


_readers: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def _for_reading(engine: Engine) -> Engine:
    """Where each statement is a transaction of its own; on SQLite the engine itself."""
    if engine.dialect.name != "postgresql":
        return engine
    if engine not in _readers:
        _readers[engine] = engine.execution_options(isolation_level="AUTOCOMMIT")
    return _readers[engine]


db = SQLAlchemy(model_class=Base, session_options={"class_": OurSession})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def is_writing() -> bool:
    """Whether a transaction is open: what is read now stays true until it commits."""
    return bool(db.session.info.get(WRITES))


@contextmanager
def transaction() -> Iterator[None]:
    """Commit at the outermost level, join when one is open, roll back on any error.

    Lets go of the request's read snapshot first, so that every row is read again under the lock.
    Raises `PendingChanges` when something was changed before it was opened.
    """
    session = db.session()
    if session.info.get(WRITES):
        yield
        return
    if session.new or session.dirty or session.deleted:
        raise PendingChanges("change rows inside transaction(), not before it")
    session.info[WRITES] = True
    try:
        session.info[WRITES] = _writer(session)
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(WRITES, None)


def _writer(session: Session) -> Connection:
    """The session's connection, now the writer. Nothing that was read before is taken for known."""
    if session.in_transaction() and db.engine.dialect.name == "sqlite":
        connection = session.connection()
        session.expire_all()
        go_on_as_writer(connection)
        return connection
    session.rollback()
    return session.connection(execution_options={WRITES: True})


def beside(
    statement: Executable | Made, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> None:
    """Run one statement beside the session, whose rows stay as they were read.

    For a line that belongs to no change: who looked at what. Changes are made in `transaction()`.
    It travels alone, without BEGIN and COMMIT: on SQLite it waits its turn as any writer, and is
    on the disk when it is answered. Several *values* are for PostgreSQL, where they travel as one.
    """
    engine = _for_reading(db.engine)
    options = {WRITES: True, ALONE: True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if isinstance(statement, Made):
            assert isinstance(values, Mapping)
            in_turn(connection, lambda: statement.changed(connection, values))
        else:
            in_turn(connection, lambda: connection.execute(statement, values))


def retried(work: Callable[P, R]) -> Callable[P, R]:
    """*work* that opens its own transaction, done again when the database was only busy (S72).

    At most three times more, after a little while that differs from one to the other, so that those
    who met do not meet again. Inside a transaction it is done once: whoever opened that begins
    again. Whoever has waited for a lock already is not made to wait again. Raises what the last try
    raised.
    """

    @wraps(work)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        if in_transaction():
            return work(*args, **kwargs)
        began, pause = time.monotonic(), FIRST_PAUSE_SECONDS
        for _ in range(RETRIES):
            try:
                return work(*args, **kwargs)
            except OperationalError as error:
                has_waited = time.monotonic() - began > BUSY_TIMEOUT_MS / 2000
                if has_waited or not is_passing(error):
                    raise
                db.session.rollback()
                time.sleep(pause * secrets.SystemRandom().uniform(0.5, 1.5))
                pause *= 2
        return work(*args, **kwargs)

    return done


def is_passing(error: OperationalError) -> bool:
    """Whether somebody else was in the way, so that the same work may succeed in a moment."""
    if isinstance(error.orig, sqlite3.Error):
        return "locked" in str(error.orig)
    return getattr(error.orig, "sqlstate", None) in PASSING


def run(
    statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
) -> Rows:
    """Run a statement of tables, past what the session adds for objects: as much again.

    In the open transaction, or for reading; `PendingChanges` otherwise. What is pending in the
    session is not written before, and objects that it has loaded do not learn of a change.
    """
    session = db.session()
    connection: Connection | None = session.info.get(WRITES)
    if connection is None:
        if statement.is_dml:
            raise PendingChanges("change rows inside transaction(), not outside")
        connection = session.connection()
    return connection.execute(statement, values)


def rows(made: Made, values: Mapping[str, Any] | None = None) -> list[Row]:
    """What a statement that is made once finds, in the open transaction or for reading."""
    session = db.session()
    connection: Connection | None = session.info.get(WRITES)
    return made.rows(connection or session.connection(), values or {})


def changed(made: Made, values: Mapping[str, Any]) -> int:
    """Run one that writes, in the open transaction; how many rows it changed."""
    connection: Connection | None = db.session().info.get(WRITES)
    if connection is None:
        raise PendingChanges("change rows inside transaction(), not outside")
    return made.changed(connection, values)


def table_of(model: type[Any]) -> Table:
    """The table under a class, for the few statements that every other request asks: with objects
    made of their rows, these cost three times as much."""
    return cast("Table", model.__table__)


def lock_row(row: Any) -> None:
    """Hold a row until the end of the transaction and read it again as it is now.

    What was read before the lock may be old: whoever held it may have changed the row.
    """
    kind = type(row)
    db.session.execute(select(kind.id).where(kind.id == row.id).with_for_update())
    db.session.refresh(row)


def rows_changed(statement: Any) -> int:
    """Run an update or delete; how many rows it changed."""
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount


def in_transaction() -> bool:
    return bool(db.session().info.get(WRITES))


def dialect_name() -> str:
    return db.engine.dialect.name
