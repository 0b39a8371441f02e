"""Fixtures of the guards: one connection over the smallest true story, for many attempts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection

from clinic.database import db
from clinic.engines import WRITES
from clinic.proof.attempts import Attempt
from clinic.proof.facts import Facts, build
from tests.engines import Engine


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """An attempt that cannot even be written down on an engine is no test of that engine."""
    impossible = [item for item in items if _is_impossible(getattr(item, "callspec", None))]
    if impossible:
        config.hook.pytest_deselected(items=impossible)
        items[:] = [item for item in items if item not in impossible]


def _is_impossible(called: object) -> bool:
    params = getattr(called, "params", {})
    return isinstance(params.get("one"), Attempt) and params["engine"] not in params["one"].engines


@contextmanager
def told(engine: Engine, before: Callable[[Connection], None]) -> Iterator[Facts]:
    """The story in an open transaction that is undone at the end; *before* runs after telling."""
    engine.empty()
    with (
        engine.app.app_context(),
        db.engine.connect().execution_options(**{WRITES: True}) as connection,
        connection.begin() as transaction,
    ):
        facts = build(connection)
        before(connection)
        yield facts
        transaction.rollback()
