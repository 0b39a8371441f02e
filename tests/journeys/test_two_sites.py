"""A clinic with two sites: the desk looks at one of them, finds it again in another browser, and is
limited to it by the manager; with scripts and without, on a phone and at a desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from clinic.accounts.models import User
from clinic.scheduling.models import Appointment
from tests.browser.demo import COOKIE, Demo
from tests.browser.tab import Tab
from tests.factories import Cast, at, make_intake, make_visit, signed_in
from tests.two_sites import make_mitte

pytestmark = pytest.mark.browser

CAL, DEE = "Cal Ortega", "Dee Novak"


@pytest.fixture
def visits(cast: Cast) -> tuple[Appointment, Appointment]:
    """Cal at the cast's own site and Dee in Mitte, both today."""
    consultation = cast.service("consultation")
    in_mitte = make_mitte(cast)
    make_intake(cast.cal)
    make_intake(cast.dee)
    return (
        make_visit(cast.cal, cast.ana, consultation, at(24, 11)),
        make_visit(cast.dee, cast.ana, in_mitte, at(24, 12, 20)),
    )


@pytest.fixture
def enter(app: Flask, new_tab: Callable[..., Tab], scripts: bool) -> Callable[..., Tab]:
    """A browser of its own in which somebody has signed in."""

    def one(user: User, width: int) -> Tab:
        tab = new_tab(width=width, scripts=scripts)
        return tab.remember(COOKIE, Demo(app).cookie(signed_in(user)))

    return one


def shows(tab: Tab) -> set[str]:
    return {name for name in (CAL, DEE) if tab.page.get_by_role("link", name=name).count()}


def test_the_desk_looks_at_one_site_and_is_limited_to_it(
    cast: Cast, visits: tuple[Appointment, Appointment], enter: Callable[..., Tab]
):
    here, _there = visits
    desk = enter(cast.bea, 1280).open("/desk/")
    both = shows(desk)
    desk.press("Mitte")
    mitte = shows(desk)
    phone = enter(cast.bea, 390).open("/desk/calendar")

    assert both == {CAL, DEE}
    assert mitte == {DEE}
    assert shows(phone) == {DEE}
    one_line = phone.page.locator(".sites").bounding_box()
    assert one_line is not None
    assert one_line["height"] < 60
    phone.press("Halden")
    assert shows(phone) == {CAL}
    assert shows(desk.open("/desk/")) == {CAL}  # one choice, wherever it was made

    manager = enter(cast.max, 1280).open(f"/manage/staff/{cast.bea.public_id}")
    manager.page.get_by_label("Only at these").check()
    manager.page.get_by_label("Mitte").check()
    manager.press("Change the sites")

    assert manager.page.get_by_text("Changed, from the next page that they open.").is_visible()
    assert shows(desk.open("/desk/")) == {DEE}
    assert desk.page.locator(".sites").count() == 0
    desk.open(f"/desk/visits/{here.public_id}")
    assert desk.page.get_by_role("heading", name="There is nothing here").is_visible()
    desk.open("/desk/patients?q=Ortega").follow(CAL)
    assert desk.page.get_by_text("at another site").is_visible()
