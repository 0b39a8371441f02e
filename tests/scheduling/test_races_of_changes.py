"""Moves, holds and cancellations that meet by the dozen, and a hold that runs out meanwhile.

Whatever wins, every visit is whole, nobody is in two places, and nobody meets an error (C9).
"""

from __future__ import annotations

import pytest

from clinic.database import db
from clinic.journey import book, move
from clinic.journey import cancel as cancelling
from clinic.scheduling import services
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from tests.factories import TESTER, at, make_visit, make_visitor
from tests.rush import together
from tests.scheduling import truths
from tests.scheduling.presses import ELEVEN, booking, hold_at_eleven, visits_at

NOON = at(24, 12, 20)
TWO = at(24, 14, 20)


@pytest.fixture
def rounds(request) -> int:
    return 100 if request.config.getoption("--soak") else 2


@pytest.fixture
def visit(cast):
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)


def moving(visit, practitioner, starts_at):
    """One press on "Move", on a page that shows the visit as it is now."""
    shown, actor_id = visit.version, practitioner.actor_id

    def press():
        move.by_staff(visit, actor_id, starts_at, shown=shown, reason="clinic", actor=TESTER)
        return "moved"

    return press


def cancellation(visit):
    def press():
        cancelling.by_staff(visit, "ill", actor=TESTER)
        return "cancelled"

    return press


def holding(cast, starts_at):
    visitor = make_visitor()

    def press():
        service = cast.service("consultation")
        book.hold(service, cast.ana.actor_id, starts_at, visitor=visitor, actor=TESTER)
        return "held"

    return press


def now(visit):
    """Its state as it is stored, and that everything stored is whole."""
    assert truths.broken() == {}
    db.session.refresh(visit)
    return visit.status


def again(visit, cast):
    """Another visit like it, so that a race can be run once more."""
    if visit.status == S.BOOKED:
        cancelling.by_staff(visit, "ill", actor=TESTER)
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)


def test_S75_of_two_moves_of_one_visit_in_a_race_one_is_told_that_it_changed(cast, visit, rounds):
    for _round in range(rounds):
        answers = together(moving(visit, cast.ana, NOON), moving(visit, cast.eli, TWO))

        assert sorted(answers) == ["Changed", "moved"]
        assert (now(visit), visit.version) == (S.BOOKED, 2)
        visit = again(visit, cast)


def test_C1_of_moves_to_one_time_in_a_race_one_gets_it_and_the_others_stay(cast, visit):
    other = make_visit(cast.dee, cast.ana, cast.service("consultation"), TWO)

    answers = together(
        moving(visit, cast.ana, NOON), moving(other, cast.ana, NOON), holding(cast, NOON)
    )

    assert sorted(answers) in (
        ["SlotTaken", "SlotTaken", "held"],
        ["SlotTaken", "SlotTaken", "moved"],
    )
    assert (now(visit), now(other)) == (S.BOOKED, S.BOOKED)
    assert len(visits_at(NOON, S.BOOKED, S.PROPOSED)) == 1


def test_C9_two_visits_that_change_places_in_a_race_do_not_block_each_other(cast, visit, rounds):
    """Each wants what the other has: locks taken in another order would wait for each other."""
    other = make_visit(cast.dee, cast.eli, cast.service("consultation"), TWO)
    for _round in range(rounds):
        answers = together(moving(visit, cast.eli, TWO), moving(other, cast.ana, ELEVEN))

        assert set(answers) <= {"moved", "SlotTaken"}
        assert (now(visit), now(other)) == (S.BOOKED, S.BOOKED)


def test_S75_in_a_race_of_a_move_with_a_cancellation_the_visit_ends(cast, visit, rounds):
    for _round in range(rounds):
        answers = together(moving(visit, cast.ana, NOON), cancellation(visit))

        assert answers in (["moved", "cancelled"], ["Changed", "cancelled"])
        assert now(visit) == S.CANCELLED
        assert visits_at(NOON, S.BOOKED) == []
        visit = again(visit, cast)


def test_S74_an_expired_hold_in_a_race_of_its_extension_with_a_move_to_its_time(cast, travel):
    visit = make_visit(cast.dee, cast.ana, cast.service("consultation"), TWO)
    held = hold_at_eleven(cast, cast.cal)
    travel(at(24, 9, 11))

    def extension():
        services.extend(held, actor=TESTER)
        return "extended"

    answers = together(extension, moving(visit, cast.ana, ELEVEN), booking(held, cast.cal))

    assert ("moved" in answers) != bool({"extended", "booked"} & set(answers))
    assert set(answers) <= {"moved", "extended", "booked", "SlotTaken", "HoldOver"}
    assert now(visit) == S.BOOKED
    assert len(visits_at(ELEVEN, S.BOOKED, S.PROPOSED)) == 1


def test_S71_in_a_race_of_everything_every_visit_stays_whole(cast, visit, request):
    """A crowd of clients, two for each kind of press, on two visits and one time."""
    other = make_visit(cast.dee, cast.eli, cast.service("consultation"), TWO)
    presses = [
        press
        for _client in range(12 if request.config.getoption("--soak") else 2)
        for press in (
            moving(visit, cast.eli, NOON),
            moving(other, cast.ana, ELEVEN),
            cancellation(other),
            holding(cast, NOON),
        )
    ]

    answers = together(*presses)

    fine = {"moved", "cancelled", "held", "SlotTaken", "SameTime", "Changed"}
    assert set(answers) <= fine
    assert (now(visit), now(other)) == (S.BOOKED, S.CANCELLED)
    assert db.session.query(Appointment).filter_by(status=S.BOOKED).count() == 1
