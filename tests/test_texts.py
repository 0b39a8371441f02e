"""Texts of templates: translated once for a language, drawn once for a page, never mixed up."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from flask import g
from flask_babel import force_locale

from clinic import texts
from clinic.config import ROOT


def drawn(app, source, **values):
    return app.jinja_env.from_string(source).render(**values)


@pytest.fixture
def german(monkeypatch):
    """A catalogue in which a word has another word in one language."""
    words = {("de", "Booked"): "Gebucht"}

    class Catalogue:
        def ugettext(self, text):
            return words.get((str(texts.get_locale()), text), text)

    monkeypatch.setattr(texts, "get_translations", Catalogue)
    monkeypatch.setattr(texts, "_texts", texts.defaultdict(texts._Texts))


def test_a_text_is_translated_for_each_reader_by_itself(app, german):
    source = '{{ _("Booked") }}'
    with app.test_request_context():
        english = drawn(app, source)
        with force_locale("de"):
            other = drawn(app, source)
        again = drawn(app, source)

    assert (english, other, again) == ("Booked", "Gebucht", "Booked")


def test_S31_a_variable_of_a_text_is_escaped_in_a_page(app):
    with app.test_request_context():
        shown = drawn(app, '{{ _("Hello %(name)s, 100%%", name=name) }}', name="<b>")

    assert shown == "Hello &lt;b&gt;, 100%"


CHIP = "{% macro chip(word) %}<i>{{ word }}{{ count() }}</i>{% endmacro %}"


def test_what_is_the_same_in_each_line_is_drawn_once_for_a_page(app):
    numbers = iter(range(9))
    app.jinja_env.globals["count"] = lambda: next(numbers)
    source = CHIP + '{% for w in ["a", "b", "a"] %}{{ again(chip, w) }}{% endfor %}'
    with app.test_request_context():
        first = drawn(app, source)
    with app.test_request_context():
        second = drawn(app, source)
        assert "drawn" in g

    assert first == "<i>a0</i><i>b1</i><i>a0</i>"
    assert second == "<i>a2</i><i>b3</i><i>a2</i>"


LINE = """{% macro line(words, more) -%}
<i>{{ words }} {{ more }}{{ count() }}</i>
{%- endmacro %}"""


@pytest.fixture
def line(app, monkeypatch):
    """A macro that counts how often it is drawn, and nothing kept from before."""
    numbers = iter(range(99))
    app.jinja_env.globals["count"] = lambda: next(numbers)
    monkeypatch.setattr(texts, "_drawings", texts.defaultdict(dict))
    return app.jinja_env.from_string(LINE).module.line


def test_what_is_the_same_from_one_request_to_the_next_is_drawn_once(app, line):
    with app.test_request_context():
        first = texts.kept_drawing(line, "x")("a")
    with app.test_request_context():
        second = texts.kept_drawing(line, "x")("a")
        other = texts.kept_drawing(line, "x")("b")
        elsewhere = texts.kept_drawing(line, "y")("a")

    assert (first, second) == ("<i>a x0</i>", "<i>a x0</i>")
    assert (other, elsewhere) == ("<i>b x1</i>", "<i>a y2</i>")


def test_each_language_has_its_own_drawing(app, line):
    with app.test_request_context():
        english = texts.kept_drawing(line, "x")("a")
        with force_locale("de"):
            german = texts.kept_drawing(line, "x")("a")

    assert (english, german) == ("<i>a x0</i>", "<i>a x1</i>")


def test_only_so_many_drawings_are_kept(app, line):
    with app.test_request_context():
        draw = texts.kept_drawing(line, "x", most=2)
        shown = [draw(words) for words in ("a", "b", "c", "a")]

    assert shown == ["<i>a x0</i>", "<i>b x1</i>", "<i>c x2</i>", "<i>a x3</i>"]


def test_S31_what_is_kept_is_escaped_when_it_is_drawn(app, line):
    source = "{{ kept_drawing(line, more)(words) }}"
    with app.test_request_context():
        shown = [drawn(app, source, line=line, words="<b>", more="x") for _ in range(2)]

    assert shown == ["<i>&lt;b&gt; x0</i>"] * 2


def test_what_is_kept_as_drawn_is_of_one_macro_alone():
    """Drawings are kept by the macro's name."""
    pages = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    kept = {name for page in pages for name in re.findall(r"kept_drawing\((\w+)", page)}
    defined = Counter(name for page in pages for name in re.findall(r"macro (\w+)\(", page))

    assert kept
    assert {name: defined[name] for name in kept} == dict.fromkeys(kept, 1)


def test_a_template_knows_the_names_of_all_and_its_own(app):
    known = app.jinja_env.make_globals({"own": 1, "_": 2})
    app.jinja_env.globals["count"] = len

    assert known.keys() == {*app.jinja_env.globals, "own"}
    assert (known["own"], known["_"], known["count"]) == (1, 2, len)
    assert "own" not in app.jinja_env.globals
