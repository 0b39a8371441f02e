"""A real Chromium over a real server, with scripts on or off, at the width of a phone or a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.server import serving
from tests.browser.tab import Tab, a_tab, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the app is served, over the test's own empty database."""
    with serving(app) as address:
        yield address


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def new_tab(browser: Browser, address: str) -> Iterator[Callable[..., Tab]]:
    """Windows of several people; at the end none of them may have complained."""
    opened: list[Tab] = []

    def open_one(*, width: int = 390, scripts: bool = True, **more: object) -> Tab:
        opened.append(a_tab(browser, address, width=width, scripts=scripts, **more))
        return opened[-1]

    yield open_one
    complaints = [complaint for tab in opened for complaint in tab.complaints]
    for tab in opened:
        tab.close()
    assert complaints == []
