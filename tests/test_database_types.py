"""Instants are stored exactly and sort as such; codes are codes; public ids say nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError

from clinic.accounts.models import Visitor
from clinic.catalogue.rules import ServiceKind
from clinic.columns import Code, UTCDateTime, new_public_id
from clinic.database import db, transaction
from clinic.sealing import DataKey

DIALECTS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}
AWARE = st.datetimes(
    min_value=datetime.combine(date(1900, 1, 1), time()),
    max_value=datetime.combine(date(2200, 1, 1), time()),
    timezones=st.timezones(),
)


@pytest.mark.parametrize("name", DIALECTS)
@given(instant=AWARE)
def test_an_instant_comes_back_to_the_microsecond(name, instant):
    dialect, column = DIALECTS[name], UTCDateTime()

    stored = column.process_bind_param(instant, dialect)

    assert column.process_result_value(stored, dialect) == instant.astimezone(UTC)


@pytest.mark.parametrize("name", DIALECTS)
@given(first=AWARE, second=AWARE)
def test_stored_instants_sort_as_instants_do(name, first, second):
    column, dialect = UTCDateTime(), DIALECTS[name]

    stored = [column.process_bind_param(instant, dialect) for instant in (first, second)]

    assert (stored[0] < stored[1]) == (first.astimezone(UTC) < second.astimezone(UTC))


INSTANTS = [
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    datetime(2026, 11, 24, 9, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 11, 24, 9, 0, 1, tzinfo=UTC),
    datetime(2026, 11, 24, 11, 30, tzinfo=timezone(timedelta(hours=2))),
    datetime(2026, 11, 24, 4, 45, tzinfo=timezone(timedelta(hours=-5))),
]


def test_the_database_sorts_instants_as_python_does(app):
    with transaction():
        db.session.add_all(
            Visitor(token_hash=bytes([place]) * 32, seen_at=instant)
            for place, instant in enumerate(reversed(INSTANTS))
        )

    assert db.session.scalars(select(Visitor.seen_at).order_by(Visitor.seen_at)).all() == INSTANTS


def test_S78_an_instant_is_read_as_utc(app):
    with transaction():
        db.session.add(Visitor(token_hash=b"z" * 32, seen_at=INSTANTS[-1]))

    assert db.session.scalars(select(Visitor.seen_at)).one().tzinfo is UTC


def test_S78_a_naive_instant_is_refused(app):
    with pytest.raises(StatementError, match="naive"), transaction():
        db.session.add(Visitor(token_hash=b"n" * 32, seen_at=INSTANTS[0].replace(tzinfo=None)))


def test_a_code_comes_back_as_a_member_of_its_enum():
    column = Code(ServiceKind)

    stored = column.process_bind_param(ServiceKind.TOXIN, DIALECTS["sqlite"])
    read = column.result_processor(DIALECTS["sqlite"], None)

    assert stored == "toxin"
    assert read(stored) is column.process_result_value(stored, DIALECTS["sqlite"])
    assert (read(stored), read(None)) == (ServiceKind.TOXIN, None)


def test_a_code_that_its_enum_lacks_is_neither_written_nor_read():
    column = Code(ServiceKind)

    with pytest.raises(ValueError, match="laser"):
        column.process_bind_param("laser", DIALECTS["sqlite"])
    with pytest.raises(ValueError, match="laser"):
        column.process_result_value("laser", DIALECTS["sqlite"])
    with pytest.raises(ValueError, match="laser"):
        column.result_processor(DIALECTS["sqlite"], None)("laser")


def test_a_code_longer_than_its_column_is_refused_where_the_column_is_declared():
    with pytest.raises(ValueError, match="longer than 10"):
        Code(ServiceKind, longest=10)


def test_public_ids_do_not_repeat_and_say_nothing():
    ids = {new_public_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert {len(one) for one in ids} == {32}


def test_a_row_can_have_its_public_id_before_it_is_stored(app):
    assert DataKey.fresh().public_id
