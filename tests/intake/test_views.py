"""The pages of the form, done right and done wrong: birth date, areas, own words."""

from datetime import date

import pytest

from clinic.database import db
from clinic.intake.models import Intake
from tests.intake.form import WORDS, draft, stored, typed
from tests.newcomer import answer_the_form, born

# Start and date of birth.


def test_the_first_page_says_how_long_what_it_costs_and_who_reads_it(cast, anyone):
    page = anyone.get("/intake/")

    assert "about 5 minutes" in page.text
    assert "£60, paid at the clinic" in page.text
    assert "nobody at the desk" in page.text
    assert "Photos of your face help the physician, and you can leave them out." in page.text
    assert page.follow("Start the form").heading == "First, your date of birth"


def test_a_date_of_birth_begins_a_form(begun):
    assert begun.heading == "Your health"
    assert draft().born_on == date(1990, 3, 2)


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (("31", "2", "1990"), "That is not a date"),
        (("", "", ""), "Enter your date of birth"),
        (("12", "5", ""), "That is not a date"),
        (("12", "5", "92"), "a year of four digits"),
        (("x", "y", "z"), "That is not a date"),
        (("24", "11", "2026"), "in the past"),
        (("1", "1", "2030"), "in the past"),
        (("1", "1", "99999999999999999999"), "That is not a date"),
        (("²", "5", "1992"), "That is not a date"),
    ],
)
def test_a_date_that_cannot_be_says_so_and_stays(cast, anyone, day, message):
    parts = dict(zip(("born_on-day", "born_on-month", "born_on-year"), day, strict=True))

    page = anyone.get("/intake/birth").form("born_on-day").set(**parts).press(status=422)

    assert message in page.text
    assert dict(page.form("born_on-day").fields).items() >= parts.items()
    assert db.session.scalars(db.select(Intake)).all() == []


@pytest.mark.parametrize("day", [date(2008, 11, 25), date(2020, 1, 1)])
def test_under_18_the_way_ends_and_nothing_is_stored(cast, anyone, day):
    page = anyone.get("/intake/birth").form("born_on-day").set(**born(day)).press()

    assert page.heading == "We treat people of 18 and over"
    assert "kept nothing" in page.text
    assert db.session.scalars(db.select(Intake)).all() == []
    assert page.follow("Enter it again").heading == "First, your date of birth"


def test_on_the_18th_birthday_the_way_is_open(cast, anyone):
    day = born(date(2008, 11, 24))

    page = anyone.get("/intake/birth").form("born_on-day").set(**day).press()

    assert page.heading == "Your health"


def test_the_same_date_of_birth_goes_on_with_the_same_form(begun):
    begun.person.get("/intake/birth").form("born_on-day").set(**born()).press()

    assert draft().born_on == date(1990, 3, 2)  # one form, not two


# Where.


def test_an_area_is_stored_with_when_and_how_much(on_page):
    seen = {"area": "forehead", "forehead-see": ["move", "rest"], "forehead-how": "deep"}

    after = on_page("where").form("Continue").set(**seen).press("Continue")

    assert after.heading == "Photos (optional)"
    assert stored()["concerns"] == [
        {"area": "forehead", "how": "deep", "in_motion": True, "at_rest": True, "fws": 3}
    ]


def test_each_kind_of_area_is_stored_as_its_kind(on_page):
    seen = {
        "area": ["cheeks", "masseter", "palms"],
        "cheeks-how": "little",
        "masseter-how": "clear",
        "palms-how": "4",
        "palms-creams": "1",
    }

    on_page("where").form("Continue").set(**seen).press("Continue")

    assert stored()["concerns"] == [
        {"area": "cheeks", "how": "little", "volume": True},
        {"area": "masseter", "how": "clear", "bulk": True},
        {"area": "palms", "hdss": 4, "creams_failed": True},
    ]


def test_nothing_ticked_says_what_to_do(on_page):
    again = on_page("where").form("Continue").press("Continue", status=422)

    assert "Tick at least one place" in again.text


def test_an_area_that_lacks_something_names_it_and_keeps_every_tick(on_page):
    seen = {
        "area": ["forehead", "cheeks", "axillae"],
        "forehead-how": "clear",
        "cheeks-how": "deep",
    }

    again = on_page("where").form("Continue").set(**seen).press("Continue", status=422)

    kept = again.form("Continue").fields
    assert "Forehead: Choose when you see it" in again.text
    assert "Armpits: Choose how much the sweating is in your way" in again.text
    assert {("area", a) for a in ("forehead", "cheeks", "axillae")} <= set(kept)
    assert {("forehead-how", "clear"), ("cheeks-how", "deep")} <= set(kept)
    assert stored() == {}


def test_what_was_said_of_an_area_that_is_not_ticked_is_dropped(on_page):
    seen = {"area": "cheeks", "cheeks-how": "deep", "lips-how": "deep", "forehead-see": "move"}

    on_page("where").form("Continue").set(**seen).press("Continue")

    assert [row["area"] for row in stored()["concerns"]] == ["cheeks"]


def test_an_area_nobody_knows_is_not_stored(on_page):
    seen = {"area": ["elbow", "cheeks"], "cheeks-how": "deep"}

    on_page("where").form("Continue").set(**seen).press("Continue")

    assert [row["area"] for row in stored()["concerns"]] == ["cheeks"]


# Own words.


def test_own_words_are_stored(on_page):
    on_page("words").form("Continue").set(**WORDS).press("Continue")

    assert stored()["words"] == WORDS


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("change", "Write in a few words what you would like to change"),
        ("how_long", "Choose how long you have noticed it"),
        ("matters", "Choose how much it matters to you"),
    ],
)
def test_own_words_need_all_but_the_fears(on_page, missing, message):
    given = {**WORDS, missing: None}

    again = on_page("words").form("Continue").set(**given).press("Continue", status=422)

    assert message in again.text
    assert typed(again)["fears"] == "Heavy eyes."


def test_a_whole_form_leads_to_the_times(cast, anyone):
    page = answer_the_form(anyone)

    assert page.heading == "Choose a time for your consultation"


@pytest.mark.parametrize("key", ["birth", "elsewhere", "health/more"])
def test_a_page_that_is_not_there_is_not_found(begun, key):
    begun.person.get(f"{begun.path.rpartition('/')[0]}/{key}", status=404)
