"""Patient and front desk book inside an approval; the desk books for people at the phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.tab import Tab
from tests.factories import Cast, at
from tests.journeys import patients, staff
from tests.journeys.conftest import Approved

pytestmark = pytest.mark.browser


def test_a_patient_books_the_treatment_that_was_approved(
    cast: Cast, approved: Approved, open_tab: Callable[[], Tab]
):
    phone, desk = open_tab(), open_tab()

    staff.sign_in(phone, cast.cal.user)
    assert "Approved by Dr Ana Silva, until and including 24 May 2027." in phone.text
    phone.follow("Choose a time Botox treatment")
    staff.book_first_time(phone)
    assert phone.heading == "Booked: Wed 25 November, 9:15 am"
    phone.follow("My visits")
    assert "Botox treatment, Dr Eli Stone" in phone.text
    staff.sign_in(desk, cast.bea).open("/desk/").follow("Next day").follow("Cal Ortega")

    assert "Approved until 24 May 2027, Botox" in desk.text
    assert "Forehead" not in desk.html


def test_the_desk_finds_a_patient_and_books_the_treatment(
    cast: Cast, approved: Approved, open_tab: Callable[[], Tab], at_work: Callable[..., None]
):
    desk, physician = open_tab(), open_tab()

    staff.sign_in(desk, cast.bea).follow("Patients")
    desk.fill({"Name, phone, e-mail address or date of birth": "orte"}).press("Find")
    desk.follow("Cal Ortega").follow("Book a visit").follow("Botox treatment")
    desk.press("Dr Ana Silva").follow("Open the visit")
    assert desk.heading == "Cal Ortega"
    assert "Approved until 24 May 2027, Botox" in desk.text
    assert "Forehead" not in desk.html
    at_work(at(25, 8))
    desk.page.reload()
    desk.press("Mark arrived").press("To the room Cal Ortega")
    staff.sign_in(physician, cast.ana_user).press("Done Cal Ortega")

    assert "Done" in physician.text


def test_the_desk_books_for_somebody_without_an_account_who_then_sends_the_form(
    cast: Cast, open_tab: Callable[[], Tab]
):
    desk, phone, inbox = open_tab(), open_tab(), open_tab()

    staff.sign_in(desk, cast.bea).follow("New booking").follow("New patient")
    desk.fill({"Full name": patients.NAME, "Phone": "020 7946 0777", "E-mail": patients.EMAIL})
    patients.born(desk).press("Save and book")
    desk.follow("Consultation").press_first_time().follow("Open the visit")
    assert "Form missing" in desk.text
    patients.open_visits(phone, inbox, patients.EMAIL)
    assert "Your form is missing" in phone.text
    patients.answer_health(phone.press("Fill in the form"))
    patients.tick_area(phone, "glabella", "move").press("Continue").press("Go on without photos")
    patients.say(phone).press("Continue")
    patients.wish(phone).press("Continue").press("Send my form")
    assert phone.heading == "My visits"
    assert "Your form is missing" not in phone.text
    desk.page.reload()

    assert "Form missing" not in desk.text
