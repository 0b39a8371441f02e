"""Fixtures that every test may use: the engines, an app with an empty database, the cast."""

from __future__ import annotations

import gc
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from flask import Flask

from clinic import clock
from clinic.accounts.models import UserSession
from clinic.database import db, transaction
from tests import engines, factories, soak, stories
from tests.full_record import FullRecord, make_full_record
from tests.visitor import Person

T = TypeVar("T")

# The windows of a real browser, which tests/browser and tests/journeys share.
pytest_plugins = ["tests.browser.fixtures"]

# Tuesday, 24 November 2026, 9:00 in London.
TODAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

# Looking for garbage as often as Python does by itself took a tenth of the tests' time.
OBJECTS_BEFORE_A_LOOK = 50_000


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engines", default="sqlite", help="comma separated: sqlite, postgresql (make test: both)"
    )
    parser.addoption("--soak", action="store_true", help="long races and kills, full counts")


def _names(config: pytest.Config) -> list[str]:
    return [name.strip() for name in config.getoption("--engines").split(",")]


def pytest_configure(config: pytest.Config) -> None:
    soak.is_on = config.getoption("--soak")
    gc.set_threshold(OBJECTS_BEFORE_A_LOOK, 20, 20)
    is_worker = hasattr(config, "workerinput")
    if not is_worker and "postgresql" in _names(config):
        config.stash[_server] = engines.start_postgres()


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: no look for garbage goes through it."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(_server, None)
    if server is not None:
        server.cleanup()


_server: pytest.StashKey[object] = pytest.StashKey()


# Pages and what stands before them: their services run on every engine elsewhere, so each of these
# tests takes one engine, by turns of its name. A soak gives every test every engine.
BY_TURNS = (
    "test_views",
    "test_addresses",
    "test_bad_input",
    "test_csrf",
    "test_doors",
    "test_errors",
    "test_headers",
    "test_kept",
    "test_letters",
    "test_log",
    "test_readers",
    "test_output",
    "test_signin",
    "test_start",
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that touches the database runs on each engine asked for, pages by turns."""
    if "engine" not in metafunc.fixturenames:
        return
    names = _names(metafunc.config)
    module = metafunc.module.__name__.rpartition(".")[2]
    if module.startswith(BY_TURNS) and not metafunc.config.getoption("--soak"):
        turn = zlib.crc32(metafunc.function.__name__.encode()) % len(names)
        names = names[turn : turn + 1]
    metafunc.parametrize("engine", names, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that is about one engine is none of the other's."""
    elsewhere = [item for item in items if not _is_about(item)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]


def _is_about(item: pytest.Item) -> bool:
    wanted = item.get_closest_marker("only_on")
    called = getattr(item, "callspec", None)
    return wanted is None or called is None or called.params.get("engine") in wanted.args


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[engines.Engine]:
    made = engines.Engine(request.param)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def today() -> Iterator[datetime]:
    """The clock stands (and ticks) at the same moment in every test."""
    clock.shift(TODAY - datetime.now(UTC))
    yield TODAY
    clock.shift(timedelta(0))


@pytest.fixture
def travel():
    """Move the clock to an instant."""

    def to(instant: datetime) -> None:
        clock.shift(instant - datetime.now(UTC))

    return to


@pytest.fixture
def at_work(app: Flask, travel: Callable[[datetime], None]) -> Callable[[datetime], None]:
    """Move the clock to an instant; whoever is signed in has been at work all the time."""

    def to(instant: datetime) -> None:
        travel(instant)
        with transaction():
            db.session.execute(
                db.update(UserSession).values(
                    started_at=instant, seen_at=instant, confirmed_at=instant
                )
            )

    return to


@pytest.fixture
def app(engine: engines.Engine) -> Iterator[Flask]:
    """The app, inside its context, over an empty database."""
    engine.empty()
    with engine.app.app_context():
        yield engine.app
        db.session.remove()


@pytest.fixture
def told(
    engine: engines.Engine, travel: Callable[[datetime], None]
) -> Callable[[Callable[[], T], timedelta], T]:
    """Tell a story once for each engine, *ago* before the tests' day begins; then put it back."""

    def tell(story: Callable[[], T], ago: timedelta = timedelta(minutes=1)) -> T:
        travel(TODAY - ago)
        answer = stories.tell(engine, story)
        travel(TODAY)
        return answer

    return tell


@pytest.fixture
def cast(app: Flask, told: Callable[..., factories.Cast]) -> factories.Cast:
    """A clinic with Ana the physician, Bea at the desk, Cal whose record it is, and Dee."""
    return told(factories.make_cast, timedelta(hours=1))


@pytest.fixture
def record(cast: factories.Cast, told: Callable[..., FullRecord]) -> FullRecord:
    """Everything that can stand in Cal's record."""

    def story() -> FullRecord:
        return make_full_record(cast)

    return told(story)


@pytest.fixture
def anyone(app: Flask) -> Person:
    """A browser that nobody knows."""
    return Person(app)


@pytest.fixture
def signed_in(app: Flask):
    """A browser in which somebody has signed in."""

    def sign_in(user: object) -> Person:
        return Person(app).sign_in(user)

    return sign_in
