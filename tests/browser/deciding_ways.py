"""How to get to the pages of a question before a visit, and of what was left open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from clinic import clock
from clinic.screening import asking
from tests.browser.demo import Arrival, Demo
from tests.browser.tab import Tab
from tests.browser.ways import Way


def to_ask(tab: Tab, _demo: Demo) -> None:
    """The pane of the question: chosen, with nothing typed."""
    tab.page.locator("#d-ask").check(force=True)


def asked_nothing(tab: Tab, demo: Demo) -> None:
    to_ask(tab, demo)
    tab.press("Send the question")


def combined_without_filler(tab: Tab, _demo: Demo) -> None:
    """Combined, with areas and a ceiling for Botox alone."""
    tab.fill({"Findings and what was discussed": "Examined."})
    tab.page.locator("#d-approve").check(force=True)
    tab.page.locator("#mod-combined").check(force=True)
    tab.page.locator("[name=toxin_areas]").first.check()
    tab.page.locator("[name=toxin_ceiling]").fill("40")
    tab.press("Sign and approve")


def early_question(name: str) -> Way:
    """The page on which *name* reads what a physician asked before the visit."""

    def way(demo: Demo) -> Arrival:
        question = asking.of_patient(demo.patient(name).id)[-1]
        return Arrival(f"/questions/{question.public_id}", demo.by_code(name))

    return way


@contextmanager
def day_after(_demo: Demo) -> Iterator[None]:
    """The morning after: what was typed the day before stands open."""
    before = clock.now()
    clock.shift(before + timedelta(hours=20) - datetime.now(UTC))
    yield
    clock.shift(before - datetime.now(UTC))
