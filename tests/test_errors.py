"""Error pages: a number to call with, a way on, and nothing of what went wrong (S53)."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from clinic.accounts.models import Patient
from clinic.audit.models import AuditEvent
from clinic.catalogue import queries as catalogue
from clinic.database import db
from clinic.sealing import SealBroken
from tests.rows import everything_stored
from tests.visitor import Page, Person

MARKER = "brimvolt"
NUMBER = re.compile(r"Number of this request: ([0-9a-f]{32})")

FAILURES = {
    "a bug": (RuntimeError(MARKER), 500),
    "a value of the wrong kind": (TypeError(f"{MARKER} is no date"), 500),
    "the database is busy": (OperationalError(MARKER, {MARKER: MARKER}, Exception(MARKER)), 503),
    "a truth of the database": (
        IntegrityError(MARKER, {}, Exception(f"truth 1: {MARKER} overlaps")),
        409,
    ),
    "a value that no column takes": (DataError(MARKER, {MARKER: MARKER}, Exception(MARKER)), 400),
    "any other constraint": (IntegrityError(MARKER, {MARKER: MARKER}, Exception(MARKER)), 500),
    "a seal that broke": (SealBroken(f"note.text:{MARKER}"), 500),
}


@pytest.fixture
def fail(app: Flask, monkeypatch):
    """The home page fails with an error, as it would outside of tests."""

    def with_error(error: Exception, work=lambda: None) -> None:
        def broken() -> None:
            work()
            raise error

        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
        monkeypatch.setattr(catalogue, "services", broken)

    return with_error


@pytest.mark.parametrize(("error", "status"), FAILURES.values(), ids=FAILURES)
def test_S53_an_error_page_holds_a_number_and_nothing_of_the_error(
    cast, anyone, fail, error, status
):
    fail(error)

    page: Page = anyone.get("/", status=status)

    assert NUMBER.search(page.text)
    assert MARKER not in page.html
    assert "Traceback" not in page.html
    assert "To the home page" in page.text


def test_S53_the_number_is_the_one_in_the_audit_log(cast, anyone, fail):
    fail(SealBroken("note.text:0"))

    page = anyone.get("/", status=500)

    number = NUMBER.search(page.text)
    row = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert number is not None
    assert row.request_id == number[1]


def test_S53_what_was_begun_before_an_error_is_undone(cast, anyone, fail):
    before = everything_stored()

    def half_done() -> None:
        patient = db.session.get(Patient, cast.cal.id)
        patient.name = MARKER
        db.session.flush()

    fail(RuntimeError("later"), half_done)
    anyone.get("/", status=500)

    assert everything_stored() == before


def test_S53_the_next_request_works_again(cast, app, anyone, fail, monkeypatch):
    fail(RuntimeError("once"))
    anyone.get("/", status=500)
    monkeypatch.undo()

    assert Person(app).get("/").heading
