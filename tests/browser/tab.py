"""One window of a real browser, with everything that it complained about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, sync_playwright

from clinic.machine import find_browser

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--font-render-hinting=none",
    # Every page is our own: one process draws them all, which is a good deal faster.
    "--renderer-process-limit=1",
    "--disable-site-isolation-trials",
]
HEIGHTS = {1280: 900, 768: 1024, 390: 844, 320: 640}
WAIT_MS = 10_000


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        yield browser
        browser.close()


def a_tab(
    browser: Browser, address: str, *, width: int = 390, scripts: bool = True, **more: Any
) -> Tab:
    """A window of its own, with no cookies, as a phone or a desk has it."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]},
        java_script_enabled=scripts,
        base_url=address,
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
        **more,
    )
    context.set_default_timeout(WAIT_MS)
    return Tab(context.new_page(), address, scripts=scripts)


class Tab:
    """Presses by the words on a button; keeps what console, scripts and policy complain of."""

    def __init__(self, page: Page, address: str, *, scripts: bool = True) -> None:
        self.page, self.address, self.scripts = page, address, scripts
        self.complaints: list[str] = []
        self.answer: Response | None = None
        self.asked: set[str] = set()
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)
        page.on("response", self._on_response)

    def _on_error(self, error: object) -> None:
        self.complaints.append(f"script: {error}")

    def _on_response(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self.answer = response
            self.asked.add(response.url)
        elif request.method == "POST" and response.status in (409, 422):
            self.asked.add(response.url)  # a script's own form, refused in words

    def _on_console(self, message: ConsoleMessage) -> None:
        """A page's own 404 or 422 is an answer; a file that is missing is a fault."""
        is_answer = "Failed to load resource" in message.text and (
            message.location.get("url", "").split("#")[0] in {u.split("#")[0] for u in self.asked}
        )
        if message.type in ("error", "warning") and not is_answer:
            self.complaints.append(f"{message.type}: {message.text} at {self.page.url}")

    @property
    def status(self) -> int:
        assert self.answer is not None, "nothing was opened yet"
        return self.answer.status

    @property
    def method(self) -> str:
        """How the page was asked for: after a refused form it is the POST that answers."""
        assert self.answer is not None, "nothing was opened yet"
        return self.answer.request.method

    @property
    def html(self) -> str:
        assert self.answer is not None, "nothing was opened yet"
        return self.answer.text()

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("h1").inner_text().split())

    @property
    def text(self) -> str:
        return " ".join(self.page.locator("body").inner_text().split())

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    def remember(self, name: str, value: str) -> Tab:
        """Put a cookie that only a secure page may set; the browser takes localhost for one."""
        url = self.address.replace("http:", "https:")
        cookie = {"name": name, "value": value, "url": url, "secure": True, "httpOnly": True}
        self.page.context.add_cookies([cookie])
        return self

    def widen(self, width: int) -> Tab:
        """Another width, looked at from the top of the page."""
        if self.page.viewport_size != (size := {"width": width, "height": HEIGHTS[width]}):
            self.page.set_viewport_size(size)
        self.page.evaluate("scrollTo(0, 0)")
        return self

    def open(self, path: str) -> Tab:
        self.page.goto(path)
        return self

    def button(self, words: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(re.escape(words))).first

    def press(self, words: str) -> Tab:
        """Press a button and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.button(words).click()
        return self

    def follow(self, words: str) -> Tab:
        """Follow a link and wait for its page."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=re.compile(re.escape(words))).first.click()
        return self

    def fill(self, labels: Mapping[str, str]) -> Tab:
        for label, text in labels.items():
            self.page.get_by_label(label, exact=False).first.fill(text)
        return self

    def birth(self, day: int, month: int, year: int) -> Tab:
        return self.fill({"Day": str(day), "Month": str(month), "Year": str(year)})

    def choose(self, question: str, answer: str) -> Tab:
        """Tick *answer* in the group whose legend begins with *question*."""
        group = self.page.get_by_role("group", name=re.compile(re.escape(question)))
        group.get_by_label(answer, exact=True).first.check(force=True)
        return self

    def press_first_time(self) -> Tab:
        """Hold the first of the free times."""
        with self.page.expect_navigation():
            self.page.locator("button.slot").first.click()
        return self

    def close(self) -> None:
        """Offline first: what a page sends while it goes would meet the next test's database."""
        self.page.context.set_offline(True)
        self.page.context.close()

    def emptied(self) -> Tab:
        """The same window for somebody else: no page, no cookies, nothing complained of."""
        self.page.remove_listener("console", self._on_console)
        self.page.remove_listener("pageerror", self._on_error)
        self.page.remove_listener("response", self._on_response)
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        return Tab(self.page, self.address, scripts=self.scripts)


class KeptTabs:
    """Windows that show one page after another: a new one costs a browser as much as a page.

    For looking at pages. How a page loads is measured in a window of its own, for a kept one has
    its styles and fonts already.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.kept: dict[object, Tab] = {}

    @contextmanager
    def tab(self, address: str, *, width: int = 390, **window: Any) -> Iterator[Tab]:
        kind = (address, *sorted(window.items()))
        if kind not in self.kept:
            self.kept[kind] = a_tab(self.browser, address, width=width, **window)
        tab = self.kept[kind].widen(width)
        try:
            yield tab
        finally:
            self.kept[kind] = tab.emptied()
