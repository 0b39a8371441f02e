"""Plans: what is asked with every page finds its rows by an index, however long the past is.

Asked at a hundred thousand rows, where a database would rather read a small table whole.
"""

from __future__ import annotations

import re

import pytest
from psycopg import sql
from sqlalchemy import event

from clinic import clock
from clinic.accounts import finding, lookup, sessions
from clinic.accounts import queries as people
from clinic.accounts.finding import Identity
from clinic.accounts.models import Patient
from clinic.catalogue.models import Service
from clinic.clock import Period
from clinic.database import db
from clinic.engines import WRITES
from clinic.frontdesk import queries as desk
from clinic.journey import book
from clinic.scheduling import availability, busy, press, queries
from clinic.scheduling.models import Appointment
from tests.bench import clinic, visits
from tests.bench import names as bench_names
from tests.engines import Engine

VISITS = 33_400  # with three participants each
NAMES = 6_000  # with sixteen keys each, and more
LARGE = {"appointment", "participant", "patient", "patient_key"}
TODAY = clinic.NOW.date()


@pytest.fixture(scope="module")
def long_past(engine):
    """A database of its own with ten years of visits of six physicians."""
    made = Engine(engine.name, purpose="plans")
    with made.app.app_context():
        clinic.make(physicians=6)
        db.session.remove()
        writing = db.engine.connect().execution_options(**{WRITES: True})
        with writing as connection, connection.begin():
            visits.load(connection, VISITS, TODAY, guarded=False)
            bench_names.load(connection, NAMES)
    yield made
    made.close()


def service():
    return db.session.scalars(db.select(Service).filter_by(kind="consultation")).one()


def hour():
    return Period(clinic.NOW, clinic.NOW.replace(hour=10))


ASKED = {
    "times of a day": lambda: availability.times(service(), TODAY, 1),
    "the visits to come of whom a booking took up": lambda: busy.stretches([1, 2], clinic.NOW),
    "a patient's visits to come": lambda: busy.stretches(
        [db.session.get(Patient, 7).actor_id], clinic.NOW
    ),
    "a person's visits to come, on any record of theirs": lambda: busy.stretches(
        [db.session.get(Patient, 7).actor_id],
        clinic.NOW,
        person=db.session.get(Patient, 7).actor_id,
    ),
    "expired holds in the way": lambda: busy.expired_holds_in_the_way([1, 2, 3], hour()),
    "the hold of a browser": lambda: queries.hold_of(7),
    "what somebody known holds": lambda: book.held_by_known(7, 7),
    "what is pressed": lambda: press.at_the_press(7, 7),
    "holds of an address": lambda: queries.ends_of_holds_from("192.0.2.1"),
    "the desk's day": lambda: desk.day_sheet(TODAY),
    "a patient's visits": lambda: queries.own_visits(7),
    "an open consultation": lambda: queries.open_consultation_at(7),
    "who is signed in": lambda: sessions.by_token("nobody"),
    "which browser it is": lambda: people.browser_by_token("nobody"),
}

# What the desk types: each alone and together, right and with a slip.
TYPED = ("m", "lind", "lindkquist maya", "maya l", "1970", "12.5.1970", "+44 7700 900123", "some@")
ASKED |= {f"whom “{typed}” finds": lambda typed=typed: looked_up(typed) for typed in TYPED}
ASKED["who may be known already"] = lambda: lookup.doubles(Identity("Maya Lind", TODAY))


def looked_up(typed):
    return lookup.found(finding.wanted(typed))


def asked_by(work):
    """What *work* sends to the database, with its values."""
    sent = []

    def note(_connection, _cursor, statement, values, *_more):
        sent.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    work()
    event.remove(db.engine, "before_cursor_execute", note)
    return [(s, values) for s, values in sent if s.startswith("SELECT")]


def tables_read_whole(statement, values):
    """The large tables that the database would read from the first row to the last."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [str(row[3]).split() for row in plan]
            return {step[1] for step in steps if step[0] == "SCAN"} & LARGE
        return set(scanned(planned_once(connection, statement, values))) & LARGE


def planned_once(connection, statement, values):
    """PostgreSQL's plan of *statement*, which it makes before it knows the values."""
    driver, names = connection.connection.driver_connection, []

    def number(named):
        names.append(named.group(1))
        return f"${len(names)}"

    driver.execute("PREPARE asked AS " + re.sub(r"%[(](\w+)[)]s", number, statement))
    told = sql.SQL(", ").join(sql.Literal(values[name]) for name in names)
    given = sql.SQL("({})").format(told) if names else sql.SQL("")
    execute = sql.SQL("EXPLAIN (FORMAT JSON) EXECUTE asked {}").format(given)
    plan = driver.execute(execute).fetchone()[0]
    driver.execute("DEALLOCATE asked")
    return plan


def scanned(plan):
    if isinstance(plan, list):
        return [name for part in plan for name in scanned(part)]
    kind = plan.get("Node Type", "")
    is_whole = kind == "Seq Scan" or (kind.startswith("Index") and "Index Cond" not in plan)
    found = [plan["Relation Name"]] if is_whole and "Relation Name" in plan else []
    below = [plan["Plan"]] if "Plan" in plan else plan.get("Plans", [])
    return found + scanned(below)


@pytest.mark.parametrize("work", ASKED.values(), ids=ASKED)
def test_no_large_table_is_read_whole_for(long_past, work):
    with long_past.app.app_context(), long_past.app.test_request_context():
        clock.shift(clinic.NOW - clock.real_now())
        sent = asked_by(work)
        each = {s: tables_read_whole(s, values) for s, values in sent}
        whole = {s: found for s, found in each.items() if found}
        db.session.remove()

    assert sent
    assert whole == {}


@pytest.mark.parametrize("typed", TYPED)
def test_a_search_asks_two_statements_at_most(long_past, typed):
    with long_past.app.app_context():
        sent = asked_by(lambda: looked_up(typed))
        db.session.remove()

    assert 1 <= len(sent) <= 2


def test_a_table_that_is_read_whole_is_noticed(long_past):
    by_reason = db.select(Appointment.id).where(Appointment.cancel_reason == "none")
    with long_past.app.app_context():
        sent = asked_by(lambda: db.session.scalars(by_reason).all())
        found = tables_read_whole(*sent[0])
        db.session.remove()

    assert found == {"appointment"}
