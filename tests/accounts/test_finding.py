"""Finding a patient, as rules: what typed words ask for, who fits, who may be known already."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.accounts.dates import readings
from clinic.accounts.finding import (
    Identity,
    KeyKind,
    fold,
    is_slip_of,
    keys_of,
    may_be_the_same,
    ranked,
    wanted,
)

MAYA = Identity("Maya Lindqvist", date(1990, 11, 24), "07700 900123", "maya@example.org")
AT_HOME, ABROAD, WITH_ZERO = "07700 900123", "+44 7700 900123", "+44 (0)7700 900-123"


def fits(typed: str, one: Identity = MAYA) -> int | None:
    return wanted(typed).fits(one)


@pytest.mark.parametrize(
    ("spelling", "folded"),
    [
        ("Zoë", "zoe"),
        ("SØREN Weiß", "soren weiss"),
        ("Łukasz  Đorđević", "lukasz dordevic"),
        ("Ægir Þór", "aegir thor"),
        ("Işık", "isik"),
        ("山田", "山田"),
    ],
)
def test_spellings_of_a_name_fold_into_one(spelling, folded):
    assert fold(spelling) == folded


@pytest.mark.parametrize(
    ("typed", "fit"),
    [
        ("maya lindqvist", 0),
        ("Lindqvist, Maya", 0),
        ("lind", 1),
        ("l m", 2),
        ("maya", 0),
        ("lindqist", 2),  # a letter missing
        ("lindqvvist", 2),  # one too many
        ("lindkvist", 2),  # a wrong one
        ("lindvqist", 2),  # two swapped
        ("aya lindqvist", 2),
        ("may", 1),
        ("lidnvqist", None),  # two slips
        ("indqvist maya zoe", None),
        ("qvist", None),
        ("24.11.1990", 0),
        ("24/11/1990", 0),
        ("11/24/1990", 0),
        ("24-11-1990", 0),
        ("1990-11-24", 0),
        ("24 11 1990", 0),
        ("24111990", 0),
        ("24.11.90", 0),
        ("24 Nov 1990", 0),
        ("24th of november 1990", None),
        ("November 24, 1990", 0),
        ("24. november 1990", 0),
        ("lind 24.11.1990", 1),
        ("maya 1990", 1),
        ("11.24.1990", None),  # with dots the day comes first
        ("25.11.1990", None),
        ("31.2.1990", None),
        ("07700 900123", 0),
        ("+44 7700 900123", 0),
        ("0044 7700 900123", 0),
        ("07700-900-123", 0),
        ("900123", 1),
        ("maya 0123", 1),
        ("123", None),
        ("07700 900124", None),
        ("maya@example.org", 0),
        ("MAYA@ex", 1),
        ("other@example.org", None),
        ("%", None),
        ("", None),
    ],
)
def test_how_well_typed_words_fit(typed, fit):
    assert fits(typed) == fit


@pytest.mark.parametrize("stored", [AT_HOME, ABROAD, WITH_ZERO])
@pytest.mark.parametrize("typed", [AT_HOME, ABROAD, WITH_ZERO, "0044 7700 900123", "7700900123"])
def test_a_phone_number_is_found_in_any_format(stored, typed):
    assert fits(typed, Identity("Maya", MAYA.born_on, stored)) is not None


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Niamh O’Neil", "oneil"),
        ("Niamh O’Neil", "o'neil"),
        ("Anne-Marie Voss", "annemarie voss"),
        ("Anne-Marie Voss", "marie voss"),
        ("Ana Ruiz", "anna"),  # a short word typed with a letter too many is none of hers
    ],
)
def test_names_of_two_parts(name, typed):
    assert (fits(typed, Identity(name, MAYA.born_on)) is not None) is (name != "Ana Ruiz")


def test_exact_words_come_before_beginnings_and_these_before_slips():
    names = ["Linda Bergman", "Linda Berg", "Lind Berger", "Lina Berg", "Linda Berk"]
    who = {n: Identity(name, MAYA.born_on) for n, name in enumerate(names)}

    order = [names[n] for n in ranked(who, wanted("linda berg"))]

    assert order == ["Linda Berg", "Linda Bergman", "Lina Berg", "Linda Berk", "Lind Berger"]


def test_what_was_looked_for_fills_in_a_new_patient():
    asked = wanted("Nia Brandt 12.5.1992 020 7946 0888 nia@example.org")

    assert (asked.name, asked.born_on) == ("Nia Brandt", date(1992, 5, 12))
    assert (asked.phone, asked.email) == ("020 7946 0888", "nia@example.org")


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("5/12/1992", [date(1992, 12, 5), date(1992, 5, 12)]),
        ("5.12.1992", [date(1992, 12, 5)]),
        ("3/3/1992", [date(1992, 3, 3)]),
        ("20 79 46 01", []),
        ("29.2.1991", []),
    ],
)
def test_what_digits_may_mean_as_a_date(typed, days):
    assert readings(typed) == days


@pytest.mark.parametrize(
    ("name", "born_on", "phone", "email", "may_be"),
    [
        ("maya lindqvist", MAYA.born_on, None, None, True),
        ("Lindqvist Maya", MAYA.born_on, None, None, True),
        ("Máya Lindkvist", MAYA.born_on, None, None, True),
        ("Maya Anna Lindqvist", MAYA.born_on, None, None, True),
        ("Mya Lindkvist", MAYA.born_on, None, None, False),  # two slips
        ("Maya Berg", MAYA.born_on, None, None, False),
        ("Ruth Cole", MAYA.born_on, "+44 7700 900123", None, True),
        ("Ruth Cole", MAYA.born_on, None, "Maya@Example.org", True),
        ("Ruth Cole", MAYA.born_on, "07700 900124", "ruth@example.org", False),
        ("Maya Lindqvist", date(1990, 11, 25), "07700 900123", "maya@example.org", False),
    ],
)
def test_who_may_be_known_already(name, born_on, phone, email, may_be):
    assert may_be_the_same(MAYA, Identity(name, born_on, phone, email)) is may_be


LETTERS = "abcdeghilmnorstuvzäéñøßłçš"
WORD = st.text(LETTERS, min_size=2, max_size=12)
NAMES = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
LONG = st.text("abcdeghilmnorst", min_size=4, max_size=12)


@given(NAMES, st.randoms())
def test_every_name_is_found_by_itself_in_any_order_and_without_accents(name, chance):
    one = Identity(name, MAYA.born_on)
    typed = fold(name).split()
    chance.shuffle(typed)

    assert wanted(" ".join(typed)).fits(one) == 0
    assert wanted(name.upper()).fits(one) == 0


def slipped(word: str, place: int, kind: str) -> str:
    at = place % len(word)
    return {
        "missing": word[:at] + word[at + 1 :],
        "more": f"{word[:at]}x{word[at:]}",
        "wrong": f"{word[:at]}x{word[at + 1 :]}",
        "swapped": word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }[kind]


@given(LONG, WORD, st.integers(0, 11), st.sampled_from(["missing", "more", "wrong", "swapped"]))
def test_every_name_is_found_with_one_slip_in_a_long_word(long, other, place, kind):
    typed = slipped(long, place, kind)
    one = Identity(f"{other} {long}", MAYA.born_on)
    asked = wanted(typed)

    assert asked.fits(one) is not None
    [part] = asked.parts
    ours = keys_of(one)
    by_range = any(r.fits(ours) is not None for r in part.ranges)
    assert by_range or any((KeyKind.SLIP, slip) in ours for slip in part.slips)


@given(LONG, LONG)
def test_a_slip_is_what_it_says(one, other):
    """Against all spellings that one slip can make, with any letter."""
    alphabet = sorted({*one, *other})
    swaps = {one[:i] + one[i + 1] + one[i] + one[i + 2 :] for i in range(len(one) - 1)}
    cuts = {one[:i] + one[i + 1 :] for i in range(len(one))}
    puts = {one[:i] + a + one[i:] for i in range(len(one) + 1) for a in alphabet}
    turns = {one[:i] + a + one[i + 1 :] for i in range(len(one)) for a in alphabet}

    assert is_slip_of(other, one) is (other in swaps | cuts | puts | turns)
