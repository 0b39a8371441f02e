"""The visits to come in memory are never older than what is stored: same times as a fresh look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update

from clinic import clock
from clinic.accounts.models import ActorRow
from clinic.database import db
from clinic.engines import WRITES
from clinic.scheduling import availability, diary, queries, roster, services
from clinic.scheduling.models import Appointment, DiaryStamp, Participant
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.rules import free_slots
from tests.factories import TESTER, at, confirm, make_visit, make_visitor, walk
from tests.statements import reads, statements

TUESDAY = at(24, 9).date()
ELEVEN = at(24, 11)
DAYS = 3


def kept(cast, **whose):
    db.session.rollback()
    service = cast.service("consultation")
    facts = diary.current().facts_of(roster.offered(service), **whose)
    return free_slots(facts, TUESDAY, DAYS)


def fresh(cast, **whose):
    db.session.rollback()
    facts = availability.times(cast.service("consultation"), TUESDAY, DAYS, **whose).facts
    return free_slots(facts, TUESDAY, DAYS)


def stamps():
    db.session.rollback()
    return dict(db.session.execute(db.select(DiaryStamp.actor_id, DiaryStamp.stamp)).all())


def elsewhere(statement):
    """Done over a connection of its own, as another process would."""
    db.session.rollback()
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.execute(statement)


@pytest.fixture
def held(cast):
    """Ana is held at eleven for somebody new."""
    return services.hold(
        cast.service("consultation"),
        cast.ana.actor_id,
        ELEVEN,
        visitor=make_visitor(),
        actor=TESTER,
    )


def moved_to_eli(cast, visit):
    services.move(visit, cast.eli.actor_id, at(25, 15), shown=visit.version, actor=TESTER)


CHANGES = {
    "booked": lambda cast, visit: make_visit(
        cast.dee, cast.eli, cast.service("consultation"), at(24, 14)
    ),
    "cancelled": lambda cast, visit: services.cancel(visit, "illness", actor=TESTER),
    "moved to another physician": moved_to_eli,
    "not come": lambda cast, visit: walk(visit, S.NOSHOW),
    "held": lambda cast, visit: services.hold(
        cast.service("consultation"),
        cast.eli.actor_id,
        at(24, 15),
        visitor=make_visitor(),
        actor=TESTER,
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_is_seen_at_the_next_look(cast, change):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)
    before = kept(cast)

    change(cast, visit)

    assert kept(cast) == fresh(cast) != before


def test_a_hold_that_is_over_frees_its_time_without_a_change(cast, held, travel):
    during = kept(cast)

    travel(clock.now() + timedelta(minutes=11))

    assert kept(cast) == fresh(cast)
    assert (ELEVEN, cast.ana.actor_id) not in {(s.starts_at, s.practitioner_id) for s in during}
    assert (ELEVEN, cast.ana.actor_id) in {(s.starts_at, s.practitioner_id) for s in kept(cast)}


def test_a_hold_that_is_prolonged_is_held_on(cast, held, travel):
    kept(cast)
    services.extend(held, actor=TESTER)

    travel(clock.now() + timedelta(minutes=11))

    assert kept(cast) == fresh(cast)
    assert (ELEVEN, cast.ana.actor_id) not in {(s.starts_at, s.practitioner_id) for s in kept(cast)}


def test_a_hold_that_was_booked_stays_when_it_would_have_been_over(cast, held, travel):
    kept(cast)
    confirm(held, cast.cal)

    travel(clock.now() + timedelta(minutes=11))

    assert kept(cast) == fresh(cast)
    assert (ELEVEN, cast.ana.actor_id) not in {(s.starts_at, s.practitioner_id) for s in kept(cast)}


def test_a_clock_that_is_put_back_finds_the_hold_again(cast, held, travel):
    began = clock.now()
    travel(began + timedelta(minutes=11))
    kept(cast)

    travel(began)

    assert kept(cast) == fresh(cast)


def test_the_askers_own_hold_and_visits_are_looked_at_their_way(cast, held):
    make_visit(cast.cal, cast.eli, cast.service("consultation"), at(24, 14))
    kept(cast)

    assert kept(cast, besides=held) == fresh(cast, besides=held) != kept(cast)
    assert kept(cast, patient=cast.cal) == fresh(cast, patient=cast.cal) != kept(cast)
    assert kept(cast, patient=cast.cal, besides=held) == fresh(cast, patient=cast.cal, besides=held)


@pytest.mark.parametrize("table", [Participant.__table__, Appointment.__table__])
def test_a_change_by_hand_renews_the_stamps_of_whom_the_visit_takes_up(cast, table):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)
    before = stamps()
    whose = set(queries.actors_of(visit)) - {cast.cal.actor_id}
    column = "active" if table.name == "participant" else "hold_until"

    elsewhere(update(table).values({column: table.c[column]}))

    after = stamps()
    assert {actor for actor in after if after[actor] != before.get(actor)} == whose


def test_a_visit_cancelled_by_hand_frees_its_time(cast):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)
    before = kept(cast)

    elsewhere(update(Appointment).values(status=S.CANCELLED))

    assert kept(cast) == fresh(cast) != before


def test_no_patient_has_a_stamp(cast):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)

    assert cast.cal.actor_id not in stamps()
    assert cast.ana.actor_id in stamps()


@pytest.mark.only_on("sqlite")
def test_control_without_the_guard_a_change_is_not_seen(cast):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)
    before = kept(cast)
    for name in ("appointment_renews_diary", "participant_renews_diary_update"):
        elsewhere(text(f"DROP TRIGGER {name}"))

    services.cancel(visit, "illness", actor=TESTER)

    assert kept(cast) == before != fresh(cast)


def test_whoever_can_have_visits_has_a_stamp_from_the_start(cast):
    things = set(db.session.scalars(db.select(ActorRow.id).where(ActorRow.kind != "patient")))

    assert set(stamps()) == things != set()


@pytest.mark.only_on("sqlite")
def test_an_actor_without_a_stamp_is_read_each_time(cast):
    elsewhere(delete(DiaryStamp))
    before = kept(cast)
    for trigger in ("participant_renews_diary_insert", "appointment_renews_diary"):
        elsewhere(text(f"DROP TRIGGER {trigger}"))

    make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)

    assert kept(cast) == fresh(cast) != before


def test_only_whom_a_change_took_up_is_read_again(cast):
    def looked():
        db.session.rollback()
        with statements() as sent:
            found = diary.current()
        return found, len(reads(sent))

    make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 14))
    looked()
    before, unchanged = looked()
    make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)
    after, changed = looked()

    assert (unchanged, changed) == (1, 2)
    assert after.pages[cast.eli.actor_id] is before.pages[cast.eli.actor_id]
    assert cast.ana.actor_id in after.pages
