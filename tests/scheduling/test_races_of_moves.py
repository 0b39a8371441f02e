"""Moving in a race: with a booking of the same time, with a cancellation, with an arrival."""

from __future__ import annotations

import pytest

from clinic.database import db
from clinic.journey import cancel, check_in, move
from clinic.notices.models import Message
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import SlotTaken
from tests import rush
from tests.factories import TESTER, at, make_visit
from tests.rush import Meeting, together
from tests.scheduling.presses import ELEVEN, booking, hold_at_eleven, visits_at

NOON = at(24, 12)


@pytest.fixture
def rounds(request) -> int:
    return 1000 if request.config.getoption("--soak") else 6


@pytest.fixture
def visit(cast):
    """Cal's consultation with Ana at noon."""
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), NOON)


def moving(visit, practitioner, starts_at):
    """What one press on "Move" does, from a page that shows the visit as it is now."""
    shown = visit.version

    def press():
        more = {"shown": shown, "reason": "other", "actor": TESTER}
        move.by_staff(visit, practitioner.actor_id, starts_at, **more)
        return "moved"

    return press


def cancelling(visit):
    shown = visit.version

    def press():
        cancel.by_staff(visit, "ill", shown=shown, actor=TESTER)
        return "cancelled"

    return press


def arriving(visit):
    shown = visit.version

    def press():
        check_in.move(visit, S.BOOKED, S.ARRIVED, shown=shown, actor=TESTER)
        return "arrived"

    return press


def undoing(visit):
    def press():
        cancel.undo(visit, actor=TESTER)
        return "undone"

    return press


def stored(visit):
    db.session.rollback()
    db.session.refresh(visit)
    return visit


def test_S75_cancelling_moving_and_checking_in_exclude_each_other(cast, visit):
    presses = [cancelling(visit), moving(visit, cast.ana, at(24, 14)), arriving(visit)]

    answers = together(*presses)

    after = stored(visit)
    won = ({*answers} - {"Changed"}).pop()
    assert sorted(answers) == sorted(["Changed", "Changed", won])
    assert after.version == 2
    expected = {
        "cancelled": (S.CANCELLED, NOON),
        "moved": (S.BOOKED, at(24, 14)),
        "arrived": (S.ARRIVED, NOON),
    }
    assert (after.status, after.starts_at) == expected[won]


@pytest.mark.parametrize("first", [0, 1, 2])
def test_S75_whichever_is_first_the_pages_of_the_others_are_out_of_date(cast, visit, first):
    presses = [cancelling(visit), moving(visit, cast.ana, at(24, 14)), arriving(visit)]
    chosen = presses.pop(first)
    chosen()

    answers = [rush.alone(press) for press in presses]

    assert answers == ["Changed", "Changed"]
    assert stored(visit).version == 2


def test_C1_a_time_wanted_by_a_move_and_a_booking_at_once_goes_to_one(cast, visit):
    def book():
        make_visit(cast.dee, cast.ana, cast.service("consultation"), ELEVEN)
        return "booked"

    answers = together(moving(visit, cast.ana, ELEVEN), book)

    assert sorted(answers) in (["SlotTaken", "booked"], ["SlotTaken", "moved"])
    assert len(visits_at(ELEVEN, S.BOOKED, S.PROPOSED)) == 1


def moving_all_the_same(visit, practitioner, starts_at):
    shown = visit.version

    def press():
        more = {"shown": shown, "reason": "other", "why": "Asked for it.", "actor": TESTER}
        move.all_the_same(visit, practitioner.actor_id, starts_at, **more)
        return "moved"

    return press


def test_truth_1_two_moves_all_the_same_to_overlapping_times_in_a_race_leave_one_there(cast, visit):
    other = make_visit(cast.dee, cast.eli, cast.service("consultation"), NOON)
    starts = at(24, 19), at(24, 19, 10)

    answers = together(
        moving_all_the_same(visit, cast.ana, starts[0]),
        moving_all_the_same(other, cast.ana, starts[1]),
    )

    assert sorted(answers) == ["SlotTaken", "moved"]
    assert sorted([stored(visit).starts_at, stored(other).starts_at]) in (
        [NOON, starts[0]],
        [NOON, starts[1]],
    )


def test_S75_a_move_all_the_same_in_a_race_with_a_cancellation_and_another_move(cast, visit):
    presses = [
        moving_all_the_same(visit, cast.ana, at(24, 19)),
        cancelling(visit),
        moving(visit, cast.ana, at(24, 14)),
    ]

    answers = together(*presses)

    assert sorted(answers)[:2] == ["Changed", "Changed"]
    assert stored(visit).version == 2


def test_two_visits_that_change_places_in_a_race_do_not_lock_each_other_out(cast, visit):
    other = make_visit(cast.dee, cast.eli, cast.service("consultation"), NOON)

    answers = together(moving(visit, cast.eli, at(24, 14)), moving(other, cast.ana, at(24, 14)))

    assert answers == ["moved", "moved"]
    assert len(visits_at(at(24, 14), S.BOOKED)) == 2


def test_C10_two_presses_that_undo_one_cancellation_undo_it_once(visit):
    cancel.by_staff(visit, "ill", actor=TESTER)

    answers = together(*[undoing(visit)] * 3)

    assert sorted(answers) == ["UndoOver", "UndoOver", "undone"]
    assert stored(visit).version == 3


def test_a_cancellation_taken_back_in_a_race_with_a_booking_of_its_time_leaves_one_visit(
    cast, visit
):
    cancel.by_staff(visit, "ill", actor=TESTER)

    def book():
        make_visit(cast.dee, cast.ana, cast.service("consultation"), NOON)
        return "booked"

    answers = together(undoing(visit), book)

    assert sorted(answers) in (["SlotTaken", "booked"], ["SlotTaken", "undone"])
    assert len(visits_at(NOON, S.BOOKED, S.PROPOSED)) == 1


# Over and over: nothing but what was changed changes.


def neighbours(*besides):
    """Every visit and participant but those of *besides*, as stored."""
    db.session.rollback()
    ids = [visit.id for visit in besides]
    tables = [(Appointment.__table__, "id"), (Participant.__table__, "appointment_id")]
    return [
        db.session.execute(
            db.select(table).where(table.c[key].not_in(ids)).order_by(table.c.id)
        ).all()
        for table, key in tables
    ]


def back_and_forth(visit, practitioner, starts, rounds, meeting):
    """In each round, move a visit to the next of *starts*; to the other one if it is taken."""

    def work():
        for number in range(rounds):
            meeting.wait()
            db.session.rollback()
            db.session.refresh(visit)
            _to_one_of(visit, practitioner, starts[number % 2 :] + starts[: number % 2])
        return f"{rounds} rounds"

    return work


def _to_one_of(visit, practitioner, starts):
    more = {"reason": "other", "actor": TESTER}
    for starts_at in starts:
        try:
            actor_id = practitioner.actor_id
            move.by_staff(visit, actor_id, starts_at, shown=visit.version, **more)
        except (SlotTaken, move.SameTime):
            db.session.refresh(visit)
            continue
        return


def test_C11_moves_in_a_race_over_two_times_change_only_their_own_visits(cast, visit, rounds):
    """Two visits want the same two times again and again, beside a third that stays."""
    other = make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 13))
    make_visit(cast.dee, cast.eli, cast.service("consultation"), at(25, 9))
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 16))
    before = neighbours(visit, other)
    starts, meeting = [at(24, 14), at(24, 14, 40)], Meeting(2, rush.LONGEST)

    answers = together(
        back_and_forth(visit, cast.ana, starts, rounds, meeting),
        back_and_forth(other, cast.ana, starts, rounds, meeting),
        longest=rush.LONGEST + rounds,
    )

    assert answers == [f"{rounds} rounds"] * 2
    assert neighbours(visit, other) == before
    assert stored(visit).starts_at != stored(other).starts_at
    moves = db.select(db.func.count()).select_from(Message).where(Message.kind == "moved")
    assert db.session.scalar(moves) == visit.version - 1 + other.version - 1


def test_C5_C11_an_acceptance_in_a_race_with_a_move_of_the_same_time_changes_nothing_else(
    cast, visit
):
    """Dee's hold is accepted while Cal's visit moves away from beside it, and back."""
    held = hold_at_eleven(cast, cast.dee)

    answers = together(moving(visit, cast.ana, at(24, 14)), booking(held, cast.dee))

    assert answers == ["moved", "booked"]
    assert len(visits_at(ELEVEN, S.BOOKED)) == 1
    assert stored(visit).starts_at == at(24, 14)
