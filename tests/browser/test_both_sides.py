"""What is drawn once stands on both sides of every face: a stylesheet mirrors it."""

from __future__ import annotations

import pytest

from tests.browser.demo import Served
from tests.browser.page import Page, shown
from tests.browser.pages import PAGES
from tests.browser.tab import KeptTabs

SHOWING = [
    "anyone-form-4-ticked",
    "patient-decision-combined",
    "patient-letter-combined",
    "physician-review-hands",
    "physician-review-routine",
]
# The centres of both halves of each mirrored zone that is drawn at all.
HALVES = """[...document.querySelectorAll('.on-r')].map(half => {
  const middle = e => { const b = e.getBoundingClientRect(); return b.width && b.x + b.width / 2; };
  return [middle(half), middle(half.nextElementSibling)];
}).filter(([right, left]) => right && left)"""


@pytest.mark.browser
@pytest.mark.parametrize("page", [p for p in PAGES if p.id in SHOWING], ids=lambda page: page.id)
def test_a_mirrored_zone_stands_on_both_sides(
    page: Page, kept_tabs: KeptTabs, demo_on_sqlite: Served
):
    with shown(page, kept_tabs, demo_on_sqlite, width=1280) as tab:
        halves = tab.page.evaluate(HALVES)

        assert halves != []
        assert [pair for pair in halves if pair[1] - pair[0] < 10] == []


def test_each_of_these_pages_is_in_the_table():
    assert {page.id for page in PAGES} >= {*SHOWING}
