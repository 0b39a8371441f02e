"""On the patient's own phone: what has changed is ticked, and sending it checks in."""

import pytest

from clinic.database import db
from clinic.intake.models import Intake
from clinic.scheduling.rules import AppointmentStatus as S
from tests.arriving.phone import mailed_link, now_of, type_birth
from tests.factories import at, make_intake, make_visit, sign
from tests.intake.form import ticks_of

TEN = at(10, 10, month=12)


@pytest.fixture
def visit(cast):
    """Cal's treatment in December, on an approval and a form of November."""
    make_intake(cast.cal)
    consultation = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    sign(consultation, cast.ana_user, cast.ana)
    return make_visit(cast.cal, cast.ana, cast.service("toxin"), TEN)


@pytest.fixture
def page(visit, travel, anyone):
    travel(at(10, 9, month=12))
    return type_birth(anyone, mailed_link())


def tick(page, *topics):
    form = page.form("Something has changed")
    return form.set(changed=list(topics)).press("Something has changed")


def test_one_question_is_answered_sent_and_the_patient_is_here(page, visit):
    asked = tick(page, "event-soon")
    look = asked.form("Continue").set(event_soon="no").press("Continue")
    done = look.form("Send my form").press("Send my form")

    assert asked.text.count("Not sure") == 1
    assert done.heading == "You are checked in"
    assert now_of(visit).status == S.ARRIVED
    sent = db.session.scalars(db.select(Intake).where(Intake.submitted_at.is_not(None))).all()
    assert len(sent) == 2


def test_what_pauses_the_approval_leads_to_the_desk(page, visit):
    told = tick(page, "pregnancy").form("Continue").set(pregnancy="yes").press("Continue")
    done = told.follow("Go on with the form").form("Send my form").press("Send my form")

    assert done.heading == "Please speak to the front desk"
    assert now_of(visit).status == S.BOOKED


def test_the_list_says_nothing_of_the_form(page):
    assert " checked" not in ticks_of(page)


def test_a_tick_and_nothing_has_changed_check_nobody_in(page, visit):
    form = page.form("Nothing has changed").set(changed=["pregnancy"])
    page = form.press("Nothing has changed, check me in", status=422)

    assert "You ticked something." in page.text
    assert now_of(visit).status == S.BOOKED


def test_whoever_is_not_asked_can_tell_what_changed_all_the_same(visit, travel, anyone, cast):
    travel(at(10, 9, month=12))
    link = mailed_link()
    make_intake(cast.cal)  # a form of today: nothing is asked
    page = type_birth(anyone, link)
    form = page.form("Check me in").set(changed=["cold-sores"])
    refused = form.press("Check me in", status=422)

    again = refused.form("Something has changed").set(changed=["cold-sores"])
    asked = again.press("Something has changed since my form")
    assert page.heading == "Check in"
    assert "You ticked something." in refused.text
    assert asked.text.count("Not sure") == 1
