"""Which answers are others than before, and which only look so (e.4)."""

import pytest

from clinic.intake.changes import health_changes, says_unsafe, told
from clinic.screening.rules import Area
from tests.factories import ANSWERS

FOREHEAD = {"area": "forehead", "in_motion": True, "at_rest": False, "fws": 2, "how": "clear"}


def document(**parts):
    return {"answers": {}, "concerns": [], "words": {}, **parts}


def answers(**given):
    return document(answers={key.replace("_", "-"): value for key, value in given.items()})


def codes(before, now, areas=()):
    return [change.code for change in health_changes(before, now, areas)]


NO, YES, NOT_SURE = {"value": "no"}, {"value": "yes"}, {"value": "not-sure"}


@pytest.mark.parametrize(
    ("was", "now", "is_another"),
    [
        (NO, NO, False),
        (NO, YES, True),
        (YES, NO, True),
        (NO, NOT_SURE, True),
        (NOT_SURE, YES, True),
        ({**YES, "note": "aspirin"}, {**YES, "note": "Aspirin "}, False),
        ({**YES, "note": "aspirin"}, {**YES, "note": "warfarin"}, True),
        ({**YES, "note": "aspirin"}, YES, True),
        ({**YES, "areas": ["lips", "chin"]}, {**YES, "areas": ["chin", "lips"]}, False),
        ({**YES, "areas": ["lips"]}, {**YES, "areas": ["lips", "chin"]}, True),
        ({**YES, "times": "once"}, {**YES, "times": "more"}, True),
        ({**YES, "session": {"date": "2026-10-01"}}, {**YES, "session": {"date": "x"}}, True),
        (
            {**YES, "session": {"date": "2026-10-01", "units": ""}},
            {**YES, "session": {"date": "2026-10-01"}},
            False,
        ),
        ({**NO, "asked": "Old words?"}, {**NO, "asked": "New words?"}, False),
    ],
)  # fmt: skip
def test_an_answer_is_another_when_it_or_a_detail_is(was, now, is_another):
    found = codes(answers(pregnancy=was), answers(pregnancy=now))

    assert found == (["pregnancy"] if is_another else [])


NEW, OLD = {"date": "2026-11-01", "units": "20"}, {"date": "2026-10-01", "where": "Neck"}


@pytest.mark.parametrize(
    ("was", "now", "is_another"),
    [
        ((NEW,), (NEW,), False),
        ((NEW, OLD), (OLD, NEW), False),
        ((NEW, OLD), (NEW, {**OLD, "where": "neck ", "units": ""}), False),
        ((NEW,), (NEW, OLD), True),
        ((NEW, OLD), (NEW,), True),
        ((NEW, OLD), (NEW, NEW), True),
        ((NEW, OLD), (NEW, {**OLD, "units": "20"}), True),
        ((NEW, OLD), (NEW, OLD, OLD), True),
    ],
)
def test_sessions_of_toxin_are_others_when_one_is_or_one_more(was, now, is_another):
    told = [
        answers(recent_toxin={**YES, "session": newest, "earlier_sessions": earlier})
        for newest, *earlier in (was, now)
    ]

    assert codes(*told) == (["recent-toxin"] if is_another else [])


@pytest.mark.parametrize(("given", "tells"), [(NO, False), (YES, True), (NOT_SURE, True)])
def test_a_question_asked_for_the_first_time_tells_something_unless_the_answer_is_no(given, tells):
    assert codes(document(), answers(dry_eye=given)) == (["dry-eye"] if tells else [])


def test_a_question_that_is_not_asked_any_more_tells_nothing():
    assert codes(answers(dry_eye=YES), document()) == []


@pytest.mark.parametrize(
    ("key", "value", "tells"),
    [
        ("time_a_day", "under-15-min", False),
        ("time_a_day", "15-59-min", True),
        ("upset", "not", False),
        ("upset", "a-little", True),
        ("keeps_from", "no", False),
        ("keeps_from", "sometimes", True),
        ("others_hardly_see", "no", False),
        ("others_hardly_see", "not-asked", False),
        ("others_hardly_see", "yes", True),
        ("unhappy_after", "none", False),
        ("unhappy_after", "once", True),
        ("will_change_life", "no", False),
        ("will_change_life", "partly", True),
        ("unsafe", "no", False),
        ("unsafe", "yes", True),
        ("unsafe", "prefer-not-to-say", True),
        ("added-later", "no", True),
    ],
)
def test_distress_asked_for_the_first_time(key, value, tells):
    now = document(distress={key: {"value": value}})

    assert codes(document(), now) == ([f"distress:{key}"] if tells else [])


def test_another_answer_about_distress_is_a_change_in_either_direction():
    calm, upset = ({"upset": {"value": value}} for value in ("not", "a-lot"))

    assert codes(document(distress=calm), document(distress=upset)) == ["distress:upset"]
    assert codes(document(distress=upset), document(distress=calm)) == ["distress:upset"]


@pytest.mark.parametrize(
    ("now", "areas", "expected"),
    [
        ([FOREHEAD], {Area.FOREHEAD}, []),
        ([{**FOREHEAD, "fws": 3}], {Area.FOREHEAD}, ["area:forehead"]),
        ([{**FOREHEAD, "at_rest": True}], {Area.FOREHEAD}, ["area:forehead"]),
        ([{**FOREHEAD, "fws": 3}], {Area.GLABELLA}, []),
        ([], {Area.FOREHEAD}, ["area:forehead"]),
        ([FOREHEAD, {"area": "lips", "volume": True}], {Area.FOREHEAD}, []),
        ([FOREHEAD, {"area": "lips", "volume": True}], {Area.LIPS}, ["area:lips"]),
    ],
)
def test_an_area_counts_where_it_is_approved(now, areas, expected):
    assert codes(document(concerns=[FOREHEAD]), document(concerns=now), areas) == expected


def test_own_words_are_no_health_answer():
    before, now = document(words={"change": "a"}), document(words={"change": "b", "fears": "c"})

    assert codes(before, now, set(Area)) == []


def test_a_change_carries_both_answers_and_the_words_that_were_shown():
    before = answers(pregnancy={**NO, "asked": "Are you pregnant?"})
    now = answers(pregnancy={**YES, "asked": "Are you, or might you be, pregnant?"})

    (change,) = health_changes(before, now, ())

    assert change.asked == "Are you, or might you be, pregnant?"
    assert (change.was["value"], change.now["value"]) == ("no", "yes")


def test_what_is_told_is_all_but_no():
    given = {**ANSWERS["answers"], "dry-eye": NOT_SURE}

    assert [one.key for one in told(document(answers=given))] == ["dry-eye"]


@pytest.mark.parametrize(
    ("distress", "expected"),
    [
        ({}, False),
        ({"unsafe": {"value": "no"}}, False),
        ({"unsafe": {"value": "prefer-not-to-say"}}, False),
        ({"unsafe": {"value": "yes"}}, True),
    ],
)
def test_only_a_yes_says_unsafe(distress, expected):
    assert says_unsafe(document(distress=distress)) is expected
