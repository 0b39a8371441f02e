"""Approvals of each kind: plain Botox in few presses, filler alone, a high risk with its reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clinic.scheduling.models import Appointment
from tests.browser.tab import Tab
from tests.factories import Cast, at, make_account, make_intake, make_visit
from tests.journeys import staff

pytestmark = pytest.mark.browser

FROWN = [{"area": "glabella", "in_motion": True, "at_rest": False, "fws": 2, "how": "clear"}]
FOLDS = [
    {"area": "nasolabial-folds", "in_motion": False, "at_rest": True, "fws": 2, "how": "clear"}
]
# All that a rating needs; what is left out stays "not recorded".
NEEDED = {
    "brow_right": "at",
    "brow_left": "at",
    "mrd1_right": "4.5",
    "mrd1_left": "4.5",
    "levator_right": "14",
    "levator_left": "14",
    "frontalis_compensation": "no",
    "dermatochalasis": "none",
}


def with_lines(cast: Cast, concerns: list[dict[str, object]]) -> Appointment:
    """Cal's form names these lines; Ana sees him at eleven."""
    make_account(cast.cal)
    make_intake(cast.cal, concerns=concerns)
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))


class Counted:
    """A physician's hand on one page: every press and every entry counts, each page that loads."""

    def __init__(self, tab: Tab) -> None:
        self.tab, self.presses, self.loads = tab, 0, 0
        tab.page.on("load", lambda _page: setattr(self, "loads", self.loads + 1))

    def enter(self, name: str, value: str) -> None:
        field = self.tab.page.locator(f"[name={name}]")
        is_list = field.evaluate("e => e.tagName") == "SELECT"
        field.select_option(value) if is_list else field.fill(value)
        self.presses += 1

    def press(self, place: str) -> None:
        self.tab.page.locator(place).click()
        self.presses += 1


def test_plain_frown_lines_are_signed_in_fifteen_presses_and_two_pages(
    cast: Cast, open_tab: Callable[[], Tab]
):
    with_lines(cast, FROWN)
    tab = staff.sign_in(open_tab(), cast.ana_user).open("/reviews")
    hand = Counted(tab)

    hand.press("main a:has-text('Cal Ortega')")
    tab.page.locator("#rating").wait_for()
    for name, value in NEEDED.items():
        hand.enter(name, value)
    hand.enter("text", staff.NOTE)
    for place in ("label:has(#d-approve)", "label:has(#mod-toxin)"):
        hand.press(place)
    hand.press("[name=toxin_areas][value=glabella]")
    hand.enter("toxin_ceiling", "20")
    with tab.page.expect_navigation():
        hand.press("button[value=approve]")

    assert (tab.heading, hand.presses, hand.loads) == ("Approved", 15, 2)
    assert "Droop risk: low" in tab.text


def test_filler_alone_waits_for_no_examination_of_the_lids(cast: Cast, open_tab: Callable[[], Tab]):
    visit = with_lines(cast, FOLDS)
    physician, phone = open_tab(), open_tab()

    staff.sign_in(physician, cast.ana_user).open(f"/reviews/{visit.public_id}")
    assert "Droop risk: not needed" in physician.text
    physician.page.locator("[name=text]").fill("Folds at rest. Discussed doing nothing.")
    physician.page.locator("#d-approve").check()
    physician.page.locator("#mod-filler").check()
    physician.page.locator("[name=filler_areas][value=nasolabial-folds]").check()
    physician.page.locator("[name=filler_ceiling]").fill("1.5")
    physician.press("Sign and approve")
    assert physician.heading == "Approved"
    staff.sign_in(phone, cast.cal.user).follow("Read the decision")

    assert phone.heading == "Approved: Filler"
    assert "Nose to mouth" in phone.text


def test_a_high_droop_risk_is_approved_with_mitigation_and_reason_only(
    cast: Cast, open_tab: Callable[[], Tab]
):
    visit = with_lines(cast, FROWN)
    tab = staff.sign_in(open_tab(), cast.ana_user).open(f"/reviews/{visit.public_id}")

    staff.examine(tab, mrd1_right="1.8")
    tab.page.locator("#d-approve").check()
    tab.page.locator("#mod-toxin").check()
    tab.page.locator("[name=toxin_areas][value=glabella]").check()
    tab.page.locator("[name=toxin_ceiling]").fill("20")
    tab.press("Sign and approve")
    assert "Droop risk: high, because" in tab.text
    assert (tab.status, tab.heading) == (422, "Cal Ortega")
    tab.page.locator("[name=mitigations]").first.check()
    tab.press("Sign and approve")
    assert (tab.status, tab.heading) == (422, "Cal Ortega")
    tab.page.locator("[name=why]").fill("Old scar pulls the lid; levator full, dose halved.")
    tab.press("Sign and approve")

    assert tab.heading == "Approved"
    assert "Old scar pulls the lid" in tab.text
