"""What people type is shown as they typed it, and is never markup, script or a template.

Shows S30 and S31 of the security checklist.
"""

from __future__ import annotations

import re

import pytest

from clinic.config import ROOT
from clinic.database import transaction
from tests import factories, walk
from tests.factories import at
from tests.full_record import KINDS

MARKUP = "<script>alert('brimvolt')</script>"
TEMPLATE = "{{ 7 * 191 }}{% set x = 1 %}"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.fixture
def everywhere(cast) -> factories.Cast:
    """Cal's name, words and note hold markup and a template."""
    with transaction():
        cast.cal.name = f"Cal {MARKUP} {TEMPLATE}"
    factories.make_intake(cast.cal, words={**factories.ANSWERS["words"], "change": MARKUP})
    visit = factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    factories.sign(visit, cast.ana_user, cast.ana, why=TEMPLATE, conditions=MARKUP)
    return cast


@pytest.mark.parametrize("name", ["Cal signed in", "front desk", "physician in care", "manager"])
def test_S31_markup_and_templates_in_what_was_typed_are_shown_as_typed(app, cast, record, name):
    with transaction():
        cast.cal.name = f"Cal {MARKUP} {TEMPLATE}"
    person = next(kind for kind in KINDS if kind.name == name).enter(app, record)

    # A file is saved, not shown: a spreadsheet and a printer take markup for text.
    shown = [rule for rule in walk.rules(app) if not rule.rule.endswith((".csv", ".pdf"))]
    pages = [walk.ask(person, "GET", walk.address(rule, record.ids)) for rule in shown]
    pages.append(walk.ask(person, "GET", "/desk/patients?q=cal"))
    text = "\n".join(page.body for page in pages)

    assert "alert(&#39;brimvolt&#39;)" in text
    assert MARKUP not in text
    assert "1337" not in re.sub(r"[0-9a-f]{8,}", "", text)


def test_S31_words_of_form_and_note_are_escaped_for_the_physician(everywhere, signed_in):
    ana = signed_in(everywhere.ana_user)

    record = ana.get(f"/records/{everywhere.cal.public_id}")

    assert MARKUP not in record.html
    assert MARKUP in record.text


def test_S31_a_search_is_shown_again_as_words(cast, signed_in):
    page = signed_in(cast.bea).get("/desk/patients?q=%3Cscript%3Ealert(1)%3C/script%3E")

    assert "<script>alert(1)" not in page.html


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_S31_no_template_switches_escaping_off(template):
    text = template.read_text()

    assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup\(", text)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Zoe\u0301 Åström", "Zoé Åström"),
        ("\u202eCal Ortega\u202c", "Cal Ortega"),
        ("محمد علي", "محمد علي"),
        ("李小龙", "李小龙"),
        ("O’Neill-Straße 🙂", "O’Neill-Straße 🙂"),
    ],
)
def test_S30_a_name_is_any_printable_text_without_direction_marks(cast, signed_in, typed, stored):
    form = signed_in(cast.bea).get("/desk/patients/new").form("born_on-day")
    form.set(name=typed, phone="020 7946 0111", **{"born_on-day": 1, "born_on-month": 2})

    page = form.put("born_on-year", 1980).press()

    assert stored in page.text


@pytest.mark.parametrize("typed", ["Cal\x00", "Cal\x07Ortega", "Cal\nOrtega", "x" * 201])
def test_S30_control_characters_and_endless_names_are_refused(cast, signed_in, typed):
    form = signed_in(cast.bea).get("/desk/patients/new").form("born_on-day")
    form.set(name=typed, phone="020 7946 0111", **{"born_on-day": 1, "born_on-month": 2})

    form.put("born_on-year", 1980).press(status=422)
