"""What scripts add, and that the same is reached without them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from clinic.scheduling.models import Appointment
from tests.browser import ways
from tests.browser.demo import COOKIE, Demo
from tests.browser.tab import Tab
from tests.factories import Cast
from tests.journeys import patients, staff

pytestmark = pytest.mark.browser

SHOWN = "element => getComputedStyle(element).opacity"
# Two presses in one breath: whether each of them was stopped before it was sent.
PRESS_TWICE = """button => {
    const stopped = [];
    addEventListener('submit', event => stopped.push(event.defaultPrevented));
    button.click();
    button.click();
    return stopped;
}"""


@pytest.fixture
def at_the_face(app: Flask, cast: Cast, open_tab: Callable[[], Tab]) -> Tab:
    """A newcomer on the page of the face map."""
    draft, session = Demo(app).draft("answers")
    tab = open_tab().remember(COOKIE, Demo(app).cookie(session))
    return tab.open(f"/intake/{draft.public_id}/where")


def test_a_tap_on_the_face_ticks_the_list_and_the_next_tap_takes_the_tick_away(at_the_face: Tab):
    page = at_the_face.page

    page.locator(".hit.h-forehead").click()
    ticked = page.locator("#a-forehead").is_checked()
    zones = [page.locator(f".z-{area}").first.evaluate(SHOWN) for area in ("forehead", "glabella")]
    page.locator(".hit.h-forehead").click()

    assert (ticked, zones) == (True, ["1", "0"])
    assert not page.locator("#a-forehead").is_checked()


def test_with_scripts_a_tap_on_the_face_leaves_the_page_where_it_is(
    app: Flask, cast: Cast, new_tab: Callable[..., Tab]
):
    draft, session = Demo(app).draft("answers")
    tab = new_tab().remember(COOKIE, Demo(app).cookie(session))
    tab.open(f"/intake/{draft.public_id}/where")
    tab.page.locator(".hit.h-chin").scroll_into_view_if_needed()
    before = tab.page.evaluate("scrollY")

    tab.page.locator(".hit.h-chin").click()

    assert tab.page.locator("#a-chin").is_checked()
    assert tab.page.evaluate("scrollY") == before


def test_the_face_switches_between_rest_and_expression(at_the_face: Tab):
    page = at_the_face.page
    drawn = page.locator(".in-motion").first

    hidden_at_first = drawn.is_hidden()
    page.get_by_label("In expression").check()

    assert (hidden_at_first, drawn.is_visible()) == (True, True)


def test_the_rating_and_the_button_follow_what_is_typed(
    cast: Cast, examined_today: Appointment, new_tab: Callable[..., Tab]
):
    tab = staff.sign_in(new_tab(), cast.ana_user).open(f"/reviews/{examined_today.public_id}")
    rating = tab.page.locator("#rating")

    assert "Droop risk: not assessed" in rating.inner_text()
    staff.examine(tab)
    staff.decide_botox(tab)

    tab.page.get_by_text("Droop risk: moderate, because MRD1 right 2.8 mm").wait_for()
    words = "Sign and approve Botox (onabotulinumtoxinA): forehead, frown lines, up to 40 units"
    tab.page.get_by_text(f"{words}; until 24 May 2027", exact=True).wait_for()
    assert tab.page.locator("[name=version]").input_value() == "0"


def test_without_scripts_a_button_works_the_rating_out(
    cast: Cast, examined_today: Appointment, new_tab: Callable[..., Tab]
):
    tab = staff.sign_in(new_tab(scripts=False), cast.ana_user)
    tab.open(f"/reviews/{examined_today.public_id}")

    staff.examine(tab)
    staff.decide_botox(tab).press("Work out the rating")

    assert "Droop risk: moderate, because MRD1 right 2.8 mm" in tab.text
    assert "up to 40 units; until 24 May 2027" in tab.button("Sign and approve").inner_text()


def test_with_scripts_nothing_offers_to_work_the_rating_out(
    cast: Cast, examined_today: Appointment, new_tab: Callable[..., Tab]
):
    tab = staff.sign_in(new_tab(), cast.ana_user).open(f"/reviews/{examined_today.public_id}")

    assert tab.page.get_by_role("button", name="Work out the rating").count() == 0


def test_whoever_was_signed_out_meanwhile_is_led_to_sign_in_and_not_into_the_rating(
    cast: Cast, examined_today: Appointment, new_tab: Callable[..., Tab]
):
    tab = staff.sign_in(new_tab(), cast.ana_user).open(f"/reviews/{examined_today.public_id}")
    tab.page.context.clear_cookies()

    with tab.page.expect_navigation():
        staff.examine(tab, mrd1_right="1.0")

    assert tab.heading == "Sign in"


def test_a_second_press_of_a_button_sends_nothing(cast: Cast, new_tab: Callable[..., Tab]):
    tab = new_tab().open("/intake/birth")
    patients.born(tab)

    with tab.page.expect_navigation():
        stopped = tab.button("Continue").evaluate(PRESS_TWICE)

    assert stopped == [False, True]


def test_a_page_that_is_gone_back_to_can_be_sent_again(cast: Cast, new_tab: Callable[..., Tab]):
    tab = patients.start(new_tab())

    tab.page.go_back()
    tab.press("Continue")

    assert tab.heading == "Your health"


def test_on_a_phone_the_strip_of_days_shows_the_day_that_is_open(
    cast: Cast, at_the_times: Callable[[], Tab]
):
    tab = at_the_times().open("/book/consultation?day=2026-11-30")
    day = tab.page.locator(".days [aria-current]").bounding_box()

    assert day is not None
    assert tab.scripts == (day["x"] >= 0 and day["x"] + day["width"] <= 390)


def test_a_hold_says_once_that_two_minutes_are_left(
    app: Flask, cast: Cast, new_tab: Callable[..., Tab]
):
    session = Demo(app).draft(*ways.COMPLETE)[1]
    tab = new_tab().remember(COOKIE, Demo(app).cookie(session))
    tab.page.clock.install()
    tab.open("/book/consultation").press_first_time()
    held = tab.page.locator(".hold [role=status]")

    tab.page.clock.fast_forward("07:30")
    early = held.inner_text()
    tab.page.clock.fast_forward("01:00")
    late = held.inner_text()
    tab.page.clock.fast_forward("01:00")

    assert "2 minutes left" not in early
    assert late.endswith("2 minutes left.")
    assert held.inner_text() == late
