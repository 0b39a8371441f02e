"""Two windows on one page: the second is shown what is stored, and what it typed is not lost."""

import pytest

from clinic.intake import services as intakes
from tests.factories import TESTER
from tests.intake.form import MEDICINES, WORDS, draft, no_to_all, stored, typed

LIPS = {"area": "lips", "lips-how": "clear"}
FOREHEAD = {"area": "forehead", "forehead-see": "move", "forehead-how": "clear"}


def two_windows(on_page, key):
    return on_page(key).form("Continue"), on_page(key).form("Continue")


def test_the_second_window_is_shown_what_is_stored_beside_what_it_had(on_page):
    first, second = two_windows(on_page, "medicines")
    first.set(**{**no_to_all(MEDICINES), "blood_thinners": "yes"}).press("Continue")

    page = second.set(**no_to_all(MEDICINES)).press("Continue", status=409)

    assert "Another window saved this page" in page.text
    assert "This window: No" in page.text
    assert "Saved: Yes" in page.text
    assert page.text.count("This window:") == 1
    assert stored()["answers"]["blood-thinners"]["value"] == "yes"
    assert typed(page)["blood_thinners"] == "yes"


def test_what_the_second_window_had_is_saved_with_one_press(on_page):
    first, second = two_windows(on_page, "medicines")
    first.set(**{**no_to_all(MEDICINES), "blood_thinners": "yes"}).press("Continue")
    page = second.set(**no_to_all(MEDICINES)).press("Continue", status=409)

    after = page.form("Save what this window had").press("Save what this window had")

    assert after.path.endswith("/where")
    assert stored()["answers"]["blood-thinners"]["value"] == "no"


def test_the_page_below_goes_on_with_what_is_stored(on_page):
    first, second = two_windows(on_page, "medicines")
    first.set(**{**no_to_all(MEDICINES), "blood_thinners": "yes"}).press("Continue")
    page = second.set(**no_to_all(MEDICINES)).press("Continue", status=409)

    after = page.form("Continue").press("Continue")

    assert after.path.endswith("/where")
    assert stored()["answers"]["blood-thinners"]["value"] == "yes"


@pytest.mark.parametrize(
    ("key", "given", "other", "shown"),
    [
        ("words", WORDS, {**WORDS, "change": "My hands."}, "This window: My hands."),
        ("where", FOREHEAD, LIPS, "Saved: not ticked"),
    ],
)
def test_places_and_words_are_compared_as_well(on_page, key, given, other, shown):
    first, second = two_windows(on_page, key)
    first.set(**given).press("Continue")

    page = second.set(**other).press("Continue", status=409)
    again = page.form("Save what this window had").press("Save what this window had")

    assert shown in page.text
    assert "/intake/" in again.path
    assert ("My hands." in str(stored())) or (stored()["concerns"][0]["area"] == "lips")


def test_a_page_saved_twice_in_one_window_is_no_other_window(on_page):
    on_page("words").form("Continue").set(**WORDS).press("Continue")

    again = on_page("words").form("Continue").set(**{**WORDS, "change": "Else."})

    assert again.press("Continue").path.endswith("/wishes")


def test_leaving_in_the_second_window_loses_nothing_either(on_page):
    first, second = two_windows(on_page, "words")
    first.set(**WORDS).press("Continue")

    page = second.set(change="My hands.").press("Save and leave", status=409)

    assert "This window: My hands." in page.text
    assert stored()["words"]["change"] == WORDS["change"]


@pytest.mark.parametrize("seen", ["x", "-1", "²", "99999999", ""])
def test_a_count_that_is_none_is_taken_for_an_older_page(on_page, seen):
    form = on_page("words").form("Continue").set(**WORDS, seen=seen)

    assert form.press("Continue").path.endswith("/wishes")


def test_the_count_is_held_against_the_stored_one_under_the_lock(on_page):
    on_page("words").form("Continue").set(**WORDS).press("Continue")

    with pytest.raises(intakes.ChangedElsewhere):
        intakes.save(draft(), "words", {"words": {}}, actor=TESTER, seen=0)

    assert stored()["words"]["change"] == WORDS["change"]


def test_without_the_count_the_second_window_would_win(on_page):
    """The control: what the count is for."""
    first, second = two_windows(on_page, "words")
    first.set(**WORDS).press("Continue")

    second.set(**{**WORDS, "change": "My hands."}, seen="").press("Continue")

    assert stored()["words"]["change"] == "My hands."
