"""Every page of every role at 390 and 1280 px, into instance/screenshots/<role>-<page>-<width>.png.

`python -m tests.browser.screenshots [PART OF A NAME …]`, or `make screenshots` for all of them. It
makes a database and a server of its own and touches nothing else.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

from clinic.config import ROOT
from tests import engines
from tests.browser.demo import Demo, Served, fill
from tests.browser.page import Page, shown
from tests.browser.pages import PAGES
from tests.browser.server import serving
from tests.browser.tab import chromium

FOLDER = ROOT / "instance" / "screenshots"
WIDTHS = (1280, 390)


def take(pages: list[Page], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        engine = engines.Engine("sqlite")
        stack.callback(engine.close)
        engine.app.config["PROPAGATE_EXCEPTIONS"] = False
        fill(engine.app)
        served = Served(Demo(engine.app), stack.enter_context(serving(engine.app)))
        browser = stack.enter_context(chromium())
        for page in pages:
            with shown(page, browser, served, width=WIDTHS[0]) as tab:
                for width in WIDTHS:
                    tab.widen(width)
                    tab.page.screenshot(path=folder / f"{page.id}-{width}.png", full_page=True)
                for complaint in tab.complaints:
                    sys.stderr.write(f"{page.id}: {complaint}\n")


if __name__ == "__main__":
    wanted = sys.argv[1:]
    take([p for p in PAGES if not wanted or any(w in p.id for w in wanted)], FOLDER)
