"""How long a form takes a person: what they read, press and type, and how long the pages took.

Seconds by hand are worked out, never waited for, with figures of studies of average adults: silent
reading (Brysbaert, Journal of Memory and Language 2019, 109, 104047), pointing at something (Card,
Moran and Newell, Communications of the ACM 1980, 23, 396), typing on a phone (Palin et al.,
MobileHCI 2019). A hint is small print for whoever is in doubt, so it is counted apart.
"""

from __future__ import annotations

import time

from playwright.sync_api import Locator

from tests.browser.tab import Tab
from tests.journeys.hands import Finger, Hand

A_WORD, A_PRESS, A_SIGN = 60 / 238, 1.1, 12 / 36.2
# The same three words under each question are known.
ANSWERS = ("Yes", "No", "Not sure")
REQUIRED = ":not(section *)"
QUESTIONS = tuple(f"{part}{REQUIRED}" for part in ("h1", "h1 + p", "legend", "label"))


def words_in(*places: Locator) -> int:
    """Of what is shown: a follow-up question that stays closed is not read."""
    seen = [place.filter(visible=True).all_inner_texts() for place in places]
    return sum(len(text.split()) for texts in seen for text in texts)


class CountedFinger(Finger):
    """A finger whose presses are counted, with everything it has to read and type."""

    def __init__(self, tab: Tab) -> None:
        super().__init__(tab)
        self.presses = self.signs = self.words = self.hints = 0
        self.waited = 0.0

    def use(self, target: Locator) -> None:
        self.presses += 1
        super().use(target)

    def type(self, label: str, text: str) -> Hand:
        self.signs += len(text)
        return super().type(label, text)

    def tick(self, name: str, value: str) -> CountedFinger:
        """One press on the tile of an answer."""
        self.use(self.page.locator(f"label:has([name={name}][value='{value}'])"))
        return self

    def read(self, *parts: str) -> CountedFinger:
        """What stands on the page now and has to be read to answer it: by itself what it is about,
        each question and each answer of it; no part that may be left empty as a whole."""
        main = self.page.get_by_role("main")
        read = [main.locator(part) for part in parts or QUESTIONS]
        labels = main.locator(QUESTIONS[-1]).filter(visible=True)
        known = [w for w in labels.all_inner_texts() if w.strip() in ANSWERS]
        self.words += words_in(*read) - (0 if parts else len(" ".join(known).split()))
        self.hints += 0 if parts else words_in(main.locator(f".hint{REQUIRED}"))
        return self

    def _to_a_page(self, target: Locator) -> Hand:
        began = time.monotonic()
        super()._to_a_page(target)
        self.waited += time.monotonic() - began
        return self

    @property
    def seconds(self) -> float:
        by_hand = self.presses * A_PRESS + self.signs * A_SIGN
        return self.words * A_WORD + by_hand + self.waited

    def __str__(self) -> str:
        return (
            f"{self.presses} presses, {self.signs} signs typed, "
            f"{self.words} words read, {self.waited:.1f} s of waiting: {self.seconds:.0f} s; "
            f"with {self.hints} words of hints read as well "
            f"{self.seconds + self.hints * A_WORD:.0f} s"
        )
