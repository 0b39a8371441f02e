"""Weight, layout shift, large text and motion, where most people look.

Over one engine, as axe: what a page weighs and how it moves does not depend on the engine.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.demo import Served
from tests.browser.page import Page, shown
from tests.browser.pages import PAGES
from tests.browser.tab import KeptTabs, Tab

pytestmark = pytest.mark.browser

LOOKED_AT = [
    "anyone-home",
    "anyone-which",
    "anyone-form-1-health",
    "anyone-form-4-where",
    "anyone-form-4-ticked",
    "anyone-times",
    "anyone-times-held",
    "patient-decision-combined",
    "patient-letter-sweating",
    "anyone-consent-both",
    "physician-review",
    "physician-review-hands",
    "front-desk-day",
    "front-desk-calendar",
]
PATIENTS_PAGES = [
    "anyone-home",
    "anyone-which",
    "anyone-form-1-health",
    "anyone-form-4-open",
    "anyone-times-held",
    "anyone-check",
    "patient-visits-approved",
    "patient-decision-combined",
    "patient-letter-combined",
    "anyone-consent-both",
    "error-404",
]
LIGHTEST_PAGE, HEAVIEST_PAGE = 40_000, 100_000  # bytes; fonts alone are 35 KB
LARGEST_SHIFT = 0.02

SHIFT = """() => new Promise(done => {
    let shift = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) shift += entry.value;
    }).observe({type: 'layout-shift', buffered: true});
    document.fonts.ready.then(() => setTimeout(() => done(shift), 150));
})"""
PARTS = "() => performance.getEntriesByType('resource').map(part => part.name)"
MOVING = """() => [...document.querySelectorAll('*')].filter(element => {
    const style = getComputedStyle(element);
    return style.animationName !== 'none' || /[1-9]/.test(style.transitionDuration);
}).map(element => element.className)"""
LARGE_TEXT = """() => {
    document.documentElement.style.fontSize = '200%';
    return document.documentElement.scrollWidth - innerWidth;
}"""


def pages(names: list[str]) -> pytest.MarkDecorator:
    by_name = {page.id: page for page in PAGES}
    return pytest.mark.parametrize("page", [by_name[name] for name in names], ids=names)


looked_at = pages(LOOKED_AT)
widths = pytest.mark.parametrize("width", [390, 1280])


def weight(tab: Tab, app: Flask) -> int:
    """Bytes of a page and all that it asks for, as they are sent to a browser."""
    client = app.test_client()
    files = {urlsplit(name).path for name in tab.page.evaluate(PARTS)}
    sent = [client.get(path, headers={"Accept-Encoding": "gzip"}).data for path in files]
    return len(tab.html.encode()) + sum(map(len, sent))


@looked_at
@widths
def test_nothing_on_a_page_moves_while_it_loads(
    page: Page, width: int, browser: Browser, demo_on_sqlite: Served
):
    """In a window of its own, that has no styles and fonts yet."""
    with shown(page, browser, demo_on_sqlite, width=width) as tab:
        assert tab.page.evaluate(SHIFT) < LARGEST_SHIFT


@looked_at
def test_a_page_weighs_less_than_100_kb(page: Page, kept_tabs: KeptTabs, demo_on_sqlite: Served):
    with shown(page, kept_tabs, demo_on_sqlite, width=390) as tab:
        assert LIGHTEST_PAGE < weight(tab, demo_on_sqlite.demo.app) < HEAVIEST_PAGE


@looked_at
def test_text_twice_as_large_does_not_scroll_sideways(
    page: Page, kept_tabs: KeptTabs, demo_on_sqlite: Served
):
    with shown(page, kept_tabs, demo_on_sqlite, width=1280) as tab:
        assert tab.page.evaluate(LARGE_TEXT) <= 0


@pages(PATIENTS_PAGES)
def test_on_a_patients_phone_text_twice_as_large_does_not_scroll_sideways(
    page: Page, kept_tabs: KeptTabs, demo_on_sqlite: Served
):
    with shown(page, kept_tabs, demo_on_sqlite, width=390) as tab:
        assert tab.page.evaluate(LARGE_TEXT) <= 0


@looked_at
def test_nothing_moves_for_people_who_asked_for_that(
    page: Page, kept_tabs: KeptTabs, demo_on_sqlite: Served
):
    with shown(page, kept_tabs, demo_on_sqlite, width=390) as tab:
        moving_for_them = tab.page.evaluate(MOVING)
        tab.page.emulate_media(reduced_motion="no-preference")
        moving_for_others = tab.page.evaluate(MOVING)
        tab.page.emulate_media(reduced_motion="reduce")

        assert moving_for_them == []
        assert moving_for_others != []
