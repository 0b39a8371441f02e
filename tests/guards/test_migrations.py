"""Migrations make the very tables that the models declare, and leave the guards up."""

from __future__ import annotations

import re
from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import CheckConstraint, inspect, text

from clinic import create_app, guards
from clinic.accounts import finding, lookup
from clinic.config import ROOT
from clinic.database import Base, db
from clinic.engines import WRITES
from clinic.proof.facts import Facts, _patient
from clinic.proof.run import scratch_app

MIGRATIONS = ROOT / "clinic" / "migrations"
SCRIPTS = ScriptDirectory(str(MIGRATIONS))
FILES = sorted((MIGRATIONS / "versions").glob("*.py"))
NUMBERS = [f"{place:04}" for place in range(1, len(FILES) + 1)]
NUMBERED = list(zip(NUMBERS, [None, *NUMBERS], FILES, strict=False))


@pytest.fixture
def fresh(app):
    """An app over a database of its own that nothing has been done to yet."""
    with scratch_app(create_app) as scratch, scratch.app_context():
        yield scratch
        db.session.remove()
        db.engine.dispose()


def looked_at(look):
    with db.engine.connect() as connection:
        return look(connection)


def everything(connection):
    """All that a database says of itself: tables, indexes, triggers, functions, revision."""
    statements = {
        "sqlite": "SELECT type, name, sql FROM sqlite_master ORDER BY type, name",
        "postgresql": "SELECT table_name, column_name, data_type, character_maximum_length"
        " FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 2",
    }
    described = connection.execute(text(statements[connection.dialect.name])).all()
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    return described, guards.snapshot(connection), revision


def test_the_models_and_the_migrated_database_agree(app):
    context = {"compare_type": True, "compare_server_default": True}

    differences = looked_at(
        lambda connection: compare_metadata(
            MigrationContext.configure(connection, opts=context), Base.metadata
        )
    )

    assert differences == []


def test_the_models_and_the_migrated_database_have_the_same_checks(app):
    """Alembic compares no check constraints."""
    declared = {
        str(check.name)
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }

    tables = inspect(db.engine)
    found = {
        check["name"]
        for name in tables.get_table_names()
        for check in tables.get_check_constraints(name)
    }

    assert found == declared


def test_the_migrations_end_in_one_head():
    assert len(SCRIPTS.get_heads()) == 1


@pytest.mark.parametrize("number, before, file", NUMBERED, ids=lambda value: str(value)[-40:])
def test_a_migration_carries_its_number_and_says_what_it_does(number, before, file):
    revision = SCRIPTS.get_revision(number)

    assert re.fullmatch(rf"{number}_[a-z0-9_]+\.py", file.name)
    assert (revision.path, revision.down_revision) == (str(file), before)


def test_the_guards_are_up_after_upgrading_an_empty_database(fresh):
    upgrade()

    names = {name.rpartition(" ")[2] for name in looked_at(guards.snapshot)}
    assert names >= {
        "appointment_moves_along_arrows",
        "approval_needs_note",
        "audit_event_never_changes",
        "patient_stays_adult",
        "service_kind_stays",
    }


def test_an_absence_from_before_the_question_which_of_two_is_kept_and_says_nothing(fresh):
    upgrade(revision="0004")
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.execute(text("INSERT INTO actor (id, kind) VALUES (1, 'room')"))
        connection.execute(
            text(
                "INSERT INTO absence (id, actor_id, starts_on, starts_minute, ends_on, ends_minute,"
                " kind, public_id) VALUES (1, 1, '2026-10-25', 90, '2026-10-25', 105, 'ill', 'a')"
            )
        )

    upgrade()

    columns = "starts_minute, ends_minute, starts_second, ends_second"
    found = looked_at(lambda c: c.execute(text(f"SELECT {columns} FROM absence")).one())
    assert tuple(found) == (90, 105, None, None)


@pytest.mark.parametrize(
    ("names", "regulator", "carried"),
    [
        (True, None, [(1, True, None)]),
        (False, "A board", [(1, False, "A board")]),
        (False, None, []),
    ],
)
def test_what_a_clinic_said_on_its_pages_becomes_the_first_version_of_its_profile(
    fresh, names, regulator, carried
):
    upgrade(revision="0011")
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.execute(
            text(
                "INSERT INTO clinic"
                " (id, name, currency, cancel_notice_hours, names_brand, regulator)"
                " VALUES (1, 'Halden', 'GBP', 24, :names, :regulator)"
            ),
            {"names": names, "regulator": regulator},
        )

    upgrade()

    found = looked_at(
        lambda c: c.execute(text("SELECT id, names_brand, regulator FROM profile_version")).all()
    )
    assert [tuple(row) for row in found] == carried


def test_patients_from_before_there_were_keys_are_found(fresh):
    upgrade(revision="0012")
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        maya = {"name": "Maya Lindqvist", "born_on": date(1990, 11, 24), "phone": "07700 900123"}
        _patient(Facts(connection, {}), "maya", maya.pop("born_on"), None)
        connection.execute(text("UPDATE patient SET name = :name, phone = :phone"), maya)

    upgrade()

    typed = ("lindqist maya", "24/11/1990", "+44 7700 900123")
    assert [len(lookup.found(finding.wanted(words)).shown) for words in typed] == [1, 1, 1]


def test_a_second_upgrade_changes_nothing(fresh):
    upgrade()
    before = looked_at(everything)

    upgrade()

    assert looked_at(everything) == before


def test_the_guards_of_the_live_database_are_those_of_a_fresh_one(app, fresh):
    upgrade()
    new = looked_at(guards.snapshot)

    with app.app_context():
        live = looked_at(guards.snapshot)

    assert live == new


def test_guards_taken_down_and_put_up_again_are_the_same(fresh):
    upgrade()
    before = looked_at(guards.snapshot)

    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        guards.remove(connection)
        guards.install(connection)

    assert looked_at(guards.snapshot) == before


def test_no_guard_stays_up_after_they_are_removed(fresh):
    upgrade()

    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        guards.remove(connection)

    left = looked_at(guards.snapshot)
    assert set(left) <= {f"constraint {guards.EXCLUSION}"}


def test_a_migration_that_fails_leaves_no_table_behind(fresh, monkeypatch):
    monkeypatch.setattr(guards, "install", lambda _connection: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        upgrade()

    assert inspect(db.engine).get_table_names() == []
