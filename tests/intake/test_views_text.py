"""Own words as people really type them: kept whole, shown harmlessly, refused when unfit."""

import pytest

from tests.intake.form import MEDICINES, WORDS, no_to_all, stored, typed

# 600 characters are the most; a woman with a headscarf is three code points and one sight.
LONGEST = "é" * 600
HARMLESS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %}",
    "'; DROP TABLE patient; --",
    "مرحبا، أبدو غاضبة في الصور",
    "אני נראית כועסת",
    "日本語 👩‍🦰 ½ ﬁ",
    "first line\r\nsecond line\ttabbed",
    LONGEST,
]


def words(page, **over):
    return page.form("Continue").set(**{**WORDS, **over})


@pytest.mark.parametrize("text", HARMLESS, ids=range(len(HARMLESS)))
def test_words_are_kept_as_typed_and_shown_as_words(on_page, text):
    words(on_page("words"), change=text).press("Continue")

    again = on_page("words")

    assert stored()["words"]["change"] == text.replace("\r\n", "\n")
    assert typed(again)["change"] == text
    assert "<script>alert" not in again.html
    assert "<img src=x" not in again.html


def test_words_are_stored_in_one_normal_form(on_page):
    words(on_page("words"), change="  cafe\u0301  ").press("Continue")

    assert stored()["words"]["change"] == "café"


@pytest.mark.parametrize("field", ["change", "fears"])
def test_601_characters_are_too_many_and_stay_on_the_page(on_page, field):
    text = "é" * 601

    again = words(on_page("words"), **{field: text}).press("Continue", status=422)

    assert "Use at most 600 characters; these are 601." in again.text
    assert typed(again)[field] == text
    assert stored() == {}


@pytest.mark.parametrize("unfit", ["\x00", "\x07", "\x1b", "\x7f", "\x85"])
@pytest.mark.parametrize("button", ["Continue", "Save and leave"])
def test_a_character_that_cannot_be_stored_is_taken_out_and_said(on_page, unfit, button):
    again = words(on_page("words"), change=f"I look{unfit} cross").press(button, status=422)

    assert "It is taken out" in again.text
    assert typed(again)["change"] == "I look cross"
    assert stored() == {}


@pytest.mark.parametrize("text", ["   ", "\n\n", "\u3000"])
def test_blank_words_are_no_words(on_page, text):
    again = words(on_page("words"), change=text).press("Continue", status=422)

    assert "Write in a few words" in again.text


@pytest.mark.parametrize("text", ["<b>Aspirin</b>", "أسبرين", "x" * 300])
def test_a_detail_is_kept_as_typed_too(on_page, text):
    given = {**no_to_all(MEDICINES), "blood_thinners": "yes", "blood_thinners_note": text}

    on_page("medicines").form("Continue").set(**given).press("Continue")

    assert stored()["answers"]["blood-thinners"]["note"] == text
    assert typed(on_page("medicines"))["blood_thinners_note"] == text


def test_marks_that_turn_the_direction_are_taken_out_of_one_line_texts(on_page):
    given = {
        **no_to_all(MEDICINES),
        "blood_thinners": "yes",
        "blood_thinners_note": "Aspi\u202erin\u2066",
    }

    on_page("medicines").form("Continue").set(**given).press("Continue")

    assert stored()["answers"]["blood-thinners"]["note"] == "Aspirin"
