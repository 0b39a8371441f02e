"""Where the shorter journeys begin: records that the whole path has already led somewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from clinic.scheduling.models import Appointment
from clinic.screening.models import ScreeningNote
from tests.browser.demo import COOKIE, Demo
from tests.browser.tab import Tab
from tests.browser.ways import COMPLETE
from tests.factories import Cast, at, make_account, make_approval, make_intake, make_visit
from tests.turns import params_of, turn


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Scripts change what a browser does, not what the database does: with scripts a journey is
    made on one of the engines asked for, without them on the other, and the whole path on each."""
    names = [name.strip() for name in config.getoption("--engines").split(",")]
    twice = [item for item in items if _is_twice(item, names)]
    if twice:
        config.hook.pytest_deselected(items=twice)
        items[:] = [item for item in items if item not in twice]


def _is_twice(item: pytest.Item, names: list[str]) -> bool:
    if item.path.parent.name != "journeys" or "whole_path" in item.path.name:
        return False
    params = params_of(item)
    place = turn(item, names, "no scripts", "scripts", "True", "False")
    without = params.get("scripts") is False
    return names[(place + without) % len(names)] != params.get("engine", names[place])


@pytest.fixture
def open_tab(new_tab: Callable[..., Tab], scripts: bool) -> Callable[[], Tab]:
    """Phones of several people, all with scripts on, or all with scripts off."""
    return lambda: new_tab(scripts=scripts)


@dataclass(frozen=True)
class Approved:
    """Cal has an account and an approval of Botox in forehead and frown lines, by Ana."""

    note: ScreeningNote
    botox: str
    filler: str


@pytest.fixture
def approved(cast: Cast) -> Approved:
    make_account(cast.cal)
    note = make_approval(cast)
    kinds = {kind: cast.service(kind).public_id for kind in ("toxin", "filler")}
    return Approved(note, f"/book/{kinds['toxin']}", f"/book/{kinds['filler']}")


@pytest.fixture
def examined_today(cast: Cast) -> Appointment:
    """Cal's form is sent; Ana sees him at eleven."""
    make_intake(cast.cal)
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))


@pytest.fixture
def at_the_times(app: Flask, open_tab: Callable[[], Tab]) -> Callable[[], Tab]:
    """Phones of newcomers who have answered the form and now choose a time."""

    def one() -> Tab:
        _draft, session = Demo(app).draft(*COMPLETE)
        return open_tab().remember(COOKIE, Demo(app).cookie(session)).open("/book/consultation")

    return one
