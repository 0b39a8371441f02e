"""S30, S31: which text a form takes, and that no page takes text for markup."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from clinic.controls import NAME_LENGTH, NOTE_LENGTH, name_field, text_area


class Written(Form):
    name = name_field("Name", "Enter a name")
    note = text_area("Note", "Write a note")


def read(**typed):
    form = Written(MultiDict({"name": "Kim", "note": "Fine.", **typed}))
    with_errors = [] if form.validate() else sorted(form.errors)
    return with_errors, form.name.data, form.note.data


GOOD = {
    "any script": ("Ægir 李 عمر", "Ægir 李 عمر"),
    "composed letters": ("Zoe\u0308", "Zo\u00eb"),
    "direction marks": ("\u202eEvil\u2066 Kim", "Evil Kim"),
    "the longest": ("é" * NAME_LENGTH, "é" * NAME_LENGTH),
    "markup, as it is": ("<b>Kim</b>", "<b>Kim</b>"),
}


@pytest.mark.parametrize(("typed", "kept"), GOOD.values(), ids=GOOD)
def test_S30_a_name_is_kept_as_typed_but_composed_and_without_direction_marks(app, typed, kept):
    assert read(name=typed)[:2] == ([], kept)


BAD = {
    "NUL": ("name", "Kim\x00"),
    "a control character": ("name", "Kim\x1b[0m"),
    "a line break in a name": ("name", "Kim\nOrtega"),
    "nothing but spaces": ("name", "  "),
    "too long": ("name", "é" * (NAME_LENGTH + 1)),
    "NUL in a note": ("note", "one\x00two"),
    "a control character in a note": ("note", "one\x08two"),
    "a note that is too long": ("note", "é" * (NOTE_LENGTH + 1)),
}


@pytest.mark.parametrize(("field", "typed"), BAD.values(), ids=BAD)
def test_S30_a_text_is_refused_that_holds(app, field, typed):
    with app.test_request_context():
        assert read(**{field: typed})[0] == [field]


def test_S30_a_note_keeps_its_lines_and_tabs(app):
    assert read(note="one\r\n\ttwo")[2] == "one\n\ttwo"


def test_S31_a_page_shows_text_as_text(app):
    assert app.jinja_env.from_string("{{ v }}").render(v="<b>") == "&lt;b&gt;"
    assert app.jinja_env.autoescape("errors/error.html")
