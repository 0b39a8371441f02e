"""Our own cases through `flask screening evaluate`: each comes to what the reference says."""

import pytest

from clinic.screening.rules import Topic
from tests.screening.own_cases import (
    NAMES,
    evaluated,
    expected,
    in_words,
    speaks_in_our_words,
    words,
)

# Their reasons are worked out from the case: test_rules_droop_rating, test_rules_plan.
WORKED_OUT = {"eyelid-droop", "off-label-area", "above-label-dose", "cumulative-dose"}


@pytest.mark.parametrize("name", NAMES)
def test_each_case_comes_to_what_the_reference_says_and_in_its_words(name):
    printed = evaluated(name)

    assert {str(case["id"]): in_words(case) for case in printed} == expected(name)
    assert [f for case in printed for f in case["flags"] if not speaks_in_our_words(f)] == []


def test_every_topic_has_its_words_or_works_them_out():
    assert {*words()} | WORKED_OUT == {*Topic}


def test_every_reason_is_given_by_a_case():
    given = {flag["reason"] for name in NAMES for case in evaluated(name) for flag in case["flags"]}

    assert {reason for fixed in words().values() for reason in fixed["reasons"]} <= given
