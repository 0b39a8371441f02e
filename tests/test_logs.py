"""S42, S52: a log says what happened, and nothing that anybody typed, holds or is called."""

from __future__ import annotations

import json
import logging

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, OperationalError

from clinic import logs
from clinic.catalogue import queries as catalogue
from clinic.database import db, transaction
from clinic.journey import rewrap
from clinic.notices import letters, worker
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.sealing import DataKey, ring
from tests import walk
from tests.engines import SETTINGS
from tests.full_record import CLINICAL, KINDS, WHO, account_of, found_in

MARK = "zzmarkerzz"
HELD_BACK = (MARK, SETTINGS["SECRET_KEY"], SETTINGS["SECURITY_PASSWORD_SALT"], "dGVzdC1rZXk")
OF_A_LINE = {"time", "level", "logger", "message", "request_id", "endpoint", "method"}
OF_AN_ANSWER = OF_A_LINE | {"status", "milliseconds"}


@pytest.fixture
def logged(capsys):
    """The lines since the last time, each read as JSON; and their text."""

    def read():
        text = capsys.readouterr().err
        return [json.loads(line) for line in text.splitlines()], text

    return read


@pytest.fixture
def as_in_production(app, monkeypatch):
    """Errors get a page, as they do outside of tests."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)


def mark_everything(person, method, path):
    """A request whose query, body, headers and cookies all hold the marker."""
    person.client.set_cookie("other", MARK, domain="localhost")
    return person.send(
        method,
        path,
        query_string={"q": MARK, "day": MARK, "next": f"/{MARK}"},
        headers={"User-Agent": MARK, "X-Token": MARK, "Referer": f"https://localhost/{MARK}"},
        data={"email": f"{MARK}@example.org", "password": MARK * 3, MARK: MARK},
    )


@pytest.mark.parametrize("name", ["nobody", "Cal signed in", "front desk", "physician in care"])
def test_S52_no_request_to_any_address_leaves_what_it_held_in_the_log(
    app, record, logged, as_in_production, name
):
    person = next(kind for kind in KINDS if kind.name == name).enter(app, record)
    marked = {**dict.fromkeys(record.ids, MARK), "key": MARK, "code": MARK}
    logged()

    for ids in (record.ids, marked):
        for rule in walk.rules(app):
            for method in walk.METHODS:
                mark_everything(person, method, walk.filled_in(rule.rule, ids))

    lines, text = logged()
    private = (*HELD_BACK, *WHO, *CLINICAL, *record.ids.values())
    assert len(lines) == 2 * len(walk.rules(app)) * len(walk.METHODS)
    assert {frozenset(line) for line in lines} == {frozenset(OF_AN_ANSWER)}
    assert found_in(text, set(private) - {"where", "lines", "record"}) == []


def test_S52_each_request_leaves_one_line_that_names_its_rule(anyone, cast, logged):
    logged()

    anyone.get("/visits/open")

    (line,), _text = logged()
    assert (line["endpoint"], line["method"], line["status"]) == (
        "scheduling.open_visits",
        "GET",
        200,
    )
    assert (line["time"][:14], line["time"][-6:]) == ("2026-11-24T09:", "+00:00")
    assert line["milliseconds"] > 0
    assert len(line["request_id"]) == 32


def test_S52_a_form_that_is_filled_in_leaves_nothing_of_it(anyone, cast, logged):
    user = account_of(cast.cal)
    logged()

    anyone.get("/sign-in").form("password").set(email=user.email, password=MARK).press(status=422)
    anyone.get("/visits/open").form("born_on").set(email=f"{MARK}@example.org").press(status=422)

    assert found_in(logged()[1], (MARK, user.email)) == []


def bad_query():
    return OperationalError(f"SELECT {MARK}", {"name": MARK}, Exception(MARK))


def broken_truth():
    return IntegrityError(f"INSERT {MARK}", {"name": MARK}, Exception(f"truth 3 {MARK}"))


def with_a_cause():
    try:
        raise KeyError(MARK)
    except KeyError as cause:
        error = RuntimeError(f"{MARK}\r\n{{}}")
        error.__cause__ = cause
        return error


@pytest.mark.parametrize("make", [bad_query, broken_truth, with_a_cause])
def test_S52_S53_an_error_leaves_its_kind_and_place_and_neither_words_nor_secrets(
    anyone, cast, logged, monkeypatch, as_in_production, make
):
    error = make()

    def fail():
        typed = MARK
        raise error if typed else AssertionError

    monkeypatch.setattr(catalogue, "services", fail)
    logged()

    answer = anyone.send("GET", "/")

    lines, text = logged()
    assert found_in(text + answer.get_data(as_text=True), HELD_BACK) == []
    assert lines[-1]["status"] == answer.status_code >= 409
    assert lines[-1]["request_id"] in answer.get_data(as_text=True)


def test_S52_an_error_nobody_expected_says_where_it_was_raised_and_what_caused_it(
    anyone, cast, logged, monkeypatch, as_in_production
):
    error = with_a_cause()

    def fail():
        raise error

    monkeypatch.setattr(catalogue, "services", fail)
    logged()

    anyone.send("GET", "/")

    line = logged()[0][0]
    assert [one["type"] for one in line["errors"]] == ["builtins.RuntimeError", "builtins.KeyError"]
    assert line["errors"][0]["at"][-1].startswith("tests/test_logs.py:")
    assert line["errors"][0]["at"][-1].endswith(":fail")
    assert (line["level"], line["endpoint"]) == ("ERROR", "public.home")


def test_S52_a_mail_that_cannot_be_written_leaves_neither_address_nor_words(
    app, cast, logged, monkeypatch
):
    notices.queue(MessageKind.CODE, to=f"{MARK}@example.org", params={"code": MARK})
    monkeypatch.setattr(letters, "write", lambda message: {}[message.to])
    logged()

    worker.work_once()

    (line,), text = logged()
    assert line["errors"][0]["type"] == "builtins.KeyError"
    assert found_in(text, HELD_BACK) == []


def test_S52_a_value_that_does_not_open_leaves_no_id_in_the_log(
    app, cast, record, signed_in, logged, as_in_production
):
    ana = signed_in(cast.ana_user)
    with transaction():
        db.session.execute(update(DataKey).values(wrapped=b"\x02t1" + bytes(60)))
    logged()

    statuses = [
        ana.send("GET", walk.address(rule, record.ids)).status_code for rule in walk.rules(app)
    ]

    lines, text = logged()
    told = [line for line in lines if line["message"] == "sealed value did not open"]
    assert len(told) == statuses.count(500) > 0
    assert found_in(text, set(record.ids.values()) - {"where", "lines", "record"}) == []


EVIL = 'one\r\n{"level": "INFO"}\u2028two'


@pytest.mark.parametrize("name", ["clinic.sealing", "_granian"])
def test_S52_a_line_break_in_what_is_logged_begins_no_second_line(app, logged, name):
    logged()

    logging.getLogger(name).error("said: %s", EVIL)
    lines, text = logged()
    formatted = logs.JSONLines().format(logging.makeLogRecord({"name": name, "msg": EVIL}))

    assert len(lines) == text.count("\n") <= 1
    assert (formatted.isascii(), formatted.count("\n")) == (True, 0)


@pytest.mark.parametrize("name", ["sqlalchemy.pool", "werkzeug", "alembic", "root"])
def test_S52_of_what_a_library_says_only_the_place_is_logged(app, logged, name):
    logged()

    logging.getLogger(name).error("GET /visits/%s", MARK)

    (line,), text = logged()
    assert line["message"].startswith("a library spoke at test_logs.py:")
    assert MARK not in text


def test_S52_the_lines_that_a_server_writes_of_its_own_for_each_request_are_off(app):
    assert not logging.getLogger("werkzeug").isEnabledFor(logging.INFO)


def test_a_second_app_in_a_process_does_not_log_twice(app, logged):
    logs.init_app(type(app)("another"))
    logged()

    logging.getLogger("clinic").warning("once")

    assert len(logged()[0]) == 1


def test_S52_no_key_is_shown_by_what_holds_one(app, cast):
    key = cast.cal.data_key
    plain = key._unwrapped()
    shown = " ".join([repr(key), str(key), repr(ring()), repr(rewrap.UNDER_THE_RING)])

    assert found_in(shown, (repr(plain)[2:-1], plain.hex(), "test-key-test-key")) == []
