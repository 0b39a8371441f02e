"""What the desk does all day, with a mouse, with the keyboard alone, and by touch on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from clinic.scheduling.rules import AppointmentStatus as S
from tests.arriving.phone import mailed_link, now_of
from tests.browser.demo import COOKIE, Demo
from tests.browser.tab import Tab
from tests.factories import Cast, at, make_approval, make_patient, make_visit, signed_in
from tests.journeys.hands import HANDS, Hand
from tests.paper.pdf_text import pages

pytestmark = pytest.mark.browser


@pytest.fixture(params=HANDS, ids=[hand.__name__.lower() for hand in HANDS])
def hand(request: pytest.FixtureRequest, new_tab: Callable[..., Tab]) -> Hand:
    """A window of its own, used in one way."""
    kind = request.param
    made: Hand = kind(new_tab(width=kind.width, has_touch=kind.has_touch))
    return made


@pytest.fixture
def bea(app: Flask, cast: Cast, hand: Hand) -> Hand:
    """Bea at the desk."""
    hand.tab.remember(COOKIE, Demo(app).cookie(signed_in(cast.bea)))
    return hand


def test_somebody_late_is_missed_is_here_after_all_and_goes_to_the_room(
    cast: Cast, bea: Hand, at_work: Callable[[datetime], None]
):
    visit = make_visit(cast.cal, cast.ana, cast.service("follow-up"), at(24, 10, 20))
    at_work(at(24, 10, 40))
    bea.tab.open("/desk/arrivals")
    assert "Late (1)" in bea.tab.text

    bea.press("No show Cal")
    assert "Missed (1)" in bea.tab.text
    assert now_of(visit).status == S.NOSHOW
    bea.press("Mark arrived Cal")
    assert "Waiting (1)" in bea.tab.text
    bea.press("To the room Cal")

    assert now_of(visit).status == S.IN_ROOM
    assert "In a room (1)" in bea.tab.text


def test_who_is_not_ready_becomes_so_in_the_one_way_that_is_shown(cast: Cast, bea: Hand):
    nobody = make_patient(email="new@example.org", phone=None, proved=False)
    make_visit(nobody, cast.ana, cast.service("follow-up"), at(24, 11))
    bea.tab.open("/desk/")

    bea.follow("Show them").follow(nobody.name).follow("Add a phone number")
    bea.type("Phone", "020 7946 0888").press("Save")

    assert "Everybody is ready." in bea.tab.open("/desk/?show=not-ready").text


def test_somebody_is_found_by_a_part_of_the_name_with_a_slip(cast: Cast, bea: Hand):
    make_patient(name="Maya Lindqvist", born_on=date(1990, 11, 24), email="maya@example.org")
    bea.tab.open("/desk/patients")

    bea.type("Name, phone", "lindqist").press("Find").follow("Maya Lindqvist")

    assert bea.tab.heading == "Maya Lindqvist"


def test_a_visit_is_booked_at_the_phone(cast: Cast, bea: Hand):
    bea.tab.open(f"/desk/patients/{cast.cal.public_id}")

    bea.follow("Book a visit").follow("Consultation").press_first_time()

    assert bea.tab.heading.startswith("Booked: Tue 24 November")


def test_a_patient_checks_in(
    cast: Cast, hand: Hand, travel: Callable[[datetime], None], app: Flask
):
    ten = at(10, 10, month=12)
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), ten)
    travel(ten - timedelta(minutes=90))
    link = mailed_link()
    travel(ten - timedelta(minutes=30))
    hand.tab.open(link)

    for label, digits in (("Day", "2"), ("Month", "3"), ("Year", "1990")):
        hand.type(label, digits)
    hand.press("Continue").press("Nothing has changed")

    assert hand.tab.heading == "You are checked in"
    assert now_of(visit).status == S.ARRIVED


def test_the_day_is_taken_along_as_a_pdf(cast: Cast, bea: Hand):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    bea.tab.open("/desk/")

    bea.follow("Print the day")
    with bea.page.expect_download() as waiting:
        bea.use(bea.link("Download as PDF"))

    assert "Cal Ortega" in pages(Path(waiting.value.path()).read_bytes())[0]
