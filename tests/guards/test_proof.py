"""Every bypass of the gate that we could think of, tried with raw SQL on each engine."""

from __future__ import annotations

from collections import Counter

import pytest

from clinic.proof.attempts import ATTEMPTS, Attempt
from clinic.proof.facts import pause, resume
from clinic.proof.rows import ROWS
from clinic.proof.run import try_one
from clinic.proof.treatments import treatment
from tests.guards.conftest import told

ONLY_ADDED_TO = "truth 4: approval"
EXCLUDED = 'conflicting key value violates exclusion constraint "participant_no_overlap"'

# A refusal begins with the truth of its attempt, but for these. On PostgreSQL truth 1 is kept by a
# constraint, and one guard for all tables that are only added to speaks of truth 4.
OTHER_WORDS = {
    ("postgresql", "a second visit in the middle of a physician's first"): EXCLUDED,
    ("postgresql", "a period stretched into the next visit"): EXCLUDED,
    ("postgresql", "a taken physician given to a second visit by changing the actor"): EXCLUDED,
    ("postgresql", "a visit moved onto a taken time while its participants stay behind"): EXCLUDED,
    ("postgresql", "a visit moved to a taken physician by telling its own where to go"): EXCLUDED,
    ("postgresql", "the last day of an approval moved"): ONLY_ADDED_TO,
    ("postgresql", "the modality of an approval changed"): ONLY_ADDED_TO,
    ("postgresql", "the withdrawal of an approval deleted"): ONLY_ADDED_TO,
    ("postgresql", "the withdrawal of an approval moved to another one"): ONLY_ADDED_TO,
    ("postgresql", "the form of a resumption changed"): ONLY_ADDED_TO,
    ("postgresql", "a pause deleted"): ONLY_ADDED_TO,
    ("postgresql", "an approval deleted"): ONLY_ADDED_TO,
    ("postgresql", "the scope of an approval deleted"): ONLY_ADDED_TO,
    ("postgresql", "an approval stored a second time with a later end"): ONLY_ADDED_TO,
}


@pytest.fixture(scope="module")
def story(engine):
    with told(engine, lambda _connection: None) as facts:
        yield facts


@pytest.mark.parametrize("one", ATTEMPTS, ids=lambda one: one.says)
def test_a_bypass_is_refused_by_its_own_truth(story, engine, one):
    outcome = try_one(story.connection, story, one)

    words = OTHER_WORDS.get((engine.name, one.says), f"truth {one.truth}: ")
    assert outcome.refusal is not None
    assert outcome.refusal.startswith(words)


def test_no_two_bypasses_have_one_name():
    names = Counter(one.says for one in ATTEMPTS)

    assert max(names.values()) == 1


@pytest.mark.parametrize("truth", range(1, 8))
@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_each_truth_is_attacked_in_several_ways_on_each_engine(name, truth):
    tried = [one for one in ATTEMPTS if one.truth == truth and name in one.engines]

    assert len(tried) >= 5


def test_the_known_failures_of_the_gate_are_all_there():
    assert list(ROWS) == [f"G{number}" for number in range(1, 10)]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_each_known_failure_of_the_gate_is_tried_on_each_engine(name, row):
    assert {one.says for one in row.attempts} == set(row.tries)
    assert [one for one in row.attempts if name in one.engines]


def test_what_is_resumed_as_it_should_be_carries_a_visit_again(story):
    """The story's own resumption is accepted: what refuses the attempts is what they make false."""

    def as_it_should_be(facts):
        pause(facts)
        resume(facts)
        treatment(facts)

    assert try_one(story.connection, story, Attempt(2, "none", as_it_should_be)).refusal is None
