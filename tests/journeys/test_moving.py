"""A visit moved in three taps, cancelled in two and that taken back; a hold met on the way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.tab import Tab
from tests.factories import Cast, at, make_account, make_visit
from tests.journeys import staff

pytestmark = pytest.mark.browser

ANA = "Dr Ana Silva"


def test_a_patient_moves_in_three_taps_cancels_in_two_and_takes_that_back(
    cast: Cast, open_tab: Callable[[], Tab]
):
    make_account(cast.cal)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(26, 11))
    phone, desk = open_tab(), open_tab()

    staff.sign_in(phone, cast.cal.user)
    phone.follow("Change the time").press_first_time().press("Move the visit")
    assert phone.heading == "Booked: Tue 24 November, 10:20 am"
    phone.open("/visits")
    assert "Change the time" not in phone.text  # it is today: only the clinic moves it now
    staff.sign_in(desk, cast.bea).open(f"/desk/visits/{visit.public_id}")
    desk.follow("Choose another time").follow("Fri").press(ANA)
    desk.page.get_by_label("Clinic had to").first.check(force=True)
    desk.press("Move the visit")
    assert "The visit is moved." in desk.text
    phone.page.reload()
    phone.follow("Cancel").press("Cancel the visit")
    assert "Your visit on Fri 27 November, 9:20 am is cancelled." in phone.text
    phone.press("Undo")
    assert phone.heading == "Booked: Fri 27 November, 9:20 am"
    desk.page.reload()

    assert "Cancellation taken back" in desk.text
    assert "by Bea Lund (Front desk), clinic had to" in desk.text
    assert "by Bea Lund" not in phone.text


def test_the_desk_cancels_and_takes_it_back(cast: Cast, open_tab: Callable[[], Tab]):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(26, 11))
    desk = staff.sign_in(open_tab(), cast.bea).open(f"/desk/visits/{visit.public_id}")

    desk.page.get_by_label("Patient ill").first.check(force=True)
    desk.press("Cancel the visit").press("Undo")

    assert "Undone: the visit is booked as before." in desk.text
    assert desk.button("Mark arrived").is_visible()


def test_L8_the_browsers_own_way_back_meets_the_hold_and_lets_it_go(
    cast: Cast, at_the_times: Callable[[], Tab]
):
    phone, other = at_the_times(), at_the_times()
    first = phone.page.locator("button.slot").first.inner_text()

    phone.press_first_time().follow("Continue with this time")
    phone.page.go_back()
    phone.page.get_by_text("Held for you until 9:10 am").wait_for()
    phone.follow("Continue with this time").follow("Back")
    assert "Held for you until 9:10 am" in phone.text
    phone.press("Let it go")
    other.page.reload()

    assert "Held for you" not in phone.text
    assert other.page.locator("button.slot").first.inner_text() == first
