"""Somebody joins the waiting list, somebody else cancels, a mail comes, one press books."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from clinic.database import db
from clinic.scheduling.rules import AppointmentStatus
from tests.browser.demo import COOKIE, Demo, newest_mail
from tests.browser.tab import Tab
from tests.factories import Cast, make_account
from tests.waiting import FREED, fully_booked, offers

pytestmark = pytest.mark.browser


def by_code(app: Flask, tab: Tab, name: str) -> Tab:
    demo = Demo(app)
    return tab.remember(COOKIE, demo.cookie(demo.by_code(name)))


def test_a_time_that_somebody_cancels_is_booked_by_whoever_waited_with_one_press(
    app: Flask, cast: Cast, open_tab: Callable[[], Tab]
):
    visit = fully_booked(cast)
    make_account(cast.dee)
    cal = by_code(app, open_tab(), "Cal Ortega").open("/book/consultation")
    cal.follow("Join the waiting list").press("Join the waiting list")
    cal.page.get_by_text("On the list since").wait_for()

    dee = open_tab()
    dee.remember(COOKIE, Demo(app).cookie(Demo(app).signed_in("dee@example.org")))
    dee.open(f"/visits/{visit.public_id}/cancel").press("Cancel the visit")

    anybody = open_tab().open(f"/offers/{newest_mail('offer').params['token']}")
    anybody.press("Book this time")

    assert anybody.page.get_by_role("heading", name="Your visit is booked").is_visible()
    db.session.rollback()
    (offer,) = offers()
    assert offer.appointment.status == AppointmentStatus.BOOKED
    assert (offer.appointment.starts_at, offer.entry.patient_id) == (FREED, cast.cal.id)
    cal.open("/visits")
    assert cal.page.get_by_text("Fri 27 November, 10:20 am").first.is_visible()
    assert cal.page.get_by_text("On the list since").count() == 0
