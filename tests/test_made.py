"""Statements that are made once: they find, write and refuse what the library's own way does."""

import pytest
from sqlalchemy import bindparam, event, insert, select, update
from sqlalchemy.exc import IntegrityError

from clinic import clock
from clinic.accounts.models import Patient
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import PendingChanges, changed, db, rows, run, table_of, transaction
from clinic.idempotency import IdempotencyKey
from clinic.made import Made
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from tests.factories import TESTER, at, make_visit

VISIT = table_of(Appointment)
BY_PATIENT = (
    select(VISIT.c.id, VISIT.c.status, VISIT.c.starts_at, VISIT.c.starts_on, VISIT.c.approval_id)
    .where(VISIT.c.patient_id == bindparam("patient_id"), VISIT.c.status == "booked")
    .order_by(VISIT.c.id)
)
KEY = {"scope": "somebody", "key": "k", "input_hash": b"\0" * 32, "outcome": "/there"}


@pytest.fixture
def visit(cast):
    return make_visit(cast.cal, cast.ana, cast.service("follow-up"), at(24, 10, 20))


@pytest.fixture(params=["before_cursor_execute", "after_cursor_execute"])
def heard(request):
    """What somebody who listens to the engine hears: the statements go the library's way."""
    told = []

    def note(_connection, _cursor, statement, *_more):
        told.append(statement)

    event.listen(db.engine, request.param, note)
    yield told
    event.remove(db.engine, request.param, note)


def test_it_finds_what_the_library_finds_in_the_same_types(visit):
    values = {"patient_id": visit.patient_id}

    found = rows(Made(BY_PATIENT), values)

    assert found == [tuple(row) for row in run(BY_PATIENT, values)]
    assert [type(value) for value in found[0][:2]] == [int, AppointmentStatus]
    assert found[0][2] == visit.starts_at


def test_it_finds_the_same_where_somebody_listens(visit, heard):
    number = visit.patient_id
    heard.clear()

    assert rows(Made(BY_PATIENT), {"patient_id": number})[0][0] == visit.id
    assert len(heard) == 1


def test_it_finds_nothing_where_nothing_is(cast):
    assert rows(Made(BY_PATIENT), {"patient_id": 0}) == []


def test_the_values_of_one_call_do_not_stay_for_the_next(visit):
    made = Made(BY_PATIENT)

    assert [len(rows(made, {"patient_id": who})) for who in (visit.patient_id, 0)] == [1, 0]


def test_an_insert_takes_the_defaults_of_its_columns(cast):
    before = clock.now()
    with transaction():
        assert changed(Made(insert(table_of(IdempotencyKey))), KEY) == 1

    stored = db.session.scalars(select(IdempotencyKey)).one()
    assert (stored.scope, stored.input_hash, stored.outcome) == ("somebody", b"\0" * 32, "/there")
    assert stored.created_at >= before


def test_a_line_of_the_log_holds_its_facts(cast):
    audit.record(Event.DENIED, actor=TESTER, result="denied", endpoint="somewhere", status=403)

    db.session.rollback()
    line = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert line.facts == {"endpoint": "somewhere", "status": 403}


def test_what_the_database_refuses_is_the_library_s_error(cast):
    made = Made(insert(table_of(IdempotencyKey)))

    with pytest.raises(IntegrityError) as refused, transaction():
        changed(made, KEY)
        changed(made, KEY)

    assert "/there" not in str(refused.value)  # S52: no values


def test_an_update_says_how_many_rows_it_changed(visit):
    renamed = Made(
        update(table_of(Patient))
        .where(table_of(Patient).c.id == bindparam("patient_id"))
        .values(name=bindparam("name"))
    )

    with transaction():
        assert changed(renamed, {"patient_id": visit.patient_id, "name": "Another"}) == 1
        assert changed(renamed, {"patient_id": 0, "name": "Nobody"}) == 0


def test_nothing_is_written_outside_a_transaction(cast):
    with pytest.raises(PendingChanges):
        changed(Made(insert(table_of(IdempotencyKey))), KEY)


def test_a_missing_value_is_missed(cast):
    with pytest.raises(KeyError):
        rows(Made(BY_PATIENT), {"patient": 1})


def test_a_list_of_values_is_refused(cast):
    listed = Made(select(VISIT.c.id).where(VISIT.c.status.in_(["booked", "arrived"])))

    with pytest.raises(TypeError, match="list of values"):
        rows(listed)
