"""The page of areas: sides, which of the two, forged values, and what is kept."""

import pytest

from clinic.database import transaction
from clinic.intake import rules
from clinic.intake.areas import AREAS_2026_1, AREAS_2026_2
from clinic.intake.questionnaire import CURRENT, QUESTIONNAIRES
from clinic.screening.rules import Area, Concern, Side
from tests.intake.form import draft, stored
from tests.newcomer import at_the_last_page

CHIN = "chin-see"
WITH_SIDES = {area: choice for area, choice in CURRENT.area_choices().items() if choice.sides}


def send(page, *, status=None, button="Continue", **given):
    """Press Continue with *given*; a dash in a field's name is an underscore here."""
    fields = {name.replace("_", "-"): value for name, value in given.items()}
    form = page.form("Continue").set(**fields)
    return form.press(button, status=status) if status else form.press(button)


def row(page, **given):
    """The one row that *given* is stored as."""
    send(page, **given)
    (only,) = stored()["concerns"]
    return only


# Sides.


@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_the_side_that_was_chosen_is_stored_and_read_by_the_rules(on_page, side):
    kept = row(on_page("where"), area="cheeks", cheeks_how="deep", cheeks_side=side)

    assert kept["side"] == side
    assert rules.concerns(stored()) == (Concern(Area.CHEEKS, Side(side), volume=True),)


def test_no_side_chosen_is_no_answer_and_read_as_both(on_page):
    page = on_page("where")

    assert "Nothing chosen means both." in page.text
    assert "side" not in row(page, area="palms", palms_how="3")
    assert rules.concerns(stored()) == (Concern(Area.PALMS, Side.BOTH, hdss=3),)


def test_no_side_is_chosen_beforehand(on_page):
    fields = dict(on_page("where").form("Continue").fields)

    assert [name for name in fields if name.endswith("-side")] == []


def test_an_area_in_the_middle_has_no_side(on_page):
    kept = row(
        on_page("where"),
        area="glabella",
        glabella_see="move",
        glabella_how="deep",
        glabella_side="left",
    )

    assert "side" not in kept


def test_the_areas_that_have_two_sides():
    assert list(WITH_SIDES) == [
        *("crows-feet", "bunny-lines", "tear-trough", "cheeks", "nasolabial-folds", "marionette"),
        *("masseter", "jawline", "neck-bands", "axillae", "palms"),
    ]


def test_the_check_page_says_the_side_in_words(app, cast):
    check = at_the_last_page(cast, app).get("/book/check")
    link = next(href for href in check.links().values() if "/where?" in href)
    told = {"area": ["cheeks", "lips", "palms"], "lips_how": "clear", "palms_how": "3"}

    after = send(check.person.get(link), **told, cheeks_how="deep", cheeks_side="left")

    assert after.heading == "Check and send"
    assert "Cheeks a lot, your left" in after.text
    assert "Lips clearly" in after.text and "clearly, both" not in after.text
    assert "sweating often in the way, both sides" in after.text


# Which of the two.


@pytest.mark.parametrize(
    ("seen", "signs", "fws"),
    [
        ("move", {"in_motion"}, 2),
        ("full", {"volume"}, None),
        (["rest", "full"], {"at_rest", "volume"}, 2),
    ],
)
def test_the_chin_says_which_of_the_two_it_is(on_page, seen, signs, fws):
    kept = row(on_page("where"), area="chin", chin_see=seen, chin_how="clear")

    assert {sign for sign in ("in_motion", "at_rest", "volume") if kept[sign]} == signs
    assert kept["fws"] == fws


def test_a_fold_may_be_hollow_beside_it(on_page):
    given = {"nasolabial_folds_see": ["move", "rest", "full"], "nasolabial_folds_how": "deep"}

    kept = row(on_page("where"), area="nasolabial-folds", **given)

    assert kept["in_motion"] and kept["at_rest"] and kept["volume"]


def test_a_chin_of_which_nothing_is_said_asks_what_is_seen(on_page):
    again = send(on_page("where"), status=422, area="chin", chin_how="deep")

    assert "Chin: Choose what you see" in again.text


def test_a_line_alone_is_never_a_matter_of_volume(on_page):
    given = {"forehead_see": ["move", "full"], "forehead_how": "deep"}

    assert "volume" not in row(on_page("where"), area="forehead", **given)


# Forged and missing values.


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"cheeks_side": "up"}, "Cheeks: Choose both sides, your left or your right"),
        ({"cheeks_how": "enormous"}, "Cheeks: Choose how much"),
        ({"area": "palms", "palms_how": "5"}, "Hands: Choose how much the sweating is in your way"),
        ({"area": "glabella", "glabella_see": "always"}, "Frown lines: Choose when you see it"),
    ],
)
def test_a_value_that_no_choice_has_is_refused_in_words_and_stores_nothing(on_page, given, message):
    told = {"area": "cheeks", "cheeks_how": "deep", "glabella_how": "deep", **given}

    again = send(on_page("where"), status=422, **told)

    assert message in again.text
    assert stored() == {}


def test_every_answer_that_an_area_lacks_is_named_and_leads_to_it(on_page):
    again = send(on_page("where"), status=422, area=["jawline", "neck-bands"])

    links = {shown: href for shown, href in again.links().items() if href.startswith("#a-")}
    assert links == {
        "Jawline: Choose how much": "#a-jawline",
        "Neck bands: Choose when you see it": "#a-neck-bands",
        "Neck bands: Choose how much": "#a-neck-bands",
    }


# What is kept.


@pytest.mark.parametrize("view", ["left", "palms"])
def test_the_picture_and_every_choice_stay_through_an_error(on_page, view):
    told = {"area": ["cheeks", "chin"], "cheeks_side": "left", "cheeks_how": "deep"}

    again = send(on_page("where"), status=422, f_view=view, chin_see="full", **told)

    kept = set(again.form("Continue").fields)
    expected = {("f-view", view), ("cheeks-side", "left"), ("cheeks-how", "deep"), (CHIN, "full")}
    assert expected <= kept


def test_a_picture_that_is_not_there_shows_the_face_from_the_front(on_page):
    again = send(on_page("where"), status=422, f_view="behind", area="cheeks")

    assert ("f-view", "front") in again.form("Continue").fields


def test_every_choice_is_there_on_a_later_visit(on_page):
    send(on_page("where"), area="chin", chin_see=["rest", "full"], chin_how="little")

    kept = set(on_page("where").form("Continue").fields)

    assert {("area", "chin"), (CHIN, "rest"), (CHIN, "full"), ("chin-how", "little")} <= kept


# Versions.


def test_a_form_begun_with_the_old_list_asks_what_that_list_asked(begun, on_page):
    old = draft()
    with transaction():
        old.questionnaire_version = "2026.1"

    page = on_page("where")
    kept = row(page, area="chin", chin_see=["move", "full"], chin_how="deep", chin_side="left")

    assert "Which side?" not in page.text
    assert "small chin" not in page.text
    assert kept == {
        "area": "chin", "how": "deep", "in_motion": True, "at_rest": False, "fws": 3,
    }  # fmt: skip


def test_the_old_list_is_as_it_was():
    old = QUESTIONNAIRES["2026.1"]

    assert old.area_groups == AREAS_2026_1
    assert [c for c in old.area_choices().values() if c.sides or c.fuller or not c.by_depth] == []
    assert {c.moving for c in old.area_choices().values()} == {"When I move my face"}


def test_the_new_list_names_the_same_areas_in_the_same_order():
    old, new = ([c.area for g in areas for c in g.areas] for areas in (AREAS_2026_1, AREAS_2026_2))

    assert old == new == list(Area)
