"""Fixtures that every test may use: the engines, an app with an empty database, the cast."""

from __future__ import annotations

import gc
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
from tests.turns import params_of, turn
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


# Pages and what stands before them: the services that they call run on every engine elsewhere, so
# each of these cases takes one engine, by turns. A soak gives every case every engine. A module
# with a race in it does not belong here.
BY_TURNS = (
    "test_views",
    "test_addresses",
    "test_audit",
    "test_bad_input",
    "test_bombs",
    "test_brand",
    "test_care",
    "test_changed",
    "test_codes",
    "test_commands",
    "test_contact",
    "test_csrf",
    "test_doors",
    "test_errors",
    "test_fields",
    "test_forgotten",
    "test_headers",
    "test_help",
    "test_kept",
    "test_law",
    "test_learn",
    "test_left",
    "test_letters",
    "test_log",
    "test_odd_ids",
    "test_output",
    "test_passwords",
    "test_permissions",
    "test_readers",
    "test_refusals",
    "test_sessions",
    "test_signin",
    "test_slots",
    "test_start",
    "test_tablet",
    "test_text",
    "test_two_zones",
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that touches the database runs on each engine asked for, pages by turns."""
    if "engine" in metafunc.fixturenames:
        names = _names(metafunc.config)
        metafunc.parametrize("engine", names, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that is about one engine is none of the other's, and some take turns."""
    names = _names(config)
    elsewhere = [item for item in items if not _is_about(item) or not _has_its_turn(item, names)]
    config.hook.pytest_deselected(items=elsewhere)
    out = set(elsewhere)
    items[:] = [item for item in items if item not in out]


def _has_its_turn(item: pytest.Item, names: list[str]) -> bool:
    """Whether it takes every engine, or its case is one for the engine that it is for."""
    engine = params_of(item).get("engine")
    if (
        engine is None
        or item.path.parent.name == "journeys"
        or item.config.getoption("--soak")
        or item.get_closest_marker("only_on")
    ):
        return True
    return not item.path.stem.startswith(BY_TURNS) or names[turn(item, names)] == engine


def _is_about(item: pytest.Item) -> bool:
    wanted = item.get_closest_marker("only_on")
    called = getattr(item, "callspec", None)
    return wanted is None or called is None or called.params.get("engine") in wanted.args


@pytest.fixture(scope="session")
def engines_made() -> Iterator[dict[str, engines.Engine]]:
    """By name, each made when it is first asked for: a process may come back to one."""
    made: dict[str, engines.Engine] = {}
    yield made
    for one in made.values():
        one.close()


@pytest.fixture(scope="session")
def engine(
    request: pytest.FixtureRequest, engines_made: dict[str, engines.Engine]
) -> engines.Engine:
    if request.param not in engines_made:
        engines_made[request.param] = engines.Engine(request.param)
    return engines_made[request.param]


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
