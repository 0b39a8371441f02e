"""The face map in a browser: the picture and the list are one control, in every view of it.

Over one engine: what is ticked is stored by the view, which is tested on each.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Locator

from tests.browser.demo import COOKIE, Served
from tests.browser.tab import KeptTabs, Tab
from tests.journeys.keys import Keys

pytestmark = pytest.mark.browser

BOXES = """hits => hits.map(hit => hit.getBoundingClientRect())
    .filter(box => box.width).map(box => [box.left, box.top, box.right, box.bottom])"""
VIEWS = ["front", "right", "left", "axillae", "palms"]
SMALLEST, COMFORTABLE = 24, 44


@contextmanager
def map_of(kept_tabs: KeptTabs, served: Served, *parts: str, **window: Any) -> Iterator[Tab]:
    """The page of areas of a form that holds *parts*."""
    with served.demo.open(), kept_tabs.tab(served.address, **window) as tab:
        draft, session = served.demo.draft("answers", *parts)
        tab.remember(COOKIE, served.demo.cookie(session))
        yield tab.open(f"/intake/{draft.public_id}/where")
        assert tab.complaints == []


def look(tab: Tab, view: str) -> Tab:
    """Press the button of a picture."""
    tab.page.locator("label", has=tab.page.locator(f"#w-{view}")).click()
    return tab


def tap(tab: Tab, area: str, nth: int = 0) -> Tab:
    """Press the place of *area* on the picture that is shown."""
    tab.page.locator(f".hit[for=a-{area}]:visible").nth(nth).click()
    return tab


def choose(tab: Tab, words: str, area: str) -> Tab:
    tab.page.locator(f".area.p-{area} label", has_text=words).click()
    return tab


def ticked(tab: Tab) -> list[str]:
    boxes = tab.page.locator("[name=area]:checked").all()
    return [box.get_attribute("value") or "" for box in boxes]


def strength(mark: Locator) -> float:
    """How much of a mark is seen, with all that it lies in."""
    return float(
        mark.evaluate(
            """mark => {
                let strength = 1;
                for (; mark; mark = mark.parentElement) strength *= getComputedStyle(mark).opacity;
                return strength;
            }"""
        )
    )


def boxes(tab: Tab) -> list[list[float]]:
    found: list[list[float]] = tab.page.locator(".hit").evaluate_all(BOXES)
    return found


def overlap(one: list[float], other: list[float]) -> bool:
    """By more than the pixel that rounding may take."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 1 and down > 1


def test_two_areas_are_named_on_the_picture_and_described_in_eight_presses(
    kept_tabs: KeptTabs, demo_on_sqlite: Served, scripts: bool
):
    with map_of(kept_tabs, demo_on_sqlite, scripts=scripts) as tab:
        tap(tap(tab, "forehead"), "glabella")
        choose(choose(tab, "When I raise my brows", "forehead"), "Clear", "forehead")
        choose(choose(tab, "When I frown", "glabella"), "At rest too", "glabella")
        choose(tab, "A little", "glabella").press("Continue")

        assert tab.heading == "Photos (optional)"


def test_a_tap_ticks_the_list_marks_the_picture_and_a_second_one_takes_it_back(
    kept_tabs: KeptTabs, demo_on_sqlite: Served, scripts: bool
):
    with map_of(kept_tabs, demo_on_sqlite, scripts=scripts) as tab:
        mark = tab.page.locator(".in-front .z-chin.zone")

        before = (ticked(tab), strength(mark))
        tap(tab, "chin")
        marked = (ticked(tab), strength(mark))
        tap(tab, "chin")

        assert before == (ticked(tab), strength(mark)) == ([], 0)
        assert marked == (["chin"], 1)


def test_with_scripts_the_page_stays_where_the_finger_is(
    kept_tabs: KeptTabs, demo_on_sqlite: Served
):
    with map_of(kept_tabs, demo_on_sqlite) as tab:
        tab.page.locator(".hit[for=a-neck-lines]:visible").scroll_into_view_if_needed()
        before = tab.page.evaluate("scrollY")
        tap(tab, "neck-lines")

        assert (ticked(tab), tab.page.evaluate("scrollY")) == (["neck-lines"], before)


@pytest.mark.parametrize("view", VIEWS)
def test_one_picture_is_shown_at_a_time(
    kept_tabs: KeptTabs, demo_on_sqlite: Served, scripts: bool, view: str
):
    with map_of(kept_tabs, demo_on_sqlite, scripts=scripts) as tab:
        look(tab, view)

        shown = tab.page.locator(".view:visible").all()
        side = view if view not in ("left", "right") else "side"
        assert [one.get_attribute("class") for one in shown] == [f"view in-{side}"]
        assert tab.page.locator(".facesw").is_visible() == (view not in ("axillae", "palms"))


def test_the_jaw_is_named_from_the_side_and_marked_on_that_side_alone(
    kept_tabs: KeptTabs, demo_on_sqlite: Served, scripts: bool
):
    with map_of(kept_tabs, demo_on_sqlite, scripts=scripts) as tab:
        choose(tap(look(tab, "left"), "masseter"), "Your left", "masseter")
        mark = tab.page.locator(".in-side .z-masseter.zone")
        right, left = (tab.page.locator(f".in-front .z-masseter .on-{side}") for side in "rl")

        seen_from_left = strength(mark)
        seen_from_right = strength(look(tab, "right").page.locator(".in-side .z-masseter.zone"))

        assert ticked(tab) == ["masseter"]
        assert (seen_from_left, seen_from_right) == (1, 0)
        assert (strength(right), strength(left)) == (0, 1)


def test_no_side_marks_both(kept_tabs: KeptTabs, demo_on_sqlite: Served):
    with map_of(kept_tabs, demo_on_sqlite) as tab:
        tap(look(tab, "axillae"), "axillae", nth=1)

        marks = tab.page.locator(".in-axillae .z-axillae.zone > *").all()
        assert [strength(mark) for mark in marks] == [1, 1]


def test_the_side_view_is_turned_round_for_the_right(kept_tabs: KeptTabs, demo_on_sqlite: Served):
    """The nose of a left profile points to the left of the screen, that of a right one does not."""
    with map_of(kept_tabs, demo_on_sqlite) as tab:
        nose, jaw = (
            tab.page.locator(f".in-side .hit[for=a-{a}]") for a in ("bunny-lines", "masseter")
        )

        left, right = (
            (look(tab, view), nose.bounding_box(), jaw.bounding_box())[1:]
            for view in ("left", "right")
        )

        assert left[0]["x"] < left[1]["x"]
        assert right[0]["x"] > right[1]["x"]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_targets_on_the_picture_are_large_enough_and_never_overlap(
    kept_tabs: KeptTabs, demo_on_sqlite: Served, width: int, view: str
):
    with map_of(kept_tabs, demo_on_sqlite, width=width) as tab:
        targets = boxes(look(tab, view))
        sizes = [min(right - left, bottom - top) for left, top, right, bottom in targets]

        assert min(sizes) >= SMALLEST
        assert max(sizes) >= COMFORTABLE
        assert [pair for pair in combinations(targets, 2) if overlap(*pair)] == []


def test_the_keyboard_alone_changes_the_picture_and_describes_an_area(
    kept_tabs: KeptTabs, demo_on_sqlite: Served, scripts: bool
):
    with map_of(kept_tabs, demo_on_sqlite, scripts=scripts) as tab:
        page, keys = tab.page, Keys(tab)

        keys.second(page.locator("#w-front"))
        shown = page.locator(".in-side").is_visible()
        keys.tick(page.locator("#a-nasolabial-folds")).tick(page.locator("#v-nasolabial-folds"))
        keys.second(page.locator("[name=nasolabial-folds-how]").first)
        keys.second(page.locator("[name=nasolabial-folds-side]").first)
        keys.enter(tab.button("Continue"))

        assert (shown, tab.heading) == (True, "Photos (optional)")


def test_what_was_ticked_and_the_picture_stay_through_an_error_and_its_link_leads_there(
    kept_tabs: KeptTabs, demo_on_sqlite: Served, scripts: bool
):
    with map_of(kept_tabs, demo_on_sqlite, scripts=scripts) as tab:
        tap(look(tab, "palms"), "palms").press("Continue")
        tab.page.locator("#summary a").click()

        assert (tab.status, ticked(tab)) == (422, ["palms"])
        assert tab.page.locator("#w-palms").is_checked()
        assert tab.page.locator("#a-palms:focus").count() == 1


def test_the_small_drawings_are_seen_in_forced_colours(kept_tabs: KeptTabs, demo_on_sqlite: Served):
    """A mask without a colour of its own would vanish into the background."""
    with map_of(kept_tabs, demo_on_sqlite, "concerns", forced_colors="active") as tab:
        drawing = tab.page.locator(".pic:visible").first
        colours = drawing.evaluate(
            "pic => [getComputedStyle(pic).backgroundColor, getComputedStyle(document.body).color]"
        )

        assert colours[0] == colours[1]


def test_each_choice_of_an_open_area_has_a_drawing_of_its_own(
    kept_tabs: KeptTabs, demo_on_sqlite: Served
):
    with map_of(kept_tabs, demo_on_sqlite) as tab:
        for box in tab.page.locator("[name=area]").all():
            box.check(force=True)
        places: list[str] = tab.page.locator(".pic:visible").evaluate_all(
            "pics => pics.map(pic => getComputedStyle(pic).maskPosition)"
        )

        assert len(places) == len(set(places)) == 10 * 5 + 5 * 3 + 3
