"""A healthy patient's whole form with a finger on a phone: counted in presses and in seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from clinic.intake.questionnaire import CURRENT
from tests.browser.tab import Tab
from tests.factories import Cast
from tests.journeys import patients
from tests.journeys.counted import CountedFinger

pytestmark = pytest.mark.browser

FIVE_MINUTES = 300
PRESSES = 62


def answer(finger: CountedFinger, key: str) -> CountedFinger:
    """The mildest answer to each question of a page, one press for each."""
    page = CURRENT.page(key)
    assert page is not None
    finger.read()
    for question in page.questions:
        if question.only_with is None:
            name = question.topic.value.replace("-", "_")
            finger.tick(name, question.choices[0].code if question.choices else "no")
    for feeling in page.feelings:
        finger.tick(feeling.key, str(feeling.choices[0][0]))
    finger.press("Continue")
    return finger


def test_a_healthy_patient_ends_the_form_with_few_presses_and_in_under_five_minutes(
    cast: Cast, new_tab: Callable[..., Tab], scripts: bool
):
    tab = new_tab(scripts=scripts, has_touch=True).open("/").follow("Book a consultation")
    finger = CountedFinger(tab.follow("Start the form"))

    finger.read()
    for box, digits in (("Day", "2"), ("Month", "3"), ("Year", "1990")):
        finger.type(box, digits)
    finger.press("Continue")
    for key in ("health", "conditions", "medicines"):
        answer(finger, key)
    finger.read(".w-head", ".facecard").use(tab.page.locator(".hit.h-glabella"))
    finger.read(".area.p-glabella").tick("glabella-see", "move").tick("glabella-how", "clear")
    finger.press("Continue")
    finger.read("h1", "h1 + p").press("Go on without photos")
    finger.read().type("What would you like to change", patients.CROSS)
    finger.tick("how_long", "years").tick("matters", "3").press("Continue")
    answer(finger, "wishes")

    sys.stdout.write(f"A healthy patient's form: {finger}\n")  # pytest -rP shows it
    assert tab.heading == "Choose a time for your consultation"
    assert len(CURRENT.steps) <= 7
    assert finger.presses == PRESSES
    assert finger.seconds < FIVE_MINUTES, str(finger)
