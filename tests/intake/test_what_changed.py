"""What can be ticked at the check-in, and what a form then asks: pure."""

from clinic.intake import rules
from clinic.intake.questionnaire import BIRTH, CURRENT, QUESTIONNAIRES
from clinic.intake.rules import DISTRESS_PART, ONLY
from clinic.intake.what_changed import NAMES, keys_of
from clinic.screening.rules import DISTRESS, HISTORY_TOPICS

NO = {"value": "no"}


def narrowed(*only):
    return rules.narrowed(CURRENT, {ONLY: list(only)})


def test_every_question_and_section_g_can_be_ticked_once():
    ticks = [key for page in CURRENT.pages for key in keys_of(page)]

    assert sorted(ticks) == sorted([*map(str, HISTORY_TOPICS), DISTRESS_PART])
    assert set(ticks) == set(map(str, NAMES))


def test_a_name_is_short_and_no_two_are_alike():
    names = [str(name) for name in NAMES.values()]

    assert [name for name in names if len(name) > 40] == []
    assert len(set(names)) == len(names)


def test_only_what_was_ticked_is_asked():
    asked = narrowed("dental-work", "cold-sores")

    assert [q.topic for q in asked.questions] == ["cold-sores", "dental-work"]
    assert asked.order == (BIRTH, "health", "medicines")
    assert asked.steps == ("health", "medicines")
    assert not any(page.feelings or page.for_the_visit for page in asked.pages)


def test_a_question_about_one_place_is_asked_when_it_is_ticked():
    asked = narrowed("possible-secondary-sweating")

    assert [len(rules.asked_of(page, {})) for page in asked.pages] == [1]


def test_section_g_is_asked_whole():
    asked = narrowed(DISTRESS_PART)

    assert [feeling.key for page in asked.pages for feeling in page.feelings] == list(DISTRESS)
    assert asked.questions == ()


def test_a_whole_form_asks_everything():
    assert all(rules.narrowed(form, {}) is form for form in QUESTIONNAIRES.values())


def test_it_is_finished_when_what_it_asks_is_answered():
    document = {ONLY: ["dental-work"]}
    asked = rules.narrowed(CURRENT, document)
    answered = {**document, "answers": {"dental-work": NO}}

    assert rules.unfinished_pages(None, document, asked) == [BIRTH, "medicines"]
    assert rules.unfinished_pages(None, answered, asked) == [BIRTH]


def test_the_rest_is_as_in_the_form_before():
    before = {
        "answers": {"dental-work": NO, "dry-eye": {"value": "yes"}},
        "distress": {"unsafe": {"value": "no"}},
        "words": {"change": "softer"},
    }
    draft = {ONLY: ["dental-work"], "answers": {"dental-work": {"value": "yes"}}, "saves": {"m": 1}}

    said = rules.completed(draft, before)

    assert said == {
        **before,
        "answers": {"dental-work": {"value": "yes"}, "dry-eye": {"value": "yes"}},
    }


def test_a_draft_with_nothing_but_ticks_holds_nothing():
    assert rules.holds_nothing({})
    assert rules.holds_nothing({ONLY: ["dental-work"]})
    assert not rules.holds_nothing({"answers": {"dental-work": NO}})
