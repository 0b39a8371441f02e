"""The roster in memory is never older than what is stored."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from clinic.accounts.models import ActorKind
from clinic.accounts.services import new_actor
from clinic.catalogue.models import ClosedDay, Device, RosterStamp
from clinic.database import Base, db, transaction
from clinic.engines import WRITES
from clinic.guards import ROSTER_TABLES
from clinic.scheduling import availability, roster, rosters, rules
from clinic.scheduling.models import Absence, ExtraHours
from clinic.scheduling.rules import AbsenceKind
from tests.factories import TESTER, at, make_visit, put_profile
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


# A version of the profile is added and never changed.
CHANGED = [name for name in ROSTER_TABLES if name != "profile_version"]


def test_another_profile_renews_the_stamp(cast):
    before = stamp()

    put_profile(minimum_age=21)

    assert stamp() != before


@pytest.mark.parametrize("name", CHANGED)
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


AUTUMN = date(2026, 10, 25)


@pytest.mark.parametrize(
    ("starts_second", "ends_second", "is_kept"),
    [(False, True, True), (None, None, False), (True, False, False), (None, True, False)],
)
def test_S78_an_absence_may_end_at_an_earlier_time_only_from_the_first_to_the_second(
    cast, starts_second, ends_second, is_kept
):
    row = {
        "actor_id": cast.ana.actor_id,
        "starts_on": AUTUMN,
        "starts_minute": 105,
        "ends_on": AUTUMN,
        "ends_minute": 75,
        "starts_second": starts_second,
        "ends_second": ends_second,
        "kind": "ill",
        "public_id": "0" * 32,
    }
    stored = nullcontext() if is_kept else pytest.raises(IntegrityError)

    with stored:
        elsewhere(insert(Base.metadata.tables["absence"]).values(row))


def test_S78_what_was_meant_of_a_time_that_comes_twice_is_read_with_the_roster(cast, travel):
    travel(datetime(2026, 10, 1, 9, tzinfo=UTC))
    away = rules.Away(AUTUMN, 90, AUTUMN, 105, starts_second=True, ends_second=True)
    extra = rules.DayHours(AUTUMN, 60, 90, opens_second=False, closes_second=True)
    rosters.add_absence(cast.ana, away, rules.AbsenceKind.ILL, actor=TESTER)
    rosters.add_extra(cast.site, cast.ana, extra, actor=TESTER)

    found = roster.current().person(cast.ana.public_id)

    assert found.away == (away,)
    assert found.extra[cast.site.id] == (extra,)


def test_S78_the_first_and_the_second_of_a_time_are_two_absences(cast):
    first = rules.Away(AUTUMN, 90, AUTUMN, 180, starts_second=False)
    added = [
        rosters.add_absence(cast.ana, away, rules.AbsenceKind.ILL, actor=TESTER)
        for away in (first, first, replace(first, starts_second=True))
    ]

    assert added == [["absence"], [], ["absence"]]
