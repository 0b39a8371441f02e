"""Booked at the phone and marked arrived, each in as few presses and pages as is promised."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Response

from tests.browser.tab import Tab
from tests.factories import Cast, at, make_visit
from tests.journeys import staff

pytestmark = pytest.mark.browser


class Counted:
    """Pages that a window loads from now on, those that only lead on aside."""

    def __init__(self, tab: Tab) -> None:
        self.loads = 0
        tab.page.on("response", self._on_response)

    def _on_response(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.status != 303:
            self.loads += 1


def test_the_desk_books_in_five_presses_and_marks_arrived_in_one(
    cast: Cast, open_tab: Callable[[], Tab]
):
    make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 10, 20))
    desk = staff.sign_in(open_tab(), cast.bea)
    booking = Counted(desk)

    desk.follow("New booking").fill({"Name, phone": "Ortega"}).press("Find")
    desk.follow("Book Cal Ortega").follow("Consultation").press_first_time()
    assert desk.heading.startswith("Booked: Tue 24 November")
    assert "Say to the patient" in desk.text
    assert booking.loads == 5
    desk.follow("Done")
    arriving = Counted(desk)
    desk.press("Mark arrived Dee Novak")

    assert arriving.loads == 1
    assert "1 waiting Dee Novak" in desk.text
    assert desk.complaints == []


def test_somebody_walks_in_and_somebody_early_takes_an_earlier_time(
    cast: Cast, open_tab: Callable[[], Tab]
):
    early = make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 15))
    desk = staff.sign_in(open_tab(), cast.bea)

    desk.open(f"/desk/patients/{cast.cal.public_id}").follow("Book a visit")
    desk.follow("Consultation").press("Now:")
    assert desk.heading.startswith("Here now: 9:")
    desk.open(f"/desk/visits/{early.public_id}").follow("Take an earlier time").press_first_time()
    assert "marked arrived. No e-mail was sent." in desk.text
    desk.follow("Tuesday 24 November").follow("Arrivals")

    assert "Waiting (2)" in desk.text
    assert desk.complaints == []
