"""Trying the attempts in a scratch copy, and comparing the live guards with fresh ones."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError

from clinic import guards
from clinic.columns import new_public_id
from clinic.database import db
from clinic.engines import WRITES
from clinic.proof import (
    approvals,
    detours,
    emergencies,
    links,
    logs,
    photos,
    profiles,
    records,
    replacements,
    resumptions,
    treatments,
    visits,
)
from clinic.proof.attempts import ATTEMPTS, Attempt
from clinic.proof.facts import Facts, build

# Importing each of these has added its bypasses to the list.
BYPASSES = (
    *(visits, treatments, approvals, resumptions, records, photos),
    *(emergencies, detours, replacements, logs, profiles, links),
)


@dataclass(frozen=True)
class Outcome:
    """*refusal* is the database's first line, or None when the attempt got through."""

    attempt: Attempt
    refusal: str | None


def try_one(connection: Connection, facts: Facts, one: Attempt) -> Outcome:
    """Try an attempt inside a savepoint that is undone either way."""
    savepoint = connection.begin_nested()
    try:
        one.do(Facts(connection, dict(facts.ids)))
    except DBAPIError as error:
        savepoint.rollback()
        return Outcome(one, str(error.orig).splitlines()[0])
    savepoint.rollback()
    return Outcome(one, None)


def for_engine(dialect: str) -> list[Attempt]:
    """The attempts that can be tried on an engine, truth by truth."""
    possible = [one for one in ATTEMPTS if dialect in one.engines]
    return sorted(possible, key=lambda one: one.truth)


def try_all(make_app: object) -> tuple[list[Outcome], list[str]]:
    """(outcomes, names of live guards that differ from fresh ones), on the engine in use.

    *make_app* is `create_app`: the scratch copy is an app of its own over an empty database.
    """
    with db.engine.connect() as connection:
        live = guards.snapshot(connection)
    with scratch_app(make_app) as scratch, scratch.app_context():
        upgrade()
        with (
            db.engine.connect().execution_options(**{WRITES: True}) as connection,
            connection.begin() as transaction,
        ):
            fresh = guards.snapshot(connection)
            facts = build(connection)
            outcomes = [
                try_one(connection, facts, one) for one in for_engine(connection.dialect.name)
            ]
            transaction.rollback()
        db.session.remove()
        db.engine.dispose()
    differing = sorted(
        name for name in live.keys() | fresh.keys() if live.get(name) != fresh.get(name)
    )
    return outcomes, differing


@contextmanager
def scratch_app(make_app: object) -> Iterator[Flask]:
    """An app like the running one over a database of its own, which is dropped afterwards."""
    assert callable(make_app)
    config = {**current_app.config, "CLOCK_SHIFT": 0}
    url = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "scratch.sqlite3"
            yield make_app({**config, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}"})
        return
    schema = f"prove_gate_{new_public_id()}"
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
    try:
        scoped = url.update_query_dict({"options": f"-csearch_path={schema}"})
        text = scoped.render_as_string(hide_password=False)
        yield make_app({**config, "SQLALCHEMY_DATABASE_URI": text})
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f'DROP SCHEMA "{schema}" CASCADE')
