"""The control of the proof: with the guards taken away the same bypasses get through.

So what refuses them is the guards, and not a mistake in the attempt. What something else refuses
as well is listed with what that is.
"""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from clinic import guards
from clinic.proof.attempts import ATTEMPTS
from clinic.proof.run import try_one
from tests.guards.conftest import told

BY_FOREIGN_KEY = "by a foreign key"
BY_A_CHECK = "by a check"
BY_AN_INDEX = "by an index"

# Attempts that are refused even without guards: the table itself says no, or other rows point at
# what they take away. On SQLite no foreign key refuses: they can be put off until the commit.
STILL_REFUSED = {
    ("sqlite", "a record that leads to itself"): BY_A_CHECK,
    ("postgresql", "a record that leads to itself"): BY_A_CHECK,
    ("sqlite", "a record that leads to two others"): BY_AN_INDEX,
    ("postgresql", "a record that leads to two others"): BY_AN_INDEX,
    ("postgresql", "a sent form deleted"): BY_FOREIGN_KEY,
    ("postgresql", "a signed note deleted"): BY_FOREIGN_KEY,
    ("postgresql", "an approval deleted"): BY_FOREIGN_KEY,
    ("postgresql", "a sealed audit row deleted"): BY_FOREIGN_KEY,
    (
        "postgresql",
        "two physicians swap their numbers, so that a lapsed one has signed",
    ): BY_FOREIGN_KEY,
}


# How the engines say what it was.
SAID = {
    BY_FOREIGN_KEY: ("violates foreign key constraint",),
    BY_A_CHECK: ("CHECK constraint failed", "violates check constraint"),
    BY_AN_INDEX: ("UNIQUE constraint failed", "violates unique constraint"),
}


def take_down(connection: Connection) -> None:
    guards.remove(connection)
    drop = {
        "sqlite": "SELECT 1",
        "postgresql": f"ALTER TABLE participant DROP CONSTRAINT {guards.EXCLUSION}",
    }
    connection.exec_driver_sql(drop[connection.dialect.name])


def refused(words: str | None) -> str | None:
    """None when it got through, else by what."""
    by = [name for name, some in SAID.items() if words and any(said in words for said in some)]
    return by[0] if by else words


@pytest.fixture(scope="module")
def unguarded_story(engine):
    with told(engine, take_down) as facts:
        yield facts


@pytest.mark.parametrize("one", ATTEMPTS, ids=lambda one: one.says)
def test_without_guards_a_bypass_gets_through(unguarded_story, engine, one):
    outcome = try_one(unguarded_story.connection, unguarded_story, one)

    assert refused(outcome.refusal) == STILL_REFUSED.get((engine.name, one.says))
