"""Somebody is ill, hours change: whom it concerns is seen, and moved, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.tab import Tab
from tests.factories import Cast, at, make_visit
from tests.journeys import staff

pytestmark = pytest.mark.browser


def test_the_desk_writes_down_that_ana_is_ill_and_accepts_what_is_proposed(
    cast: Cast, open_tab: Callable[[], Tab]
):
    for patient, hour in ((cast.cal, 11), (cast.dee, 13)):
        make_visit(patient, cast.ana, cast.service("consultation"), at(24, hour))
    desk = open_tab()

    staff.sign_in(desk, cast.bea).follow("Ill today")
    desk.choose("Who", "Dr Ana Silva").press("Write down and see the visits")
    assert "2 booked visits can’t be kept." in desk.text
    desk.press("Accept Dee Novak")
    assert "1 visit is moved." in desk.text
    desk.press("Accept Cal Ortega")

    assert "Every booked visit can be kept." in desk.text
    desk.follow("Calendar").follow("Dr Eli Stone")
    assert "Dee Novak" in desk.text and "Cal Ortega" in desk.text


def test_a_manager_changes_hours_and_sees_whom_it_concerns_before_saving(
    cast: Cast, open_tab: Callable[[], Tab]
):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(26, 14))
    manager, desk = open_tab(), open_tab()

    staff.sign_in(manager, cast.max).follow("Hours and absences").follow("Edit hours at")
    manager.fill({"Thursday": "09:00-12:00"}).press("Save")
    assert "1 booked visit falls outside" in manager.text
    assert "Cal Ortega" in manager.text
    manager.press("Save all the same")
    assert manager.heading == "Visits outside the roster"
    staff.sign_in(desk, cast.bea).follow("See and move them").press("Accept")

    assert "1 visit is moved." in desk.text


def test_a_manager_adds_a_physician_and_a_patient_sees_their_name(
    cast: Cast, open_tab: Callable[[], Tab]
):
    manager, patient = open_tab(), open_tab()

    staff.sign_in(manager, cast.max).follow("Add a physician")
    typed = {"Name as patients see it": "Dr Noor Rahimi", "E-mail address": "noor@example.org"}
    manager.fill(typed).press("Add and send the link")
    assert manager.heading == "Hours of Dr Noor Rahimi"
    manager.fill({"Thursday": "09:00-12:00"}).press("Save")
    assert "Nobody can book Dr Noor Rahimi." in manager.text
    manager.follow("A licence in date")
    licence = manager.page.get_by_role("group", name="Licence")
    licence.get_by_label("From").fill("2020-01-01")
    licence.get_by_label("Until").fill("2029-12-31")
    manager.press("Save")

    assert "Nobody can book" not in manager.text
    assert "Dr Noor Rahimi" in patient.open("/").text
