"""Ten years of visits, written in bulk by the database itself: a million in a few minutes.

The past is spread evenly; the coming sixty days look like a clinic's, full at first and emptier
later, the same whatever the size, so that sizes differ in nothing but their past. Each physician
has a room of their own and visits on a grid of 40 minutes, so no two overlap.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

from clinic import guards

PAST_DAYS = 3650
COMING_DAYS = 60
PLACES = 18  # of 40 minutes from eight to eight
PATIENTS_FOR_A_VISIT = 5  # visits of a patient on average
FEWEST_PATIENTS = 2_000
BATCH = "bench"  # what the rows of a load say they were made by

SERIES = {
    "sqlite": (
        "WITH RECURSIVE n(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k + 1 < {count})"
    ),
    "postgresql": "WITH n(k) AS (SELECT generate_series(0, {count} - 1))",
}
# Minutes since 1970 as an instant and as a date (winter or summer, a visit stays on its date).
INSTANT = {"sqlite": "({0}) * 60000000", "postgresql": "to_timestamp(({0}) * 60)"}
DATE = {
    "sqlite": "date(({0}) * 60, 'unixepoch')",
    "postgresql": "(to_timestamp(({0}) * 60) AT TIME ZONE 'UTC')::date",
}
RANDOM_ID = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "replace(gen_random_uuid()::text, '-', '')",
}

# How many of the places of a day are taken: the first physicians are full for some weeks.
FULLNESS = (
    "CASE WHEN p < 4 AND d < 6 * (p + 1) THEN 18 WHEN d < 7 THEN 12 WHEN d < 21 THEN 7 ELSE 2 END"
)
STATUS = "CASE k % 20 WHEN 0 THEN 'cancelled' WHEN 1 THEN 'noshow' ELSE 'fulfilled' END"

LOADED = """CREATE TEMPORARY TABLE loaded (
  id INTEGER PRIMARY KEY, p INTEGER, minute BIGINT, lasts INTEGER, over INTEGER,
  service_id INTEGER, patient INTEGER, status VARCHAR(20))"""


def load(connection: Connection, count: int, today: date, *, guarded: bool = True) -> None:
    """Write *count* visits around *today* for the practitioners and rooms that are there.

    Triggers are taken down meanwhile and put up again, unless *guarded* is False: then the database
    is good for reading alone. `check` says whether all truths hold.
    """
    guards.remove(connection)
    if connection.dialect.name == "postgresql":
        # Its index is built much faster at once; what the rows refer to is right by construction.
        connection.execute(text(f"ALTER TABLE participant DROP CONSTRAINT {guards.EXCLUSION}"))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    _Load(connection, count, today).run()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = origin"))
    if guarded:
        guards.install(connection)
    if connection.dialect.name == "postgresql":  # as its own housekeeping does sooner or later
        connection.execute(text("ANALYZE"))


class _Load:
    def __init__(self, connection: Connection, count: int, today: date) -> None:
        self.connection, self.count = connection, count
        self.engine = connection.dialect.name
        self.today = (today - date(1970, 1, 1)).days * 24 * 60
        self.people = self.number("SELECT count(*) FROM practitioner")
        self.patients = max(FEWEST_PATIENTS, count // PATIENTS_FOR_A_VISIT)
        self.first_visit = self.number("SELECT COALESCE(max(id), 0) + 1 FROM appointment")
        self.first_patient = self.number("SELECT COALESCE(max(id), 0) + 1 FROM patient")
        self.first_actor = self.number("SELECT COALESCE(max(id), 0) + 1 FROM actor")

    def run(self) -> None:
        self.execute(LOADED)
        self.coming()
        self.past()
        self.people_of_them()
        self.visits()
        self.participants()
        self.execute("DROP TABLE loaded")
        self.number_on("appointment", "participant", "patient", "actor", "data_key")

    def number(self, sql: str) -> int:
        return int(self.connection.scalar(text(sql)) or 0)

    def execute(self, sql: str) -> None:
        self.connection.exec_driver_sql(sql, execution_options={"no_parameters": True})

    def service(self, kind: str) -> int:
        return self.number(f"SELECT min(id) FROM service WHERE kind = '{kind}'")

    def series(self, count: int) -> str:
        return SERIES[self.engine].format(count=count)

    def coming(self) -> None:
        """Booked consultations of today and the next weeks, scattered over each day."""
        places = f"{COMING_DAYS} * {self.people} * {PLACES}"
        self.execute(
            f"""INSERT INTO loaded {self.series(COMING_DAYS * self.people * PLACES)},
            grid AS (SELECT k, k % {PLACES} AS j, k / {PLACES} % {self.people} AS p,
                            k / {PLACES * self.people} AS d FROM n WHERE k < {places})
            SELECT {self.first_visit} + k, p, {self.today} + d * 1440 + 480 + j * 40, 30, 10,
                   {self.service("consultation")}, k % {self.patients}, 'booked'
            FROM grid WHERE (p * 7 + d * 5 + j * 11) % {PLACES} < {FULLNESS}"""
        )

    def past(self) -> None:
        """What is over, evenly over ten years: fulfilled, a few cancelled or missed."""
        rest = self.count - self.number("SELECT count(*) FROM loaded")
        a_day = -(-rest // PAST_DAYS)
        if a_day > PLACES * self.people:
            raise ValueError("so many visits have no place")
        begins = self.first_visit + COMING_DAYS * self.people * PLACES
        self.execute(
            f"""INSERT INTO loaded {self.series(rest)},
            grid AS (SELECT k, k / {a_day} + 1 AS ago, k % {a_day} AS i FROM n)
            SELECT {begins} + k, (i + ago) % {self.people},
                   {self.today} - ago * 1440 + 480 + i / {self.people} * 40,
                   CASE k % 3 WHEN 0 THEN 20 ELSE 30 END, CASE k % 3 WHEN 0 THEN 0 ELSE 10 END,
                   CASE k % 3 WHEN 0 THEN {self.service("follow-up")}
                              ELSE {self.service("consultation")} END,
                   k % {self.patients}, {STATUS}
            FROM grid"""
        )

    def people_of_them(self) -> None:
        now = INSTANT[self.engine].format(self.today)
        key = self.number("SELECT COALESCE(max(id), 0) + 1 FROM data_key")
        self.execute(
            "INSERT INTO data_key (id, public_id, created_at)"
            f" VALUES ({key}, {RANDOM_ID[self.engine]}, {now})"
        )
        everybody = self.series(self.patients)
        self.execute(
            f"""INSERT INTO actor (id, kind)
            {everybody} SELECT {self.first_actor} + k, 'patient' FROM n"""
        )
        self.execute(
            f"""INSERT INTO patient (id, public_id, actor_id, data_key_id, name, name_key, born_on,
                                     email, phone, phone_key, created_at)
            {everybody}
            SELECT {self.first_patient} + k, {RANDOM_ID[self.engine]}, {self.first_actor} + k,
                   {key}, 'Patient ' || k, 'patient ' || k, '1985-05-17',
                   'patient' || k || '@bench.example', '020 7946 0' || k, '02079460' || k, {now}
            FROM n"""
        )

    def visits(self) -> None:
        instant, day = INSTANT[self.engine], DATE[self.engine]
        location = self.number("SELECT min(id) FROM location")
        self.execute(
            f"""INSERT INTO appointment (id, public_id, service_id, location_id, patient_id,
                starts_at, ends_at, starts_on, status, version, booked_at, status_at, status_by)
            SELECT id, {RANDOM_ID[self.engine]}, service_id, {location},
                   {self.first_patient} + patient, {instant.format("minute")},
                   {instant.format("minute + lasts")}, {day.format("minute")}, status, 1,
                   {instant.format("minute - 10080")}, {instant.format("minute - 10080")},
                   '{BATCH}'
            FROM loaded ORDER BY id"""
        )

    def participants(self) -> None:
        """Physician and room for the visit and its buffer, the patient for the visit alone."""
        row = "ROW_NUMBER() OVER (ORDER BY id) - 1"
        people = f"(SELECT {row} AS p, actor_id FROM practitioner) AS x ON x.p = loaded.p"
        rooms = f"(SELECT {row} AS p, actor_id FROM room) AS x ON x.p = loaded.p"
        for whose, over in ((people, "lasts + over"), (rooms, "lasts + over"), (None, "lasts")):
            actor = "x.actor_id" if whose else f"{self.first_actor} + patient"
            instant = INSTANT[self.engine]
            self.execute(
                f"""INSERT INTO participant (appointment_id, actor_id, starts_at, ends_at, active)
                SELECT loaded.id, {actor}, {instant.format("minute")},
                       {instant.format(f"minute + {over}")},
                       status NOT IN ('cancelled', 'noshow')
                FROM loaded {f"JOIN {whose}" if whose else ""} ORDER BY loaded.id"""
            )

    def number_on(self, *tables: str) -> None:
        """PostgreSQL counts its own numbers; rows written with one do not move it on."""
        if self.engine != "postgresql":
            return
        for table in tables:
            self.connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
                    f" (SELECT max(id) FROM {table}))"
                )
            )


def check(connection: Connection, count: int) -> None:
    """Raise `AssertionError` unless all is there, no actor is twice anywhere, and guards are up."""
    stored = connection.scalar(
        text(f"SELECT count(*) FROM appointment WHERE status_by = '{BATCH}'")
    )
    assert stored == count, f"{stored} visits instead of {count}"
    following = (
        "SELECT ends_at, LEAD(starts_at) OVER (PARTITION BY actor_id ORDER BY starts_at) AS next"
        " FROM participant WHERE active"
    )
    if connection.dialect.name == "sqlite":
        following = following.replace(" WHERE active", " WHERE active = 1")
    twice = connection.scalar(text(f"SELECT count(*) FROM ({following}) AS f WHERE next < ends_at"))
    assert twice == 0, f"{twice} visits overlap"
    assert guards.snapshot(connection), "the guards are down"
