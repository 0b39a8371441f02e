"""Whose record a code opens or a first booking belongs to: proved address and birth date, no name.

Shows P2 of the known failures and S11 of the security checklist.
"""

from __future__ import annotations

from datetime import date

import pytest

from clinic.accounts.models import Patient
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.intake import queries as intakes
from clinic.intake import services as intake_services
from clinic.scheduling.models import Appointment
from tests import factories, full_record, newcomer
from tests.factories import PASSWORD, TESTER, at
from tests.full_record import CLINICAL, found_in, make_full_record
from tests.newcomer import open_visits
from tests.rows import count

CAL = {"name": "Cal Ortega", "email": "cal@example.org"}
BORN = date(1990, 3, 2)


def patients() -> list[Patient]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Patient).order_by(Patient.id)))


def newest_visit() -> Appointment:
    db.session.rollback()
    booked = db.select(Appointment).where(Appointment.booked_at.is_not(None))
    return db.session.scalars(booked.order_by(Appointment.booked_at.desc()).limit(1)).one()


def newest_patient() -> Patient:
    return patients()[-1]


@pytest.mark.parametrize("name", ["Cal Ortega", "  cal   ORTEGA ", "Cál Órtega"])
def test_a_first_booking_finds_the_record_by_proved_address_and_birth_date(app, cast, name):
    newcomer.finish(newcomer.at_the_last_page(cast, app), **{**CAL, "name": name})

    assert newest_visit().patient == cast.cal
    assert len(patients()) == 2
    assert intakes.latest_submitted(cast.cal.id) is not None


def test_a_first_booking_changes_nothing_of_what_the_record_says(app, cast):
    newcomer.finish(newcomer.at_the_last_page(cast, app), **CAL, phone="020 7946 0999")

    assert (cast.cal.name, cast.cal.phone) == ("Cal Ortega", "020 7946 0555")


def test_somebody_new_gets_a_record_of_their_own(app, cast):
    newcomer.finish(newcomer.at_the_last_page(cast, app))

    kim = newest_patient()
    assert (kim.name, kim.email, kim.born_on) == ("Kim Larsen", "kim@example.org", BORN)
    assert kim.email_proved_at is not None
    assert kim.possible_duplicate_of is None


def test_a_relative_with_the_same_address_and_another_birth_date_stays_apart(app, cast):
    person = newcomer.at_the_last_page(cast, app, date(1962, 8, 30))

    newcomer.finish(person, name="Cal Ortega", email=cast.cal.email)

    assert newest_visit().patient not in (cast.cal, cast.dee)
    assert newest_patient().possible_duplicate_of is None


def test_the_same_address_and_birth_date_under_another_name_is_a_new_record(app, cast):
    newcomer.finish(newcomer.at_the_last_page(cast, app), **{**CAL, "name": "Twin Ortega"})

    twin = newest_patient()
    assert newest_visit().patient == twin
    assert twin.possible_duplicate_of == cast.cal


def test_the_desk_is_shown_who_may_be_the_same_person(app, cast, signed_in):
    newcomer.finish(newcomer.at_the_last_page(cast, app), **{**CAL, "name": "Twin Ortega"})

    page = signed_in(cast.bea).get(f"/desk/patients/{newest_patient().public_id}")

    assert "Possibly the same person as Cal Ortega" in page.text


def test_where_two_records_fit_neither_is_taken(app, cast):
    factories.make_patient(**CAL)

    newcomer.finish(newcomer.at_the_last_page(cast, app), **CAL)

    assert len(patients()) == 4
    assert newest_visit().patient == newest_patient()
    assert newest_patient().possible_duplicate_of is not None


def test_P2_nobody_is_found_by_name_and_birth_date_alone(app, cast):
    newcomer.finish(
        newcomer.at_the_last_page(cast, app), name="Cal Ortega", email="other@example.org"
    )

    assert newest_visit().patient == newest_patient() != cast.cal
    assert intakes.latest_submitted(cast.cal.id) is None


def test_P2_two_people_of_one_name_and_birth_date_each_open_their_own_visits(app, cast):
    other = factories.make_patient(name="Cal Ortega", email="other@example.org")
    factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    factories.make_visit(other, cast.eli, cast.service("consultation"), at(25, 15))

    page = open_visits(full_record.Person(app), "other@example.org")

    assert "3:00 pm" in page.text
    assert "11:00 am" not in page.text


def test_two_records_that_fit_are_opened_by_no_code(app, cast, anyone):
    factories.make_patient(**CAL)

    page = open_visits(anyone, cast.cal.email, status=404)

    assert "020 7946 0123" in page.text  # the clinic puts it right
    assert anyone.send("GET", "/visits").status_code == 303


def test_relatives_with_one_address_each_open_their_own_visits(app, cast, anyone):
    parent = factories.make_patient(
        name="Pia Ortega", email=cast.cal.email, born_on=date(1962, 8, 30)
    )
    factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))

    page = open_visits(anyone, cast.cal.email, parent.born_on)

    assert "Pia Ortega" in page.text
    assert "11:00 am" not in page.text


def test_without_an_account_a_code_opens_the_whole_own_record(cast, anyone):
    make_full_record(cast)

    page = open_visits(anyone, cast.cal.email)

    assert "Approved: Botox" in page.text
    assert "asks you something" in page.text


def test_S11_with_an_account_a_code_opens_the_visits_and_nothing_more(cast, anyone):
    make_full_record(cast)
    factories.make_account(cast.cal)

    page = open_visits(anyone, cast.cal.email)

    assert "Botox treatment, Dr Ana Silva" in page.text
    assert "To read what your physician decided, sign in with your password." in page.text
    assert found_in(page.html, CLINICAL) == []


def test_S11_a_code_for_an_account_shows_no_answer_on_the_last_page_of_a_booking(app, cast):
    factories.make_account(cast.cal)
    draft = intake_services.start_for(cast.cal, actor=TESTER)
    intake_services.save(draft, "all", factories.ANSWERS, actor=TESTER)
    person = full_record.by_code(app, cast.cal)
    newcomer.hold_a_time(person.get("/book/consultation"))

    page = person.get("/book/check")

    assert page.heading == "Check and send"
    assert found_in(page.html, ("I look cross", "Heavy eyes", "Forehead", "pregnant")) == []


def test_S11_a_code_for_an_account_starts_no_copy_of_its_form(app, cast):
    factories.make_account(cast.cal)
    factories.make_intake(cast.cal)
    person = full_record.by_code(app, cast.cal)
    token = dict(person.get("/visits").form("/visits/close").fields)["csrf_token"]

    answer = person.raw_post("/intake/change", {"csrf_token": token})

    assert answer.status_code == 404
    assert count("intake") == 1


def test_S11_a_booking_by_code_for_an_account_opens_the_visits_and_nothing_more(app, cast):
    make_full_record(cast)
    factories.make_account(cast.cal)
    person = newcomer.at_the_last_page(cast, app)

    newcomer.finish(person, **CAL)
    page = person.get("/visits")

    assert "Cal Ortega" in page.text
    assert found_in(page.html, CLINICAL) == []


def choose_password(person: full_record.Person, *, status: int = 200) -> newcomer.Page:
    form = person.get("/account/password").form("password")
    return form.set(password=PASSWORD).press(status=status)


def test_a_password_chosen_after_the_first_booking_signs_in(app, cast):
    person = newcomer.at_the_last_page(cast, app)
    newcomer.finish(person).follow("Choose a password")
    choose_password(person)

    again = full_record.Person(app).get("/sign-in").form("password")
    page = again.set(email="kim@example.org", password=PASSWORD).press()

    assert (page.heading, "Kim Larsen" in page.text) == ("My visits", True)
    made = db.session.scalars(db.select(AuditEvent).filter_by(event=Event.ACCOUNT_MADE)).one()
    assert made.patient_id == newest_patient().id


def test_somebody_booked_by_phone_proves_the_address_by_code_and_chooses_a_password(cast, anyone):
    pat = factories.make_patient(email="pat@example.org", proved=False)
    open_visits(anyone, "pat@example.org")

    choose_password(anyone)

    assert pat.user is not None
    assert pat.email_proved_at is not None


def test_a_second_password_is_not_chosen_by_code(app, cast):
    factories.make_account(cast.cal)
    person = full_record.by_code(app, cast.cal)

    assert person.get("/account/password").path == "/sign-in"


def test_an_address_that_somebody_signs_in_with_gets_no_second_account(app, cast):
    factories.make_account(cast.cal)
    relative = factories.make_patient(
        name="Pia Ortega", email=cast.cal.email, born_on=date(1962, 8, 30)
    )

    page = choose_password(full_record.by_code(app, relative), status=409)

    assert "Someone already signs in with this address" in page.text
    assert relative.user is None


def test_a_password_is_chosen_for_a_proved_address_only(app, cast):
    unproved = factories.make_patient(email="new@example.org", proved=False)
    person = full_record.by_code(app, unproved)
    with transaction():
        unproved.email_proved_at = None

    assert person.get("/account/password").path == "/sign-in"
