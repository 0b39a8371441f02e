"""Every page of every role, and its states: accessible, strict, quiet, no wider than a screen.

Axe runs over one engine: it reads the markup, which does not depend on the engine. How text stands
out from its ground took it as long as all its other rules together, so of that each kind of element
is looked at once for a width: the next one with the same classes and states, under the same ones,
has the same colours. On that engine a page is opened once for everything, and axe looks at it on a
phone, at one state of each route on a desk too; on the others each route is looked at once, in one
state of its page, without axe: what a view answers in each is tested on every engine elsewhere.
"""

from __future__ import annotations

from collections import defaultdict

import html5lib
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask

from tests.browser.demo import Served
from tests.browser.page import Page, shown
from tests.browser.pages import NO_PAGE, PAGES
from tests.browser.tab import KeptTabs, Tab

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": TAGS,
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
SCROLLS = "document.documentElement.scrollWidth > innerWidth"
AXE = """async ({options, known}) => {
  const told = new Set(known.split(' ').map(Number)), fresh = [], number = text => {
    let [a, b] = [0xdeadbeef, 0x41c6ce57];
    for (const sign of text) {
      a = Math.imul(a ^ sign.codePointAt(0), 2654435761);
      b = Math.imul(b ^ sign.codePointAt(0), 1597334677);
    }
    return 4294967296 * (2097151 & b) + (a >>> 0);
  };
  const states = ['aria-current', 'aria-selected', 'aria-pressed', 'aria-invalid', 'type', 'open'];
  const kinds = new Map([[document.documentElement, '']]);
  for (const one of document.body.parentElement.querySelectorAll('body, body *')) {
    const is = [one.tagName, one.classList, ...states.map(s => one.getAttribute(s))];
    const by = [one.disabled, one.checked, one.previousElementSibling?.checked];
    const kind = `${kinds.get(one.parentElement)}/${is} ${by} ${!!one.querySelector(':checked')}`;
    kinds.set(one, kind);
    const mark = number(kind);
    if (told.has(mark)) continue;
    told.add(mark);
    fresh.push(mark);
    one.setAttribute('data-first', '');
  }
  axe.configure({rules: [{id: 'color-contrast', selector: '[data-first]'}]});
  const found = (await axe.run(options)).violations;
  document.querySelectorAll('[data-first]').forEach(one => one.removeAttribute('data-first'));
  return {found, fresh: fresh.join(' ')};
}"""

# Where the most is drawn: these are looked at on the narrowest phone and in the dark as well.
DENSE = [
    "anyone-home",
    "anyone-treatment-lines",
    "anyone-form-4-ticked",
    "anyone-form-4-open",
    "anyone-form-4-left",
    "anyone-form-4-palms",
    "anyone-form-4-wrong",
    "anyone-times-held",
    "anyone-check-wrong",
    "patient-visits-approved",
    "physician-review-routine",
    "physician-review-hands",
    "physician-note-approved",
    "front-desk-day",
    "front-desk-visit-refused",
    "manager-clinic",
    "error-500",
]

EACH_ROUTE = list({page.endpoint: page for page in reversed(PAGES)}.values())
each_route = pytest.mark.parametrize("page", EACH_ROUTE, ids=[page.id for page in EACH_ROUTE])
every_page = pytest.mark.parametrize("page", PAGES, ids=[page.id for page in PAGES])
dense_page = pytest.mark.parametrize("page", [p for p in PAGES if p.id in DENSE], ids=DENSE)


# One text for each: as a list, thousands of numbers took the way into the browser longer than axe.
looked_at: defaultdict[object, str] = defaultdict(str)


def findings(tab: Tab, *kind: object) -> list[str]:
    """What axe finds: the rule and the place, one line each; a *kind* is a width and colours."""
    if not tab.page.evaluate("'axe' in window"):
        tab.page.evaluate(AXE_SCRIPT)
    seen = tab.page.evaluate(AXE, {"options": OPTIONS, "known": looked_at[kind]})
    found = seen["found"]
    looked_at[kind] += f"{seen['fresh']} "
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def answered(tab: Tab, served: Served) -> tuple[str | None, int, list[str]]:
    """The route and the status that answered, and what the console, scripts, the policy and a
    strict reader of HTML complain of."""
    html5lib.HTMLParser(strict=True).parse(tab.html)
    return served.demo.endpoint(tab.path, tab.method), tab.status, tab.complaints


def faults(tab: Tab, width: int, *, with_axe: bool) -> list[str]:
    """What is wrong at this width: it scrolls sideways, or axe finds something."""
    scrolls = tab.widen(width).page.evaluate(SCROLLS)
    found = findings(tab, width) if with_axe else []
    return [*(["scrolls sideways"] if scrolls else []), *found]


def test_every_route_that_shows_a_page_is_in_the_table(app: Flask):
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}

    assert routes - NO_PAGE - {page.endpoint for page in PAGES} == set()


@pytest.mark.browser
@each_route
def test_a_page_answers_as_it_should_and_nothing_complains(
    page: Page, kept_tabs: KeptTabs, demo_elsewhere: Served
):
    with shown(page, kept_tabs, demo_elsewhere, width=390) as tab:
        assert answered(tab, demo_elsewhere) == (page.endpoint, page.status, [])


@pytest.mark.browser
@every_page
def test_a_page_answers_axe_finds_nothing_and_nothing_scrolls_sideways(
    page: Page, kept_tabs: KeptTabs, demo_on_sqlite: Served
):
    with shown(page, kept_tabs, demo_on_sqlite, width=1280) as tab:
        assert answered(tab, demo_on_sqlite) == (page.endpoint, page.status, [])
        desk = faults(tab, 1280, with_axe=page in EACH_ROUTE)
        phone = faults(tab, 390, with_axe=True)
        narrowest = faults(tab, 320, with_axe=False)

        assert (desk, phone, narrowest, tab.complaints) == ([], [], [], [])


@pytest.mark.browser
@dense_page
def test_axe_finds_nothing_on_the_narrowest_phone_in_the_dark(
    page: Page, kept_tabs: KeptTabs, demo_on_sqlite: Served
):
    with shown(page, kept_tabs, demo_on_sqlite, width=320, color_scheme="dark") as tab:
        assert findings(tab, 320, "dark") == []


@pytest.mark.browser
def test_text_that_can_hardly_be_read_is_found_where_its_kind_is_first_seen(
    kept_tabs: KeptTabs, demo_on_sqlite: Served
):
    home = next(page for page in PAGES if page.id == "anyone-home")
    pale = "document.querySelector('h1').style.color = '#ddd'"
    kind = ("a test's own",)
    with shown(home, kept_tabs, demo_on_sqlite, width=390) as tab:
        tab.page.evaluate(pale)
        first, again = findings(tab, kind), findings(tab, kind)

    assert [line for line in first if line.startswith("color-contrast")]
    assert again == []
