"""Refused at each point: what people read, what stays closed, and the way on that is offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from clinic.database import transaction
from clinic.scheduling.models import Appointment
from tests.browser.tab import Tab
from tests.factories import Cast, at, make_account, make_approval, make_intake, make_visit
from tests.journeys import patients, staff
from tests.journeys.conftest import Approved

pytestmark = pytest.mark.browser


def times_offered(tab: Tab) -> int:
    return tab.page.locator("button.slot").count()


def reasons(tab: Tab) -> str:
    return tab.page.locator("#refused").inner_text()


def desk_words(tab: Tab) -> list[str]:
    return tab.page.locator("#refused li").all_inner_texts()


def test_a_patient_without_a_consultation_is_offered_one_in_place_of_a_treatment(
    cast: Cast, open_tab: Callable[[], Tab]
):
    make_account(cast.dee)
    phone = open_tab()

    staff.sign_in(phone, cast.dee.user)
    phone.open(f"/book/{cast.service('toxin').public_id}")
    assert "A physician has to examine you first. Book a consultation." in reasons(phone)
    assert times_offered(phone) == 0
    phone.follow("Book a consultation")

    assert phone.heading == "Choose a time for your consultation"


def test_before_the_decision_neither_desk_nor_physician_can_book_the_treatment(
    cast: Cast, examined_today: Appointment, open_tab: Callable[[], Tab]
):
    address = f"/patients/{cast.cal.public_id}/book/{cast.service('toxin').public_id}"
    desk, physician = open_tab(), open_tab()

    staff.sign_in(desk, cast.bea).open(address)
    staff.sign_in(physician, cast.ana_user).open(address)

    assert desk_words(desk) == ["Needs consultation", "Needs physician"]
    assert "No physician has examined this patient here yet." in reasons(physician)
    assert (times_offered(desk), times_offered(physician)) == (0, 0)


def test_an_approval_of_botox_books_no_filler(
    cast: Cast, approved: Approved, open_tab: Callable[[], Tab]
):
    phone, desk = open_tab(), open_tab()
    filler = cast.service("filler").public_id

    staff.sign_in(phone, cast.cal.user)
    listed = phone.page.get_by_role("link", name="Choose a time Filler").count()
    phone.open(approved.filler)
    staff.sign_in(desk, cast.bea).open(f"/patients/{cast.cal.public_id}/book/{filler}")

    assert listed == 0
    assert "The approval does not cover this treatment." in reasons(phone)
    assert "Needs physician" in desk_words(desk)
    assert (times_offered(phone), times_offered(desk)) == (0, 0)


def test_no_time_is_offered_on_a_day_after_the_approval(
    cast: Cast, open_tab: Callable[[], Tab], at_work: Callable[..., None]
):
    make_account(cast.cal)
    make_approval(cast, valid_until="2026-11-27")
    toxin = cast.service("toxin").public_id
    phone, desk = open_tab(), open_tab()

    staff.sign_in(phone, cast.cal.user).open(f"/book/{toxin}?day=2026-11-27")
    on_the_last_day = times_offered(phone)
    phone.open(f"/book/{toxin}?day=2026-11-28")
    on_the_day_after = times_offered(phone)
    at_work(at(28, 9))
    phone.page.reload()
    staff.sign_in(desk, cast.bea).open(f"/patients/{cast.cal.public_id}/book/{toxin}")

    assert (on_the_last_day > 0, on_the_day_after) == (True, 0)
    assert "The approval is not in force on that day." in reasons(phone)
    assert desk_words(desk) == ["Outside dates"]


def test_a_time_pressed_after_the_approval_has_ended_is_not_held(
    cast: Cast, open_tab: Callable[[], Tab], at_work: Callable[..., None]
):
    make_account(cast.cal)
    make_approval(cast, valid_until="2026-11-27")
    toxin = cast.service("toxin").public_id
    phone = open_tab()

    staff.sign_in(phone, cast.cal.user).open(f"/book/{toxin}?day=2026-11-27")
    at_work(at(28, 9))
    phone.press_first_time()

    assert phone.status == 409
    assert "The approval is not in force on that day." in reasons(phone)
    assert "Held for you" not in phone.text
    assert phone.page.get_by_role("link", name="Book a consultation").count() == 1


def test_somebody_under_18_is_told_why_and_the_way_to_the_times_is_closed(
    cast: Cast, open_tab: Callable[[], Tab]
):
    phone = open_tab()

    patients.start(phone, date(2008, 11, 25))
    assert phone.heading == "We treat people of 18 and over"
    phone.open("/book/consultation")

    assert phone.path == "/intake/"


def test_the_desk_cannot_book_for_somebody_under_18(cast: Cast, open_tab: Callable[[], Tab]):
    desk = open_tab()

    staff.sign_in(desk, cast.bea).open("/desk/patients/new")
    desk.fill({"Full name": "Young Person", "Phone": "020 7946 0777"})
    patients.born(desk, date(2010, 1, 1)).press("Save and book")
    desk.follow("Consultation")

    assert desk.page.locator("button.slot").count() == 0
    assert desk_words(desk) == ["Under 18"]


def test_a_physician_neither_reads_nor_decides_about_themself(
    cast: Cast, open_tab: Callable[[], Tab]
):
    with transaction():
        cast.dee.user_id = cast.ana_user.id
    make_intake(cast.dee)
    own = make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 11))
    physician = open_tab()

    staff.sign_in(physician, cast.ana_user)
    assert "Your own visit: a colleague examines and decides." in physician.text
    assert physician.page.get_by_role("link", name="Dee Novak").count() == 0
    physician.open("/reviews")
    assert "Dee Novak" not in physician.text
    physician.open(f"/reviews/{own.public_id}")

    assert physician.status == 404
    assert "Dee" not in physician.html


def test_the_front_desk_opens_no_note(cast: Cast, approved: Approved, open_tab: Callable[[], Tab]):
    desk = open_tab()

    staff.sign_in(desk, cast.bea).open(f"/notes/{approved.note.public_id}")

    assert (desk.status, desk.heading) == (403, "Not for this account")
    assert "Examined and discussed" not in desk.html
    assert "Ortega" not in desk.html
