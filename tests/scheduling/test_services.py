"""Holds: made, extended, let go, run out, turned into bookings."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.database import db
from clinic.journey import book
from clinic.scheduling import availability, queries, services
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import HoldAtItsLongest, HoldOver, SlotTaken
from tests import factories
from tests.factories import (
    TESTER,
    at,
    confirm,
    make_approval,
    make_patient,
    make_visit,
    make_visitor,
)

ELEVEN = at(24, 11)


@pytest.fixture
def hold(cast):
    """Hold a consultation for a new browser, or for the one given."""

    def make(starts_at=ELEVEN, who=None, visitor=None, patient=None, kind="consultation"):
        return book.hold(
            cast.service(kind),
            (who or cast.ana).actor_id,
            starts_at,
            visitor=visitor or make_visitor(),
            actor=TESTER,
            patient=patient,
        )

    return make


def minutes_left(held):
    return round((held.hold_until - clock.now()).total_seconds() / 60)


def offered(cast, patient=None):
    """Starts of Ana's consultations of today, as anybody new would see them."""
    day = ELEVEN.date()
    facts = availability.times(cast.service("consultation"), day, 1, patient=patient).facts
    from clinic.scheduling.rules import free_slots

    return [s.starts_at for s in free_slots(facts, day, 1) if s.practitioner_id == ana(cast)]


def ana(cast):
    return cast.ana.actor_id


def later(travel, **by):
    travel(clock.now() + timedelta(**by))


def test_a_hold_keeps_physician_and_room_for_ten_minutes(cast, hold):
    held = hold()

    assert (held.status, held.patient_id, minutes_left(held)) == (S.PROPOSED, None, 10)
    assert len(queries.actors_of(held)) == 2
    assert ELEVEN not in offered(cast)


def test_C1_a_held_time_is_refused_to_somebody_else(hold):
    hold()

    with pytest.raises(SlotTaken):
        hold()


def test_each_press_holds_for_ten_minutes_more_and_an_hour_is_the_most(hold):
    held = hold()

    left = [_extended(held) for _press in range(5)]

    assert left == [20, 30, 40, 50, 60]
    with pytest.raises(HoldAtItsLongest):
        services.extend(held, actor=TESTER)


def _extended(held):
    services.extend(held, actor=TESTER)
    return minutes_left(held)


def test_an_hour_is_counted_from_the_first_press(hold, travel):
    held = hold()
    first = held.status_at
    later(travel, minutes=9)

    services.extend(held, actor=TESTER)

    assert minutes_left(held) == 11
    assert held.status_at == first


def test_an_expired_hold_is_extended_from_now_while_its_time_is_free(hold, travel):
    held = hold()
    later(travel, minutes=25)

    services.extend(held, actor=TESTER)

    assert minutes_left(held) == 10


def test_an_expired_hold_whose_time_was_taken_cannot_be_extended(hold, travel):
    held = hold()
    later(travel, minutes=11)
    hold()

    with pytest.raises(HoldOver):
        services.extend(held, actor=TESTER)


def test_a_hold_that_was_let_go_cannot_be_extended(hold):
    held = hold()
    services.release(held, actor=TESTER)

    with pytest.raises(HoldOver):
        services.extend(held, actor=TESTER)


def test_letting_go_frees_the_time_at_once(cast, hold):
    services.release(hold(), actor=TESTER)

    assert ELEVEN in offered(cast)
    assert hold().status == S.PROPOSED


def test_L8_choosing_another_time_lets_the_first_one_go(cast, hold):
    browser = make_visitor()
    first = hold(visitor=browser)

    second = hold(at(24, 12), visitor=browser)

    db.session.refresh(first)
    assert (first.status, first.cancel_reason) == (S.CANCELLED, "released")
    assert queries.hold_of(browser.id).id == second.id
    assert ELEVEN in offered(cast)


def test_L8_the_same_time_can_be_chosen_again(hold):
    browser = make_visitor()
    first = hold(visitor=browser)

    again = hold(visitor=browser)

    assert (again.starts_at, again.status) == (first.starts_at, S.PROPOSED)


def test_a_choice_that_fails_keeps_the_first_hold(hold):
    browser = make_visitor()
    first = hold(visitor=browser)
    hold(at(24, 12))

    with pytest.raises(SlotTaken):
        hold(at(24, 12), visitor=browser)

    db.session.refresh(first)
    assert first.status == S.PROPOSED


def test_two_browsers_hold_each_their_own(hold):
    held = [hold(), hold(at(24, 12))]

    assert [h.status for h in held] == [S.PROPOSED, S.PROPOSED]


def test_L8_an_expired_hold_counts_for_nothing_and_is_retired_by_the_next(cast, hold, travel):
    first = hold()
    later(travel, minutes=11)
    assert ELEVEN in offered(cast)

    second = hold()

    db.session.refresh(first)
    assert second.status == S.PROPOSED
    assert (first.status, first.cancel_reason) == (S.CANCELLED, "expired")


def test_C5_a_live_hold_counts_as_busy_until_its_last_moment(cast, hold, travel):
    hold()
    later(travel, minutes=9, seconds=50)

    assert ELEVEN not in offered(cast)


def test_a_hold_becomes_a_booking(cast, hold):
    held = hold()

    done = confirm(held, cast.cal)

    assert (done.status, done.patient_id) == (S.BOOKED, cast.cal.id)
    assert done.booked_at is not None
    assert cast.cal.actor_id in queries.actors_of(done)


@pytest.mark.parametrize("kind", ["new", "known"])
def test_an_expired_hold_books_in_one_press_while_its_time_is_free(cast, hold, travel, kind):
    held = hold(patient={"new": None, "known": cast.cal}[kind])
    later(travel, minutes=11)

    done = confirm(held, cast.cal)

    assert done.status == S.BOOKED


def test_an_expired_hold_of_a_treatment_books_in_one_press(cast, hold, travel):
    make_approval(cast)
    held = hold(at(26, 10), patient=cast.cal, kind="toxin")
    later(travel, minutes=11)

    done = book.confirm(held, cast.cal, actor=TESTER)

    assert (done.status, done.approval_id is not None) == (S.BOOKED, True)


def test_an_expired_hold_whose_time_was_taken_does_not_book(cast, hold, travel):
    held = hold()
    later(travel, minutes=11)
    make_visit(cast.dee, cast.ana, cast.service("consultation"), ELEVEN)

    with pytest.raises(HoldOver):
        confirm(held, cast.cal)


def test_L12_an_expired_hold_whose_time_is_too_near_by_now_does_not_book(cast, hold, travel):
    held = hold(at(24, 10, 20))
    travel(at(24, 9, 30))

    with pytest.raises(SlotTaken):
        confirm(held, cast.cal)


def test_C10_a_hold_books_once(cast, hold):
    held = hold()
    confirm(held, cast.cal)

    with pytest.raises(HoldOver):
        confirm(held, cast.dee)

    assert held.patient_id == cast.cal.id


def test_a_hold_that_was_let_go_does_not_book(cast, hold):
    held = hold()
    services.release(held, actor=TESTER)

    with pytest.raises(HoldOver):
        confirm(held, cast.cal)


def test_letting_go_of_a_booking_does_nothing(cast, hold):
    held = hold()
    confirm(held, cast.cal)

    services.release(held, actor=TESTER)

    assert held.status == S.BOOKED


def test_C7_a_hold_does_not_book_over_another_visit_of_the_patient(cast, hold):
    make_visit(cast.cal, cast.eli, cast.service("consultation"), at(24, 11, 20))
    held = hold()

    with pytest.raises(SlotTaken):
        confirm(held, cast.cal)

    db.session.refresh(held)
    assert (held.status, held.patient_id) == (S.PROPOSED, None)


def test_C7_two_holds_of_one_patient_from_two_browsers_do_not_both_book(cast, hold):
    here, there = hold(), hold(who=cast.eli)
    confirm(here, cast.cal)

    with pytest.raises(SlotTaken):
        confirm(there, cast.cal)


def test_an_expired_hold_of_the_same_patient_elsewhere_is_not_in_the_way(cast, hold, travel):
    hold(who=cast.eli, patient=cast.cal)
    later(travel, minutes=11)
    held = hold()

    done = confirm(held, cast.cal)

    assert done.status == S.BOOKED


def test_everything_about_a_hold_is_written_down(cast, hold):
    from clinic.audit.models import AuditEvent

    held = hold()
    services.extend(held, actor=TESTER)
    confirm(held, cast.cal)

    subject = f"appointment:{held.public_id}"
    written = db.session.scalars(
        db.select(AuditEvent.event).where(AuditEvent.subject == subject).order_by(AuditEvent.id)
    ).all()
    assert written == ["appointment:held", "appointment:hold-extended", "appointment:booked"]


def test_nothing_stays_of_a_hold_that_was_refused(cast, hold):
    hold()
    before = db.session.scalar(db.select(db.func.count(Appointment.id)))

    with pytest.raises(SlotTaken):
        hold(patient=make_patient(email="new@example.org"))

    assert db.session.scalar(db.select(db.func.count(Appointment.id))) == before


def test_nobody_under_18_on_the_day_holds_a_consultation(cast, hold):
    child = factories.make_patient(born_on=at(25, 0, year=2008).date(), email="c@example.org")

    with pytest.raises(book.GateClosed, match="under-18"):
        hold(patient=child)
    assert hold(at(25, 11), patient=child).status == S.PROPOSED
