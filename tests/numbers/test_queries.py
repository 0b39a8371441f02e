"""The numbers against what was counted by hand: a fortnight of the cast's clinic.

Ana and Eli work 9 to 17 every day (56 hours a week), the site is open 8 to 20 (84 hours a room).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinic.journey import book, cancel
from clinic.numbers import measures, queries
from clinic.numbers.measures import Of
from clinic.numbers.rules import FEW, Weeks
from clinic.scheduling import rosters
from clinic.scheduling import services as scheduling
from clinic.scheduling.rules import AbsenceKind, Away
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.models import Decision
from tests.factories import (
    TESTER,
    at,
    make_intake,
    make_patient,
    make_visit,
    make_visitor,
    sign,
    walk,
)
from tests.statements import reads, statements
from tests.two_sites import make_mitte

LAST_WEEK, THIS_WEEK = date(2026, 11, 23), date(2026, 11, 30)
FORTNIGHT = Weeks(LAST_WEEK, date(2026, 12, 6))


def tables(weeks=FORTNIGHT, site_id=None):
    return measures.tables(weeks, queries.facts(weeks, None if site_id is None else {site_id}))


def cells(of, weeks=FORTNIGHT, site_id=None):
    """Each row's cells, then the total's."""
    table = tables(weeks, site_id)[of]
    return [row.cells for row in table.rows], table.total


def close(*numbers):
    return tuple(
        None if n is None else n if n is FEW else pytest.approx(n, abs=2e-3) for n in numbers
    )


@pytest.fixture
def five(cast):
    """Five patients with consultations with Ana on Wednesday 25, booked on Tuesday at nine."""
    people = [make_patient(name=f"Pat {n}", email=f"pat{n}@example.org") for n in range(5)]
    consultation = cast.service("consultation")
    hours = (10, 11, 12, 14, 15)
    return [
        make_visit(pat, cast.ana, consultation, at(25, hour))
        for pat, hour in zip(people, hours, strict=True)
    ]


def test_physicians_and_rooms_are_used_for_what_visits_take_up_of_the_hours_there_are(cast, five):
    # Five times 30 minutes and 10 after: 200 minutes, all in the first room.
    assert cells(Of.PHYSICIANS) == (
        [close(200 / 6720, 200 / 3360, 0), close(0, 0, 0)],
        close(200 / 13440, 200 / 6720, 0),
    )
    assert cells(Of.ROOMS)[0][0] == close(200 / 10080, 200 / 5040, 0)


def test_a_cancelled_visit_uses_nobody_and_a_missed_one_does(cast, five, travel):
    cancel.by_staff(five[0], "ill", actor=TESTER)
    travel(at(25, 18))
    walk(five[1], S.NOSHOW)

    assert cells(Of.PHYSICIANS)[0][0] == close(160 / 6720, 160 / 3360, 0)


def test_an_absence_that_is_long_over_takes_hours_away(cast, five, travel):
    away = Away(date(2026, 11, 26), 0, date(2026, 11, 26), 1440)
    rosters.add_absence(cast.eli, away, AbsenceKind.ILL, actor=TESTER)
    travel(at(10, 9, month=12))

    assert cells(Of.PHYSICIANS)[0][0] == close(200 / 6240, 200 / 3360, 0)


def test_no_shows_are_counted_of_the_visits_whose_time_has_come(cast, five, travel):
    travel(at(25, 12, 30))
    walk(five[0], S.NOSHOW)
    assert cells(Of.MISSED) == ([(FEW, FEW), (0, None)], (FEW, FEW))  # three are due

    travel(at(25, 18))
    assert cells(Of.MISSED) == ([(5, close(0.2)[0]), (0, None)], (5, close(0.2)[0]))


def test_lead_time_runs_from_booking_to_the_visit(cast, five):
    # Booked at 9 on the day before: 25, 26, 27, 29 and 30 hours.
    assert cells(Of.LEAD)[0][0] == close(5, 27 / 24, 29.6 / 24)


def test_cancellations_are_a_share_of_what_was_booked_by_whom_and_why(cast, five, travel):
    cancel.by_staff(five[0], "ill", actor=TESTER)
    cancel.by_patient(five[1], actor=TESTER)

    assert cells(Of.CANCELLED)[0][0] == close(5, 0.4, 0.2, 0.2)
    shown = {row.of: row.cells[0] for row in tables()[Of.REASONS].rows}
    assert shown == {
        "patient": FEW,
        "patient-asked": 0,
        "ill": FEW,
        "clinic": 0,
        "mistake": 0,
        "other": 0,
    }


def test_a_cancellation_that_was_taken_back_is_none(cast, five):
    cancel.by_patient(five[0], actor=TESTER)
    cancel.undo(five[0], actor=TESTER)

    assert cells(Of.CANCELLED)[0][0] == close(5, 0, 0, 0)


def test_a_hold_that_was_let_go_was_never_booked(cast, five):
    visitor, free = make_visitor(), at(26, 10)
    held = book.hold(
        cast.service("consultation"), cast.ana.actor_id, free, visitor=visitor, actor=TESTER
    )
    scheduling.release(held, actor=TESTER)

    assert cells(Of.CANCELLED)[1] == close(5, 0, 0, 0)
    assert cells(Of.PHYSICIANS)[0][0] == close(200 / 6720, 200 / 3360, 0)


def wait(visit, travel, arrived, called):
    travel(visit.starts_at + timedelta(minutes=arrived))
    walk(visit, S.ARRIVED)
    travel(visit.starts_at + timedelta(minutes=called))
    walk(visit, S.IN_ROOM)


def test_waiting_is_from_arriving_to_the_room(cast, five, travel):
    for visit, minutes in zip(five, (1, 4, 8, 12, 26), strict=True):
        wait(visit, travel, -5, minutes - 5)

    assert cells(Of.WAITING)[0][0] == close(5, 8, 20.4)


def test_waiting_outlasts_a_room_by_mistake_and_begins_anew_after_an_arrival_by_mistake(
    cast, five, travel
):
    travel(at(25, 8))
    walk(five[0], S.ARRIVED, S.BOOKED)  # another patient was meant
    wait(five[0], travel, -5, 0)
    wait(five[1], travel, -5, 0)
    walk(five[1], S.ARRIVED)  # called in too early
    travel(five[1].starts_at + timedelta(minutes=10))
    walk(five[1], S.IN_ROOM)

    found = tuple(sorted(one.minutes for one in queries.facts(FORTNIGHT, None).waited))

    assert found == close(5, 15)


def decide(cast, visits, travel, *decisions):
    words = {"decline_words": "Not for you.", "why": ""}
    for visit, decision in zip(visits, decisions, strict=True):
        travel(at(24, 10))
        make_intake(visit.patient)
        travel(visit.starts_at)
        typed = {} if decision == Decision.APPROVE else words
        sign(visit, cast.ana_user, cast.ana, decision, **typed)


def test_approvals_are_a_share_of_decisions_and_count_from_the_form(cast, five, travel):
    yes, no = Decision.APPROVE, Decision.DECLINE
    decide(cast, five, travel, yes, no, yes, yes, yes)

    assert cells(Of.APPROVAL_RATE) == ([(5, close(0.8)[0]), (0, None)], (5, close(0.8)[0]))
    # Four were approved: their number stays closed, and is not told by the total either.
    assert cells(Of.APPROVAL_TIME) == ([(FEW, FEW), (0, None)], (0, None))


def test_approval_time_is_told_of_five(cast, five, travel):
    decide(cast, five, travel, *[Decision.APPROVE] * 5)

    assert cells(Of.APPROVAL_TIME)[0][0] == close(5, 26 / 24)


def test_one_site_alone_has_its_own_visits_and_hours_and_decisions_are_of_all(cast, five):
    make_mitte(cast)

    here = queries.facts(FORTNIGHT, {cast.site.id})
    there = queries.facts(FORTNIGHT, {make_visit_there(cast)})

    assert [len(here.leads), len(there.leads)] == [5, 1]
    assert [room.name for room in there.rooms] == ["Raum 1"]
    assert [who.name for who in there.physicians] == ["Dr Ana Silva"]


def make_visit_there(cast):
    from clinic.catalogue.models import Service
    from clinic.database import db

    service = db.session.scalars(db.select(Service).where(Service.name.like("%Mitte"))).one()
    make_visit(cast.dee, cast.ana, service, at(26, 13))
    return service.location_id


@pytest.mark.parametrize(
    "weeks", [Weeks(LAST_WEEK, date(2026, 11, 29)), Weeks(date(2024, 12, 2), date(2026, 12, 6))]
)
def test_two_years_ask_for_as_much_as_a_week(cast, five, weeks):
    queries.facts(FORTNIGHT, None)
    with statements() as sent:
        queries.facts(weeks, None)

    assert len(reads(sent)) <= 20
