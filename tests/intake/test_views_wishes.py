"""The last page of the form: plans, hopes, how it feels, and what helps at the visit."""

import pytest

from clinic.screening.rules import Topic
from tests.intake.form import CONDITIONS, HEALTH, MEDICINES, WISHES, no_to_all, stored

PALMS = {"area": "palms", "palms-how": "4"}


def save(on_page, key, **given):
    return on_page(key).form("Continue").set(**given).press("Continue")


@pytest.mark.parametrize(
    ("chosen", "value"),
    [
        ("softer", "no"),
        ("rested", "no"),
        ("drier", "no"),
        ("no-line", "yes"),
        ("another", "yes"),
        ("not-sure", "not-sure"),
    ],
)
def test_what_somebody_expects_is_kept_as_chosen_and_read_by_the_rules(on_page, chosen, value):
    given = {**no_to_all(WISHES), "unrealistic_expectations": chosen}
    given["unrealistic_expectations_note"] = "Like before"

    save(on_page, "wishes", **given)

    kept = stored()["answers"]["unrealistic-expectations"]
    assert kept == {"value": value, "chosen": chosen, "note": "Like before"}


def test_hands_are_asked_about_only_where_hands_are_ticked(on_page):
    assert "fine strength in your fingers" not in on_page("wishes").text
    save(on_page, "where", **PALMS)

    page = on_page("wishes")
    page.form("Continue").set(**no_to_all(WISHES)).press("Continue", status=422)
    save(on_page, "wishes", **no_to_all(WISHES), hand_function="yes")

    assert "fine strength in your fingers" in page.text
    assert stored()["answers"][Topic.HAND_FUNCTION] == {"value": "yes"}


def test_how_it_feels_is_kept_apart_from_the_answers(on_page):
    save(on_page, "wishes", **{**no_to_all(WISHES), "time_a_day": "over-3-h"})

    assert stored()["distress"]["time_a_day"] == {"value": "over-3-h"}
    assert "time_a_day" not in stored()["answers"]


def test_no_word_of_a_score_a_disorder_or_a_label_is_shown(on_page):
    given = {**no_to_all(WISHES), "time_a_day": "over-3-h", "upset": "extremely"}

    pages = [on_page("wishes"), save(on_page, "wishes", **given), on_page("wishes")]

    found = [w for page in pages for w in ("disorder", "score", "distress") if w in page.text]
    assert found == []


def test_what_helps_at_the_visit_is_kept_and_may_be_empty(on_page):
    save(on_page, "wishes", **no_to_all(WISHES))
    assert stored()["visit"] == {}

    asked_for = {
        "preferred_name": "Kit",
        "interpreter": "yes",
        "language": "Portuguese",
        "access": "A ramp",
        "chaperone": "either",
    }
    save(on_page, "wishes", **no_to_all(WISHES), **asked_for)

    assert stored()["visit"] == asked_for


@pytest.mark.parametrize(
    ("key", "page", "given", "message"),
    [
        ("health", HEALTH, {"human_albumin": "yes"}, "Choose one of the two"),
        ("health", HEALTH, {"cold_sores": "yes"}, "Choose yes or no"),
        ("medicines", MEDICINES, {"recent_vaccine_or_illness": "yes"}, "Choose one of the two"),
        ("medicines", MEDICINES, {"previous_droop_after_toxin": "yes"}, "Choose one of the two"),
    ],
)
def test_a_yes_asks_for_what_the_rules_read_it_with(on_page, key, page, given, message):
    answers = {**no_to_all(page), **given}
    form = on_page(key).form("Continue").set(**answers)

    again = form.press("Continue", status=422)

    assert again.text.count(message) == 2  # in the summary and at its place
    assert stored() == {}
    again.form("Continue").press("Save and leave")
    assert stored()["answers"][next(iter(given)).replace("_", "-")] == {"value": "yes"}


@pytest.mark.parametrize(
    ("key", "page", "given", "kept"),
    [
        ("health", HEALTH, ("human_albumin", "kind", "objection"), {"kind": "objection"}),
        ("health", HEALTH, ("cold_sores", "now", "yes"), {"now": True}),
        ("health", HEALTH, ("cold_sores", "now", "no"), {"now": False}),
        ("conditions", CONDITIONS, ("autoimmune_disease", "active", "yes"), {"active": True}),
        ("medicines", MEDICINES, ("recent_vaccine_or_illness", "kind", "vaccine"), None),
        ("medicines", MEDICINES, ("previous_droop_after_toxin", "times", "more"), None),
    ],
)
def test_details_are_kept_with_their_yes(on_page, key, page, given, kept):
    name, part, value = given
    answers = {**no_to_all(page), name: "yes", f"{name}_{part}": value}

    save(on_page, key, **answers)

    topic = name.replace("_", "-")
    assert stored()["answers"][topic] == {"value": "yes", **(kept or {part: value})}
    again = dict(on_page(key).form("Continue").fields)
    assert again[f"{name}_{part}"] == value
