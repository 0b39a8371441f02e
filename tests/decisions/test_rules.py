"""Where a decision stands on a day."""

from datetime import date

import pytest

from clinic.decisions import rules
from clinic.decisions.rules import Standing
from clinic.treatment.rules import ApprovalState

LAST = date(2027, 5, 24)
BEFORE, AFTER = date(2027, 5, 23), date(2027, 5, 25)


def test_every_state_of_an_approval_has_its_standing():
    assert {state: rules.of_approval(state) for state in ApprovalState} == {
        ApprovalState.IN_FORCE: Standing.IN_FORCE,
        ApprovalState.SUSPENDED: Standing.PAUSED,
        ApprovalState.WITHDRAWN: Standing.WITHDRAWN,
        ApprovalState.SUPERSEDED: Standing.REPLACED,
        ApprovalState.OVER: Standing.OVER,
    }


@pytest.mark.parametrize(
    ("until", "replaced", "today", "standing"),
    [
        (LAST, False, LAST, Standing.WAITS),
        (LAST, False, AFTER, Standing.OVER),
        (None, False, AFTER, Standing.WAITS),
        (LAST, True, BEFORE, Standing.REPLACED),
        (LAST, True, AFTER, Standing.REPLACED),
    ],
)
def test_a_deferral_waits_to_the_end_of_its_last_day(until, replaced, today, standing):
    assert rules.of_deferral(until=until, is_replaced=replaced, today=today) == standing


@pytest.mark.parametrize(
    ("answered", "replaced", "standing"),
    [
        (False, False, Standing.WAITS),
        (False, True, Standing.WAITS),
        (True, False, Standing.STANDS),
        (True, True, Standing.REPLACED),
    ],
)
def test_a_question_stays_open_until_it_is_answered(answered, replaced, standing):
    assert rules.of_question(is_answered=answered, is_replaced=replaced) == standing


@pytest.mark.parametrize(
    ("replaced", "standing"), [(False, Standing.STANDS), (True, Standing.REPLACED)]
)
def test_a_refusal_stands_until_another_decision_takes_its_place(replaced, standing):
    assert rules.of_refusal(is_replaced=replaced) == standing
