"""The keyboard alone: the whole first booking, the skip link, and where the focus goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator

from clinic.intake.questionnaire import CURRENT
from tests.browser.tab import Tab
from tests.factories import Cast
from tests.journeys import patients
from tests.journeys.keys import Keys

pytestmark = pytest.mark.browser


def link(tab: Tab, words: str) -> Locator:
    return tab.page.get_by_role("link", name=words).first


def label(tab: Tab, words: str) -> Locator:
    return tab.page.get_by_label(words).first


def answer_no(keys: Keys, key: str) -> Keys:
    """The mildest answer to every question of a page: no is the second option."""
    page = CURRENT.page(key)
    assert page is not None
    for question in page.questions:
        first = keys.tab.page.locator(f"#{question.topic.value.replace('-', '_')}-0")
        if question.only_with is None:
            (keys.tick if question.choices else keys.second)(first)
    for feeling in page.feelings:
        keys.tick(keys.tab.page.locator(f"#{feeling.key}-0"))
    return keys


def test_a_first_booking_is_made_with_the_keyboard_alone(
    cast: Cast, new_tab: Callable[..., Tab], scripts: bool
):
    tab, inbox = new_tab(scripts=scripts), new_tab()
    page, keys = tab.page, Keys(tab.open("/"))

    keys.enter(link(tab, "Book a consultation")).enter(link(tab, "Start the form"))
    for part, digits in (("Day", "2"), ("Month", "3"), ("Year", "1990")):
        keys.type(label(tab, part), digits)
    keys.enter(tab.button("Continue"))
    answer_no(keys, "health").enter(tab.button("Continue"))
    answer_no(keys, "conditions").enter(tab.button("Continue"))
    answer_no(keys, "medicines").enter(tab.button("Continue"))
    keys.tick(page.locator("#a-glabella")).tick(page.locator("#m-glabella"))
    keys.second(page.locator("[name=glabella-how]").first).enter(tab.button("Continue"))
    keys.enter(tab.button("Go on without photos"))
    keys.type(label(tab, "What would you like"), patients.CROSS)
    keys.tick(page.locator("#how_long-0")).tick(page.locator("#matters-0"))
    keys.enter(tab.button("Continue"))
    answer_no(keys, "wishes").enter(tab.button("Continue"))
    keys.enter(page.locator("button.slot").first).enter(link(tab, "Continue with this time"))
    keys.type(label(tab, "Full name"), patients.NAME)
    keys.type(label(tab, "E-mail"), patients.EMAIL)
    keys.tick(label(tab, "The clinic may store")).enter(tab.button("Send me the code"))
    keys.type(label(tab, "Six-digit code"), patients.mailed_code(inbox))
    keys.enter(tab.button("Book and send"))

    assert tab.heading == "Booked: Tue 24 November, 10:20 am"


def test_the_first_tab_skips_to_the_main_content(cast: Cast, new_tab: Callable[..., Tab]):
    tab = new_tab().open("/")
    keys = Keys(tab)

    keys.keyboard.press("Tab")
    assert keys.has_focus(link(tab, "Skip to main content"))
    keys.keyboard.press("Enter")
    keys.keyboard.press("Tab")

    assert keys.has_focus(tab.page.get_by_role("main").get_by_role("link").first)


def test_a_refused_form_puts_the_focus_on_the_list_of_what_is_wrong(
    cast: Cast, new_tab: Callable[..., Tab]
):
    tab = patients.start(new_tab()).press("Continue")
    keys, summary = Keys(tab), tab.page.locator("#summary")

    assert tab.status == 422
    assert keys.has_focus(summary)
    keys.keyboard.press("Tab")
    keys.keyboard.press("Enter")

    assert keys.has_focus(tab.page.locator("#pregnancy-0"))


def test_a_time_that_is_gone_puts_the_focus_on_what_is_offered_in_its_place(
    cast: Cast, at_the_times: Callable[[], Tab]
):
    slow, fast = at_the_times(), at_the_times()

    fast.press_first_time()
    slow.press_first_time()

    assert slow.status == 409
    assert slow.scripts == Keys(slow).has_focus(slow.page.locator("#summary"))
