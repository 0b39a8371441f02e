"""The chain of seals: made in order, by one sealer at a time, and what it says when it is broken.

Shows S51 of the security checklist.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from clinic import guards
from clinic.audit import chain
from clinic.audit.events import Event
from clinic.audit.models import AuditChain, AuditEvent, AuditSeal
from clinic.audit.rules import COVERED, canonical
from clinic.audit.services import record
from clinic.database import db, transaction
from clinic.engines import WRITES
from clinic.sealing import DataKey, KeyRing
from tests import rush
from tests.factories import TESTER, at


def write(count: int = 1, **facts: object) -> None:
    for _number in range(count):
        record(Event.CLINIC_MADE, actor=TESTER, **facts)


def sealed_rows() -> list[int]:
    """The numbers of the rows, in the order of the chain."""
    db.session.rollback()
    return list(db.session.scalars(db.select(AuditSeal.event_id).order_by(AuditSeal.id)))


def ids() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(db.select(AuditEvent.id).order_by(AuditEvent.id)))


@pytest.fixture
def verify(app):
    """What `flask audit verify` says, and its exit status."""

    def run() -> tuple[int, str]:
        db.session.rollback()
        result = app.test_cli_runner().invoke(args=["audit", "verify"])
        return result.exit_code, result.output

    return run


@pytest.fixture
def tamper(app, engine) -> Callable[..., None]:
    """What somebody with the whole database in their hands does: no trigger, no foreign key."""

    def run(*statements: str, **values: object) -> None:
        db.session.rollback()
        connection = db.engine.connect().execution_options(**{WRITES: True})
        if engine.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
        with connection, connection.begin():
            if engine.name == "sqlite":
                guards.remove(connection)  # the next test begins with another file
            else:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for statement in statements:
                used = {key: values[key] for key in re.findall(r"(?<!\w):(\w+)", statement)}
                connection.execute(text(statement), used)
        db.engine.dispose()

    return run


# Sealing.


def test_S51_each_row_gets_one_seal_in_the_order_of_the_log(app, verify):
    write(3)

    sealed = chain.seal_some()

    assert sealed == 3
    assert sealed_rows() == ids()
    assert verify() == (0, "3 rows sealed, 0 not sealed yet\n")


def test_S51_a_second_round_goes_on_where_the_first_ended(app, verify, travel):
    write(2)
    chain.seal_some()
    travel(at(24, 12))
    write(2)

    again = [chain.seal_some(), chain.seal_some()]

    assert again == [2, 0]
    assert verify() == (0, "4 rows sealed, 0 not sealed yet\n")


def test_more_than_a_batch_is_sealed_batch_by_batch(app, verify, monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 2)
    write(5)

    batches = [chain.seal_some() for _round in range(4)]

    assert batches == [2, 2, 1, 0]
    assert verify()[0] == 0


def test_S51_a_row_that_becomes_visible_late_is_sealed_after_larger_numbers(app, verify, tamper):
    """On PostgreSQL a row takes its number before its commit: 2 may be seen after 3."""
    write(3)
    first, late, last = ids()
    tamper("DELETE FROM audit_event WHERE id = :late", late=late)
    chain.seal_some()
    tamper(
        "INSERT INTO audit_event SELECT :late, at, event, actor, roles, patient_id, subject,"
        " facts, result, address, request_id FROM audit_event WHERE id = :last",
        late=late,
        last=last,
    )

    chain.seal_some()

    assert sealed_rows() == [first, last, late]
    assert verify() == (0, "3 rows sealed, 0 not sealed yet\n")


def test_S51_rows_of_a_transaction_still_open_are_sealed_once_it_ends(app, engine, verify):
    write(1)
    meanwhile = engine.name == "postgresql"  # SQLite has one writer: nothing can pass the open one
    with db.engine.connect().execution_options(**{WRITES: True}) as other, other.begin():
        values = {"event": "clinic:made", "actor": "user:slow", "roles": "", "facts": {}}
        other.execute(db.insert(AuditEvent).values(**values))
        if meanwhile:
            write(1)
            chain.seal_some()

    chain.seal_some()

    assert len(sealed_rows()) == (3 if meanwhile else 2)
    assert verify()[0] == 0


def test_S51_what_was_left_behind_is_sealed_when_a_worker_starts(app, verify, tamper, travel):
    """A row far behind the chain, as nothing but a worker that was away for long leaves one."""
    write(2)
    chain.seal_some()
    lost = ids()[0]
    tamper(
        "DELETE FROM audit_seal",
        "INSERT INTO audit_seal SELECT 1, :other, :seal, :then",
        other=ids()[1],
        seal=b"x" * 32,
        then=0 if db.engine.dialect.name == "sqlite" else at(1, 9),
    )
    assert chain.seal_some() == 0

    chain.seal_everything()

    assert lost in sealed_rows()


@pytest.mark.parametrize("workers", [3])
def test_S51_workers_that_seal_at_once_make_one_chain_without_gaps(app, verify, workers):
    write(40)

    def work() -> int:
        done = 0
        for _round in range(40):
            with suppress(Exception):  # as in the worker's loop: the next round tries again
                done += chain.seal_some()
        return done

    chain.BATCH, batch = 7, chain.BATCH
    try:
        counts = rush.together(*[work] * workers)
    finally:
        chain.BATCH = batch

    numbers = db.session.scalars(db.select(AuditSeal.id).order_by(AuditSeal.id)).all()
    assert sum(map(int, counts)) == 40
    assert numbers == list(range(1, 41))
    assert sorted(sealed_rows()) == ids()
    assert len(db.session.scalars(db.select(AuditChain)).all()) == 1
    assert verify()[0] == 0


# What a seal covers.


def test_S51_a_seal_covers_every_column_of_the_log():
    assert set(COVERED) == {column.name for column in AuditEvent.__table__.columns}


def test_S51_the_content_of_a_row_is_the_same_bytes_on_every_engine(app):
    write(1, rooms=2, services=5)
    row = db.session.execute(
        db.select(*chain.CONTENT).order_by(AuditEvent.id.desc()).limit(1)
    ).one()
    stored = db.session.get_one(AuditEvent, row.id)
    moment = at(24, 9, 1)

    content = canonical(row._asdict(), 7, moment)

    assert content.decode() == (
        '{"number":7,"row":{"actor":"system:test","address":null,'
        f'"at":{micros(stored.at)},"event":"clinic:made",'
        '"facts":{"rooms":2,"services":5},'
        f'"id":{row.id},"patient_id":null,"request_id":null,'
        '"result":"done","roles":"","subject":null},'
        f'"sealed_at":{micros(moment)}'
        "}"
    )


def micros(instant: datetime) -> int:
    return int(instant.timestamp()) * 1_000_000 + instant.microsecond


def test_S51_sealing_uses_another_key_than_encrypting_and_each_purpose_its_own(app):
    key = DataKey.fresh()

    seals = {key.signer(purpose)(b"row") for purpose in ("chain", "other")}

    assert len(seals) == 2
    assert key.signer("chain")(b"row") in seals
    assert DataKey.fresh().signer("chain")(b"row") not in seals


# Verifying.


def test_S51_the_unsealed_tail_is_told_and_is_no_fault(app, verify):
    write(1)
    chain.seal_some()
    write(2)

    status, said = verify()

    assert status == 0
    assert said == "1 rows sealed, 2 not sealed yet (oldest from 2026-11-24 09:00:00 UTC)\n"


def test_S51_a_tail_older_than_a_minute_is_a_warning(app, verify, travel):
    write(1)
    travel(at(24, 9, 0) + timedelta(seconds=90))

    status, said = verify()

    assert status == 0
    assert "WARNING: rows wait for longer than a minute" in said


def test_an_empty_log_is_whole(app, verify):
    assert verify() == (0, "0 rows sealed, 0 not sealed yet\n")


TAMPERED = {
    "a changed actor": (
        ["UPDATE audit_event SET actor = 'user:other' WHERE id = :b"],
        "b",
        "the row was changed",
    ),
    "a changed fact": (
        ["UPDATE audit_event SET facts = '{\"rooms\": 9}' WHERE id = :b"],
        "b",
        "the row was changed",
    ),
    "an event that does not exist": (
        ["UPDATE audit_event SET event = 'clinic:unmade' WHERE id = :b"],
        "b",
        "the row was changed",
    ),
    "a changed last row": (
        ["UPDATE audit_event SET result = 'denied' WHERE id = :d"],
        "d",
        "the row or its seal was changed",
    ),
    "a deleted row": (["DELETE FROM audit_event WHERE id = :b"], "b", "the row is missing"),
    "a row deleted with its seal": (
        ["DELETE FROM audit_seal WHERE event_id = :b", "DELETE FROM audit_event WHERE id = :b"],
        "c",
        "a seal is missing: number 2",
    ),
    "a deleted seal": (
        ["DELETE FROM audit_seal WHERE event_id = :b"],
        "c",
        "a seal is missing: number 2",
    ),
    "a deleted first seal": (
        ["DELETE FROM audit_seal WHERE event_id = :a"],
        "b",
        "a seal is missing: number 1",
    ),
    "a deleted seal, the others renumbered": (
        [
            "DELETE FROM audit_seal WHERE event_id = :b",
            "UPDATE audit_seal SET id = 2 WHERE event_id = :c",
            "UPDATE audit_seal SET id = 3 WHERE event_id = :d",
        ],
        "c",
        "the seal does not fit",
    ),
    "a changed seal": (
        ["UPDATE audit_seal SET seal = :forged WHERE event_id = :b"],
        "b",
        "the seal does not fit",
    ),
    "two rows swapped": (
        [
            "UPDATE audit_event SET id = 9000 WHERE id = :b",
            "UPDATE audit_event SET id = :b WHERE id = :c",
            "UPDATE audit_event SET id = :c WHERE id = 9000",
        ],
        "b",
        "the seal does not fit",
    ),
    "two seals swapped": (
        [
            "UPDATE audit_seal SET event_id = 9000 WHERE event_id = :b",
            "UPDATE audit_seal SET event_id = :b WHERE event_id = :c",
            "UPDATE audit_seal SET event_id = :c WHERE event_id = 9000",
        ],
        "c",
        "the seal does not fit",
    ),
    "a row put in at the end with a seal made up": (
        [
            "INSERT INTO audit_event SELECT 9000, at, event, 'user:other', roles, patient_id,"
            " subject, facts, result, address, request_id FROM audit_event WHERE id = :b",
            "INSERT INTO audit_seal SELECT 5, 9000, :forged, sealed_at FROM audit_seal"
            " WHERE event_id = :b",
        ],
        "new",
        "the row or its seal was changed or put in",
    ),
    "a later sealing time": (
        ["UPDATE audit_seal SET sealed_at = (SELECT at FROM audit_event WHERE id = :a)"
         " WHERE event_id = :b"],
        "b",
        "the row was changed",
    ),
    "the key of the chain taken away": (
        ["DELETE FROM audit_chain"],
        "a",
        "the key of the chain is gone",
    ),
    "the key of the chain exchanged": (
        ["UPDATE audit_chain SET data_key_id = :key"],
        "a",
        "the seal does not fit",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_S51_verify_names_the_first_broken_row_and_what_is_wrong_with_it(app, verify, tamper, what):
    statements, row, why = TAMPERED[what]
    write(4, rooms=2)
    chain.seal_some()
    numbers = dict(zip("abcd", ids(), strict=True)) | {"new": 9000}
    with transaction():
        other = DataKey.fresh()
        db.session.add(other)
    tamper(*statements, **numbers, forged=b"f" * 32, key=other.id)

    status, said = verify()

    assert status == 1
    assert said.startswith(f"BROKEN at audit row {numbers[row]} (seal ")
    assert why in said.splitlines()[0]


def test_S51_only_the_first_broken_row_is_named(app, verify, tamper):
    write(4)
    chain.seal_some()
    tamper("UPDATE audit_event SET actor = 'user:other' WHERE id >= :second", second=ids()[1])

    _status, said = verify()

    assert said.count("BROKEN") == 1
    assert "1 rows sealed and whole before it" in said


def test_S51_a_row_that_no_worker_has_sealed_yet_is_counted_when_it_was_put_in(app, verify, tamper):
    write(2)
    chain.seal_some()
    tamper(
        "INSERT INTO audit_event SELECT 9000, at, event, 'user:other', roles, patient_id, subject,"
        " facts, result, address, request_id FROM audit_event WHERE id = :a",
        a=ids()[0],
    )

    assert verify()[1].startswith("2 rows sealed, 1 not sealed yet (oldest from 2026-11-24")


def test_S51_the_walk_holds_a_batch_in_memory_and_no_more(app, verify, monkeypatch):
    write(5)
    chain.seal_some()
    monkeypatch.setattr(chain._links, "__defaults__", (0, 2))

    assert verify() == (0, "5 rows sealed, 0 not sealed yet\n")


def test_S51_without_the_key_ring_the_chain_cannot_be_made_to_fit(app, verify, monkeypatch):
    write(1)
    chain.seal_some()
    db.session.remove()
    thief = KeyRing.parse(KeyRing.fresh_line("t1"))
    monkeypatch.setitem(app.extensions, "key_ring", thief)

    status, said = verify()

    assert status == 1
    assert "The key ring does not open the key of the chain" in said
