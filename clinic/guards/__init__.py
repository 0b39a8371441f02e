"""The truths that the database itself keeps, with one text for each engine.

`sqlite.sql` and `postgresql.sql` hold triggers, functions and the exclusion constraint. Every run
of the migrations takes them down first and puts the present text up last (`migrations/env.py`),
so a migration may rebuild a table without losing one. `snapshot` reads them back from a live
database; `flask prove-gate` compares that with a fresh one and tries every bypass.
"""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Connection, text

HERE = Path(__file__).parent
EXCLUSION = "participant_no_overlap"


# Whatever decides which times are on offer, visits aside, and how sites and medicine are called.
# A change of any of it renews the stamp under which processes keep the roster in memory: random, so
# that no two states ever share one.
ROSTER_TABLES = (
    "clinic",
    "location",
    "opening_hours",
    "closed_day",
    "room",
    "room_hosts",
    "device",
    "service",
    "practitioner",
    "credential",
    "schedule",
    "extra_hours",
    "absence",
    "profile_version",
)
NEW_STAMP = {"sqlite": "hex(randomblob(16))", "postgresql": "gen_random_uuid()::text"}


def statements(dialect: str) -> list[str]:
    """The guards of one engine, in the order of creation."""
    parts = (HERE / f"{dialect}.sql").read_text().split("\n---\n")
    without_head = parts[1:]
    return [part.strip() for part in without_head] + _stamps(dialect) + _diary_stamps(dialect)


def _stamps(dialect: str) -> list[str]:
    renew = (
        f"INSERT INTO roster_stamp (id, stamp) VALUES (1, {NEW_STAMP[dialect]})"  # noqa: S608
        " ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp;"
    )
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_renews_stamp_{act} AFTER {act.upper()} ON {table}\n"
            f"BEGIN\n  {renew}\nEND"
            for table in ROSTER_TABLES
            for act in ("insert", "update", "delete")
        ]
    function = (
        "CREATE FUNCTION guard_roster_changes() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN\n  {renew}\n  RETURN NULL;\nEND $$"
    )
    return [function] + [
        f"CREATE TRIGGER {table}_renews_stamp AFTER INSERT OR UPDATE OR DELETE ON {table}\n"
        "FOR EACH STATEMENT EXECUTE FUNCTION guard_roster_changes()"
        for table in ROSTER_TABLES
    ]


# When a visit is another for those whom it takes up: a participant comes or changes, or the visit
# itself does, which is a hold that is prolonged or becomes a booking. Whoever can have visits has a
# stamp from the start, so that a missing one is noticed.
DIARY_CHANGES = {
    "actor_gets_stamp": ("INSERT ON actor", "(NEW.id)"),
    "participant_renews_diary_insert": ("INSERT ON participant", "(NEW.actor_id)"),
    "participant_renews_diary_update": ("UPDATE ON participant", "(OLD.actor_id, NEW.actor_id)"),
    "participant_renews_diary_delete": ("DELETE ON participant", "(OLD.actor_id)"),
    "appointment_renews_diary": (
        "UPDATE OF status, starts_at, ends_at, hold_until ON appointment",
        "(SELECT p.actor_id FROM participant p WHERE p.appointment_id = NEW.id)",
    ),
}


def _diary_stamps(dialect: str) -> list[str]:
    found = []
    for name, (change, actors) in DIARY_CHANGES.items():
        renew = (
            f"INSERT INTO diary_stamp (actor_id, stamp) SELECT a.id, {NEW_STAMP[dialect]}"  # noqa: S608
            f" FROM actor a WHERE a.kind <> 'patient' AND a.id IN {actors} ORDER BY a.id"
            " ON CONFLICT (actor_id) DO UPDATE SET stamp = excluded.stamp;"
        )
        if dialect == "sqlite":
            found.append(f"CREATE TRIGGER {name} AFTER {change}\nBEGIN\n  {renew}\nEND")
            continue
        found += [
            f"CREATE FUNCTION guard_{name}() RETURNS trigger LANGUAGE plpgsql AS $$\n"
            f"BEGIN\n  {renew}\n  RETURN NULL;\nEND $$",
            f"CREATE TRIGGER {name} AFTER {change}\nFOR EACH ROW EXECUTE FUNCTION guard_{name}()",
        ]
    return found


def install(connection: Connection) -> None:
    """Put up every guard; none may be there yet, but for PostgreSQL's constraint.

    The constraint stays through migrations, because building its index again is slow.
    """
    dialect = connection.dialect.name
    if dialect == "postgresql":
        schema = connection.scalar(text("SELECT current_schema()"))
        connection.execute(text(f'SET LOCAL search_path TO "{schema}", pg_temp'))
    for statement in statements(dialect):
        if "ADD CONSTRAINT" in statement and _has_exclusion(connection):
            continue
        if "LANGUAGE plpgsql AS" in statement:
            statement = statement.replace(
                "LANGUAGE plpgsql AS", "LANGUAGE plpgsql SET search_path FROM CURRENT AS"
            )
        # A "%" in a message is no placeholder.
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def remove(connection: Connection) -> None:
    """Take every trigger and function of ours down."""
    if connection.dialect.name == "sqlite":
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        return
    for (name,) in connection.execute(
        text(
            "SELECT p.oid::regprocedure::text FROM pg_proc p"
            " WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'guard\\_%'"
        )
    ).all():
        connection.exec_driver_sql(f"DROP FUNCTION {name} CASCADE")


def _has_exclusion(connection: Connection) -> bool:
    return bool(
        connection.scalar(
            text(
                "SELECT 1 FROM pg_constraint WHERE conname = :name"
                " AND connamespace = current_schema()::regnamespace"
            ),
            {"name": EXCLUSION},
        )
    )


def snapshot(connection: Connection) -> dict[str, str]:
    """Each guard of the live database and its text, without the name of its schema."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        )
        return {str(name): str(sql) for name, sql in rows}
    schema = connection.scalar(text("SELECT current_schema()"))
    rows = connection.execute(
        text(
            "SELECT 'function ' || proname, prosrc || ' / ' || coalesce(proconfig::text, '')"
            " FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
            " AND proname LIKE 'guard\\_%'"
            " UNION ALL"
            " SELECT 'trigger ' || tgname, pg_get_triggerdef(t.oid) || ' / ' || tgenabled::text"
            " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace"
            " UNION ALL SELECT 'constraint ' || conname, pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype = 'x'"
            " AND connamespace = current_schema()::regnamespace"
        )
    )
    own_name = re.compile(rf"[\\\"]*\b{re.escape(str(schema))}\b[\\\"]*\.?")
    return {name: own_name.sub("", str(sql)) for name, sql in rows}
