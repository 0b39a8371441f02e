"""A cancellation taken back on pages, by the patient and at the desk; and what happens too late."""

import pytest

from clinic.database import db
from clinic.journey import cancel, withdraw
from clinic.scheduling import services
from clinic.scheduling.queries import practitioner_of
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import queries as treatment
from tests.factories import (
    TESTER,
    at,
    make_account,
    make_approval,
    make_intake,
    make_visit,
    staff_actor,
)
from tests.full_record import by_code
from tests.scheduling.times_page import offered

THURSDAY = at(26, 11)


@pytest.fixture
def visit(cast):
    """Cal's consultation with Ana on Thursday at eleven."""
    make_intake(cast.cal)
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), THURSDAY)


@pytest.fixture
def cal(cast, signed_in):
    return signed_in(make_account(cast.cal))


@pytest.fixture
def bea(cast, signed_in):
    return signed_in(cast.bea)


def state(visit):
    db.session.rollback()
    db.session.refresh(visit)
    return visit.status


def cancelled(person, visit):
    """The page after a patient cancelled *visit*."""
    page = person.get("/visits").follow("Cancel ")
    return page.form("Cancel the visit").press()


def cancelled_at_the_desk(person, visit):
    form = person.get(f"/desk/visits/{visit.public_id}").form("/cancel")
    return form.set(reason="ill").press()


# The patient.


def test_a_patient_cancels_in_two_presses_and_takes_it_back_with_one(cal, visit):
    page = cancelled(cal, visit)
    before = state(visit)

    done = page.form("Undo").press()

    assert "Your visit on Thu 26 November, 11:00 am is cancelled." in page.text
    assert "Until 9:10 am you can take it back." in page.text
    assert (before, state(visit)) == (S.CANCELLED, S.BOOKED)
    assert done.heading == "Booked: Thu 26 November, 11:00 am"
    assert "Undone: the visit is booked as before." in done.text


def test_whoever_came_by_code_takes_it_back_too(app, cast, visit):
    page = cancelled(by_code(app, cast.cal), visit)

    page.form("Undo").press()

    assert state(visit) == S.BOOKED


def test_the_page_of_the_visit_offers_it_as_well(cal, visit):
    cancelled(cal, visit)

    page = cal.get(f"/visits/{visit.public_id}")

    assert page.form("Undo").press().heading == "Booked: Thu 26 November, 11:00 am"


def test_L7_after_ten_minutes_it_is_over_and_leads_to_booking_again(cal, visit, at_work):
    form = cancelled(cal, visit).form("Undo")
    at_work(at(24, 9, 11))

    page = form.press(status=410)
    shown = cal.get("/visits")

    assert page.heading == "This visit can’t be changed any more"
    assert page.follow("Book again").heading == "Choose a time for your consultation"
    assert "Undo" not in shown.text
    assert cal.get(f"/visits/{visit.public_id}").follow("Book again")
    assert state(visit) == S.CANCELLED


def test_what_the_desk_cancelled_is_not_the_patients_to_take_back(cast, cal, visit):
    cancel.by_staff(visit, "clinic", actor=staff_actor(cast.bea))

    page = cal.get(f"/visits/{visit.public_id}")

    assert "Undo" not in page.text
    assert "Undo" not in cal.get("/visits").text


def test_C1_a_time_that_went_meanwhile_is_said_with_the_three_nearest(cast, cal, visit):
    form = cancelled(cal, visit).form("Undo")
    make_visit(cast.dee, cast.ana, cast.service("consultation"), THURSDAY)

    page = form.press(status=409)

    assert page.heading == "Choose a time for your consultation"
    assert "Someone has just taken that time" in page.text
    near = page.form("Dr ")
    assert len(near.buttons) == 3
    assert "Held for you until" in near.press("11:20").text
    assert state(visit) == S.CANCELLED


def test_a_treatment_whose_approval_ended_meanwhile_says_why(cast, cal):
    make_approval(cast)
    treated = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    form = cancelled(cal, treated).form("Undo")
    approval = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(approval, cast.cal, "New medicine.", actor=TESTER)

    page = form.press(status=409)

    assert "Your physician has withdrawn the approval." in page.text
    assert "New medicine." not in page.text
    assert state(treated) == S.CANCELLED


def test_a_follow_up_that_only_the_clinic_books_says_whom_to_call(cast, cal):
    follow_up = make_visit(cast.cal, cast.ana, cast.service("follow-up"), THURSDAY)
    form = cancelled(cal, follow_up).form("Undo")
    make_visit(cast.dee, cast.ana, cast.service("consultation"), THURSDAY)

    page = form.press(status=409)

    assert "To book this again, call us: 020 7946 0123" in page.text


def test_P1_somebody_elses_cancellation_is_not_there(app, cast, cal, visit):
    cancelled(cal, visit)
    dee = by_code(app, cast.dee)
    token = dict(dee.get("/visits").forms()[0].fields)["csrf_token"]

    dee.post(f"/visits/{visit.public_id}/undo-cancel", [("csrf_token", token)], status=404)

    assert state(visit) == S.CANCELLED


# A physician.


def cancelled_by_ana(person, visit):
    """The page after the physician cancelled from the record."""
    record = person.get(f"/records/{visit.patient.public_id}")
    page = record.follow("Cancel Thu 26 November, 11:00 am")
    return page.form("Cancel the visit").set(reason="clinic").press()


def test_a_physician_cancels_from_the_record_and_takes_it_back(cast, signed_in, visit):
    ana = signed_in(cast.ana_user)
    page = cancelled_by_ana(ana, visit)
    before = state(visit)

    done = page.form("Undo").press()

    # It was the only visit with Ana: until it is booked again she does not care for Cal.
    assert page.heading == "Cancelled: the visit of Cal Ortega"
    assert (before, state(visit)) == (S.CANCELLED, S.BOOKED)
    assert done.path.startswith("/records/")


def test_L7_after_ten_minutes_a_physician_finds_no_visit_that_made_no_care(
    cast, signed_in, visit, at_work
):
    ana = signed_in(cast.ana_user)
    form = cancelled_by_ana(ana, visit).form("Undo")
    at_work(at(24, 9, 11))

    form.press(status=404)

    assert state(visit) == S.CANCELLED


def test_P5_a_physician_cancels_and_undoes_nothing_of_patients_of_others(cast, signed_in, visit):
    eli = signed_in(cast.eli_user)

    eli.get(f"/moves/{visit.public_id}/cancel", status=404)
    cancel.by_staff(visit, "clinic", actor=staff_actor(cast.ana_user))

    eli.get(f"/moves/{visit.public_id}/cancel", status=404)


def test_S75_a_physician_cancels_no_visit_that_moved_meanwhile(cast, signed_in, visit):
    page = signed_in(cast.ana_user).get(f"/moves/{visit.public_id}/cancel")
    services.move(visit, cast.ana.actor_id, at(27, 12), shown=visit.version, actor=TESTER)

    again = page.form("Cancel the visit").set(reason="ill").press(status=409)

    assert "The visit was changed meanwhile" in again.text
    assert "Fri 27 November, 12:00 pm" in again.text
    assert state(visit) == S.BOOKED


# The desk.


def test_the_desk_takes_back_what_it_cancelled(bea, visit):
    page = cancelled_at_the_desk(bea, visit)

    done = page.form("Undo").press()

    assert "Cancelled. The time is free again." in page.text
    assert state(visit) == S.BOOKED
    assert (done.heading, "Undone: the visit is booked as before." in done.text) == (
        "Cal Ortega",
        True,
    )


def test_L7_the_desk_is_told_after_ten_minutes_that_it_is_over(bea, visit, at_work):
    form = cancelled_at_the_desk(bea, visit).form("Undo")
    at_work(at(24, 9, 11))

    page = form.press(status=410)

    assert page.heading == "This visit can’t be changed any more"
    assert page.follow("Book again").heading == "Book for Cal Ortega"
    assert "Undo" not in bea.get(f"/desk/visits/{visit.public_id}").text


def test_a_colleague_does_not_take_it_back(cast, bea, visit):
    cancel.by_staff(visit, "clinic", actor=staff_actor(cast.ana_user))

    assert "Undo" not in bea.get(f"/desk/visits/{visit.public_id}").text


def test_C1_the_desk_sees_the_nearest_times_when_the_time_went(cast, bea, visit):
    form = cancelled_at_the_desk(bea, visit).form("Undo")
    make_visit(cast.dee, cast.ana, cast.service("consultation"), THURSDAY)

    page = form.press(status=409)

    assert page.heading == "Consultation for Cal Ortega"
    assert len(page.form("Dr ").buttons) == 3
    assert offered(page)
    assert practitioner_of(visit).name == "Dr Ana Silva"
