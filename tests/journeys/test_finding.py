"""Anybody in a few keystrokes: `/`, a name with a slip, and who is known is not entered twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.tab import Tab
from tests.factories import Cast, make_patient
from tests.journeys import staff

pytestmark = pytest.mark.browser


def test_the_desk_finds_somebody_with_a_slip_and_enters_nobody_twice(
    cast: Cast, new_tab: Callable[..., Tab], scripts: bool
):
    make_patient(name="Maya Lindqvist", born_on=date(1990, 11, 24), email="maya@example.org")
    tab = staff.sign_in(new_tab(scripts=scripts, width=1280), cast.bea)
    tab.open("/desk/")
    if scripts:
        tab.page.keyboard.press("/")
        tab.page.keyboard.type("lindqist")
        tab.page.keyboard.press("Enter")
    else:
        tab.fill({"Name, phone": "lindqist"}).press("Find a patient")
    tab.page.get_by_role("link", name="Maya Lindqvist", exact=True).click()
    assert tab.heading == "Maya Lindqvist"

    tab.open("/desk/patients/new").birth(24, 11, 1990)
    tab.fill({"Full name": "Maya Lindkvist", "Phone": "020 7946 0999"}).press("Save and book")
    assert "Is it one of these?" in tab.text
    tab.follow("It is this one")

    assert tab.heading == "Maya Lindqvist"


def test_the_list_follows_what_is_typed_and_the_key_can_be_switched_off(
    cast: Cast, new_tab: Callable[..., Tab]
):
    tab = staff.sign_in(new_tab(width=1280), cast.bea).open("/desk/patients")
    page, field = tab.page, tab.page.get_by_role("searchbox")

    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("nov")
    expect(page.get_by_role("link", name="Dee Novak", exact=True)).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("1 found")
    assert page.url.endswith("/desk/patients?q=nov")
    page.keyboard.type("/")
    expect(field).to_have_value("nov/")

    page.get_by_label("The key / leads to the search field").uncheck()
    tab.open("/desk/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
