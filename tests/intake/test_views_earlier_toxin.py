"""Toxin had before, more than once: up to four treatments, each with its day, shown whole."""

import pytest

from clinic.intake import rules
from clinic.intake.earlier_toxin import PLACES
from tests.factories import at, make_account, make_intake, make_visit
from tests.full_record import on_tablet
from tests.intake.form import MEDICINES, no_to_all, stored, typed
from tests.newcomer import at_the_last_page, finish
from tests.visitor import NS, words

BOTOX = "onabotulinumtoxinA"
FOUR = (
    {"date": "2026-11-01", "product": BOTOX, "units": "201", "where": "neck"},
    {"date": "2026-10-15", "product": BOTOX, "units": "200", "where": "calf"},
    {"date": "2026-09-20"},
    {"date": "2026-09-01", "units": "12,5"},
)
TWO = FOUR[:2]
SHOWN = (
    "1 November 2026, Botox (onabotulinumtoxinA), 201 units, neck",
    "15 October 2026, Botox (onabotulinumtoxinA), 200 units, calf",
)


def controls(place, given):
    """What is typed for one treatment at the *place*, counted from 0, of the page."""
    base = f"recent_toxin_{PLACES[place].prefix}"
    parts = zip(("year", "month", "day"), given.get("date", "--").split("-"), strict=True)
    day = {f"{base}date-{part}": text.lstrip("0") for part, text in parts}
    return day | {f"{base}{part}": text for part, text in given.items() if part != "date"}


def told(*given, answer="yes"):
    """The page of medicines: no to all but toxin, with *given* from the first place on."""
    places = [controls(place, each) for place, each in enumerate(given)]
    typed_in = {name: text for each in places for name, text in each.items()}
    return {**no_to_all(MEDICINES), "recent_toxin": answer, **typed_in}


def kept():
    return rules.sessions_told(stored()["answers"]["recent-toxin"])


def press(page, given, button="Continue", **more):
    return page.form("Continue").set(**given).press(button, **more)


def folds(page):
    """Each further treatment of the page: whether it stands open."""
    found = [d for d in page.root.iter(f"{NS}details") if d.get("class") == "another"]
    return [fold.get("open") is not None for fold in found]


@pytest.mark.parametrize("answer", ["yes", "not-sure"])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2), (2, 3, 1, 0)])
def test_four_treatments_are_kept_the_newest_first_in_whatever_order_they_were_told(
    on_page, order, answer
):
    after = press(on_page("medicines"), told(*(FOUR[n] for n in order), answer=answer))

    assert after.path.endswith("/where")
    assert kept() == list(FOUR)
    assert stored()["answers"]["recent-toxin"]["session"] == FOUR[0]


def test_one_treatment_is_kept_as_ever_and_empty_ones_are_nothing(on_page):
    press(on_page("medicines"), told(FOUR[0], {}, {"units": "  ", "where": " "}))

    assert stored()["answers"]["recent-toxin"] == {"value": "yes", "session": FOUR[0]}
    assert folds(on_page("medicines")) == [False] * 3


def test_a_place_left_empty_between_two_is_closed_up(on_page):
    press(on_page("medicines"), told({}, TWO[1], {}, TWO[0]))

    assert kept() == list(TWO)


def test_a_fifth_treatment_is_no_part_of_the_page(on_page):
    fifth = {f"recent_toxin_5_date-{part}": "1" for part in ("day", "month", "year")}
    press(on_page("medicines"), {**told(*FOUR), **fifth, "recent_toxin_5_units": "900"})

    assert kept() == list(FOUR)


@pytest.mark.parametrize("button", ["Continue", "Save and leave"])
@pytest.mark.parametrize(
    ("given", "control", "message"),
    [
        ({"units": "200"}, "date", "Enter the date of the second treatment"),
        ({"product": BOTOX}, "date", "Enter the date of the second treatment"),
        ({"where": "calf"}, "date", "Enter the date of the second treatment"),
        ({"date": "2026-11-25"}, "date", "not in the future"),
        ({"date": "2026-02-31"}, "date", "That is not a date"),
        ({**TWO[1], "units": "many"}, "units", "Enter the units as a number"),
        ({**TWO[1], "where": "x" * 301}, "where", "at most 300 characters"),
    ],
)
def test_what_is_wrong_in_the_second_is_said_at_its_field_and_all_that_was_typed_stays(
    on_page, given, control, message, button
):
    sent = told(TWO[0], given)

    again = press(on_page("medicines"), sent, button, status=422)

    (error,) = [e for e in again.root.iter() if e.get("id") == f"recent_toxin_2_{control}-error"]
    assert message in words(error)
    assert folds(again) == [True, False, False]
    assert typed(again).items() >= {name: text for name, text in sent.items() if text}.items()
    assert stored() == {}


@pytest.mark.parametrize("answer", ["yes", "not-sure"])
@pytest.mark.parametrize("button", ["Continue", "Save and leave"])
def test_the_last_time_needs_its_date_too_once_more_is_said_of_it(on_page, answer, button):
    sent = told({"units": "200"}, answer=answer)

    again = press(on_page("medicines"), sent, button, status=422)

    assert "Enter the date of the last time" in again.text
    assert typed(again)["recent_toxin_units"] == "200"


def test_what_is_out_of_sight_under_a_no_is_dropped_and_not_complained_of(on_page):
    press(on_page("medicines"), told(TWO[0], {"units": "many"}, answer="no"))

    assert stored()["answers"]["recent-toxin"] == {"value": "no"}


def test_whoever_leaves_and_comes_back_finds_each_treatment_in_its_place(on_page):
    left = press(on_page("medicines"), told(*FOUR[:3]), "Save and leave")
    again = on_page("medicines")

    assert left.heading == "Your answers are saved"
    assert typed(again).items() >= told(*FOUR[:3]).items()
    assert folds(again) == [True, True, False]


def test_a_treatment_that_is_emptied_is_forgotten(on_page):
    press(on_page("medicines"), told(*TWO))

    emptied = dict.fromkeys(controls(1, TWO[1]), "")
    press(on_page("medicines"), {**told(TWO[0]), **emptied})

    assert stored()["answers"]["recent-toxin"] == {"value": "yes", "session": TWO[0]}


def test_another_window_tells_the_treatments_apart_and_either_can_be_saved(on_page):
    first, second = (on_page("medicines").form("Continue") for _window in range(2))
    first.set(**told(*TWO)).press("Continue")

    page = second.set(**told(TWO[0], {**TWO[1], "units": "20"})).press("Continue", status=409)

    assert "Second treatment: How many units?This window: 20Saved: 200" in page.text
    page.form("Save what this window had").press("Save what this window had")
    assert [each["units"] for each in kept()] == ["201", "20"]


# Where they are read.


def medicines_of(person):
    """The page of medicines, changed from the page that checks the form."""
    return person.get("/book/check").follow("Change Medicines")


def test_whoever_checks_the_form_reads_each_of_them_whole(cast, app):
    check = press(medicines_of(at_the_last_page(cast, app)), told(*TWO))

    assert check.heading == "Check and send"
    assert all(each in check.text for each in SHOWN)


def test_two_treatments_elsewhere_of_over_400_units_are_a_caution_to_the_physician(
    cast, app, signed_in
):
    person = at_the_last_page(cast, app)
    press(medicines_of(person), told(TWO[1], TWO[0]))
    finish(person)

    review = signed_in(cast.ana_user).get("/reviews").follow("Kim Larsen")

    assert review.heading == "Kim Larsen"
    assert "Caution: cumulative dose" in review.text
    assert all(review.text.count(each) == 2 for each in SHOWN)
    assert "the patient told of 201 + 200 units" in review.text


@pytest.mark.parametrize("given", [TWO[:1], TWO])
def test_one_of_the_two_alone_is_no_caution(cast, signed_in, given):
    newest, *earlier = given
    answer = {"value": "yes", "session": newest, "earlier_sessions": earlier}
    make_intake(cast.cal, answers={"recent-toxin": answer})
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))

    review = signed_in(cast.ana_user).get(f"/reviews/{visit.public_id}")

    assert ("Caution: cumulative dose" in review.text) == (len(given) == 2)


def test_a_form_of_the_tablet_takes_them_too(cast, app):
    begun = on_tablet(app, cast.cal, cast.bea).get("/tablet")
    medicines = begun.person.get(f"{begun.path.rpartition('/')[0]}/medicines")

    after = press(medicines, told(*TWO))

    assert (begun.heading, after.path[-5:]) == ("Your health", "where")
    assert kept() == list(TWO)


def test_a_known_patient_finds_them_in_the_form_that_is_changed(cast, signed_in):
    answer = {"value": "yes", "session": FOUR[0], "earlier_sessions": [*FOUR[1:]]}
    make_intake(cast.cal, answers={"recent-toxin": answer})
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))
    cal = signed_in(make_account(cast.cal))

    check = cal.get("/visits").form("Change my form").press()
    again = check.follow("Change Medicines")

    assert all(each in check.text for each in SHOWN)
    assert typed(again).items() >= told(*FOUR).items()
    assert folds(again) == [True] * 3
