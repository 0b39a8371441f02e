"""The roster in memory is never older than what is stored."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, insert, update

from clinic.accounts.models import ActorKind
from clinic.accounts.services import new_actor
from clinic.catalogue.models import ClosedDay, Device
from clinic.database import WRITES, Base, db, transaction
from clinic.guards import ROSTER_TABLES
from clinic.scheduling import availability, roster, rules
from clinic.scheduling.models import Absence, ExtraHours, RosterStamp
from clinic.scheduling.rules import AbsenceKind
from tests.factories import at, make_visit
from tests.statements import statements

DAY = date(2026, 11, 25)


@pytest.fixture
def full(cast):
    """A row in every table of the roster."""
    with transaction():
        db.session.add_all(
            [
                ClosedDay(location_id=cast.site.id, day=date(2026, 12, 25), name="Christmas"),
                Device(
                    actor=new_actor(ActorKind.DEVICE),
                    location_id=cast.site.id,
                    name="Ultrasound",
                    kind="ultrasound",
                ),
                ExtraHours(location_id=cast.site.id, day=DAY, opens_minute=0, closes_minute=60),
                Absence(
                    actor_id=cast.eli.actor_id,
                    starts_on=date(2026, 12, 1),
                    ends_on=date(2026, 12, 2),
                    kind=AbsenceKind.HOLIDAY,
                ),
            ]
        )
    return cast


def stamp():
    db.session.rollback()
    return db.session.scalar(db.select(RosterStamp.stamp))


def elsewhere(statement):
    """Done over a connection of its own, as another process would."""
    db.session.rollback()
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.execute(statement)


@pytest.mark.parametrize("name", ROSTER_TABLES)
def test_a_change_of_any_table_of_the_roster_renews_the_stamp(full, name):
    table = Base.metadata.tables[name]
    first = next(iter(table.primary_key))
    before = stamp()

    elsewhere(update(table).values({first: first}))

    assert stamp() != before


@pytest.mark.parametrize("name", ["closed_day", "extra_hours", "absence", "room_hosts", "schedule"])
def test_a_row_taken_out_of_the_roster_renews_the_stamp(full, name):
    before = stamp()

    elsewhere(delete(Base.metadata.tables[name]))

    assert stamp() != before


def test_a_booking_leaves_the_stamp(cast):
    before = stamp()

    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 10))

    assert stamp() == before


def test_a_day_that_another_process_closes_is_closed_at_the_next_look(cast):
    service = cast.service("consultation")
    seen = availability.times(service, DAY, 1).facts
    row = {"location_id": cast.site.id, "day": DAY, "name": "Flood", "public_id": "0" * 32}

    elsewhere(insert(ClosedDay).values(row))

    assert rules.free_slots(seen, DAY, 1) != []
    assert rules.free_slots(availability.times(service, DAY, 1).facts, DAY, 1) == []


def test_the_roster_is_read_again_only_after_a_change(cast):
    roster.current()

    with statements() as again:
        roster.current()
    elsewhere(delete(Base.metadata.tables["absence"]))
    elsewhere(update(Base.metadata.tables["room"]).values(name="Blue room"))
    with statements() as after:
        roster.current()

    assert len(again) == 1
    assert 2 < len(after) <= 14
