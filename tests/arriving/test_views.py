"""Checking in by a link from the mail: what it opens, and to whom it says nothing.

Shows S41 and S13 of the security checklist; T8, M6, P2, P4, P6 and P7 of the known failures.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.arriving.models import ArrivalLink
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.intake.models import Intake, IntakeConfirmation
from clinic.intake.questionnaire import CURRENT
from clinic.journey import arrive, cancel
from clinic.scheduling import history
from clinic.scheduling import services as scheduling
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import queries as treatment
from clinic.treatment import services as approvals
from tests.arriving.phone import (
    OTHER_DAY,
    answer_on,
    letters_to_check_in,
    mailed_link,
    now_of,
    type_birth,
    without_tokens,
)
from tests.factories import (
    at,
    make_account,
    make_intake,
    make_patient,
    make_visit,
    sign,
    staff_actor,
    walk,
)
from tests.full_record import CLINICAL, found_in
from tests.intake.form import HEALTH, no_to_all, without_ticks
from tests.rows import everything_stored
from tests.visitor import Person

TEN = at(10, 10, month=12)  # a Thursday
# As the page has it; the factories leave out which of the answers that are no was chosen.
SOFTER = {"unrealistic-expectations": {"value": "no", "chosen": "softer"}}
NOTHING_OPENS = "This link and date of birth open no check-in now."


@pytest.fixture
def visit(cast):
    """Cal's treatment in December, on an approval and a form of November."""
    make_intake(cast.cal, answers=SOFTER)
    consultation = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    sign(consultation, cast.ana_user, cast.ana)
    return make_visit(cast.cal, cast.ana, cast.service("toxin"), TEN)


@pytest.fixture
def link(visit, travel):
    """The link that was mailed two hours before; it is half past nine."""
    travel(TEN - timedelta(hours=2))
    found = mailed_link()
    travel(TEN - timedelta(minutes=30))
    return found


def events(event):
    db.session.rollback()
    return db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.event == event).order_by(AuditEvent.id)
    ).all()


def test_the_date_of_birth_and_nothing_has_changed_are_all_that_it_takes(link, visit, anyone):
    page = type_birth(anyone, link)
    assert page.heading == "Has anything changed?"

    done = page.form("Nothing has changed").press("Nothing has changed")

    assert done.heading == "You are checked in"
    assert now_of(visit).status == S.ARRIVED
    assert [row.appointment_id for row in db.session.scalars(db.select(IntakeConfirmation))] == [
        visit.id
    ]


def test_P4_the_phone_shows_a_first_name_and_a_time_and_nothing_more(link, visit, anyone):
    page = type_birth(anyone, link)

    assert "Cal, 10:00 am" in page.text
    words = without_ticks(page)
    assert found_in(words, [*CLINICAL, "Ortega", "cal@example.org", "Silva", "Botox"]) == []
    links = [url for url in page.links().values() if not url.startswith(("#", "tel:"))]
    assert links == []


def test_P7_the_patient_is_the_one_who_checked_in(link, visit, cast, anyone, signed_in):
    type_birth(anyone, link).form("Nothing").press("Nothing has changed")

    label = f"patient:{cast.cal.public_id}"
    arrived = events(Event.APPOINTMENT_STATUS)[-1]
    assert (arrived.actor, arrived.facts["now"]) == (label, "arrived")
    assert arrived.patient_id == cast.cal.id
    assert [row.actor for row in events(Event.INTAKE_CONFIRMED)] == [label]
    assert [row.actor for row in events(Event.ARRIVAL_OPENED)] == [label]
    assert (history.of(visit)[-1].by_patient, history.of(visit)[-1].by_phone) == (True, True)
    desk = signed_in(cast.bea).get(f"/desk/visits/{visit.public_id}")
    assert "by the patient, by phone" in desk.text


def test_an_arrival_that_the_desk_marks_is_not_by_phone(visit, cast, signed_in, travel):
    travel(TEN - timedelta(minutes=30))
    scheduling.change_status(visit, S.BOOKED, S.ARRIVED, actor=staff_actor(cast.bea))

    assert history.of(visit)[-1].by_phone is False
    assert "by phone" not in signed_in(cast.bea).get(f"/desk/visits/{visit.public_id}").text


def test_pressed_again_it_says_that_one_is_checked_in(link, visit, anyone):
    form = type_birth(anyone, link).form("Nothing")
    form.press("Nothing has changed")
    stored = everything_stored()

    assert form.press("Nothing has changed").heading == "You are checked in"
    assert everything_stored() == stored


def test_S41_the_link_works_once_and_then_says_that_one_is_checked_in(link, visit, app, anyone):
    type_birth(anyone, link).form("Nothing").press("Nothing has changed")
    later = Person(app)
    (sent,) = db.session.scalars(db.select(ArrivalLink))
    assert sent.used_at is not None

    page = type_birth(later, link)

    assert page.heading == "You are checked in"
    assert found_in(page.html, ["Cal,", "10:00"]) == []
    assert later.send("GET", "/arrive").location.startswith("/sign-in")


def test_S41_a_used_link_opens_nothing_once_the_desk_has_put_the_visit_back(
    link, visit, cast, app, anyone
):
    type_birth(anyone, link).form("Nothing").press("Nothing has changed")
    scheduling.change_status(now_of(visit), S.ARRIVED, S.BOOKED, actor=staff_actor(cast.bea))

    assert NOTHING_OPENS in type_birth(Person(app), link, status=422).text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_M6_a_mail_scanner_that_looks_at_the_link_changes_nothing(link, anyone, method):
    """M6 of the known failures: GET and HEAD of every link change no state."""
    before = everything_stored(besides=())

    answer = anyone.send(method, link)
    anyone.send(method, f"{link}?go=same&born_on-day=2&born_on-month=3&born_on-year=1990")

    assert answer.status_code == 200
    assert everything_stored(besides=()) == before


def test_P6_without_the_token_of_its_page_a_press_changes_nothing(link, visit, anyone):
    before = everything_stored()

    answer = anyone.raw_post(link, {"born_on-day": 2, "born_on-month": 3, "born_on-year": 1990})

    assert answer.status_code == 400
    assert everything_stored() == before


def moved(visit, cast):
    from clinic.journey import move

    move.by_staff(
        visit,
        cast.ana.actor_id,
        TEN + timedelta(days=1),
        shown=visit.version,
        reason="clinic",
        actor=staff_actor(cast.bea),
    )


def cancelled(visit, cast):
    cancel.by_staff(visit, "ill", actor=staff_actor(cast.bea))


def missed(visit, cast):
    walk(visit, S.NOSHOW)


def test_a_forged_an_ended_and_anothers_link_answer_alike(link, visit, cast, app, travel):
    """Wrong date of birth, forged, other version, cancelled, over: one page."""
    answers = [
        type_birth(Person(app), link, OTHER_DAY, status=422),
        type_birth(Person(app), "/arrive/forged", OTHER_DAY, status=422),
    ]
    right = [type_birth(Person(app), "/arrive/forged", status=422)]
    travel(TEN + timedelta(minutes=45))
    right.append(type_birth(Person(app), link, status=422))
    travel(TEN - timedelta(minutes=30))
    missed(now_of(visit), cast)
    right.append(type_birth(Person(app), link, status=422))

    assert len({without_tokens(page) for page in (*answers, *right)}) == 1
    assert NOTHING_OPENS in right[0].text
    assert found_in(right[-1].html, ["Cal,", "10:00", "Ortega"]) == []


@pytest.mark.parametrize("end", [moved, cancelled, missed])
def test_S41_a_link_of_another_version_opens_nothing(visit, cast, app, travel, end):
    travel(TEN - timedelta(hours=2))
    link = mailed_link()
    end(now_of(visit), cast)
    travel(TEN - timedelta(minutes=30))

    assert NOTHING_OPENS in type_birth(Person(app), link, status=422).text


def test_S41_a_moved_visit_is_written_about_again_and_only_the_new_link_opens(
    visit, cast, app, travel
):
    travel(TEN - timedelta(hours=2))
    old = mailed_link()
    moved(now_of(visit), cast)
    travel(TEN + timedelta(days=1, minutes=-50))
    new = mailed_link()

    assert len(letters_to_check_in()) == 2
    assert NOTHING_OPENS in type_birth(Person(app), old, status=422).text
    assert type_birth(Person(app), new).heading == "Has anything changed?"


def test_too_early_says_when_to_whoever_typed_the_right_date_of_birth_alone(
    visit, app, anyone, travel
):
    travel(TEN - timedelta(hours=2))
    link = mailed_link()

    page = type_birth(anyone, link, status=409)
    wrong = type_birth(Person(app), link, OTHER_DAY, status=422)

    assert "You can check in from Thu 10 December, 9:00 am, London time." in page.text
    assert found_in(page.html, ["Cal,", "Ortega"]) == []
    assert found_in(wrong.html, ["Cal,", "10 December", "9:00"]) == []
    assert anyone.send("GET", "/arrive").location.startswith("/sign-in")


def test_S13_after_five_wrong_dates_the_link_rests_for_the_right_one_too(link, app):
    answers = [type_birth(Person(app), link, OTHER_DAY, status=422) and 422 for _try in range(5)]
    rests = type_birth(Person(app), link, status=429)

    assert answers == [422] * 5
    assert rests.heading == "Too many tries"


def test_S13_a_forged_link_rests_just_as_a_real_one_does(app, cast):
    for _try in range(5):
        type_birth(Person(app), "/arrive/forged", OTHER_DAY, status=422)

    type_birth(Person(app), "/arrive/forged", OTHER_DAY, status=429)


def test_S13_a_new_link_gives_no_new_tries(visit, cast, app, travel):
    travel(TEN - timedelta(minutes=50))
    first = mailed_link()
    for _try in range(5):
        type_birth(Person(app), first, OTHER_DAY, status=422)
    walk(now_of(visit), S.ARRIVED, S.BOOKED)

    type_birth(Person(app), mailed_link(), status=429)


def test_P2_of_two_with_one_name_and_birth_date_each_link_checks_in_its_own(
    visit, cast, app, travel
):
    twin = make_patient(name="Cal Ortega", email="cal@example.org")
    theirs = make_visit(twin, cast.eli, cast.service("consultation"), TEN)
    travel(TEN - timedelta(minutes=50))
    arrive.send_links()
    links = [letter.params["token"] for letter in letters_to_check_in()]
    of_twin = next(
        f"/arrive/{token}"
        for token, letter in zip(links, letters_to_check_in(), strict=True)
        if letter.patient_id == twin.id
    )

    type_birth(Person(app), of_twin).form("Check in without").press("Check in without it")

    assert (now_of(theirs).status, now_of(visit).status) == (S.ARRIVED, S.BOOKED)


def test_S20_whoever_was_signed_in_on_the_phone_has_gone(link, cast, signed_in):
    phone = signed_in(make_account(cast.dee))

    type_birth(phone, link)
    phone.get("/arrive").form("Stop here").press("Stop here")

    assert phone.send("GET", "/visits").location.startswith("/sign-in")


@pytest.mark.parametrize("path", ["/", "/visits", "/sign-in", "/book/consultation", "/desk/"])
def test_the_phone_opens_nothing_but_its_check_in(link, anyone, path):
    type_birth(anyone, link)

    assert anyone.send("GET", path).location == "/arrive"


def test_stopping_ends_it_and_half_an_hour_alone_does_too(link, app, anyone, travel):
    stopped = type_birth(anyone, link).form("Stop here").press("Stop here")
    other = Person(app)
    type_birth(other, link)
    travel(TEN + timedelta(minutes=2))

    assert stopped.heading == "Thank you"
    assert other.get("/arrive").path == "/arrive/phone/over"
    assert len(events(Event.ARRIVAL_ENDED)) == 2


def test_the_visit_that_was_moved_meanwhile_sends_the_phone_to_the_desk(link, visit, cast, anyone):
    form = type_birth(anyone, link).form("Nothing")
    moved(now_of(visit), cast)

    page = form.press("Nothing has changed", status=409)

    assert page.heading == "Please speak to the front desk"
    assert (now_of(visit).status, len(db.session.scalars(db.select(IntakeConfirmation)).all())) == (
        S.BOOKED,
        0,
    )


def test_a_page_that_outlived_the_visit_checks_nobody_in(link, visit, anyone, travel):
    travel(TEN + timedelta(minutes=10))
    form = type_birth(anyone, link).form("Nothing")
    travel(TEN + timedelta(minutes=31))

    assert form.press("Nothing has changed", status=409).heading == "Please speak to the front desk"
    assert now_of(visit).status == S.BOOKED


def test_whom_the_desk_has_marked_meanwhile_is_checked_in(link, visit, cast, anyone):
    form = type_birth(anyone, link).form("Nothing")
    scheduling.change_status(now_of(visit), S.BOOKED, S.ARRIVED, actor=staff_actor(cast.bea))

    assert form.press("Nothing has changed").heading == "You are checked in"


def test_a_form_that_was_sent_meanwhile_is_asked_about_anew(link, visit, cast, anyone):
    form = type_birth(anyone, link).form("Nothing")
    make_intake(cast.cal, answers=SOFTER)

    page = form.press("Nothing has changed", status=409)

    assert page.heading == "Check in"  # a form of today needs no confirming
    assert page.form("Check me in").press("Check me in").heading == "You are checked in"


# The gate.


def withdraw_approval(cast):
    (approval,) = treatment.approvals_of(cast.cal.id)
    approvals.withdraw(approval, "ended", actor=staff_actor(cast.ana_user, cast.ana))


def test_S73_a_treatment_whose_approval_ended_is_not_checked_in_and_nobody_is_told_why(
    link, visit, cast, anyone, signed_in
):
    form = type_birth(anyone, link).form("Nothing")
    withdraw_approval(cast)

    page = form.press("Nothing has changed", status=409)

    assert page.heading == "Please speak to the front desk"
    assert found_in(page.text, ["approv", "renew", "withdrawn", "physician"]) == []
    assert now_of(visit).status == S.BOOKED
    assert events(Event.BOOKING_REFUSED)[-1].patient_id == cast.cal.id
    day = signed_in(cast.bea).get("/desk/?day=2026-12-10")
    assert "Needs renewal" in day.text


def test_S73_what_is_refused_is_not_even_asked(link, visit, cast, anyone):
    withdraw_approval(cast)

    assert type_birth(anyone, link).heading == "Please speak to the front desk"


# Something has changed.


def test_what_has_changed_is_answered_on_the_phone_and_checks_in(link, visit, cast, anyone):
    page = type_birth(anyone, link).form("Something").press("Something has changed")
    assert page.heading == "Your health"

    done = answer_on(page, CURRENT.pages).form("Send my form").press("Send my form")

    assert done.heading == "You are checked in"
    assert now_of(visit).status == S.ARRIVED
    forms = db.session.scalars(db.select(Intake).order_by(Intake.id)).all()
    assert [form.submitted_at is not None for form in forms] == [True, True]


def test_what_has_changed_begins_empty_and_shows_no_earlier_answer(link, anyone):
    page = type_birth(anyone, link).form("Something").press("Something has changed")

    assert found_in(page.html, ["I look cross", "Ortega", " checked"]) == []


def test_what_pauses_the_approval_sends_the_phone_to_the_desk_with_the_form_sent(
    link, visit, cast, anyone
):
    page = type_birth(anyone, link).form("Something").press("Something has changed")
    pregnant = page.form("Continue").set(**{**no_to_all(HEALTH), "pregnancy": "yes"})
    told = pregnant.press("Continue").follow("Go on with the form")
    told = answer_on(told, CURRENT.pages[1:])

    done = told.form("Send my form").press("Send my form")

    assert done.heading == "Please speak to the front desk"
    assert now_of(visit).status == S.BOOKED
    sent = db.select(Intake).where(Intake.submitted_at.is_not(None))
    assert len(db.session.scalars(sent).all()) == 2


def test_a_form_that_is_left_half_way_is_kept_and_gone_on_with(link, anyone):
    page = type_birth(anyone, link).form("Something").press("Something has changed")
    back = page.form("Continue").set(**no_to_all(HEALTH)).press("Save and leave")

    assert back.heading == "Has anything changed?"
    on = back.form("Something").press("Something has changed")
    assert on.heading == "Conditions you have or had"


def test_a_form_that_nobody_began_is_not_kept(link, anyone):
    type_birth(anyone, link).form("Something").press("Something has changed")
    anyone.get("/arrive").form("Stop here").press("Stop here")

    drafts = db.session.scalars(db.select(Intake).where(Intake.submitted_at.is_(None))).all()
    assert drafts == []


# A first consultation.


@pytest.fixture
def first(cast, travel):
    """Dee's first consultation, entered by the desk, and the link to it; half past nine."""
    visit = make_visit(cast.dee, cast.ana, cast.service("consultation"), TEN)
    travel(TEN - timedelta(minutes=30))
    return visit


def test_a_missing_form_is_offered_and_nobody_has_to_answer_it_here(first, app):
    link = mailed_link()
    page = type_birth(Person(app), link)
    assert page.heading == "Your form is missing"

    asked = page.form("Answer the form").press("Answer the form")
    assert asked.heading == "Your health"

    done = type_birth(Person(app), link).form("without").press("Check in without it")
    assert done.heading == "You are checked in"
    assert now_of(first).status == S.ARRIVED


def test_a_consultation_on_a_fresh_form_is_one_press(first, cast, anyone):
    make_intake(cast.dee)

    page = type_birth(anyone, mailed_link())

    assert page.heading == "Check in"
    assert page.form("Check me in").press("Check me in").heading == "You are checked in"


def test_a_patient_with_an_account_checks_in_without_signing_in(link, cast, anyone):
    make_account(cast.cal)

    page = type_birth(anyone, link)

    assert page.heading == "Has anything changed?"
    assert anyone.send("GET", "/record").location == "/arrive"


def test_nobody_is_written_to_without_an_address(cast, travel):
    patient = make_patient(email=None)
    make_visit(patient, cast.ana, cast.service("consultation"), TEN)
    travel(TEN - timedelta(minutes=90))

    arrive.send_links()

    assert letters_to_check_in() == []
