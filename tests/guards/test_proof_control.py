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

# Attempts that are refused even without guards, because other rows point at what they take away.
# On SQLite none is: there, foreign keys can be put off until the commit.
STILL_REFUSED = {
    ("postgresql", "a sent form deleted"): BY_FOREIGN_KEY,
    ("postgresql", "a signed note deleted"): BY_FOREIGN_KEY,
    ("postgresql", "an approval deleted"): BY_FOREIGN_KEY,
    ("postgresql", "a sealed audit row deleted"): BY_FOREIGN_KEY,
    (
        "postgresql",
        "two physicians swap their numbers, so that a lapsed one has signed",
    ): BY_FOREIGN_KEY,
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
    if words is not None and "violates foreign key constraint" in words:
        return BY_FOREIGN_KEY
    return words


@pytest.fixture(scope="module")
def unguarded_story(engine):
    with told(engine, take_down) as facts:
        yield facts


@pytest.mark.parametrize("one", ATTEMPTS, ids=lambda one: one.says)
def test_without_guards_a_bypass_gets_through(unguarded_story, engine, one):
    outcome = try_one(unguarded_story.connection, unguarded_story, one)

    assert refused(outcome.refusal) == STILL_REFUSED.get((engine.name, one.says))
