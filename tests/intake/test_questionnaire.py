"""The form as data: whole, in plain words, and nothing of it that the rules could not read."""

from dataclasses import replace
from hashlib import sha256

import pytest

from clinic.intake import questionnaire, services
from clinic.intake.questionnaire import CURRENT, QUESTIONNAIRES
from clinic.intake.questions import Detail
from clinic.screening.rules import DETAILS, DISTRESS, HISTORY_TOPICS, AnswerValue, Topic
from clinic.words import FEELINGS, TOPICS
from tests.factories import TESTER, at, make_intake, make_visit

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


# Versions. What was ever answered stays as it was asked: another word is another version.

AS_ASKED = {"2026.1": "1655c406a81b10bb", "2026.2": "8191f4ff9f9eafb0"}


def words_of(version):
    """Every word and code of a version, in its order."""
    asked = QUESTIONNAIRES[version]
    return sha256(f"{asked.order} {asked.pages} {asked.area_groups}".encode()).hexdigest()


def test_no_word_of_a_version_changes_once_it_is_asked(app):
    with app.test_request_context():
        assert {version: words_of(version)[:16] for version in QUESTIONNAIRES} == AS_ASKED


@pytest.fixture
def newer(monkeypatch):
    """A version that asks about pregnancy in other words, and of nothing else on its page."""
    first, *others = CURRENT.pages
    question = replace(first.questions[0], asked="Do you expect a child?")
    page = replace(first, questions=(question,))
    made = replace(CURRENT, version="2099.1", pages=(page, *others))
    monkeypatch.setitem(QUESTIONNAIRES, "2099.1", made)

    def begin():
        monkeypatch.setattr(services, "CURRENT", made)
        monkeypatch.setattr(questionnaire, "CURRENT", made)

    return begin


def test_a_new_version_changes_no_form_that_was_sent_or_begun_before(cast, newer, signed_in, app):
    sent = make_intake(cast.cal, answers={"pregnancy": {"value": "not-sure"}})
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    before = sent.document
    begun = services.start_for(cast.dee, actor=TESTER)

    newer()
    made = services.start_for(cast.cal, actor=TESTER)

    read = signed_in(cast.ana_user).get(f"/reviews/{visit.public_id}").text
    assert "Are you pregnant, or might you be?" in read
    assert "Do you expect a child?" not in read
    assert sent.document == before
    versions = [form.questionnaire_version for form in (sent, begun, made)]
    assert versions == ["2026.2", "2026.2", "2099.1"]
