"""What patients do in their browsers, in steps that a journey puts together."""

from __future__ import annotations

import re
from datetime import date

from tests.browser.tab import Tab

BORN = date(1990, 3, 2)
NAME, EMAIL = "Kim Larsen", "kim@example.org"
CROSS = "I look cross in photos."


def start(tab: Tab, born_on: date = BORN) -> Tab:
    """From the home page to the first page of questions, or to where the way ends."""
    tab.open("/").follow("Book a consultation").follow("Start the form")
    return born(tab, born_on).press("Continue")


def born(tab: Tab, born_on: date = BORN) -> Tab:
    return tab.birth(born_on.day, born_on.month, born_on.year)


def answer_no(tab: Tab) -> Tab:
    """No to every question of the page."""
    for box in tab.page.locator("input[type=radio][value=no]:not(.follow *)").all():
        box.check()
    return tab


def answer_health(tab: Tab) -> Tab:
    """The three pages of health, conditions and medicines: no to all."""
    for _page in range(3):
        answer_no(tab).press("Continue")
    return tab


def wish(tab: Tab) -> Tab:
    """The page of plans and feelings, from the mild side."""
    answer_no(tab)
    for name, value in (
        ("unrealistic_expectations", "softer"),
        ("time_a_day", "under-15-min"),
        ("upset", "not"),
        ("unhappy_after", "none"),
    ):
        tab.page.locator(f"[name={name}][value={value}]").check()
    return tab


def take_aspirin(tab: Tab, note: str = "Aspirin, daily.") -> Tab:
    tab.choose("Do you take blood thinners", "Yes")
    tab.page.locator("[name=blood_thinners_note]").fill(note)
    return tab


def tick_area(tab: Tab, area: str, *seen: str, how: str = "clear") -> Tab:
    """Tick an area in the list and say when it is seen and how much."""
    tab.page.locator(f"#a-{area}").check()
    for when in seen:
        press_tile(tab, f"[name={area}-see][value={when}]")
    press_tile(tab, f"[name={area}-how][value={how}]")
    return tab


def press_tile(tab: Tab, control: str) -> None:
    """The whole tile is pressed, as a finger does: its picture lies over the control."""
    tab.page.locator(f"label:has({control})").click()


def say(tab: Tab, change: str = CROSS) -> Tab:
    """The page of one's own words."""
    tab.fill({"What would you like to change": change})
    return tab.choose("How long have you noticed", "Years").choose("How much does it", "Quite")


def answer_the_form(tab: Tab) -> Tab:
    """Everything in one go, nothing to flag: from the home page to the page of times."""
    answer_health(start(tab))
    tick_area(tab, "glabella", "move").press("Continue").press("Go on without photos")
    say(tab).press("Continue")
    return wish(tab).press("Continue")


def hold_and_check(tab: Tab, physician: str = "Dr") -> Tab:
    """The soonest time that names *physician*, held; on to the last page."""
    return tab.press(physician).follow("Continue with this time")


def ask_for_the_code(tab: Tab) -> Tab:
    tab.fill({"Full name": NAME, "E-mail": EMAIL})
    tab.page.get_by_label("The clinic may store").check()
    return tab.press("Send me the code")


def type_the_code(tab: Tab, inbox: Tab, button: str = "Book and send") -> Tab:
    return tab.fill({"Six-digit code": mailed_code(inbox)}).press(button)


def open_visits(tab: Tab, inbox: Tab, email: str, born_on: date = BORN) -> Tab:
    """Somebody known, in a browser that knows nobody."""
    born(tab.open("/visits/open").fill({"E-mail": email}), born_on).press("Send me the code")
    return type_the_code(tab, inbox, "Open my visits")


def mailed_code(inbox: Tab) -> str:
    """The six digits of the newest mail."""
    found = re.search(r"\b\d{6}\b", newest_mail(inbox))
    assert found, "no code in the newest mail"
    return found[0]


def newest_mail(inbox: Tab) -> str:
    return inbox.open("/demo/mail").page.locator("article").first.inner_text()
