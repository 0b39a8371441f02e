"""A manager puts two records of one person together, and takes it back; the desk sees both."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.tab import Tab
from tests.factories import Cast, at, make_patient, make_visit
from tests.journeys import staff

pytestmark = pytest.mark.browser


def test_a_manager_compares_two_records_puts_them_together_and_takes_it_back(
    cast: Cast, new_tab: Callable[..., Tab], scripts: bool
):
    twin = make_patient(name="Cal Ortegas", email=None, possible_duplicate_of=cast.cal)
    make_visit(twin, cast.ana, cast.service("consultation"), at(26, 10))
    tab = staff.sign_in(new_tab(scripts=scripts, width=1280), cast.max)
    tab.open("/manage/records").follow("Compare Cal Ortegas")
    assert "A consultation on the record that would close is not decided yet" in tab.text

    tab.follow("Keep the other record instead").press("Put them together")
    assert "Write how you know" in tab.text
    tab.fill({"How do you know": "Came to the desk with a passport."}).press("Put them together")
    assert tab.heading == "Cal Ortega leads to Cal Ortegas"

    desk = staff.sign_in(new_tab(scripts=scripts, width=1280), cast.bea)
    desk.open(f"/desk/patients/{cast.cal.public_id}")
    assert desk.heading == "Cal Ortegas"
    assert "Merged with the record of Cal Ortega" in desk.text
    assert "Consultation" in desk.text

    tab.press("Take it back")
    assert tab.heading == "Cal Ortega and Cal Ortegas are two again"
    desk.open(f"/desk/patients/{cast.cal.public_id}")
    assert desk.heading == "Cal Ortega"
