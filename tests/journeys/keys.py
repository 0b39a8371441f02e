"""Somebody who uses the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.browser.tab import Tab

FAR = 90


class Keys:
    """Tab, arrows, Space, Enter and letters; never a mouse, never a focus set by script."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.keyboard = tab.page.keyboard

    def has_focus(self, target: Locator) -> bool:
        return bool(target.evaluate("element => element === document.activeElement"))

    def go_to(self, target: Locator) -> Keys:
        """Press Tab until *target* has the focus, as far as a patient person would."""
        for _press in range(FAR):
            self.keyboard.press("Tab")
            if self.has_focus(target):
                return self
        raise AssertionError(f"Tab does not lead to {target}")

    def type(self, target: Locator, text: str) -> Keys:
        self.go_to(target).keyboard.type(text)
        return self

    def tick(self, target: Locator) -> Keys:
        """Tick a box, or choose the first option of a group."""
        self.go_to(target).keyboard.press("Space")
        return self

    def second(self, target: Locator) -> Keys:
        """In the group whose first option is *target*, choose the second."""
        self.go_to(target).keyboard.press("ArrowDown")
        return self

    def enter(self, target: Locator) -> Keys:
        """Follow a link or press a button, and wait for the page."""
        self.go_to(target)
        with self.tab.page.expect_navigation():
            self.keyboard.press("Enter")
        return self
