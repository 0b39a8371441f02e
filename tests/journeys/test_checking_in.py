"""Checking in by phone, in a real browser at the width of one, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from clinic.scheduling.rules import AppointmentStatus as S
from tests.arriving.phone import mailed_link, now_of
from tests.browser.tab import Tab
from tests.factories import Cast, at, make_approval, make_visit
from tests.journeys import patients, staff

pytestmark = pytest.mark.browser

TEN = at(10, 10, month=12)
WIDTH = 390


def test_from_the_link_in_the_mail_to_the_desks_history(
    cast: Cast, open_tab: Callable[[], Tab], travel: Callable[[datetime], None]
):
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), TEN)
    travel(TEN - timedelta(minutes=90))
    link = mailed_link()
    phone = open_tab().widen(WIDTH).open(link)
    assert "You can check in from Thu 10 December, 9:00 am" in (
        patients.born(phone).press("Continue").text
    )

    travel(TEN - timedelta(minutes=30))
    patients.born(phone.open(link)).press("Continue")
    assert phone.heading == "Has anything changed?"
    assert "Cal, 10:00 am" in phone.text
    phone.press("Nothing has changed")

    assert phone.heading == "You are checked in"
    assert now_of(visit).status == S.ARRIVED
    assert phone.open("/visits").path == "/arrive"
    assert phone.press("Done").heading == "Thank you"
    desk = staff.sign_in(open_tab(), cast.bea).open(f"/desk/visits/{visit.public_id}")
    assert "by the patient, by phone" in desk.text
