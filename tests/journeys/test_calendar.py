"""The calendar: a visit pulled with the mouse, sent with the keyboard alone, opened by touch, and
two desks at the same visit. Without scripts each visit is a link."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect

from clinic.database import db
from clinic.scheduling.models import Appointment
from tests.browser.demo import COOKIE, Demo
from tests.browser.tab import Tab
from tests.factories import Cast, at, make_visit, signed_in
from tests.journeys.keys import Keys

pytestmark = pytest.mark.browser

CALENDAR = "/desk/calendar?day=2026-11-24"
HOUR = 96  # pixels, at 15 minutes to a line


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))


@pytest.fixture
def desk(app: Flask, cast: Cast, new_tab: Callable[..., Tab]) -> Callable[..., Tab]:
    """Bea at a desk of her own, at the calendar."""

    def one(width: int = 1280, *, scripts: bool = True, **more: object) -> Tab:
        tab = new_tab(width=width, scripts=scripts, **more)
        tab.remember(COOKIE, Demo(app).cookie(signed_in(cast.bea)))
        return tab.open(CALENDAR)

    return one


def block(tab: Tab) -> Locator:
    return tab.page.get_by_role("link", name="Cal Ortega").last


def pull(tab: Tab, *, right: str = "", down: float = 0) -> None:
    """Take the visit near its top and let it go in the column of *right*, *down* pixels lower."""
    page, box = tab.page, block(tab).bounding_box()
    assert box is not None
    x, y = box["x"] + 30, box["y"] + 8
    if right:
        column = page.locator(".col", has=page.get_by_role("heading", name=right)).bounding_box()
        assert column is not None
        to = column["x"] + 60
    else:
        to = x
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + 10)
    page.mouse.move(to, y + down, steps=4)
    page.mouse.up()


def told(tab: Tab, words: str) -> None:
    expect(tab.page.locator("#toast")).to_contain_text(words)


def where(visit: Appointment) -> tuple[object, str]:
    from clinic.scheduling.queries import practitioner_of

    db.session.rollback()
    db.session.refresh(visit)
    practitioner = practitioner_of(visit)
    assert practitioner is not None
    return visit.starts_at, practitioner.name


def test_a_visit_is_pulled_taken_back_refused_in_words_and_never_overwritten(
    cast: Cast, visit: Appointment, desk: Callable[..., Tab]
):
    make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 11))
    first, second = desk(), desk()

    pull(first, right="Dr Eli Stone", down=HOUR)
    told(first, "Cal Ortega is now on Tue 24 November, 12:00 pm with Dr Eli Stone")
    assert where(visit) == (at(24, 12), "Dr Eli Stone")

    pull(second, down=HOUR)  # still sees it at eleven
    told(second, "Not moved. Somebody else moved this visit meanwhile.")
    expect(block(second)).to_contain_text("12:00–12:30 pm")

    first.button("Undo").click()
    told(first, "11:00 am with Dr Ana Silva")
    assert where(visit) == (at(24, 11), "Dr Ana Silva")

    expect(block(first)).to_contain_text("11:00–11:30 am")
    pull(first, right="Dr Eli Stone")
    told(first, "Not moved. Dr Eli Stone has a visit until 11:40 am")
    assert where(visit) == (at(24, 11), "Dr Ana Silva")


def test_a_visit_is_sent_elsewhere_with_the_keyboard_alone(
    visit: Appointment, desk: Callable[..., Tab]
):
    tab = desk()
    keys, page = Keys(tab), tab.page

    keys.go_to(block(tab))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.go_to(page.get_by_label("Time"))
    page.keyboard.press("Control+A")
    page.keyboard.type("11:05")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("this lies between two starts")
    page.keyboard.press("Control+A")
    page.keyboard.type("14:00")
    page.keyboard.press("Enter")
    told(tab, "2:00 pm")

    assert where(visit) == (at(24, 14), "Dr Ana Silva")
    expect(block(tab)).to_contain_text("2:00–2:30 pm")
    expect(block(tab)).to_be_focused()


def test_on_a_phone_and_without_scripts_the_day_is_a_list_of_links(
    visit: Appointment, desk: Callable[..., Tab]
):
    phone, plain = desk(390), desk(scripts=False)

    block(phone).click()
    expect(phone.page.get_by_role("dialog")).to_contain_text("Room 1")
    phone.press("Mark arrived")
    assert phone.path.startswith("/desk/calendar")
    assert "Arrived" in block(phone).inner_text()
    block(plain).click()

    assert plain.path == f"/desk/visits/{visit.public_id}"


def tap(tab: Tab, what: Locator) -> None:
    """A finger on its middle: a touch, and no mouse."""
    what.scroll_into_view_if_needed()
    box = what.bounding_box()
    assert box is not None
    tab.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def swipe(tab: Tab, what: Locator, down: int) -> None:
    """A finger put down there, drawn over the glass and lifted."""
    box = what.bounding_box()
    assert box is not None
    x, y = box["x"] + 30, box["y"] + 8
    hand = tab.page.context.new_cdp_session(tab.page)
    for kind, lower in (("touchStart", 0), *(("touchMove", down * n / 4) for n in range(1, 5))):
        points = [{"x": x, "y": y + lower}]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_with_a_finger_a_visit_is_opened_moved_and_taken_back_and_never_pulled(
    visit: Appointment, desk: Callable[..., Tab]
):
    phone = desk(390, has_touch=True, is_mobile=True)
    dialog = phone.page.get_by_role("dialog")

    swipe(phone, block(phone), -200)
    assert where(visit) == (at(24, 11), "Dr Ana Silva")  # the page was scrolled, no more
    expect(dialog).to_be_hidden()

    tap(phone, block(phone))
    expect(dialog).to_be_visible()
    dialog.get_by_label("Move to").select_option("Dr Eli Stone")
    tap(phone, dialog.get_by_label("Time"))
    phone.page.keyboard.press("Control+A")
    phone.page.keyboard.type("14:00")
    tap(phone, dialog.get_by_role("button", name="Move", exact=True))
    told(phone, "Cal Ortega is now on Tue 24 November, 2:00 pm with Dr Eli Stone")
    assert where(visit) == (at(24, 14), "Dr Eli Stone")

    tap(phone, phone.button("Undo"))
    told(phone, "11:00 am with Dr Ana Silva")
    assert where(visit) == (at(24, 11), "Dr Ana Silva")


def test_without_scripts_a_move_is_taken_back_on_the_page_that_follows(
    visit: Appointment, desk: Callable[..., Tab]
):
    plain = desk(scripts=False).open(f"/desk/calendar/visits/{visit.public_id}")

    plain.page.get_by_label("Time").fill("14:00")
    plain.press("Move")
    assert where(visit) == (at(24, 14), "Dr Ana Silva")
    plain.press("Undo")

    assert where(visit) == (at(24, 11), "Dr Ana Silva")
    assert "Cal Ortega is now on Tue 24 November, 11:00 am" in plain.text
