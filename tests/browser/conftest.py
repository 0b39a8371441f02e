"""The demo clinic, served: what the pages of every role are shown on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests import engines
from tests.browser.demo import Demo, Served, fill
from tests.browser.server import serving
from tests.browser.tab import KeptTabs


@pytest.fixture(scope="session")
def demos() -> Iterator[Callable[[str], Served]]:
    """The demo clinic by the name of its engine, made when first asked for."""
    made: dict[str, Served] = {}
    with ExitStack() as stack:

        def served(name: str) -> Served:
            if name not in made:
                engine = engines.Engine(name, "demo_")
                stack.callback(engine.close)
                engine.app.config["PROPAGATE_EXCEPTIONS"] = False
                fill(engine.app)
                made[name] = Served(Demo(engine.app), stack.enter_context(serving(engine.app)))
            return made[name]

        yield served


@pytest.fixture(scope="session")
def kept_tabs(browser: Browser) -> KeptTabs:
    return KeptTabs(browser)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "demo_elsewhere" in metafunc.fixturenames:
        names = [n.strip() for n in metafunc.config.getoption("--engines").split(",")]
        elsewhere = [name for name in names if name != "sqlite"] or names
        metafunc.parametrize("demo_elsewhere", elsewhere, indirect=True)


@pytest.fixture
def demo_elsewhere(demos: Callable[[str], Served], request: pytest.FixtureRequest) -> Served:
    """The demo clinic on the engines that axe does not look at (on SQLite when it is alone)."""
    return demos(request.param)


@pytest.fixture
def demo_on_sqlite(demos: Callable[[str], Served]) -> Served:
    """The demo clinic where it makes no difference which engine stands behind a page."""
    return demos("sqlite")
