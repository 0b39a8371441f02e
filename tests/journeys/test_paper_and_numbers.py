"""The desk takes the day along, the manager looks at numbers; with scripts and without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.tab import Tab
from tests.factories import Cast, at, make_patient, make_visit
from tests.journeys import staff
from tests.paper.pdf_text import pages

pytestmark = pytest.mark.browser


def saved(tab: Tab, name: str) -> Path:
    """The file behind a link, as a browser saves it."""
    with tab.page.expect_download() as waiting:
        tab.page.get_by_role("link", name=name).first.click()
    return Path(waiting.value.path())


def test_the_desk_prints_the_day_and_saves_it(cast: Cast, open_tab: Callable[[], Tab]):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    desk = open_tab()

    staff.sign_in(desk, cast.bea).open("/desk/")
    assert "Cal Ortega" in saved(desk, "Download as CSV").read_text("utf-8-sig")
    desk.follow("Print the day")
    assert desk.heading == "Tuesday 24 November 2026"
    assert "Cal Ortega" in pages(saved(desk, "Download as PDF").read_bytes())[0]

    # On paper each list has its own head, and nothing that is pressed.
    desk.page.emulate_media(media="print")
    heads = desk.page.locator(".top-of-sheet")
    assert [heads.nth(n).is_visible() for n in range(heads.count())] == [True, True, True]
    assert not desk.page.get_by_role("link", name="Download as PDF").is_visible()


def test_a_manager_looks_at_one_number_of_other_weeks_and_saves_it(
    cast: Cast, open_tab: Callable[[], Tab]
):
    for n in range(5):
        pat = make_patient(name=f"Pat {n}", email=f"pat{n}@example.org")
        make_visit(pat, cast.ana, cast.service("consultation"), at(25, 10 + n))
    manager = open_tab()

    staff.sign_in(manager, cast.max).follow("Numbers")
    manager.page.get_by_label("Numbers").select_option("Lead time")
    manager.fill({"From": "2026-11-16"}).press("Show")

    rows = manager.page.get_by_role("row").all_inner_texts()
    assert [" ".join(row.split()) for row in rows] == [
        "Week from Visits Median 9 of 10 within",
        "16 Nov 2026 0 – –",
        "23 Nov 2026 5 1.1 days 1.2 days",
        "All weeks 5 1.1 days 1.2 days",
    ]
    assert manager.page.get_by_role("img", name="Lead time").is_visible()
    text = saved(manager, "Download as CSV").read_text("utf-8-sig")
    assert text.splitlines()[-1] == "All weeks,5,1.1,1.2"
