"""No POST without the token of the page it was pressed on (S22): 400, and nothing changes."""

from __future__ import annotations

import pytest

from tests import production, walk
from tests.factories import at
from tests.full_record import KINDS
from tests.rows import everything_stored
from tests.visitor import Person
from tests.walk import Outcome

FORGED = "we could not be sure it was you"


@pytest.fixture
def posts(app, record):
    """Every address that takes a POST, each with a browser that its door lets in."""
    entered = {
        rule: kind
        for kind in KINDS
        for (method, rule), outcome in walk.expected(app, kind).items()
        if method == "POST" and outcome == Outcome.IN
    }
    people = {kind: kind.enter(app, record) for kind in set(entered.values())}
    return [(people[kind], walk.filled_in(rule, record.ids)) for rule, kind in entered.items()]


def no_token(_person):
    return {}


def made_up(_person):
    return {"csrf_token": "made-up"}


def changed(person):
    return {"csrf_token": walk.token_of(person)[:-4] + "AAAA"}


def of_another_browser(person):
    return {"csrf_token": walk.token_of(Person(person.app))}


@pytest.mark.parametrize("token", [no_token, made_up, changed, of_another_browser])
def test_no_post_is_let_through_with(posts, token):
    before = everything_stored()

    answers = {
        path: (answer.status_code, FORGED in answer.get_data(as_text=True))
        for person, path in posts
        for answer in [person.raw_post(path, token(person))]
    }

    assert set(answers.values()) == {(400, True)}
    assert everything_stored() == before


@pytest.mark.parametrize(
    "headers", [{}, {"Referer": "https://elsewhere.example/"}], ids=["no page", "another site"]
)
def test_no_post_is_let_through_that_comes_from(posts, headers):
    before = everything_stored()

    statuses = {
        path: person.send(
            "POST", path, data={"csrf_token": walk.token_of(person)}, headers=headers
        ).status_code
        for person, path in posts
    }

    assert set(statuses.values()) == {400}
    assert everything_stored() == before


def test_a_token_is_as_good_as_its_session_and_no_hour_ends_it(app, travel):
    person = Person(app)
    token = walk.token_of(person)
    travel(at(24, 17))

    answer = person.raw_post("/visits/close", {"csrf_token": token})

    assert answer.status_code == 303


def posted(person, **headers):
    """The status of a form that is good in itself, sent with these headers."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    data = {"csrf_token": walk.token_of(person)}
    answer = person.send(
        "POST", "/visits/close", data=data, headers={"Referer": person.base + "/", **names}
    )
    return answer.status_code, FORGED in answer.get_data(as_text=True)


GONE_THROUGH, REFUSED = (303, False), (400, True)
FROM = {
    "an old browser": ({}, GONE_THROUGH),
    "a page of ours": (
        {"Origin": "https://localhost", "Sec_Fetch_Site": "same-origin"},
        GONE_THROUGH,
    ),
    "the person's own doing": ({"Sec_Fetch_Site": "none"}, GONE_THROUGH),
    "another site": ({"Origin": "https://evil.example", "Sec_Fetch_Site": "cross-site"}, REFUSED),
    "another site without an origin": ({"Sec_Fetch_Site": "cross-site"}, REFUSED),
    "a sibling": ({"Sec_Fetch_Site": "same-site"}, REFUSED),
    "a page without an origin": ({"Origin": "null"}, REFUSED),
    "an empty origin": ({"Origin": ""}, REFUSED),
    "a host that begins like ours": ({"Origin": "https://localhost.evil.example"}, REFUSED),
    "another port": ({"Origin": "https://localhost:444"}, REFUSED),
}


@pytest.mark.parametrize("demo", [True, False], ids=["demo", "https base URL"])
@pytest.mark.parametrize(("headers", "outcome"), FROM.values(), ids=FROM)
def test_S22_a_good_token_is_refused_when_the_browser_says_it_was_sent_by_another_page(
    app, engine, cast, demo, headers, outcome
):
    with production.app_beside(engine) as real:
        assert posted(Person(app if demo else real), **headers) == outcome


HTTP = {"Origin": "http://clinic.example"}
HTTPS = {"Origin": "https://clinic.example"}
BEHIND = {
    "a proxy that is trusted": (1, HTTPS, GONE_THROUGH),
    "a proxy that is not": (0, HTTPS, GONE_THROUGH),
    "a proxy, from a page without https": (0, HTTP, REFUSED),
}


@pytest.mark.parametrize(("proxies", "headers", "outcome"), BEHIND.values(), ids=BEHIND)
def test_S22_S25_a_post_to_an_https_base_url_goes_through_behind(
    engine, cast, proxies, headers, outcome
):
    over = {"BASE_URL": "https://clinic.example", "TRUSTED_HOSTS": ["clinic.example"]}
    with production.app_beside(engine, PROXIES=proxies, **over) as real:
        real.config["SESSION_COOKIE_SECURE"] = False  # the test's browser speaks http to the app
        real.config["SESSION_COOKIE_NAME"] = "clinic"
        person = Person(real)
        person.base = "http://clinic.example"
        proxied = {"X_Forwarded_Proto": "https", "Referer": "https://clinic.example/"}
        assert posted(person, **headers, **proxied) == outcome


@pytest.mark.parametrize("base", ["http://localhost:9000", "http://localhost"])
def test_S22_a_demo_takes_the_address_that_it_was_opened_at(app, cast, base, monkeypatch):
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", False)
    monkeypatch.setitem(app.config, "SESSION_COOKIE_NAME", "clinic")
    person = Person(app)
    person.base = base

    assert posted(person, Origin=base) == GONE_THROUGH
    assert posted(person, Origin="http://localhost:9001") == REFUSED


def test_S22_a_foreign_post_is_not_even_asked_to_sign_in(anyone, cast):
    answer = anyone.send("POST", "/visits/x/cancel", headers={"Origin": "https://evil.example"})

    assert answer.status_code == 400


def test_every_post_of_the_app_was_tried(app, posts):
    """But for what no kind of person finds anything behind: that is 404 before any token."""
    posting = [
        rule
        for rule in walk.rules(app)
        if "POST" in (rule.methods or ()) and any(walk.lets_in(app, rule, kind) for kind in KINDS)
    ]

    assert len(posts) == len(posting)
