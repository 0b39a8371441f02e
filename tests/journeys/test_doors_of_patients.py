"""An invitation opened at home, and the form answered on the desk's tablet."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.tab import Tab
from tests.factories import PASSWORD, Cast, at, make_visit
from tests.journeys import patients, staff

pytestmark = pytest.mark.browser


def answer_on_the_tablet(tab: Tab) -> Tab:
    patients.answer_health(tab)
    patients.tick_area(tab, "glabella", "move").press("Continue").press("Go on without photos")
    patients.say(tab).press("Continue")
    return patients.wish(tab).press("Continue")


@pytest.mark.parametrize("width", [768, 1280])
def test_a_patient_answers_on_the_tablet_and_gets_to_nothing_else(
    cast: Cast, new_tab: Callable[..., Tab], scripts: bool, width: int
):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    tablet = staff.sign_in(new_tab(scripts=scripts, width=width), cast.bea).open("/desk/")
    tablet.follow("Cal Ortega").follow("Hand over the tablet").press("Sign out and hand over")
    assert tablet.heading == "Hello Cal"

    # Back, typed addresses and the pages that staff had open lead to the form again.
    tablet.page.go_back()
    assert "Ortega" not in tablet.text
    for path in ("/desk/", "/", "/visits", f"/desk/patients/{cast.cal.public_id}"):
        assert tablet.open(path).heading == "Hello Cal"

    patients.born(tablet).press("Begin")
    assert tablet.page.get_by_role("link", name="Halden Clinic").count() == 0
    assert tablet.open("/help").heading == "Your health"
    answer_on_the_tablet(tablet).press("Send my form")
    assert "Please give the tablet back." in tablet.text

    tablet.page.go_back()
    assert "cross in photos" not in tablet.text
    assert tablet.open("/desk/").heading == "Sign in"
    staff.sign_in(tablet, cast.bea)
    assert "Form missing" not in tablet.text


def test_an_invitation_leads_to_a_password_and_the_visits(
    cast: Cast, new_tab: Callable[..., Tab], scripts: bool
):
    desk, phone, inbox = (new_tab(scripts=scripts) for _ in range(3))
    staff.sign_in(desk, cast.bea).open("/desk/patients/new")
    desk.fill({"Full name": "Nia Brandt", "E-mail": "nia@example.org"})
    patients.born(desk).press("Save and book")

    link = inbox.open("/demo/mail").page.get_by_role("link", name="/claim/").first.inner_text()
    patients.born(phone.open(link)).press("Open my visits")
    phone.fill({"Password": PASSWORD}).press("Set my password")

    assert phone.heading == "My visits"
    desk.open("/desk/patients?q=nia").follow("Nia Brandt")
    assert "Signs in with nia@example.org" in desk.text
