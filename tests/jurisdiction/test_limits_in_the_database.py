"""The database holds the limits of a profile by itself, whatever the program does (raw rows)."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from clinic.database import db, transaction
from clinic.jurisdiction.models import ProfileVersion
from clinic.jurisdiction.rules import LIMITS, STRICTEST

SIDES = [
    (name, value, outside)
    for name, limits in LIMITS.items()
    for value, outside in [
        (limits.lowest, False),
        (limits.lowest - 1, True),
        (limits.highest, False),
        (limits.highest + 1, True),
    ]
]


def store(**over):
    values = {"because": "a raw row", **asdict(replace(STRICTEST, **over))}
    with transaction():
        db.session.execute(insert(ProfileVersion).values(**values))


@pytest.mark.parametrize(("name", "value", "outside"), SIDES)
def test_a_value_outside_its_limits_is_refused_and_one_at_them_is_not(app, name, value, outside):
    usual = {} if name == "default_validity_months" else {"default_validity_months": 1}
    if not outside:
        store(**usual, **{name: value})
        return
    with pytest.raises(IntegrityError, match=name):
        store(**usual, **{name: value})


def test_what_is_usual_is_never_longer_than_the_longest(app):
    store(default_validity_months=5, longest_validity_months=5)

    with pytest.raises(IntegrityError, match="default_within_longest"):
        store(default_validity_months=6, longest_validity_months=5)
