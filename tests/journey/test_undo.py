"""A cancellation taken back: ten minutes, the same person, the truths asked again; told or not."""

from datetime import timedelta

import pytest

from clinic.database import db, transaction
from clinic.journey import book, cancel, withdraw
from clinic.journey.book import GateClosed
from clinic.notices.models import Message, MessageState
from clinic.permissions import Actor
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import SlotTaken, UndoOver
from clinic.treatment import queries as treatment
from clinic.treatment.rules import Reason
from tests.factories import TESTER, at, make_approval, make_patient, make_visit, make_visitor, walk

THURSDAY = at(26, 11)
BEA = Actor(label="user:bea")


@pytest.fixture
def visit(cast):
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), THURSDAY)


@pytest.fixture
def cancelled(visit):
    cancel.by_staff(visit, "ill", actor=TESTER)
    return visit


def letters():
    db.session.expire_all()
    rows = db.session.scalars(db.select(Message).order_by(Message.id)).all()
    return [(m.kind.value, m.version, m.state.value) for m in rows if m.kind != "decided"]


def test_whoever_cancelled_takes_it_back_and_the_visit_is_as_before(cast, cancelled):
    cancel.undo(cancelled, actor=TESTER)

    assert (cancelled.status, cancelled.cancel_reason) == (S.BOOKED, None)
    assert (cancelled.starts_at, cancelled.version) == (THURSDAY, 3)
    assert all(one.active for one in cancelled.participants)


def test_somebody_else_does_not_take_it_back(cancelled):
    with pytest.raises(UndoOver):
        cancel.undo(cancelled, actor=BEA)

    assert cancelled.status == S.CANCELLED


@pytest.mark.parametrize(
    ("after", "over"), [(timedelta(minutes=9, seconds=55), False), (timedelta(minutes=10), True)]
)
def test_L7_it_is_over_after_ten_minutes(cancelled, travel, after, over):
    travel(cancelled.status_at + after + timedelta(milliseconds=1))

    if over:
        with pytest.raises(UndoOver):
            cancel.undo(cancelled, actor=TESTER)
    else:
        cancel.undo(cancelled, actor=TESTER)

    assert (cancelled.status == S.CANCELLED) == over


def test_what_was_not_cancelled_is_not_taken_back(visit):
    with pytest.raises(UndoOver):
        cancel.undo(visit, actor=TESTER)


def test_it_is_taken_back_once_and_may_be_cancelled_again(cancelled):
    cancel.undo(cancelled, actor=TESTER)
    with pytest.raises(UndoOver):
        cancel.undo(cancelled, actor=TESTER)

    cancel.by_staff(cancelled, "clinic", actor=TESTER)

    assert (cancelled.status, cancelled.cancel_reason) == (S.CANCELLED, "clinic")


def test_a_let_go_hold_is_no_cancelled_visit(cast):
    held = book.hold(
        cast.service("consultation"),
        cast.ana.actor_id,
        THURSDAY,
        visitor=make_visitor(),
        actor=TESTER,
        patient=cast.cal,
    )
    book.scheduling.release(held, actor=TESTER)

    with pytest.raises(UndoOver):
        cancel.undo(held, actor=TESTER)


def test_somebody_who_had_arrived_is_booked_again(visit, travel):
    travel(THURSDAY)
    walk(visit, S.ARRIVED)
    cancel.by_staff(visit, "patient-asked", actor=TESTER)

    cancel.undo(visit, actor=TESTER)

    assert visit.status == S.BOOKED


# The truths, asked again.


def test_a_time_that_went_meanwhile_stays_with_whoever_has_it(cast, cancelled):
    theirs = make_visit(cast.dee, cast.ana, cast.service("consultation"), THURSDAY)

    with pytest.raises(SlotTaken):
        cancel.undo(cancelled, actor=TESTER)

    db.session.refresh(cancelled)
    assert (cancelled.status, theirs.status) == (S.CANCELLED, S.BOOKED)


def test_a_patient_who_booked_another_visit_then_is_in_one_place_only(cast, cancelled):
    make_visit(cast.cal, cast.eli, cast.service("consultation"), at(26, 11, 20))

    with pytest.raises(SlotTaken):
        cancel.undo(cancelled, actor=TESTER)


def test_a_live_hold_of_the_time_counts_and_an_expired_one_does_not(cast, visit, travel):
    travel(at(24, 9, 30))
    cancel.by_staff(visit, "ill", actor=TESTER)
    held = book.hold(
        cast.service("consultation"),
        cast.ana.actor_id,
        THURSDAY,
        visitor=make_visitor(),
        actor=TESTER,
    )
    with pytest.raises(SlotTaken):
        cancel.undo(visit, actor=TESTER)
    with transaction():
        held.hold_until = at(24, 9, 29)

    cancel.undo(visit, actor=TESTER)

    assert (visit.status, held.cancel_reason) == (S.BOOKED, "expired")


def test_a_treatment_whose_approval_ended_meanwhile_stays_cancelled(cast):
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    cancel.by_staff(visit, "mistake", actor=TESTER)
    approval = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(approval, cast.cal, "New medicine.", actor=TESTER)

    with pytest.raises(GateClosed) as refused:
        cancel.undo(visit, actor=TESTER)

    db.session.refresh(visit)
    assert (refused.value.reasons, visit.status) == ([Reason.WITHDRAWN], S.CANCELLED)


def test_a_treatment_is_booked_again_on_its_approval(cast):
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    cancel.by_staff(visit, "mistake", actor=TESTER)

    cancel.undo(visit, actor=TESTER)

    assert (visit.status, visit.approval_id is not None) == (S.BOOKED, True)


# What the patient is told.


def sent(*kinds):
    with transaction():
        in_kinds = Message.kind.in_(kinds)
        db.session.execute(db.update(Message).where(in_kinds).values(state=MessageState.SENT))


def test_M1_a_letter_that_has_not_left_is_dropped_and_nothing_more_is_said(visit):
    sent("booked")
    cancel.by_staff(visit, "ill", actor=TESTER)

    cancel.undo(visit, actor=TESTER)

    assert letters() == [("booked", 1, "sent"), ("cancelled", 2, "dropped")]


def test_M5_whoever_was_told_of_the_end_is_told_that_it_is_booked(cancelled):
    sent("booked", "cancelled")

    cancel.undo(cancelled, actor=TESTER)

    assert letters()[1:] == [("cancelled", 2, "sent"), ("booked", 3, "queued")]


def test_M5_a_confirmation_that_was_dropped_meanwhile_is_written_again(cancelled):
    with transaction():
        booked = Message.kind == "booked"
        db.session.execute(db.update(Message).where(booked).values(state=MessageState.DROPPED))

    cancel.undo(cancelled, actor=TESTER)

    assert letters()[1:] == [("cancelled", 2, "dropped"), ("booked", 3, "queued")]


def test_a_confirmation_that_still_waits_is_enough(cancelled):
    cancel.undo(cancelled, actor=TESTER)

    assert letters() == [("booked", 1, "queued"), ("cancelled", 2, "dropped")]


def test_taking_it_back_for_somebody_without_an_address_tells_nobody(cast):
    visit = make_visit(make_patient(email=None), cast.ana, cast.service("consultation"), THURSDAY)
    cancel.by_staff(visit, "ill", actor=TESTER)

    cancel.undo(visit, actor=TESTER)

    assert letters() == []
