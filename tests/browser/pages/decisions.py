"""A decision as its patient reads it, as a letter, and the text that will be agreed to."""

from __future__ import annotations

from tests.browser import changed_ways
from tests.browser.demo import Arrival, Demo
from tests.browser.page import Page
from tests.browser.ways import Step, Way, two_days_before


def decided(name: str, part: str = "", *, by_account: bool = False) -> Way:
    """The newest decision about a patient of the demo; *part* "/letter" is the letter."""

    def way(demo: Demo) -> Arrival:
        email = demo.patient(name).email or ""
        session = demo.signed_in(email) if by_account else demo.by_code(name)
        return Arrival(f"/decisions/{demo.note(name).public_id}{part}", session)

    return way


def paused(part: str = "") -> Way:
    def way(demo: Demo) -> Arrival:
        changed_ways.paused(demo)
        return decided("Otto Brook", part)(demo)

    return way


def _page(name: str, way: Way, then: Step | None = None) -> Page:
    return Page("patient", f"decision-{name}", "decisions.show", way, then)


def _letter(name: str, way: Way) -> Page:
    return Page("patient", f"letter-{name}", "decisions.letter", way)


DECISIONS = (
    _page("botox", decided("Nora Ellis")),
    _page("filler", decided("Aiko Mori")),
    _page("combined", decided("Ruth Cole", by_account=True)),
    _page("combined-today", decided("Ruth Cole", by_account=True), two_days_before),
    _page("sweating", decided("Ola Wright")),
    _page("paused", paused()),
    _page("withdrawn", decided("Iris Vogel")),
    _page("deferred", decided("Elif Demir")),
    _page("declined", decided("Paul Becker")),
    _page("referred", decided("Nadia Haas")),
    _page("asked", decided("Rosa Marín")),
    _page("answered", decided("Kit Somers")),
    _letter("botox", decided("Nora Ellis", "/letter")),
    _letter("combined", decided("Ruth Cole", "/letter", by_account=True)),
    _letter("sweating", decided("Ola Wright", "/letter")),
    _letter("paused", paused("/letter")),
    _letter("deferred", decided("Elif Demir", "/letter")),
    _letter("declined", decided("Paul Becker", "/letter")),
    _letter("referred", decided("Nadia Haas", "/letter")),
    _letter("answered", decided("Kit Somers", "/letter")),
    Page("anyone", "consent-relaxing", "public.consent", "/consent/relaxing"),
    Page("anyone", "consent-filler", "public.consent", "/consent/filler"),
    Page("anyone", "consent-both", "public.consent", "/consent/both"),
)
