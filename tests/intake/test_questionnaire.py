"""The form as data: whole, in plain words, and nothing of it that the rules could not read."""

import pytest

from clinic.intake.questionnaire import CURRENT, QUESTIONNAIRES
from clinic.intake.questions import Detail
from clinic.screening.rules import DETAILS, DISTRESS, HISTORY_TOPICS, AnswerValue, Topic
from clinic.words import FEELINGS, TOPICS

DATE_OF_BIRTH_AND_FEELINGS = 2  # rows 1 and 43 of the reference; rows 2 and 3 are ages


def test_every_question_of_the_reference_is_asked_once():
    asked = [question.topic for question in CURRENT.questions]

    assert sorted(asked) == sorted(HISTORY_TOPICS)
    assert len(asked) + DATE_OF_BIRTH_AND_FEELINGS + 2 == 43


def test_the_seven_questions_of_section_g_are_asked_with_every_answer_of_the_rules():
    asked = {
        feeling.key: [code for code, _words in feeling.choices]
        for page in CURRENT.pages
        for feeling in page.feelings
    }

    assert asked == {key: list(codes) for key, codes in DISTRESS.items()}


def test_the_form_has_seven_steps_at_most():
    assert len(CURRENT.steps) <= 7
    assert {page.key for page in CURRENT.pages} < set(CURRENT.order)


@pytest.mark.parametrize("version", QUESTIONNAIRES)
def test_a_detail_is_one_that_the_rules_read_or_words(version):
    for question in QUESTIONNAIRES[version].questions:
        known = {*DETAILS.get(question.topic, {}), Detail.NOTE}
        detail = "sessions" if question.detail == Detail.SESSION else question.detail
        assert detail is None or detail in known, question.topic


@pytest.mark.parametrize("version", QUESTIONNAIRES)
def test_choices_in_place_of_yes_and_no_say_how_the_rules_read_them(version):
    for question in QUESTIONNAIRES[version].questions:
        read = {choice.read_as for choice in question.choices}
        assert not read or read == set(AnswerValue), question.topic


def test_every_topic_and_feeling_has_words_for_the_physician():
    assert set(TOPICS) == set(Topic)
    assert set(FEELINGS) == set(DISTRESS)


@pytest.mark.parametrize("page", CURRENT.pages, ids=lambda page: page.key)
def test_no_question_is_long_or_names_a_disorder_of_the_mind(page):
    asked = [str(question.asked) for question in page.questions]
    asked += [str(feeling.asked) for feeling in page.feelings]

    assert [words for words in asked if len(words) > 90 or not words.endswith("?")] == []
    assert [w for w in asked if "disorder" in w and "bleeding" not in w] == []
