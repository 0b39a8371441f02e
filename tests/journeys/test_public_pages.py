"""What a visitor reads on a phone, with scripts and without: a face that switches, a way on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator

from tests.browser.tab import Tab
from tests.factories import Cast, put_profile
from tests.public.test_learn import PAGES

pytestmark = pytest.mark.browser

WIDTH = 390


def last_action(tab: Tab) -> Locator:
    """The last thing in the page that can be pressed."""
    return tab.page.get_by_role("main").locator("a:visible, button:visible, input:visible").last


@pytest.mark.parametrize("path", ["/", "/which-treatment", *PAGES])
def test_a_page_ends_in_its_action(cast: Cast, open_tab: Callable[[], Tab], path: str):
    if path == "/which-treatment":
        put_profile(names_brand=False)
    tab = open_tab().widen(WIDTH).open(path)
    action = last_action(tab)

    if path == "/complaints":
        assert action.inner_text() == "Write to us"
        assert (action.get_attribute("href") or "").startswith("mailto:")
        return
    assert action.inner_text() == "Book a consultation"
    action.click()
    assert tab.heading == "Book a consultation"


@pytest.mark.parametrize("path", ["/", "/botox-or-filler"])
def test_the_face_of_visitors_switches_by_a_press_and_by_the_keyboard(
    cast: Cast, open_tab: Callable[[], Tab], path: str
):
    page = open_tab().widen(WIDTH).open(path).page
    lines, words = page.locator(".in-motion").first, page.locator(".cap-move")
    at_rest = (lines.is_visible(), words.is_visible())

    page.locator("label", has_text="In expression").click()
    moving = (lines.is_visible(), words.is_visible())
    page.keyboard.press("ArrowLeft")

    assert (at_rest, moving) == ((False, False), (True, True))
    assert (lines.is_visible(), words.is_visible()) == at_rest


def test_a_visitor_finds_every_page_by_its_links(cast: Cast, open_tab: Callable[[], Tab]):
    tab, found, left = open_tab(), {"/"}, ["/"]
    while left:
        tab.open(left.pop())
        links = tab.page.locator("a[href^='/']").all()
        new = {(a.get_attribute("href") or "").split("#")[0].split("?")[0] for a in links} - found
        found |= new
        left += [path for path in new if path in PAGES]

    assert set(PAGES) - found == set()
