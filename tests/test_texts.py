"""Texts of templates: translated once for a language, drawn once for a page, never mixed up."""

from __future__ import annotations

import pytest
from flask import g
from flask_babel import force_locale

from clinic import texts


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
    monkeypatch.setattr(texts, "_translated", texts.defaultdict(dict))


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
