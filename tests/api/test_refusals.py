"""Whatever goes wrong under /api is said in JSON, in one shape; a page is for people."""

import json
from datetime import timedelta

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from clinic.accounts.throttle import TooMany
from clinic.catalogue.queries import NoClinic
from clinic.scheduling import diary
from tests.test_errors import MARKER, NUMBER


def said(answer):
    assert answer.mimetype == "application/json"
    body = json.loads(answer.data)
    assert set(body) == {"error", "what_to_do"}
    assert body["what_to_do"].endswith(".")
    assert MARKER not in answer.text
    return answer.status_code, body["error"]


@pytest.fixture
def fail(app, monkeypatch):
    """The roster can't be read, as it would be outside of tests."""

    def with_error(error):
        def broken():
            raise error

        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
        monkeypatch.setattr(diary, "current", broken)

    return with_error


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/slots/7"])
def test_an_address_that_is_not_there_says_so(cast, anyone, path):
    assert said(anyone.send("GET", path)) == (404, "not-found")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_method_that_is_not_there_says_which_are(cast, anyone, method):
    answer = anyone.send(method, "/api/slots")

    assert said(answer) == (405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


FAILURES = {
    "a bug": (RuntimeError(MARKER), 500, "broken"),
    "any other constraint": (IntegrityError(MARKER, {}, Exception(MARKER)), 500, "broken"),
    "a truth": (IntegrityError(MARKER, {}, Exception(f"truth 1: {MARKER}")), 409, "changed"),
    "an odd value": (DataError(MARKER, {}, Exception(MARKER)), 400, "bad-request"),
}


@pytest.mark.parametrize(("error", "status", "code"), FAILURES.values(), ids=FAILURES)
def test_S53_what_breaks_says_nothing_of_how(cast, anyone, fail, error, status, code):
    fail(error)

    assert said(anyone.send("GET", "/api/slots")) == (status, code)


def test_S53_what_breaks_on_our_side_names_the_request(cast, anyone, fail):
    fail(RuntimeError(MARKER))

    assert NUMBER.search(anyone.send("GET", "/api/slots").text)


def test_a_busy_database_says_when_to_ask_again(cast, anyone, fail):
    fail(OperationalError(MARKER, {}, Exception(MARKER)))

    answer = anyone.send("GET", "/api/slots")

    assert said(answer) == (503, "busy")
    assert answer.headers["Retry-After"] == "5"


def test_the_database_is_not_asked_again_to_say_that_it_is_away(cast, anyone, fail, monkeypatch):
    fail(OperationalError(MARKER, {}, Exception(MARKER)))
    monkeypatch.setattr("clinic.errors.render_template", None)

    assert said(anyone.send("GET", "/api/slots")) == (503, "busy")


def test_a_clinic_that_is_not_set_up_says_so(cast, anyone, fail):
    fail(NoClinic())

    assert said(anyone.send("GET", "/api/slots")) == (503, "no-clinic")


def test_one_who_asks_too_often_is_told_how_long_to_wait(cast, anyone, fail):
    fail(TooMany(timedelta(seconds=90)))

    answer = anyone.send("GET", "/api/slots")

    assert said(answer) == (429, "too-many-requests")
    assert answer.headers["Retry-After"] == "90"


def test_another_host_is_told_where_to_ask(cast, anyone):
    answer = anyone.send("GET", "/api/slots", headers={"Host": "elsewhere.example"})

    assert said(answer) == (400, "foreign-host")


@pytest.mark.parametrize("path", ["/apiary", "/desk/api/slots"])
def test_everywhere_else_people_read_a_page(cast, anyone, path):
    answer = anyone.send("GET", path)

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
