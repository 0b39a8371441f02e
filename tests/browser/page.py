"""A page in one of its states, and how a browser comes to stand on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

from tests.browser import ways
from tests.browser.demo import (
    COOKIE,
    STAFF,
    Arrival,
    Served,
)
from tests.browser.tab import KeptTabs, Tab, a_tab


@dataclass(frozen=True)
class Page:
    """One page in one state: *way* stands the browser there, *then* presses what leads to it."""

    role: str
    name: str
    endpoint: str | None
    way: str | ways.Way
    then: ways.Step | None = None
    status: int = 200
    during: ways.During | None = None

    @property
    def id(self) -> str:
        return f"{self.role}-{self.name}"


@contextmanager
def shown(page: Page, browser: Browser | KeptTabs, served: Served, **window: Any) -> Iterator[Tab]:
    """The page, open in a window of its own or a kept one; *window* is its width and the like."""
    demo = served.demo
    with demo.open(), page.during(demo) if page.during else nullcontext():
        way = page.way if isinstance(page.way, str) else page.way(demo)
        arrival = Arrival(way, {}) if isinstance(way, str) else way
        session = demo.signed_in(STAFF[page.role]) if page.role in STAFF else {}
        with _window(browser, served.address, **window) as tab:
            tab.remember(COOKIE, demo.cookie({**session, **arrival.session}))
            tab.open(arrival.path)
            if page.then:
                page.then(tab, demo)
            yield tab


def _window(
    browser: Browser | KeptTabs, address: str, **window: Any
) -> AbstractContextManager[Tab]:
    if isinstance(browser, KeptTabs):
        return browser.tab(address, **window)
    return closing(a_tab(browser, address, **window))
