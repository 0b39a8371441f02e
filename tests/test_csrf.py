"""No POST without the token of the page it was pressed on (S22): 400, and nothing changes."""

from __future__ import annotations

import pytest

from tests import walk
from tests.factories import at
from tests.full_record import KINDS, make_full_record
from tests.rows import everything_stored
from tests.visitor import Person
from tests.walk import Outcome

FORGED = "we could not be sure it was you"


@pytest.fixture
def posts(app, cast):
    """Every address that takes a POST, each with a browser that its door lets in."""
    record = make_full_record(cast)
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


def test_every_post_of_the_app_was_tried(app, posts):
    """But for what no kind of person finds anything behind: that is 404 before any token."""
    posting = [
        rule
        for rule in walk.rules(app)
        if "POST" in (rule.methods or ()) and any(walk.lets_in(app, rule, kind) for kind in KINDS)
    ]

    assert len(posts) == len(posting)
