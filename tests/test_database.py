"""`transaction()` is the only place that commits, and it starts from what is true now."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest
from sqlalchemy import create_engine, func, select, text, update
from sqlalchemy.exc import OperationalError

from clinic import database
from clinic.accounts.models import Patient, Visitor
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.audit.services import record
from clinic.database import PendingChanges, db, in_transaction, lock_row, rows_changed, transaction
from clinic.engines import WRITES, prepare_engine
from tests import factories
from tests.factories import TESTER
from tests.statements import statements


class Mistake(Exception):
    """Something went wrong in the middle of the work."""


def run_both(first: threading.Thread, second: threading.Thread) -> None:
    first.start()
    second.start()
    first.join()
    second.join()


def visitor(token: bytes = b"one") -> Visitor:
    return Visitor(token_hash=token.ljust(32, b"."))


def seen_by_others() -> int:
    """How many visitors another connection sees."""
    with db.engine.connect() as other:
        return other.scalar(text("SELECT COUNT(*) FROM visitor"))


def rename(patient_id: int, name: str) -> None:
    """Another connection changes a patient's name and commits."""
    with db.engine.begin() as other:
        other.execute(update(Patient).where(Patient.id == patient_id).values(name=name))


def test_a_transaction_commits_when_it_ends(app):
    with transaction():
        db.session.add(visitor())

    assert seen_by_others() == 1


def test_a_transaction_inside_another_joins_it(app):
    with transaction():
        with transaction():
            db.session.add(visitor())
        db.session.flush()
        after_the_inner_one = seen_by_others()

    assert (after_the_inner_one, seen_by_others()) == (0, 1)


@pytest.mark.parametrize("mistake", [Mistake, KeyboardInterrupt, SystemExit])
def test_an_error_undoes_everything_since_the_outermost_transaction(app, mistake):
    with pytest.raises(mistake), transaction():
        db.session.add(visitor(b"outer"))
        with transaction():
            db.session.add(visitor(b"inner"))
            db.session.flush()
            raise mistake

    assert seen_by_others() == 0


def test_a_transaction_can_be_opened_after_one_that_failed(app):
    with pytest.raises(Mistake), transaction():
        raise Mistake

    with transaction():
        db.session.add(visitor())

    assert seen_by_others() == 1


def test_nothing_is_in_a_transaction_before_and_after_one(app):
    before = in_transaction()
    with transaction():
        inside = in_transaction()

    assert (before, inside, in_transaction()) == (False, True, False)


def add_a_row(patient):
    db.session.add(visitor())


def change_a_row(patient):
    patient.name = "Somebody Else"


def delete_a_row(patient):
    db.session.delete(patient)


@pytest.mark.parametrize("change", [add_a_row, change_a_row, delete_a_row])
def test_what_was_changed_before_a_transaction_is_refused(app, change):
    change(factories.make_patient())

    with pytest.raises(PendingChanges), transaction():
        pass


def test_what_was_read_before_a_transaction_is_read_again_in_it(app):
    patient = factories.make_patient(name="Before")
    read_before = patient.name
    rename(patient.id, "After")

    with transaction():
        read_inside = patient.name

    assert (read_before, read_inside) == ("Before", "After")


def test_a_lock_gives_the_row_as_it_is_now(app):
    patient = factories.make_patient(name="Before")

    with transaction():
        read_first = patient.name
        named = update(Patient).where(Patient.id == patient.id).values(name="After")
        db.session.connection().execute(named)  # past the session, as another process would
        lock_row(patient)

        assert (read_first, patient.name) == ("Before", "After")


def test_who_waits_for_a_lock_sees_what_its_holder_wrote(app):
    patient_id = factories.make_patient(name="1").id
    held = threading.Event()

    def hold_and_change():
        with app.app_context(), transaction():
            patient = db.session.get_one(Patient, patient_id)
            lock_row(patient)
            held.set()
            waiter.join(timeout=0.2)
            patient.name += "2"

    def wait_and_change():
        held.wait()
        with app.app_context(), transaction():
            patient = db.session.get_one(Patient, patient_id)
            lock_row(patient)
            patient.name += "3"

    waiter = threading.Thread(target=wait_and_change)
    holder = threading.Thread(target=hold_and_change)
    run_both(waiter, holder)

    db.session.rollback()
    assert db.session.scalars(select(Patient.name)).all() == ["123"]


def test_rows_changed_counts_what_an_update_met(app):
    factories.make_patient(email="pat@example.org")
    factories.make_patient(email="pat@example.org")
    elsewhere = update(Patient).where(Patient.email == "nobody@example.org").values(phone="1")
    there = update(Patient).where(Patient.email == "pat@example.org").values(phone="1")

    with transaction():
        assert (rows_changed(elsewhere), rows_changed(there)) == (0, 2)


@pytest.mark.parametrize(
    "write",
    [
        lambda patient: setattr(patient, "name", "Kim") or db.session.flush(),
        lambda patient: db.session.execute(update(Patient).values(name="Kim")),
        lambda patient: db.session.add(Visitor(token_hash=b"1")) or db.session.flush(),
    ],
    ids=["a changed row", "an update", "a new row"],
)
def test_nothing_is_written_outside_a_transaction(app, write):
    patient = factories.make_patient()

    with pytest.raises(PendingChanges):
        write(patient)


# PostgreSQL alone: reads travel without BEGIN and ROLLBACK, and dead connections are replaced.


def is_in_a_transaction():
    driver = db.session.connection().connection.driver_connection
    return driver.info.transaction_status.name == "INTRANS"


@pytest.mark.only_on("postgresql")
def test_a_read_of_postgresql_opens_no_transaction_and_a_write_does(app, engine):
    db.session.scalars(select(Patient)).all()
    while_reading = is_in_a_transaction()
    with transaction():
        db.session.scalars(select(Patient)).all()
        while_writing = is_in_a_transaction()
    db.session.scalars(select(Patient)).all()

    assert (while_reading, while_writing, is_in_a_transaction()) == (False, True, False)


@pytest.mark.only_on("postgresql")
def test_a_connection_that_the_server_has_ended_is_replaced_before_it_is_used(app, engine):
    number = text("SELECT pg_backend_pid()")
    before = db.session.scalar(number)
    with db.engine.connect() as another:
        db.session.remove()
        another.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": before})
        after = db.session.scalar(number)

    assert before != after


# SQLite alone: one writer, who asks for the lock before reading (S70).


@pytest.fixture
def sqlite_file(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'one.sqlite3'}")
    prepare_engine(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def two_connections(sqlite_file):
    """A writer and somebody else, who does not wait for a lock."""
    with ExitStack() as stack:
        writer = sqlite_file.connect().execution_options(**{WRITES: True})
        other = sqlite_file.connect()
        stack.callback(writer.close)
        stack.callback(other.close)
        other.exec_driver_sql("PRAGMA busy_timeout = 0")
        other.rollback()
        yield writer, other


@pytest.mark.parametrize(
    "pragma, value",
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10_000)],
)
def test_S70_every_connection_to_sqlite_is_set_up(sqlite_file, pragma, value):
    with sqlite_file.connect() as first, sqlite_file.connect() as second:
        found = [
            connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
            for connection in (first, second)
        ]

    assert found == [value, value]


def test_S70_a_writer_holds_the_lock_of_sqlite_before_it_has_written(two_connections):
    writer, other = two_connections
    writer.exec_driver_sql("SELECT 1")

    with pytest.raises(OperationalError, match="locked"):
        other.execution_options(**{WRITES: True}).exec_driver_sql("SELECT 1")


def test_a_reader_of_sqlite_is_not_in_the_way_of_a_writer(two_connections):
    writer, other = two_connections
    writer.exec_driver_sql("CREATE TABLE one (id INTEGER)")

    assert other.exec_driver_sql("SELECT COUNT(*) FROM sqlite_master").scalar() == 0


def test_who_waits_longer_for_the_lock_of_sqlite_asks_more_often(two_connections, monkeypatch):
    writer, other = two_connections
    other.exec_driver_sql("PRAGMA busy_timeout = 2000")
    other.rollback()
    writer.exec_driver_sql("SELECT 1")
    moment, pauses = [0.0], []
    monkeypatch.setattr(database.time, "monotonic", lambda: moment[0])

    def sleep(seconds):
        pauses.append(seconds)
        moment[0] += seconds

    monkeypatch.setattr(database.time, "sleep", sleep)

    with pytest.raises(OperationalError, match="locked"):
        other.execution_options(**{WRITES: True}).exec_driver_sql("SELECT 1")

    assert pauses == sorted(pauses, reverse=True)
    assert pauses[0] > 10 * pauses[-1]
    assert 2 <= moment[0] < 2.1


def test_whoever_was_kept_waiting_has_its_patience_back(two_connections):
    writer, other = two_connections
    writer.exec_driver_sql("SELECT 1")
    with pytest.raises(OperationalError):
        other.execution_options(**{WRITES: True}).exec_driver_sql("SELECT 1")
    writer.rollback()

    writer.exec_driver_sql("SELECT 1")

    assert writer.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000


def test_S70_a_second_writer_of_sqlite_waits_for_its_turn(sqlite_file):
    order = []
    begun = threading.Event()

    def write(name, pause):
        with (
            sqlite_file.connect().execution_options(**{WRITES: True}) as connection,
            connection.begin(),
        ):
            connection.exec_driver_sql("SELECT 1")
            begun.set()
            pause()
            order.append(name)

    first = threading.Thread(target=write, args=("first", lambda: second.join(timeout=0.2)))
    second = threading.Thread(target=lambda: (begun.wait(), write("second", lambda: None)))
    run_both(second, first)

    assert order == ["first", "second"]


def test_a_line_beside_a_request_leaves_what_it_has_read_as_it_is(cast):
    patient = db.session.get(Patient, cast.cal.id)
    name = patient.name
    with statements() as sent:
        record(Event.RECORD_VIEWED, actor=TESTER, patient_id=cast.cal.id, subject="patient:cal")
        assert patient.name == name

    assert [one.split(" (")[0] for one in sent if not one.startswith("BEGIN")] == [
        "INSERT INTO audit_event"
    ]


def test_a_line_in_a_transaction_goes_when_the_transaction_does(cast):
    with pytest.raises(RuntimeError), transaction():
        record(Event.RECORD_VIEWED, actor=TESTER, patient_id=cast.cal.id, subject="patient:cal")
        raise RuntimeError

    written = select(func.count()).where(AuditEvent.subject == "patient:cal")
    assert db.session.scalar(written) == 0


def test_a_statement_alone_waits_until_the_writer_is_done(app):
    """On PostgreSQL nobody is in its way."""
    other, done = db.engine.connect().execution_options(**{WRITES: True}), []
    looking = threading.Thread(target=lambda: done.append(look(app)))
    with other, other.begin():
        other.execute(text("UPDATE visitor SET seen_at = seen_at"))
        looking.start()
        looking.join(0.2)
        overtook = bool(done) and db.engine.dialect.name == "sqlite"
    looking.join()

    assert not overtook
    assert done == [True]


def look(app) -> bool:
    with app.app_context():
        record(Event.DESK_VIEWED, actor=TESTER)
        return True
