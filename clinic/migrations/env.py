"""Runs the migrations, with the guards taken down before and put up after.

Both happen in the transaction of the migrations, so that no database is ever seen without them.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.script import ScriptDirectory
from flask import current_app

from clinic import guards, tables
from clinic.columns import Code, UTCDateTime
from clinic.database import Base, db
from clinic.engines import WRITES

assert tables.accounts  # every table is known before they are compared


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types as a reader of a migration would."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "UTCDateTime()"
    if kind == "type" and isinstance(item, Code):
        return f"sa.String({item.longest})"
    return False


def run() -> None:
    options = current_app.extensions["migrate"].configure_args
    head = ScriptDirectory.from_config(context.config).get_current_head()
    with (
        db.engine.connect().execution_options(**{WRITES: True}) as connection,
        connection.begin(),  # before configure: Alembic then joins this transaction
    ):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            transactional_ddl=True,
            **options,
        )
        migrations = context.get_context()
        before = migrations.get_current_revision()
        if before != head:
            guards.remove(connection)
        with context.begin_transaction():
            context.run_migrations()
        after = migrations.get_current_revision()
        if after != before and after == head:
            guards.install(connection)


run()
