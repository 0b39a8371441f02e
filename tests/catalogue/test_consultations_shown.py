"""Consultations as pages show them: in memory, never older than what is stored, never written."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import object_session

from clinic.catalogue import queries
from clinic.database import Base, db
from clinic.engines import WRITES
from tests.statements import statements

SERVICE = Base.metadata.tables["service"]


def shown():
    """At a new look, as a request has it."""
    db.session.rollback()
    return list(queries.consultations_to_show())


def elsewhere(statement):
    """Done over a connection of its own, as another process would."""
    db.session.rollback()
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.execute(statement)


def test_they_are_those_that_are_stored_with_their_sites(cast):
    stored = [(one.id, one.location.name) for one in queries.consultations()]

    assert [(one.id, one.location.name) for one in shown()] == stored


def test_a_price_that_another_process_changes_is_the_new_one_at_the_next_look(cast):
    before = [one.price_pence for one in shown()]

    elsewhere(update(SERVICE).values(price_pence=SERVICE.c.price_pence + 100))

    assert [one.price_pence for one in shown()] == [price + 100 for price in before]


def test_one_that_is_retired_elsewhere_is_shown_no_more(cast):
    assert shown()

    elsewhere(update(SERVICE).values(active=False))

    with pytest.raises(queries.NoClinic):
        shown()


def test_they_are_read_again_only_after_a_change(cast):
    shown()

    with statements() as sent:
        shown()

    assert [one for one in sent if "FROM service" in one] == []


def test_they_are_of_no_session_so_that_nothing_writes_them(cast):
    assert [object_session(one) for one in shown()] == [None]
