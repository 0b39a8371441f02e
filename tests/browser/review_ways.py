"""What a physician does on the review: measures, allows, looks closely at photos."""

from __future__ import annotations

from tests.browser import ways
from tests.browser.demo import Demo
from tests.browser.tab import Tab


def lax_lids(tab: Tab, _demo: Demo) -> None:
    """A slow lower lid: its own line says so, and the flags come again."""
    tab.page.locator("[name=snap_back_right]").fill("2.5")
    tab.page.locator("[name=snap_back_left]").fill("1")
    tab.page.locator("[name=distraction_left]").fill("9")
    tab.page.locator("[name=distraction_left]").blur()
    tab.page.get_by_text("Lower lid: lax").wait_for()
    tab.page.get_by_text("Caution: lower-lid laxity").first.wait_for()


def above_the_label(tab: Tab, demo: Demo) -> None:
    ways.examined(tab, demo)
    tab.page.locator("[name=toxin_ceiling]").fill("60")
    tab.page.locator("[name=why]").fill("Strong muscles; two sessions.")
    tab.page.get_by_text("Caution: above label dose").wait_for()


def graded_sweating(tab: Tab, _demo: Demo) -> None:
    tab.page.get_by_label("Armpits, HDSS").fill("4")


def armpits_as_well(tab: Tab, _demo: Demo) -> None:
    """A draft that covers the armpits, which the patient did not name."""
    tab.page.get_by_label("Hands, HDSS").fill("4")
    tab.page.locator("#d-approve").check(force=True)
    tab.page.locator("#mod-toxin").check(force=True)
    tab.page.get_by_text("More areas").first.click()
    for area in ("palms", "axillae"):
        tab.page.locator(f"[name=toxin_areas][value={area}]").check(force=True)
    tab.press("Save draft")


def photos_large(tab: Tab, _demo: Demo) -> None:
    """The smile beside the face at rest, both large over the page."""
    tab.page.locator("[value=smile]").first.check(force=True)
    tab.page.get_by_role("link", name="Enlarge").first.click()
    tab.page.get_by_role("checkbox", name="Twice as large").check()
