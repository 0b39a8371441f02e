"""How a browser chooses, adds and takes back photos."""

from __future__ import annotations

from playwright.sync_api import FilePayload

from clinic.intake.queries import latest_submitted
from tests.browser.demo import WITH_PHOTOS, Arrival, Demo
from tests.browser.tab import Tab
from tests.browser.ways import Way
from tests.pictures import jpeg

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


def file(raw: bytes) -> FilePayload:
    return {"name": "IMG_0001.JPG", "mimeType": "image/jpeg", "buffer": raw}


def put(tab: Tab, view: str, raw: bytes) -> None:
    tab.page.set_input_files(f"#photo-{view}", file(raw))


def choose(tab: Tab, _demo: Demo) -> None:
    """Two photos chosen and not sent: with scripts they are shown, without it is said."""
    put(tab, "rest", jpeg())
    put(tab, "smile", jpeg(colour=(150, 110, 90)))


def add_without_a_yes(tab: Tab, demo: Demo) -> None:
    choose(tab, demo)
    tab.press("Add photos and go on")


def add_two_of_three(tab: Tab, demo: Demo) -> None:
    choose(tab, demo)
    put(tab, "frown", HEIC)
    tab.page.locator("#purposes-0").check()
    tab.press("Add photos and go on")


def taking_back(purpose: str) -> Way:
    def way(demo: Demo) -> Arrival:
        form = latest_submitted(demo.patient(WITH_PHOTOS).id)
        assert form is not None
        path = f"/photos/forms/{form.public_id}/{purpose}"
        return Arrival(path, demo.by_code(WITH_PHOTOS))

    return way
