"""The table that the floor's bare form writes to: the constraint of truth 1 and nothing else."""

from __future__ import annotations

from sqlalchemy import Connection

TABLE = """CREATE TABLE floor_booking (
  id {serial}, actor_id INTEGER NOT NULL, starts_at {instant} NOT NULL, ends_at {instant} NOT NULL,
  active BOOLEAN NOT NULL)"""
TYPES = {
    "sqlite": {"serial": "INTEGER PRIMARY KEY", "instant": "BIGINT"},
    "postgresql": {"serial": "SERIAL PRIMARY KEY", "instant": "TIMESTAMPTZ"},
}
INDEX = "CREATE INDEX ix_floor_booking ON floor_booking (actor_id, starts_at)"
TRIGGER = """CREATE TRIGGER floor_no_overlap BEFORE INSERT ON floor_booking WHEN NEW.active
BEGIN
  SELECT RAISE(ABORT, 'overlapping')
  WHERE EXISTS (
    SELECT 1 FROM floor_booking p
    WHERE p.actor_id = NEW.actor_id AND p.active
      AND p.starts_at < NEW.ends_at AND p.starts_at > NEW.starts_at - 86400000000
      AND p.ends_at > NEW.starts_at);
END"""
EXCLUSION = """ALTER TABLE floor_booking ADD CONSTRAINT floor_no_overlap EXCLUDE USING gist (
  int8range(actor_id, actor_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&)
  WHERE (active)"""
COPY = """INSERT INTO floor_booking (actor_id, starts_at, ends_at, active)
  SELECT actor_id, starts_at, ends_at, active FROM participant ORDER BY id LIMIT 300000"""


def make(connection: Connection) -> None:
    """As many periods as the clinic has, under the same rule."""
    engine = connection.dialect.name
    for statement in (
        TABLE.format(**TYPES[engine]),
        COPY,
        INDEX,
        TRIGGER if engine == "sqlite" else EXCLUSION,
    ):
        connection.exec_driver_sql(statement)
