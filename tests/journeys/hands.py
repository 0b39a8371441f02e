"""How somebody works a page: with a mouse at a desk, with the keyboard alone, with a finger."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator

from tests.browser.tab import Tab
from tests.journeys.keys import Keys


class Hand:
    """Finds links, buttons and fields by their words and uses them in its own way."""

    width, has_touch = 1280, False

    def __init__(self, tab: Tab) -> None:
        self.tab, self.page = tab, tab.page

    def link(self, words: str) -> Locator:
        return self.page.get_by_role("link", name=words).first

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label).first

    def follow(self, words: str) -> Hand:
        return self._to_a_page(self.link(words))

    def press(self, words: str) -> Hand:
        return self._to_a_page(self.tab.button(words))

    def press_first_time(self) -> Hand:
        return self._to_a_page(self.page.locator("button.slot").first)

    def type(self, label: str, text: str) -> Hand:
        self.use(self.field(label))
        self.page.keyboard.type(text)
        return self

    def _to_a_page(self, target: Locator) -> Hand:
        with self.page.expect_navigation():
            self.use(target)
        return self

    def use(self, target: Locator) -> None:
        raise NotImplementedError


class Mouse(Hand):
    def use(self, target: Locator) -> None:
        target.click()


class Keyboard(Hand):
    """Tab and Enter alone: what cannot be reached so is not used at all."""

    def type(self, label: str, text: str) -> Hand:
        Keys(self.tab).type(self.field(label), text)
        return self

    def use(self, target: Locator) -> None:
        Keys(self.tab).go_to(target)
        self.page.keyboard.press("Enter")


class Finger(Hand):
    """On a phone that has no mouse: its browser gets touches."""

    width, has_touch = 390, True

    def use(self, target: Locator) -> None:
        target.tap()


HANDS = (Mouse, Keyboard, Finger)
GetHand = Callable[[], Hand]
