"""A hundred thousand patients with names, and the keys that they are found by, written in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, text

from clinic.accounts.finding import Identity, keys_of
from clinic.accounts.rules import name_key, phone_key
from clinic.columns import new_public_id

FIRST = [
    "Maya",
    "Zoë",
    "Anna",
    "Ruth",
    "Ingrid",
    "Søren",
    "Amélie",
    "Björn",
    "Chloé",
    "Daniel",
    "Elif",
    "Farah",
    "Giulia",
    "Hannah",
    "Igor",
    "Jana",
    "Kamil",
    "Lena",
    "Mehmet",
    "Nora",
    "Olga",
    "Pedro",
    "Quentin",
    "Rosa",
    "Samir",
    "Tomás",
    "Ulla",
    "Victor",
    "Wanda",
    "Xenia",
    "Yusuf",
    "Zara",
    "Mary-Ann",
    "Edward",
    "Fatima",
    "Grace",
    "Henry",
    "Irene",
    "Julia",
    "Kofi",
]
BEGINNINGS = [
    "Lind",
    "Berg",
    "Kauf",
    "Mar",
    "Ros",
    "Hol",
    "Brand",
    "Okaf",
    "Weiß",
    "Thor",
    "Sand",
    "Nov",
    "Ort",
    "Silv",
    "Garc",
    "Petr",
]
MIDDLES = ["er", "in", "al", "os", "ut", "ek", "am", "il"]
ENDINGS = [
    "quist",
    "mann",
    "son",
    "ova",
    "ström",
    "field",
    "ez",
    "ini",
    "dottir",
    "ić",
    "ski",
    "ley",
]
FIRST_BIRTH = date(1935, 1, 1)
BORN_WITHIN = 26_000  # days


def everybody(count: int) -> Iterator[Identity]:
    """The same names each time; about four of them are born on the same day."""
    chance = Random(14)
    for number in range(count):
        last = chance.choice(BEGINNINGS) + chance.choice(MIDDLES) + chance.choice(ENDINGS)
        yield Identity(
            f"{chance.choice(FIRST)} {last}",
            FIRST_BIRTH + timedelta(days=chance.randrange(BORN_WITHIN)),
            f"07{chance.randrange(10**9):09}",
            f"somebody{number}@bench.example",
        )


def load(connection: Connection, count: int) -> None:
    """Add *count* patients to a clinic."""
    _Load(connection).run(count)


class _Load:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.is_sqlite = connection.dialect.name == "sqlite"
        self.first = self.next("patient")
        self.actor, self.key = self.next("actor"), self.next("data_key")

    def next(self, table: str) -> int:
        return int(self.connection.scalar(text(f"SELECT COALESCE(max(id), 0) + 1 FROM {table}")))

    def run(self, count: int) -> None:
        people = list(enumerate(everybody(count)))
        now: Any = 0 if self.is_sqlite else "2026-01-01T00:00:00+00:00"
        keys = sorted((k, key, self.first + n) for n, who in people for k, key in keys_of(who))
        tables = {
            "data_key (id, public_id, created_at)": [(self.key, new_public_id(), now)],
            "actor (id, kind)": [(self.actor + n, "patient") for n, _who in people],
            "patient (id, public_id, actor_id, data_key_id, name, name_key, born_on, email, phone,"
            " phone_key, created_at)": [
                (
                    *(self.first + n, new_public_id(), self.actor + n, self.key),
                    *(who.name, name_key(who.name), who.born_on.isoformat()),
                    *(who.email, who.phone, phone_key(who.phone or ""), now),
                )
                for n, who in people
            ],
            "patient_key (kind, key, patient_id)": keys,
        }
        for table, rows in tables.items():
            self.write(table, rows)
        if not self.is_sqlite:
            self.tidy("data_key", "actor", "patient")

    def write(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        if self.is_sqlite:
            marks = ", ".join("?" * len(rows[0]))
            self.connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", rows)
            return
        driver: Any = self.connection.connection.driver_connection
        with driver.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def tidy(self, *tables: str) -> None:
        """Rows written with a number do not move the next one on; plans rest on what is counted."""
        for table in tables:
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            self.connection.execute(
                text(f"SELECT setval({sequence}, (SELECT max(id) FROM {table}))")
            )
        self.connection.execute(text("ANALYZE"))
