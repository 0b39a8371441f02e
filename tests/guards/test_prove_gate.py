"""`flask prove-gate`: the page that an inspector is shown, and what makes it fail."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text

from clinic import cli, guards
from clinic.accounts.models import Patient
from clinic.database import db
from clinic.proof import run
from clinic.proof.attempts import Attempt
from clinic.proof.rows import ROWS, Row

ONE_GUARD = {
    "sqlite": ("DROP TRIGGER approval_needs_note", "approval_needs_note"),
    "postgresql": (
        "DROP TRIGGER approval_needs_note ON approval",
        "trigger approval_needs_note",
    ),
}
SWITCHED_OFF = "ALTER TABLE approval DISABLE TRIGGER approval_needs_note"


@pytest.fixture
def prove_gate(app):
    return lambda: app.test_cli_runner().invoke(args=["prove-gate"])


@pytest.fixture
def lost_guard(app, engine):
    """The live database lacks one guard; its name. Put up again afterwards."""
    statement, name = ONE_GUARD[engine.name]
    with db.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    yield name
    with db.engine.begin() as connection:
        guards.remove(connection)
        guards.install(connection)


@pytest.fixture
def temporary_files(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_every_attempt_is_refused_and_the_last_line_counts_them(prove_gate):
    result = prove_gate()

    lines = result.output.splitlines()
    tried, refused = map(int, re.fullmatch(r"(\d+) attempts, (\d+) refused", lines[-1]).groups())
    assert result.exit_code == 0
    assert tried == refused == sum(line.startswith("refused     truth ") for line in lines)
    assert tried >= 20


def test_each_refusal_is_printed_in_the_words_of_the_database(prove_gate, engine):
    lines = prove_gate().output.splitlines()

    place = lines.index("refused     truth 2: a treatment visit without an approval")
    assert lines[place + 1].strip() == "truth 2: no approval in force for this visit"


def test_a_guard_that_is_missing_in_the_live_database_is_named_and_fails(prove_gate, lost_guard):
    result = prove_gate()

    assert result.exit_code == 1
    assert f"the live database's guard {lost_guard} is not the one we ship" in result.output


def test_an_attempt_that_gets_through_is_named_and_fails(prove_gate, monkeypatch):
    harmless = Attempt(1, "nothing at all", lambda _facts: None)
    monkeypatch.setattr(run, "ATTEMPTS", [harmless])
    monkeypatch.setattr(cli, "ROWS", {"G0": Row("Nothing at all", ("nothing at all",))})

    result = prove_gate()

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "GOT THROUGH truth 1: nothing at all",
        "G0 Nothing at all: 0 of 1 refused",
        "   GOT THROUGH nothing at all",
        "1 attempts, 0 refused",
    ]


def test_each_row_of_the_known_failures_is_printed_with_what_stands_for_it(prove_gate, engine):
    lines = prove_gate().output.splitlines()

    for name, row in ROWS.items():
        place = next(n for n, line in enumerate(lines) if line.startswith(f"{name} {row.says}: "))
        tried = [one.says for one in row.attempts if engine.name in one.engines]
        assert lines[place] == f"{name} {row.says}: {len(tried)} of {len(tried)} refused"
        shown = lines[place + 1 : place + 1 + len(tried)]
        assert sorted(shown) == sorted(f"   refused     {says}" for says in tried)


def test_the_scratch_copy_leaves_no_schema_and_no_file(prove_gate, temporary_files):
    before = inspect(db.engine).get_schema_names()

    prove_gate()

    assert inspect(db.engine).get_schema_names() == before
    assert list(temporary_files.iterdir()) == []


def test_the_proof_writes_nothing_into_the_live_database(prove_gate):
    prove_gate()

    assert db.session.scalar(select(func.count()).select_from(Patient)) == 0
    assert db.session.scalar(text("SELECT COUNT(*) FROM audit_event")) == 0
