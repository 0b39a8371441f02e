"""The gate: nine conditions, each alone with its near miss. Source: clinical reference e.4."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from clinic.jurisdiction.rules import STRICTEST
from clinic.treatment.rules import (
    ApprovalState,
    DeskWord,
    GateFacts,
    Reason,
    desk_words,
    reasons_not_to_book,
)
from tests.treatment.facts import (
    APPROVAL,
    FACE,
    FILLER,
    GIVEN,
    KNOWN,
    TOXIN,
    flag,
    on,
    wish,
)


def test_what_a_physician_approved_can_be_booked():
    assert reasons_not_to_book(KNOWN, wish()) == []


# 1. Age on the day of the visit.


@pytest.mark.parametrize(
    ("born_on", "day", "refused"),
    [
        (date(2008, 12, 2), date(2026, 12, 1), True),  # 18 tomorrow
        (date(2008, 12, 1), date(2026, 12, 1), False),  # the 18th birthday
        (date(2008, 11, 30), date(2026, 12, 1), False),
        (date(2008, 2, 29), date(2026, 2, 28), True),  # born on 29 February: 1 March
        (date(2008, 2, 29), date(2026, 3, 1), False),
    ],
)
def test_condition_1_nobody_is_treated_before_the_18th_birthday(born_on, day, refused):
    facts = on({"valid_from": date(2026, 1, 1), "given_at": GIVEN - timedelta(days=330)})

    found = reasons_not_to_book(replace(facts, born_on=born_on), wish(day))

    assert found == [Reason.UNDER_18] * refused


# 2 and 3. A consultation; an approval, not withdrawn, suspended or superseded.


def test_condition_2_without_a_completed_consultation_nothing_is_booked():
    assert reasons_not_to_book(on(consulted=False), wish()) == [Reason.NO_CONSULTATION]


def test_condition_3_without_an_approval_nothing_is_booked():
    found = reasons_not_to_book(replace(KNOWN, approval=None), wish())

    assert found == [Reason.NO_APPROVAL]


@pytest.mark.parametrize(
    ("state", "found"),
    [
        (ApprovalState.IN_FORCE, []),
        (ApprovalState.WITHDRAWN, [Reason.WITHDRAWN]),
        (ApprovalState.SUSPENDED, [Reason.SUSPENDED]),
        (ApprovalState.SUPERSEDED, [Reason.SUPERSEDED]),
    ],
)
def test_condition_3_an_approval_that_ended_or_pauses_carries_nothing(state, found):
    assert reasons_not_to_book(on({"state": state}), wish()) == found


# 4. The visit's date inside the approval, both days included.


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        (date(2026, 11, 30), True),
        (date(2026, 12, 1), False),
        (date(2027, 5, 24), False),
        (date(2027, 5, 25), True),
    ],
)
def test_condition_4_the_date_of_the_visit_lies_inside_the_approval(day, refused):
    facts = on({"valid_from": date(2026, 12, 1)})

    assert reasons_not_to_book(facts, wish(day)) == [Reason.NOT_IN_FORCE] * refused


# 5. Modality and area inside the approval.


@pytest.mark.parametrize(
    ("approved", "wanted", "covered"),
    [
        ((TOXIN,), (TOXIN,), True),
        ((FILLER,), (FILLER,), True),
        ((TOXIN,), (FILLER,), False),
        ((FILLER,), (TOXIN,), False),
        ((TOXIN,), (TOXIN, FILLER), False),
        ((FILLER,), (TOXIN, FILLER), False),
        ((TOXIN, FILLER), (TOXIN, FILLER), True),
        ((TOXIN, FILLER), (TOXIN,), True),
        ((TOXIN, FILLER), (FILLER,), True),
        ((), (TOXIN,), False),
    ],
)
def test_G2_condition_5_approving_one_never_implies_the_other(approved, wanted, covered):
    scope = dict.fromkeys(approved, FACE)

    found = reasons_not_to_book(on({"scope": scope}), wish(modalities=wanted))

    assert found == [Reason.NOT_COVERED] * (not covered)


def test_condition_5_a_modality_without_areas_is_not_covered():
    found = reasons_not_to_book(on({"scope": {TOXIN: frozenset()}}), wish())

    assert found == [Reason.NOT_COVERED]


# 7. The toxin interval of 84 days.

SESSION = date(2026, 10, 1)


@pytest.mark.parametrize(("days", "refused"), [(0, True), (83, True), (84, False), (85, False)])
def test_condition_7_toxin_waits_84_days_after_the_last_session(days, refused):
    facts = on(
        {"valid_from": SESSION, "given_at": GIVEN - timedelta(days=90)}, last_toxin_on=SESSION
    )

    found = reasons_not_to_book(facts, wish(SESSION + timedelta(days=days)))

    assert found == [Reason.TOXIN_INTERVAL] * refused


def test_condition_7_filler_does_not_wait_for_toxin():
    facts = on({"scope": {FILLER: FACE}}, last_toxin_on=date(2026, 11, 30))

    assert reasons_not_to_book(facts, wish(modalities=(FILLER,))) == []


def test_condition_7_a_combined_treatment_waits_for_its_toxin():
    facts = on({"scope": {TOXIN: FACE, FILLER: FACE}}, last_toxin_on=date(2026, 11, 30))

    found = reasons_not_to_book(facts, wish(modalities=(TOXIN, FILLER)))

    assert found == [Reason.TOXIN_INTERVAL]


def test_condition_7_the_interval_is_the_profiles():
    longer = replace(STRICTEST, toxin_interval_days=90)
    facts = on(last_toxin_on=date(2026, 10, 1), profile=longer)

    assert reasons_not_to_book(facts, wish(date(2026, 12, 29))) == [Reason.TOXIN_INTERVAL]
    assert reasons_not_to_book(facts, wish(date(2026, 12, 30))) == []


# 8 and 9. A changed intake; time to reflect.


def test_condition_8_an_intake_changed_since_the_approval_closes_the_gate():
    assert reasons_not_to_book(on({"intake_changed": True}), wish()) == [Reason.INTAKE_CHANGED]


@pytest.mark.parametrize(
    ("after", "treated_with", "wanted", "refused"),
    [
        (timedelta(hours=23, minutes=59), (), (TOXIN,), True),
        (timedelta(hours=24), (), (TOXIN,), False),
        (timedelta(minutes=1), (TOXIN,), (TOXIN,), False),
        (timedelta(minutes=1), (FILLER,), (TOXIN,), True),
        (timedelta(minutes=1), (TOXIN,), (TOXIN, FILLER), True),
        (timedelta(minutes=1), (TOXIN, FILLER), (TOXIN, FILLER), False),
    ],
)
def test_condition_9_a_new_modality_waits_a_day_to_the_minute(after, treated_with, wanted, refused):
    facts = on({"scope": {TOXIN: FACE, FILLER: FACE}}, treated_with=frozenset(treated_with))
    starts_at = GIVEN + after

    found = reasons_not_to_book(facts, wish(starts_at.date(), wanted, starts_at))

    assert found == [Reason.COOLING_OFF] * refused


def test_condition_9_a_clinic_may_set_no_time_to_reflect():
    facts = on(profile=replace(STRICTEST, cooling_off_hours=0))

    assert reasons_not_to_book(facts, wish(GIVEN.date(), starts_at=GIVEN)) == []


# All of them, and the desk's words.


def test_every_failure_gives_its_own_reason_in_the_order_of_the_conditions():
    facts = GateFacts(
        born_on=date(2009, 1, 1),
        consulted=False,
        approval=replace(
            APPROVAL,
            scope={FILLER: FACE},
            valid_until=date(2026, 11, 24),
            given_at=GIVEN,
            state=ApprovalState.WITHDRAWN,
            flags=(flag(),),
            intake_changed=True,
        ),
        last_toxin_on=date(2026, 11, 1),
    )
    starts_at = GIVEN + timedelta(hours=23)

    found = reasons_not_to_book(facts, wish(date(2026, 11, 25), (TOXIN,), starts_at))

    assert found == [
        Reason.UNDER_18,
        Reason.NO_CONSULTATION,
        Reason.WITHDRAWN,
        Reason.NOT_IN_FORCE,
        Reason.NOT_COVERED,
        Reason.ABSOLUTE_FLAG,
        Reason.TOXIN_INTERVAL,
        Reason.INTAKE_CHANGED,
        Reason.COOLING_OFF,
    ]


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        (Reason.UNDER_18, DeskWord.UNDER_18),
        (Reason.NO_CONSULTATION, DeskWord.NEEDS_CONSULTATION),
        (Reason.NO_APPROVAL, DeskWord.NEEDS_PHYSICIAN),
        (Reason.WITHDRAWN, DeskWord.NEEDS_PHYSICIAN),
        (Reason.SUSPENDED, DeskWord.NEEDS_PHYSICIAN),
        (Reason.SUPERSEDED, DeskWord.NEEDS_PHYSICIAN),
        (Reason.NOT_IN_FORCE, DeskWord.OUTSIDE_DATES),
        (Reason.NOT_COVERED, DeskWord.NEEDS_PHYSICIAN),
        (Reason.ABSOLUTE_FLAG, DeskWord.NEEDS_PHYSICIAN),
        (Reason.TOXIN_INTERVAL, DeskWord.TOO_SOON),
        (Reason.INTAKE_CHANGED, DeskWord.NEEDS_PHYSICIAN),
        (Reason.COOLING_OFF, DeskWord.TOO_SOON),
    ],
)
def test_the_desk_reads_one_of_five_words_for_each_reason(reason, word):
    assert desk_words([reason]) == [word]


def test_the_desk_reads_each_word_once_and_always_in_the_same_order():
    both = [[a, b] for a, b in product(Reason, Reason)]

    told = [desk_words(pair) for pair in both]

    assert told == [desk_words(pair[::-1]) for pair in both]
    assert all(len(words) == len(set(words)) <= 2 for words in told)
    assert desk_words([]) == []
