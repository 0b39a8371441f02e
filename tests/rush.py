"""Real processes of the operating system that all start at one moment, and some that are killed.

A process is forked from the test: it has the test's clock, rows and patches, and makes database
connections of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from threading import BrokenBarrierError
from typing import Any

from sqlalchemy import Connection as DatabaseConnection
from sqlalchemy import Engine, event, text

from clinic import guards
from clinic.database import db

SYSTEM = multiprocessing.get_context("fork")
LONGEST = 60.0  # seconds until a process counts as stuck
KILLED, STUCK = "killed", "stuck"

Work = Callable[[], object]
Talk = Callable[[Callable[[str], None]], None]


def together(*works: Work, longest: float = LONGEST) -> list[str]:
    """Do each work in a process of its own, let go at once.

    In the order given: what each answered, the name of the error it raised, "killed", or "stuck"
    after *longest* seconds.
    """
    _let_go_of_the_database()
    gate = SYSTEM.Barrier(len(works))
    running = [_start(work, gate) for work in works]
    return [_answer_of(process, answers, longest) for process, answers in running]


def alone(work: Work) -> str:
    """Do one work in a process of its own."""
    return together(work)[0]


def crowd(works: Sequence[Work], processes: int, *, longest: float = LONGEST) -> list[str]:
    """Do each work in a thread of one of a few processes, as a server's workers do.

    What each answered, or the name of the error it raised, in any order. A work stands in no app
    context: it is a browser's.
    """
    shares = [works[number::processes] for number in range(processes)]
    answers = together(*[_in_threads(share) for share in shares], longest=longest)
    return [one for answer in answers for one in answer.split(BETWEEN)]


BETWEEN = "\n"


def _in_threads(works: Sequence[Work]) -> Work:
    def work() -> str:
        with ThreadPoolExecutor(len(works)) as pool:
            return BETWEEN.join(pool.map(_outcome, works))

    return work


def _outcome(work: Work) -> str:
    try:
        return str(work())
    except BaseException as error:
        return type(error).__name__


def _let_go_of_the_database() -> None:
    """No connection of ours may be shared with a child."""
    db.session.rollback()
    db.engine.dispose()


def _start(work: Work, gate: Barrier) -> tuple[Any, Connection]:
    answers, answer = SYSTEM.Pipe(duplex=False)
    process = SYSTEM.Process(target=_live, args=(work, gate, answer))
    process.start()
    answer.close()  # the child has the only end left: its death is heard
    return process, answers


def _live(work: Work, gate: Barrier, answer: Connection) -> None:
    db.session.connection()
    db.session.rollback()
    gate.wait(LONGEST)
    answer.send(_outcome(work))
    answer.close()
    os._exit(0)  # nothing of the test's own end is done twice


def _answer_of(process: Any, answers: Connection, longest: float) -> str:
    said = STUCK
    if answers.poll(longest):
        said = _heard(answers)
    else:
        process.kill()
    process.join()
    answers.close()
    return said


def _heard(answers: Connection) -> str:
    try:
        return str(answers.recv())
    except EOFError:
        return KILLED


@dataclass
class Meeting:
    """Where processes wait for each other: the moment between what they read and what they write.

    Who waits longer than *patience* seconds goes on alone, and so do all who come later: behind a
    lock the others never come.
    """

    parties: int
    patience: float
    barrier: Barrier = field(init=False)

    def __post_init__(self) -> None:
        self.barrier = SYSTEM.Barrier(self.parties)

    def wait(self) -> None:
        with suppress(BrokenBarrierError):
            self.barrier.wait(self.patience)

    def after(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """*function*, and then the meeting."""

        def and_meet(*args: Any, **kwargs: Any) -> Any:
            answer = function(*args, **kwargs)
            self.wait()
            return answer

        return and_meet


def take_locks_away(engine: Engine) -> None:
    """Let writers of this engine read without a lock, as code does that nobody thought about.

    PostgreSQL: no row is locked. SQLite: a transaction begins with the first write instead of
    before the first read, which is what Python's driver does when it is left alone.
    """
    if engine.dialect.name == "sqlite":
        dialect: Any = engine.dialect
        dialect.do_begin = lambda connection: _leave_the_driver_alone(connection.driver_connection)
    event.listen(engine, "before_cursor_execute", _without_lock, retval=True)
    engine.dispose()


def let_visits_overlap(connection: DatabaseConnection) -> None:
    """Take down the rule of truth 1 that forbids it; a rollback puts it back."""
    statements = {
        "sqlite": (
            "DROP TRIGGER participant_no_overlap_insert",
            "DROP TRIGGER participant_no_overlap_update",
        ),
        "postgresql": (f"ALTER TABLE participant DROP CONSTRAINT {guards.EXCLUSION}",),
    }
    for statement in statements[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def _leave_the_driver_alone(driver: sqlite3.Connection) -> None:
    driver.isolation_level = ""


def _without_lock(
    _connection: object, _cursor: object, statement: str, parameters: Any, *_more: object
) -> tuple[str, Any]:
    return statement.replace(" FOR UPDATE", ""), parameters


def killed_while_it_speaks(
    talk: Callable[[Callable[[str], None]], None], after: float
) -> list[str]:
    """Let a process talk, kill it (kill -9) *after* seconds from its first word; all it said.

    Whatever it said before it died is heard, because it is in the pipe.
    """
    _let_go_of_the_database()
    words, word = SYSTEM.Pipe(duplex=False)
    process = SYSTEM.Process(target=talk, args=(word.send,))
    process.start()
    word.close()
    assert words.poll(LONGEST), "it never spoke"
    process.join(after)
    process.kill()
    process.join()
    said = []
    with suppress(EOFError, OSError):  # the last word may have been cut short
        while True:
            said.append(str(words.recv()))
    words.close()
    return said


def die_at(step: int) -> None:
    """Kill this process, as kill -9 does, at its *step*th statement from now on.

    The moments before and after each commit count as statements too.
    """
    left = iter(range(step, 0, -1))

    def count(*_anything: object) -> None:
        if next(left, 0) == 1:
            _die()

    event.listen(db.engine, "after_cursor_execute", count)
    event.listen(db.engine, "commit", count)
    event.listen(db.session, "after_commit", count)


def die_after(beginning: str) -> None:
    """Kill this process right after its next statement that begins like this."""
    _when_it_writes(beginning, _die)


def die_after_commit_of(beginning: str) -> None:
    """Kill this process once its next statement that begins like this is committed."""
    _when_it_writes(
        beginning, lambda: event.listen(db.session, "after_commit", lambda _session: _die())
    )


def _when_it_writes(beginning: str, then: Callable[[], None]) -> None:
    def watch(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith(beginning):
            then()

    event.listen(db.engine, "after_cursor_execute", watch)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wait_until_alone() -> None:
    """Until the database has noticed that killed processes are gone, and undone what they did."""
    if db.engine.dialect.name != "postgresql":
        return
    others = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        with db.engine.connect() as connection:
            if not connection.scalar(others):
                return
        time.sleep(0.01)
    raise AssertionError("a killed process still holds its connection")
