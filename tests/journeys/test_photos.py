"""Photos in a real browser, with scripts and without: chosen, refused, kept, gone on."""

from __future__ import annotations

import pytest

from tests.browser import photo_ways
from tests.journeys import patients
from tests.pictures import jpeg

pytestmark = pytest.mark.browser


def at_the_photos(tab):
    patients.answer_health(patients.start(tab))
    return patients.tick_area(tab, "glabella", "move").press("Continue")


def drawn(tab):
    """Each picture of the page that the browser could draw."""
    return tab.page.evaluate(
        "[...document.images].filter(i => i.complete && i.naturalWidth).map(i => i.alt)"
    )


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
def test_photos_are_added_together_and_what_is_refused_leaves_the_others(
    cast, new_tab, scripts, width
):
    tab = at_the_photos(new_tab(scripts=scripts, width=width))
    tab.page.locator("#purposes-0").check()
    for view, raw in (("rest", jpeg()), ("frown", photo_ways.HEIC), ("smile", jpeg((900, 700)))):
        photo_ways.put(tab, view, raw)

    tab.press("Add photos and go on")

    assert (tab.status, tab.heading) == (422, "Photos (optional)")
    assert "Frown: This is an HEIC photo" in tab.text
    tab.page.wait_for_load_state("networkidle")
    if scripts:  # without them the browser is not asked what it drew
        assert drawn(tab) == ["Your photo: Face at rest", "Your photo: Smile"]
    assert tab.press("Save photos and go on").heading == "In your own words"
    assert tab.complaints == []


def test_a_photo_is_shown_before_it_is_sent_and_the_outline_comes_back(cast, new_tab):
    tab = at_the_photos(new_tab())
    shown = tab.page.locator(".shot").first.locator(".shown")

    photo_ways.put(tab, "rest", jpeg())
    tab.page.wait_for_function("document.querySelector('img.before')?.naturalWidth > 0")
    assert not shown.locator("svg").is_visible()
    photo_ways.put(tab, "rest", b"no picture at all")

    shown.locator("svg").wait_for(state="visible")
    assert shown.locator("img").count() == 0
    assert [c for c in tab.complaints if "blob:" not in c] == []
