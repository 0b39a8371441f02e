"""The world moved while a page was open: it says so, offers the way on, keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clinic.scheduling.models import Appointment
from tests.browser.tab import Tab
from tests.factories import Cast, at, make_intake, make_visit
from tests.journeys import patients, staff
from tests.journeys.conftest import Approved

pytestmark = pytest.mark.browser

ANA = "Dr Ana Silva"


def alert(tab: Tab) -> str:
    return " ".join(tab.page.get_by_role("alert").inner_text().split())


def nearest(tab: Tab) -> list[str]:
    """The times offered in place of the one that is gone."""
    return tab.page.locator("#summary button.slot").all_inner_texts()


def withdraw(physician: Tab, approved: Approved) -> Tab:
    physician.open(f"/notes/{approved.note.public_id}")
    physician.page.get_by_text("Withdraw this approval").click()
    physician.fill({"Why do you withdraw it?": "New medicine."})
    return physician.press("Withdraw the approval")


def test_a_time_pressed_by_two_goes_to_the_faster_and_the_other_sees_the_nearest(
    cast: Cast, at_the_times: Callable[[], Tab]
):
    slow, fast = at_the_times(), at_the_times()

    fast.press(ANA)
    slow.press(ANA)
    assert (slow.status, "Someone has just taken that time" in alert(slow)) == (409, True)
    assert len(nearest(slow)) == 3
    with slow.page.expect_navigation():
        slow.page.locator("#summary button.slot").first.click()

    assert "Held for you until 9:10 am" in slow.text


def test_a_hold_that_is_over_still_books_while_nobody_has_taken_the_time(
    cast: Cast, at_the_times: Callable[[], Tab], open_tab: Callable[[], Tab], at_work: Callable
):
    phone, inbox = at_the_times().press(ANA), open_tab()

    at_work(at(24, 9, 12))
    phone.page.reload()
    assert "The hold ended at 9:10 am" in phone.text
    patients.ask_for_the_code(phone.follow("Continue with this time"))
    patients.type_the_code(phone, inbox)

    assert phone.heading == "Booked: Tue 24 November, 10:40 am"


def test_a_time_lost_at_the_code_leads_to_the_nearest_and_keeps_all_that_was_typed(
    cast: Cast, at_the_times: Callable[[], Tab], open_tab: Callable[[], Tab], at_work: Callable
):
    phone, other, inbox = at_the_times(), at_the_times(), open_tab()
    patients.ask_for_the_code(patients.hold_and_check(phone, ANA))

    at_work(at(24, 9, 11))
    other.press(ANA)
    patients.type_the_code(phone, inbox)
    assert (phone.status, "Someone has just taken that time" in alert(phone)) == (409, True)
    with phone.page.expect_navigation():
        phone.page.locator("#summary button.slot").first.click()
    phone.follow("Continue with this time")
    assert phone.page.get_by_label("Full name").input_value() == patients.NAME
    assert phone.page.get_by_label("E-mail").input_value() == patients.EMAIL
    assert "I look cross in photos." in phone.text
    patients.type_the_code(phone.press("Send me the code"), inbox)

    assert phone.heading.startswith("Booked: Tue 24 November")


def test_the_last_page_is_not_shown_for_a_time_that_somebody_else_has_taken(
    cast: Cast, at_the_times: Callable[[], Tab], at_work: Callable
):
    phone, other = at_the_times(), at_the_times()
    phone.press(ANA)

    at_work(at(24, 9, 11))
    other.press(ANA)
    phone.follow("Continue with this time")

    assert (phone.status, "Someone has just taken that time" in alert(phone)) == (409, True)
    assert len(nearest(phone)) == 3


def test_a_hold_cannot_be_extended_once_the_time_is_somebody_elses(
    cast: Cast, at_the_times: Callable[[], Tab], at_work: Callable
):
    phone, other = at_the_times(), at_the_times()
    phone.press(ANA)

    at_work(at(24, 9, 11))
    other.press(ANA)
    phone.press("Hold for 10 more minutes")
    assert (phone.status, phone.heading) == (409, "That time is gone")
    assert "Your answers are saved." in phone.text
    phone.follow("Choose another time")

    assert phone.heading == "Choose a time for your consultation"


def test_a_note_signed_by_a_colleague_meanwhile_is_shown_and_the_text_kept(
    cast: Cast, examined_today: Appointment, open_tab: Callable[[], Tab]
):
    ana, eli = open_tab(), open_tab()
    staff.sign_in(eli, cast.eli_user).open("/reviews").press("Take and open Cal Ortega")
    staff.examine(eli, "Typed by Eli.")
    staff.decide_botox(eli)

    staff.sign_in(ana, cast.ana_user).open(f"/reviews/{examined_today.public_id}")
    staff.examine(ana, "Typed by Ana.")
    staff.decide_botox(ana).press("Sign and approve")
    eli.press("Sign and approve")
    assert (eli.status, "Somebody else saved this note meanwhile" in alert(eli)) == (409, True)
    assert eli.page.locator("[name=text]").input_value() == "Typed by Eli."
    assert eli.page.locator("[name=mrd1_right]").input_value() == "2.8"
    assert eli.page.locator("[name=toxin_areas]:checked").count() == 2
    eli.follow("read the signed note")

    assert "Typed by Ana." in eli.text


def test_a_form_changed_meanwhile_is_read_before_the_decision_is_signed(
    cast: Cast, examined_today: Appointment, open_tab: Callable[[], Tab]
):
    physician = open_tab()
    staff.sign_in(physician, cast.ana_user).open(f"/reviews/{examined_today.public_id}")
    staff.examine(physician)
    staff.decide_botox(physician)

    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})
    physician.press("Sign and approve")
    assert (physician.status, "has sent a changed form" in alert(physician)) == (409, True)
    assert physician.page.locator("[name=text]").input_value() == staff.NOTE
    physician.press("Sign and approve")

    assert (physician.status, "can’t be overruled" in alert(physician)) == (422, True)


def test_an_approval_withdrawn_meanwhile_stops_a_held_time_and_says_why(
    cast: Cast, approved: Approved, open_tab: Callable[[], Tab]
):
    phone, physician = open_tab(), open_tab()
    staff.sign_in(phone, cast.cal.user).open(approved.botox).press(ANA)

    withdraw(staff.sign_in(physician, cast.ana_user), approved)
    phone.press("Book this time")
    assert phone.status == 409
    assert "Your physician has withdrawn the approval." in alert(phone)
    with phone.page.expect_navigation():
        phone.page.locator("#refused").get_by_role("link").click()

    assert phone.heading == "Choose a time for your consultation"


def test_a_visit_whose_approval_is_withdrawn_is_not_checked_in(
    cast: Cast, approved: Approved, open_tab: Callable[[], Tab], at_work: Callable
):
    make_visit(cast.cal, cast.ana, cast.service("toxin"), at(25, 10))
    at_work(at(25, 9))
    desk, physician, phone = open_tab(), open_tab(), open_tab()
    staff.sign_in(desk, cast.bea).open("/desk/")

    withdraw(staff.sign_in(physician, cast.ana_user), approved)
    desk.press("Mark arrived Cal Ortega")
    staff.sign_in(phone, cast.cal.user)

    assert (desk.status, alert(desk)) == (409, "This visit can’t go on Needs physician")
    assert "Needs renewal" in phone.text


def test_a_visit_that_a_colleague_marked_meanwhile_is_shown_as_it_is(
    cast: Cast, examined_today: Appointment, open_tab: Callable[[], Tab]
):
    desk, other = open_tab(), open_tab()
    staff.sign_in(desk, cast.bea).open("/desk/")
    staff.sign_in(other, cast.bea).open("/desk/")

    other.press("Mark arrived Cal Ortega").press("To the room Cal Ortega")
    desk.press("Mark arrived Cal Ortega")

    assert (desk.status, "Somebody else changed this visit" in alert(desk)) == (409, True)
    assert "In room" in desk.text
