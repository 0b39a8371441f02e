"""My visits: what is coming, missing and decided; cancelling; opening them with a code."""

from datetime import date

import pytest

from clinic.database import db
from clinic.journey import withdraw
from clinic.notices.models import Message
from clinic.scheduling import services as scheduling
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.models import Decision
from clinic.treatment import queries as treatment
from tests.factories import (
    TESTER,
    at,
    make_account,
    make_approval,
    make_intake,
    make_patient,
    make_visit,
    sign,
)
from tests.full_record import by_code
from tests.newcomer import open_visits


@pytest.fixture
def visit(cast):
    """Cal's consultation with Ana on Thursday at eleven."""
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(26, 11))


@pytest.fixture
def cal(cast, signed_in):
    return signed_in(make_account(cast.cal))


def state(visit):
    db.session.rollback()
    db.session.refresh(visit)
    return visit.status


# What stands there.


def test_before_anything_is_booked_the_page_offers_a_consultation(cal):
    page = cal.get("/visits")

    assert "No visit is booked." in page.text
    assert "Nothing yet. Your physician decides after examining you." in page.text
    assert "Book a consultation" in page.links()


def test_whoever_has_a_consultation_is_told_so_before_choosing_another(cal, visit):
    page = cal.get("/book/consultation")

    assert "You have a consultation on Thu 26 November, 11:00 am" in page.text
    assert page.follow("See my visits").heading == "My visits"


def test_whoever_has_none_chooses_a_time_without_a_word_of_another(cal, cast):
    make_intake(cast.cal)

    assert "You have a consultation" not in cal.get("/book/consultation").text


def test_a_missing_form_is_said_and_can_be_filled_in(cal, visit):
    page = cal.get("/visits")

    assert "What is missing" in page.text
    assert "Your form is missing" in page.text
    assert page.form("Fill in the form").press().heading == "Your health"


def test_a_sent_form_is_not_missing_and_can_be_changed_until_the_decision(
    cast, cal, visit, at_work
):
    make_intake(cast.cal)
    before = cal.get("/visits").text
    at_work(at(26, 11))
    sign(visit, cast.ana_user, cast.ana, Decision.DECLINE, decline_words="Not advised.")
    after = cal.get("/visits").text

    assert "What is missing" not in before
    assert "You can change it until your physician has decided." in before
    assert "You can change it" not in after


def test_an_approval_is_one_line_of_what_and_until_when_with_the_way_to_all_of_it(cast, cal):
    make_approval(cast, conditions="Come rested.", private="gravelornish")

    page = cal.get("/visits")

    assert "Approved: Botox" in page.text
    assert "Approved by Dr Ana Silva, until and including 24 May 2027." in page.text
    assert "gravelornish" not in page.text
    assert "Levator good" not in page.text
    assert page.follow("Read the decision").heading == "Approved: Botox"


@pytest.mark.parametrize(
    ("decision", "typed", "words"),
    [
        (
            Decision.DEFER,
            {"defer_until": "2027-02-01", "defer_words": "After the birth."},
            ["Not now", "Until 1 February 2027"],
        ),
        (Decision.DECLINE, {"decline_words": "Not advised."}, ["Not approved"]),
        (
            Decision.REFER,
            {"refer_to": "Eye clinic", "refer_words": "Lids first."},
            ["A specialist first", "To: Eye clinic"],
        ),
    ],
)
def test_every_other_decision_is_one_line_with_the_way_to_all_of_it(
    cast, cal, at_work, visit, decision, typed, words
):
    at_work(at(26, 11))
    sign(visit, cast.ana_user, cast.ana, decision, private="gravelornish", **typed)

    page = cal.get("/visits")

    assert [word for word in words if word not in page.text] == []
    assert "gravelornish" not in page.text
    assert page.follow("Read the decision").heading == words[0]


def test_a_visit_whose_approval_ended_needs_renewal_and_says_what_to_do(cast, cal):
    make_approval(cast)
    make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    approval = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(approval, cast.cal, "Flimmerance found.", actor=TESTER)

    page = cal.get("/visits")

    assert "Needs renewal" in page.text
    assert "The approval for this visit has ended. Call us, or book a consultation" in page.text
    assert "limmerance" not in page.html


def test_a_code_of_somebody_with_an_account_opens_visits_and_no_decision(app, cast):
    make_approval(cast)
    make_account(cast.cal)

    page = by_code(app, cast.cal).get("/visits")

    assert "Tue 24 November, 11:00 am" in page.text
    assert "To read what your physician decided, sign in with your password." in page.text
    assert "Frown lines" not in page.text


# Cancelling.


def test_the_patient_cancels_after_being_asked(cal, visit):
    asked = cal.get("/visits").follow("Cancel Thu 26 November, 11:00 am")
    before = state(visit)
    done = asked.form("Cancel the visit").press()

    assert asked.heading == "Cancel your visit on Thu 26 November, 11:00 am?"
    assert (before, state(visit)) == (S.BOOKED, S.CANCELLED)
    assert "Your visit on Thu 26 November, 11:00 am is cancelled." in done.text
    assert db.session.scalars(db.select(Message.kind).order_by(Message.id)).all()[-1] == "cancelled"


def test_a_code_is_enough_to_cancel(app, cast, visit):
    form = by_code(app, cast.cal).get(f"/visits/{visit.public_id}/cancel").form("Cancel the visit")

    form.press()

    assert state(visit) == S.CANCELLED


def test_too_late_to_cancel_says_whom_to_call_and_keeps_the_visit(cal, visit, at_work):
    stale = cal.get(f"/visits/{visit.public_id}/cancel").form("Cancel the visit")
    at_work(at(25, 11, 1))

    page = cal.get(f"/visits/{visit.public_id}/cancel")
    pressed = stale.press(status=409)

    assert "Too late to cancel here" in page.text
    assert "Too late to cancel here" in pressed.text
    assert "020 7946 0123" in pressed.text
    assert state(visit) == S.BOOKED
    assert "Cancel Thu" not in " ".join(cal.get("/visits").links())


def test_L7_a_cancelled_visit_is_over_and_leads_to_booking_again(cal, visit):
    stale = cal.get(f"/visits/{visit.public_id}/cancel").form("Cancel the visit")
    scheduling.cancel(visit, "clinic", actor=TESTER)

    pressed = stale.press(status=410)
    opened = cal.get(f"/visits/{visit.public_id}/cancel", status=410)

    assert pressed.heading == opened.heading == "This visit can’t be changed any more"
    assert opened.follow("Book again").heading == "Choose a time for your consultation"


def test_P1_somebody_elses_visit_is_not_there(cast, signed_in, visit):
    dee = signed_in(make_account(cast.dee))

    dee.get(f"/visits/{visit.public_id}", status=404)
    dee.get(f"/visits/{visit.public_id}/cancel", status=404)
    dee.get(f"/visits/{visit.public_id}/visit.ics", status=404)

    assert state(visit) == S.BOOKED


# Opened with a code.


def test_a_code_opens_the_visits_of_the_record_with_that_address_and_birth_date(
    cast, anyone, visit
):
    page = open_visits(anyone, "cal@example.org")

    assert (page.heading, "Cal Ortega" in page.text) == ("My visits", True)
    assert "Thu 26 November, 11:00 am" in page.text


def test_P2_a_relative_at_the_same_address_opens_their_own_visits_only(cast, anyone, visit):
    make_patient(name="Tom Ortega", email="cal@example.org", born_on=date(2001, 1, 1))

    page = open_visits(anyone, "cal@example.org", date(2001, 1, 1))

    assert "Tom Ortega" in page.text
    assert "Thu 26 November" not in page.text


def test_an_address_and_birth_date_that_fit_no_record_together_open_nothing(cast, anyone, visit):
    page = open_visits(anyone, "cal@example.org", date(1990, 3, 3), status=404)

    assert page.heading == "We can’t open visits with this"
    assert "020 7946 0123" in page.text
    assert "Ortega" not in page.text


def test_closing_ends_what_the_code_opened(cast, anyone, visit):
    open_visits(anyone, "cal@example.org").form("Close").press()

    assert anyone.get("/visits").heading == "Sign in"
