"""Ids in addresses that no database can be asked for: nothing is there, and nothing breaks."""

from __future__ import annotations

import pytest

from clinic.door import LONGEST_ID, guard_of, is_id
from tests import walk
from tests.full_record import KINDS

ODD = {"NUL": "%00", "NUL inside": "a%00b", "too long": "a" * 201}


@pytest.mark.parametrize(
    ("asked", "is_one"),
    [
        ("0" * 32, True),
        ("toxin", True),
        ("", True),
        ("a" * LONGEST_ID, True),
        ("a" * (LONGEST_ID + 1), False),
        ("\0", False),
        ("a\0b", False),
    ],
)
def test_what_can_be_an_id(asked, is_one):
    assert is_id(asked) is is_one


@pytest.fixture
def answers(app, record):
    """What each address about a row answers one kind of person, with an odd id in it."""

    def ask(name: str, odd: str) -> dict[str, int]:
        person = next(kind for kind in KINDS if kind.name == name).enter(app, record)
        about = [
            rule
            for rule in walk.rules(app)
            if rule.arguments and (guard := guard_of(app, rule.endpoint)) and guard.find
        ]
        return {
            rule.rule: person.send(
                "GET" if "GET" in (rule.methods or ()) else "POST",
                walk.filled_in(rule.rule, dict.fromkeys(record.ids, odd)),
            ).status_code
            for rule in about
        }

    return ask


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("name", ["front desk", "physician in care", "manager", "Cal signed in"])
def test_nothing_is_found_at_an_id_that_is_none(answers, name, odd):
    found = answers(name, odd)

    assert len(found) > 20
    assert set(found.values()) <= {400, 403, 404}, found  # 400: a POST without a token


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_nothing_was_kept_under_an_id_that_is_none(cast, anyone, signed_in, odd):
    assert anyone.send("GET", f"/kept/{odd}").status_code == 404
    assert signed_in(cast.bea).send("GET", f"/kept/{odd}").status_code == 404
