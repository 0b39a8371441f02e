"""Photos side by side: the expression is chosen, and both are large, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.demo import Served
from tests.browser.page import shown
from tests.browser.pages.photos import PHOTOS
from tests.browser.tab import KeptTabs

pytestmark = pytest.mark.browser

REVIEW = next(page for page in PHOTOS if page.id == "physician-review-photos")
with_and_without = pytest.mark.parametrize("scripts", [True, False])


@with_and_without
def test_one_expression_at_a_time_stands_beside_the_face_at_rest(
    scripts: bool, kept_tabs: KeptTabs, demo_on_sqlite: Served
):
    with shown(REVIEW, kept_tabs, demo_on_sqlite, width=1280, scripts=scripts) as tab:
        pair = tab.page.locator("div.pick")
        names = pair.locator("li .cap:visible")

        expect(names).to_have_text(["Rest", "Frown"])
        pair.locator("[value=smile]").check(force=True)
        expect(names).to_have_text(["Rest", "Smile"])


@with_and_without
def test_both_open_large_and_close_again(
    scripts: bool, kept_tabs: KeptTabs, demo_on_sqlite: Served
):
    with shown(REVIEW, kept_tabs, demo_on_sqlite, width=1280, scripts=scripts) as tab:
        large = tab.page.locator("dialog.zoom")
        expect(large).to_be_hidden()

        tab.page.get_by_role("link", name="Enlarge").click()

        expect(large).to_be_visible()
        small = large.locator("img:visible").first.bounding_box()
        large.get_by_label("Twice as large").check()
        twice = large.locator("img:visible").first.bounding_box()
        assert small is not None and twice is not None
        assert small["width"] > 300
        assert twice["width"] > 1.9 * small["width"]
        large.get_by_role("link", name="Close").click()
        expect(large).to_be_hidden()


def test_the_expression_on_the_page_is_the_one_that_opens_and_escape_leads_back(
    kept_tabs: KeptTabs, demo_on_sqlite: Served
):
    with shown(REVIEW, kept_tabs, demo_on_sqlite, width=1280) as tab:
        tab.page.locator("div.pick [value=smile]").check(force=True)
        link = tab.page.get_by_role("link", name="Enlarge")
        link.focus()
        tab.page.keyboard.press("Enter")

        expect(tab.page.locator("dialog.zoom .cap:visible")).to_have_text(["Rest", "Smile"])
        tab.page.keyboard.press("Escape")
        expect(tab.page.locator("dialog.zoom")).to_be_hidden()
        expect(link).to_be_focused()


def test_both_photos_move_together(kept_tabs: KeptTabs, demo_on_sqlite: Served):
    with shown(REVIEW, kept_tabs, demo_on_sqlite, width=1280) as tab:
        tab.page.get_by_role("link", name="Enlarge").click()
        tab.page.get_by_label("Twice as large").check()
        panes = tab.page.locator("dialog.zoom .pane:visible")

        panes.first.evaluate("pane => { pane.scrollTop = 120; pane.scrollLeft = 60; }")

        tab.page.wait_for_function(
            "pane => pane.scrollTop === 120 && pane.scrollLeft === 60",
            arg=panes.last.element_handle(),
        )
