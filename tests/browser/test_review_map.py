"""The physician's map in a browser: whatever is named is seen on it, and nothing else is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.demo import Served
from tests.browser.page import Page, shown
from tests.browser.pages import PAGES
from tests.browser.tab import Tab
from tests.browser.ways import physician

pytestmark = pytest.mark.browser

# The class of each zone with how much of each side is seen, right and left, and of its fill.
SEEN = """[...document.querySelectorAll('.map .zone')].map(zone => {
  const side = name => (e => e ? +getComputedStyle(e).opacity : null)(zone.querySelector(name));
  const {opacity, fill} = getComputedStyle(zone);
  return [zone.getAttribute('class'), +opacity, side('.on-r'), side('.on-l'), fill !== 'none'];
})"""
HANDS = next(page for page in PAGES if page.id == "physician-review-hands")


def seen(tab: Tab) -> list[list[object]]:
    found: list[list[object]] = tab.page.evaluate(SEEN)
    return found


def test_hollows_which_are_solid_alone_are_seen(browser: Browser, demo_on_sqlite: Served):
    way = physician("/reviews/{visit}", "Paul Becker")
    page = Page("physician", "review-hollow", "screening.review", way)
    with shown(page, browser, demo_on_sqlite, width=1280) as tab:
        assert seen(tab) == [
            ["zone r", 1, 1, 1, True],
            ["zone r", 1, 1, 1, True],
            ["zone m r", 1, 1, 1, True],
        ]


def test_sweating_is_seen_filled_and_what_was_not_named_as_an_outline(
    browser: Browser, demo_on_sqlite: Served
):
    with shown(HANDS, browser, demo_on_sqlite, width=1280) as tab:
        assert seen(tab) == [
            ["zone m", 1, None, None, True],
            ["zone unasked", 1, 1, 1, False],
            ["zone r", 1, 1, 1, True],
        ]
        assert tab.page.locator(".bodies .dot").count() == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_armpits_and_hands_stand_side_by_side(width: int, browser: Browser, demo_on_sqlite: Served):
    with shown(HANDS, browser, demo_on_sqlite, width=width) as tab:
        armpits, hands = (box.bounding_box() for box in tab.page.locator(".bodies .map").all())

        assert armpits and hands
        assert armpits["y"] == hands["y"]
        assert armpits["x"] + armpits["width"] < hands["x"]
