"""What a form lacks, and the facts it gives to the screening rules."""

from datetime import date
from decimal import Decimal

import pytest

from clinic.intake import rules
from clinic.intake.questionnaire import Questionnaire
from clinic.intake.questions import Detail, Page, Question
from clinic.screening.rules import (
    Answer,
    AnswerValue,
    Area,
    Concern,
    Topic,
    ToxinProduct,
    ToxinSession,
)

FORM = Questionnaire(
    "test",
    ("birth", "health", "medicines", "where", "words"),
    (
        Page("health", "", (Question(Topic.PREGNANCY, ""),)),
        Page(
            "medicines",
            "",
            (
                Question(Topic.RECENT_TOXIN, "", "", Detail.SESSION),
                Question(Topic.BLOOD_THINNERS, "", "", Detail.NOTE),
                Question(Topic.HAND_FUNCTION, "", only_with=Area.PALMS),
            ),
        ),
    ),
    (),
)
BORN = date(1990, 3, 2)
LINE = {"area": "forehead", "in_motion": True, "at_rest": False, "how": "clear", "fws": 2}
FULL = {
    "answers": {
        "pregnancy": {"value": "no"},
        "recent-toxin": {"value": "no"},
        "blood-thinners": {"value": "yes", "note": "Aspirin"},
    },
    "concerns": [LINE],
    "words": {"change": "I look cross.", "how_long": "years", "matters": "3"},
}


def lacking(born_on=BORN, **parts):
    document = {**FULL, **parts}
    document["answers"] = {**FULL["answers"], **parts.get("answers", {})}
    return rules.unfinished_pages(born_on, document, FORM)


def test_a_full_form_lacks_nothing():
    assert lacking() == []


def test_an_empty_form_lacks_every_page():
    assert rules.unfinished_pages(None, {}, FORM) == [
        "birth",
        "health",
        "medicines",
        "where",
        "words",
    ]


@pytest.mark.parametrize("given", [{}, {"value": None}, {"value": ""}, {"note": "Aspirin"}])
def test_no_answer_is_never_a_no(given):
    assert lacking(answers={"blood-thinners": given}) == ["medicines"]


@pytest.mark.parametrize("value", ["yes", "no", "not-sure"])
def test_each_of_the_three_answers_is_an_answer(value):
    assert lacking(answers={"pregnancy": {"value": value}}) == []


@pytest.mark.parametrize(
    ("given", "pages"),
    [
        ({"value": "yes"}, ["medicines"]),
        ({"value": "yes", "session": {}}, ["medicines"]),
        ({"value": "yes", "session": {"date": "2026-11-01"}}, []),
        ({"value": "not-sure"}, []),
    ],
)
def test_a_yes_to_recent_toxin_says_when_because_the_interval_counts_from_it(given, pages):
    assert lacking(answers={"recent-toxin": given}) == pages


@pytest.mark.parametrize(
    ("row", "pages"),
    [
        (LINE, []),
        ({"area": "cheeks", "volume": True, "how": "little"}, []),
        ({"area": "masseter", "bulk": True, "how": "deep"}, []),
        ({"area": "axillae", "hdss": 1}, []),
        ({"area": "chin", "volume": True, "in_motion": False, "at_rest": False, "how": "deep"}, []),
        ({**LINE, "in_motion": False}, ["where"]),
        ({**LINE, "how": None}, ["where"]),
        ({"area": "cheeks", "volume": True, "how": None}, ["where"]),
        ({"area": "axillae", "hdss": None, "creams_failed": True}, ["where"]),
    ],
)
def test_an_area_says_when_it_is_seen_and_how_much(row, pages):
    assert lacking(concerns=[row]) == pages
    assert lacking(concerns=[LINE, row]) == pages


@pytest.mark.parametrize("part", ["change", "how_long", "matters"])
def test_own_words_need_what_since_when_and_how_much_it_matters(part):
    assert lacking(words={**FULL["words"], part: None}) == ["words"]


def test_a_fear_may_be_left_out():
    assert lacking(words={**FULL["words"], "fears": ""}) == []


# The facts for the rules.


def test_answers_are_read_with_the_details_that_matter_to_the_rules():
    document = {
        "answers": {
            "blood-thinners": {"value": "not-sure", "note": "small white ones", "asked": "?"},
            "infection-at-site": {"value": "yes", "areas": ["lips"]},
            "previous-droop-after-toxin": {"value": "yes", "times": "more"},
            "recent-toxin": {"value": "yes", "session": {"date": "2026-11-01", "units": "20"}},
        }
    }

    assert rules.history(document) == {
        Topic.BLOOD_THINNERS: Answer(AnswerValue.NOT_SURE),
        Topic.INFECTION_AT_SITE: Answer(AnswerValue.YES, {"areas": ["lips"]}),
        Topic.PREVIOUS_DROOP_AFTER_TOXIN: Answer(AnswerValue.YES, {"times": "more"}),
        Topic.RECENT_TOXIN: Answer(
            AnswerValue.YES, {"sessions": [ToxinSession(date(2026, 11, 1), units=Decimal(20))]}
        ),
    }


def test_every_session_that_was_told_is_read_with_what_is_known_of_it():
    given = {
        "value": "yes",
        "session": {"date": "2026-11-01", "product": "abobotulinumtoxinA", "units": "12,5"},
        "earlier_sessions": [{"date": "2026-10-01", "where": "neck"}, {"date": "2026-09-01"}],
    }

    (answer,) = rules.history({"answers": {"recent-toxin": given}}).values()

    assert answer.sessions == (
        ToxinSession(
            date(2026, 11, 1), product=ToxinProduct.ABOBOTULINUMTOXIN_A, units=Decimal("12.5")
        ),
        ToxinSession(date(2026, 10, 1), where="neck"),
        ToxinSession(date(2026, 9, 1)),
    )


def test_areas_are_read_with_what_was_said_of_them():
    rows = [LINE, {"area": "axillae", "hdss": 3, "creams_failed": True}]

    assert rules.concerns({"concerns": rows}) == (
        Concern(area=Area.FOREHEAD, in_motion=True, fws=2),
        Concern(area=Area.AXILLAE, hdss=3, creams_failed=True),
    )


def test_a_case_is_about_one_person_on_one_day():
    found = rules.case(FULL, BORN, date(2026, 11, 24))

    assert (found.age, len(found.concerns), len(found.history)) == (36, 1, 3)


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({"value": "yes", "session": {"date": "2026-11-01"}}, [date(2026, 11, 1)]),
        ({"value": "not-sure", "session": {"date": "2026-11-01"}}, [date(2026, 11, 1)]),
        (
            {
                "value": "yes",
                "session": {"date": "2026-11-01"},
                "earlier_sessions": [{"date": "2026-10-01"}, {"date": "2026-09-01"}],
            },
            [date(2026, 11, 1), date(2026, 10, 1), date(2026, 9, 1)],
        ),
        ({"value": "yes", "session": {}}, []),
        ({"value": "no"}, []),
        ({}, []),
    ],
)
def test_reported_toxin_sessions_feed_the_interval(given, days):
    assert rules.toxin_sessions({"answers": {"recent-toxin": given}}) == days
