"""What the database holds, to compare before and after."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from clinic.database import db

# What every request may write: who asked for what, and when a browser was last seen.
# What was typed into a form that met a closed door is kept for its sender.
TRACES = frozenset({"audit_event", "kept_form", "visitor"})


def everything_stored(besides: Iterable[str] = TRACES) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for those of *besides*."""
    db.session.rollback()  # a fresh snapshot
    left_out = frozenset(besides)
    return {
        table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr)
        for table in db.metadata.sorted_tables
        if table.name not in left_out
    }


def count(table: str) -> int:
    found = db.session.scalar(select(func.count()).select_from(db.metadata.tables[table]))
    return int(found or 0)
