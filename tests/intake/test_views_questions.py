"""The pages of questions: yes, no, not sure, and what a yes asks further."""

import pytest

from clinic.intake.questionnaire import CURRENT
from tests.intake.form import HEALTH, MEDICINES, no_to_all, stored, typed


@pytest.mark.parametrize("page", CURRENT.pages, ids=lambda page: page.key)
def test_answers_are_stored_and_lead_on(on_page, page):
    after = on_page(page.key).form("Continue").set(**no_to_all(page)).press("Continue")

    following = dict(zip(CURRENT.order, CURRENT.order[1:], strict=False)).get(page.key, "health")
    assert after.path.endswith(f"/{following}")
    assert stored()["answers"] == {
        q.topic: {"value": "no", **({"chosen": "softer"} if q.choices else {})}
        for q in page.questions
        if q.only_with is None
    }


@pytest.mark.parametrize("page", CURRENT.pages, ids=lambda page: page.key)
def test_nothing_chosen_asks_for_each_answer_and_stores_nothing(on_page, page):
    again = on_page(page.key).form("Continue").press("Continue", status=422)

    asked = [q for q in page.questions if q.only_with is None]
    chosen = [q for q in asked if q.choices]
    assert again.text.count("Choose yes, no or not sure") == 2 * (len(asked) - len(chosen))
    assert again.text.count("Choose one of the answers") == 2 * len([*chosen, *page.feelings])
    assert stored() == {}


def test_everything_typed_is_kept_when_one_answer_is_missing(on_page):
    given = {
        **no_to_all(HEALTH),
        "pregnancy": None,
        "severe_allergy_history": "yes",
        "severe_allergy_history_note": "Nuts",
        "breastfeeding": "not-sure",
    }

    again = on_page("health").form("Continue").set(**given).press("Continue", status=422)

    kept = typed(again)
    assert kept["severe_allergy_history"] == "yes"
    assert kept["severe_allergy_history_note"] == "Nuts"
    assert kept["breastfeeding"] == "not-sure"
    assert again.text.count("Choose yes, no or not sure") == 2


@pytest.mark.parametrize("value", ["yes", "not-sure"])
def test_details_are_kept_with_a_yes_and_with_a_not_sure(on_page, value):
    given = {**no_to_all(MEDICINES), "blood_thinners": value, "blood_thinners_note": "Aspirin"}

    on_page("medicines").form("Continue").set(**given).press("Continue")

    assert stored()["answers"]["blood-thinners"] == {"value": value, "note": "Aspirin"}


def test_details_are_dropped_with_a_no(on_page):
    given = {
        **no_to_all(MEDICINES),
        "blood_thinners_note": "Aspirin",
        "recent_skin_procedure_areas": ["lips"],
        "recent_toxin_date-day": "1",
        "recent_toxin_date-month": "11",
        "recent_toxin_date-year": "2026",
        "recent_toxin_units": "20",
    }

    on_page("medicines").form("Continue").set(**given).press("Continue")

    answers = stored()["answers"]
    assert answers == {q.topic: {"value": "no"} for q in MEDICINES.questions}


def test_a_toxin_session_is_kept_with_what_is_known_of_it(on_page):
    given = {
        **no_to_all(MEDICINES),
        "recent_toxin": "yes",
        "recent_toxin_date-day": "1",
        "recent_toxin_date-month": "9",
        "recent_toxin_date-year": "2026",
        "recent_toxin_product": "abobotulinumtoxinA",
        "recent_toxin_units": "12,5",
        "recent_toxin_where": "neck",
    }

    on_page("medicines").form("Continue").set(**given).press("Continue")

    assert stored()["answers"]["recent-toxin"]["session"] == {
        "date": "2026-09-01",
        "product": "abobotulinumtoxinA",
        "units": "12,5",
        "where": "neck",
    }


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ({}, "Enter the date of the last time"),
        ({"day": "25", "month": "11", "year": "2026"}, "not in the future"),
        ({"day": "31", "month": "2", "year": "2026"}, "That is not a date"),
        ({"day": "1", "month": "2", "year": "1999"}, "a year of four digits"),
    ],
)
def test_a_toxin_session_needs_a_date_that_can_be(on_page, over, message):
    parts = {f"recent_toxin_date-{part}": value for part, value in over.items()}
    given = {**no_to_all(MEDICINES), "recent_toxin": "yes", **parts}

    again = on_page("medicines").form("Continue").set(**given).press("Continue", status=422)

    assert message in again.text
    assert typed(again).items() >= parts.items()
    assert stored() == {}


@pytest.mark.parametrize("units", ["abc", "0", "-3", "5001", "1e9"])
def test_units_are_a_number_or_left_out(on_page, units):
    given = {
        **no_to_all(MEDICINES),
        "recent_toxin": "yes",
        "recent_toxin_date-day": "1",
        "recent_toxin_date-month": "9",
        "recent_toxin_date-year": "2026",
        "recent_toxin_units": units,
    }

    again = on_page("medicines").form("Continue").set(**given).press("Continue", status=422)

    assert "Enter the units as a number" in again.text
    assert typed(again)["recent_toxin_units"] == units


@pytest.mark.parametrize("forged", [{"pregnancy": "perhaps"}, {"pregnancy": ""}])
def test_an_answer_that_is_none_of_the_three_is_refused(on_page, forged):
    given = {**no_to_all(HEALTH), **forged}

    on_page("health").form("Continue").set(**given).press("Continue", status=422)

    assert stored() == {}
