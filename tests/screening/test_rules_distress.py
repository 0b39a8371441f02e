"""How much the appearance weighs on somebody: every pair and every three of the scored answers."""

from datetime import date
from itertools import combinations
from typing import get_type_hints

import pytest

from clinic.screening.rules import (
    DISTRESS,
    Answer,
    AnswerValue,
    Case,
    Distress,
    KeepsFrom,
    OthersHardlySee,
    TimeADay,
    Topic,
    UnhappyAfter,
    Unsafe,
    Upset,
    WillChangeLife,
    evaluate,
)

SCORED = {
    "time_a_day": TimeADay.UP_TO_3_H,
    "upset": Upset.A_LOT,
    "keeps_from": KeepsFrom.OFTEN,
    "others_hardly_see": OthersHardlySee.YES,
    "unhappy_after": UnhappyAfter.TWICE_OR_MORE,
}
PAIRS_THAT_RAISE = [{"time_a_day", "upset"}, {"time_a_day", "keeps_from"}]
DISTRESS_RAISED = [
    ("appearance-distress", "caution", "both", "AHP, GMC"),
]


def flags(history=None, **answers):
    case = Case(
        born_on=date(1985, 1, 1),
        today=date(2026, 6, 15),
        history=history or {},
        distress=Distress(**answers),
    )
    return evaluate(case).flags


def in_words(shown):
    return [(f.topic, f.level, f.scope.modality, f.source) for f in shown]


@pytest.mark.parametrize("keys", list(combinations(SCORED, 2)), ids=" and ".join)
def test_two_scored_answers_raise_only_when_the_hour_comes_with_upset_or_being_kept(keys):
    raised = in_words(flags(**{key: SCORED[key] for key in keys}))

    assert raised == DISTRESS_RAISED * (set(keys) in PAIRS_THAT_RAISE)


@pytest.mark.parametrize("keys", list(combinations(SCORED, 3)), ids=" and ".join)
def test_any_three_scored_answers_raise(keys):
    assert in_words(flags(**{key: SCORED[key] for key in keys})) == DISTRESS_RAISED


@pytest.mark.parametrize("key", SCORED)
def test_one_scored_answer_raises_nothing(key):
    assert flags(**{key: SCORED[key]}) == ()


@pytest.mark.parametrize(
    ("key", "answer", "scores"),
    [
        ("upset", Upset.NOT, False),
        ("upset", Upset.A_LITTLE, False),
        ("upset", Upset.A_LOT, True),
        ("upset", Upset.EXTREMELY, True),
        ("keeps_from", KeepsFrom.NO, False),
        ("keeps_from", KeepsFrom.SOMETIMES, False),
        ("keeps_from", KeepsFrom.OFTEN, True),
    ],
)
def test_beside_an_hour_a_day_an_answer_scores_from_its_limit_on(key, answer, scores):
    assert bool(flags(time_a_day=TimeADay.UP_TO_3_H, **{key: answer})) is scores


@pytest.mark.parametrize(
    ("answer", "scores"),
    [
        (TimeADay.UNDER_15_MIN, False),
        (TimeADay.UP_TO_1_H, False),
        (TimeADay.UP_TO_3_H, True),
        (TimeADay.OVER_3_H, True),
    ],
)
def test_the_time_scores_from_an_hour_on(answer, scores):
    assert bool(flags(time_a_day=answer, upset=Upset.A_LOT)) is scores


@pytest.mark.parametrize(
    ("key", "answer", "scores"),
    [
        ("others_hardly_see", OthersHardlySee.NO, False),
        ("others_hardly_see", OthersHardlySee.NOT_ASKED, False),
        ("others_hardly_see", OthersHardlySee.YES, True),
        ("unhappy_after", UnhappyAfter.NONE, False),
        ("unhappy_after", UnhappyAfter.ONCE, False),
        ("unhappy_after", UnhappyAfter.TWICE_OR_MORE, True),
        ("will_change_life", WillChangeLife.PARTLY, False),
        ("unsafe", Unsafe.NO, False),
    ],
)
def test_as_the_third_an_answer_scores_from_its_limit_on(key, answer, scores):
    shown = flags(upset=Upset.A_LOT, keeps_from=KeepsFrom.OFTEN, **{key: answer})

    assert bool(shown) is scores


def test_the_flag_names_every_scored_answer_in_the_order_of_the_questions_and_no_other():
    (flag,) = flags(
        unhappy_after=UnhappyAfter.TWICE_OR_MORE,
        others_hardly_see=OthersHardlySee.NO,
        keeps_from=KeepsFrom.OFTEN,
        upset=Upset.A_LITTLE,
        time_a_day=TimeADay.OVER_3_H,
    )

    assert flag.raised_by == (
        "distress.time_a_day = over-3-h; distress.keeps_from = often; "
        "distress.unhappy_after = twice-or-more"
    )
    assert flag.reason == "Discuss in consultation; consider referral before treatment."


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (WillChangeLife.NO, []),
        (WillChangeLife.PARTLY, []),
        (WillChangeLife.YES, [("unrealistic-expectations", "caution", "both", "RS; GMC")]),
    ],
)
def test_hoping_for_another_life_is_an_unrealistic_expectation(answer, raised):
    assert in_words(flags(will_change_life=answer)) == raised


@pytest.mark.parametrize(
    ("value", "mark"), [(AnswerValue.YES, "patient unsuitable."), (AnswerValue.NOT_SURE, "able.")]
)
def test_hope_and_answer_are_one_flag_raised_by_both_and_sure(value, mark):
    history = {Topic.UNREALISTIC_EXPECTATIONS: Answer(value)}

    (flag,) = flags(history, will_change_life=WillChangeLife.YES)

    assert flag.reason.endswith(mark)
    assert flag.raised_by == (
        f"history.unrealistic-expectations = {value}; distress.will_change_life = yes"
    )


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (Unsafe.NO, []),
        (Unsafe.YES, [("safety-concern", "caution", "both", "PR")]),
        (Unsafe.PREFER_NOT_TO_SAY, [("safety-concern", "information", "both", "PR")]),
    ],
)
def test_feeling_unsafe_is_a_concern_and_not_saying_it_an_information(answer, raised):
    assert in_words(flags(unsafe=answer)) == raised


def test_the_concern_for_safety_says_which_answer_raised_it():
    (flag,) = flags(unsafe=Unsafe.PREFER_NOT_TO_SAY)

    assert flag.raised_by == "distress.unsafe = prefer-not-to-say"


def test_nothing_asked_raises_nothing():
    assert flags() == ()


def test_each_question_has_the_codes_that_its_answer_takes():
    takes = get_type_hints(Distress)

    assert list(DISTRESS) == list(takes)
    assert {name: kind | None for name, kind in DISTRESS.items()} == takes
