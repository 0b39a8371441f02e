"""Toxin had twice before, told on a phone: by touch and by keyboard, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator

from tests.browser.demo import COOKIE, Demo
from tests.browser.tab import Tab
from tests.factories import Cast
from tests.journeys.hands import Finger, Hand, Keyboard
from tests.journeys.keys import Keys

pytestmark = pytest.mark.browser

DAYS = {"recent_toxin_date": ("1", "11", "2026"), "recent_toxin_2_date": ("20", "9", "2026")}


@pytest.fixture(params=[Finger, Keyboard], ids=["finger", "keyboard"])
def hand(
    request: pytest.FixtureRequest,
    app: Flask,
    cast: Cast,
    new_tab: Callable[..., Tab],
    scripts: bool,
) -> Hand:
    """A newcomer on the page of medicines, with no to all; 390 px wide for either."""
    kind = request.param
    draft, session = Demo(app).draft("answers")
    tab = new_tab(width=390, scripts=scripts, has_touch=kind.has_touch)
    tab.remember(COOKIE, Demo(app).cookie(session)).open(f"/intake/{draft.public_id}/medicines")
    made: Hand = kind(tab)
    return made


def say_yes(hand: Hand) -> None:
    if isinstance(hand, Keyboard):
        Keys(hand.tab).go_to(hand.page.locator("[name=recent_toxin][value=no]"))
        hand.page.keyboard.press("ArrowLeft")
    else:
        hand.page.locator("label:has([name=recent_toxin][value=yes])").tap()


def type_into(hand: Hand, control: str, text: str) -> None:
    target = hand.page.locator(f"#{control}")
    if isinstance(hand, Keyboard):
        Keys(hand.tab).type(target, text)
    else:
        target.tap()
        hand.page.keyboard.type(text)


def date_it(hand: Hand, base: str) -> None:
    for part, text in zip(("day", "month", "year"), DAYS[base], strict=True):
        type_into(hand, f"{base}-{part}", text)


def which_are_seen(folds: Locator) -> list[bool]:
    return [fold.is_visible() for fold in folds.all()]


def test_a_second_treatment_is_opened_told_mended_and_found_again(hand: Hand):
    page, path, folds = hand.page, hand.tab.path, hand.page.locator("details.another")
    seen = [which_are_seen(folds)]

    say_yes(hand)
    seen.append(which_are_seen(folds))
    date_it(hand, "recent_toxin_date")
    hand.use(page.locator("summary", has_text="Second treatment"))
    seen.append(which_are_seen(folds))
    heights = [fold.locator("summary").bounding_box() or {} for fold in folds.all()[:2]]
    type_into(hand, "recent_toxin_2_units", "200")
    hand.press("Continue")
    wrong = page.locator("#recent_toxin_2_date-error").inner_text()
    width = page.evaluate("document.documentElement.scrollWidth")
    date_it(hand, "recent_toxin_2_date")
    hand.press("Continue")
    hand.tab.open(path)

    assert seen == [[False] * 3, [True, False, False], [True, True, False]]
    assert all(box["height"] >= 44 for box in heights)
    assert ("Enter the date of the second treatment" in wrong, width) == (True, 390)
    assert page.get_by_role("group", name="Second treatment").is_visible()
    held = [page.locator(f"#recent_toxin_2_{part}") for part in ("units", "date-day")]
    assert [control.input_value() for control in held] == ["200", "20"]
