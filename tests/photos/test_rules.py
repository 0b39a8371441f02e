"""What stands of what was said, what it lets stay, and what is refused at sight."""

from __future__ import annotations

import pytest

from clinic.photos import rules
from clinic.photos.rules import Purpose as P
from clinic.photos.rules import Refusal, Said, View

GIVEN, WITHDRAWN = Said.GIVEN, Said.WITHDRAWN


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ([], set()),
        ([(P.RECORD, GIVEN)], {P.RECORD}),
        ([(P.RECORD, GIVEN), (P.RECORD, WITHDRAWN)], set()),
        ([(P.RECORD, WITHDRAWN), (P.RECORD, GIVEN)], {P.RECORD}),
        ([(P.RECORD, GIVEN), (P.TEACHING, GIVEN), (P.RECORD, WITHDRAWN)], {P.TEACHING}),
    ],
)
def test_the_last_word_about_a_purpose_counts(said, stands):
    assert rules.in_force(said) == stands


@pytest.mark.parametrize(
    ("purposes", "before", "after"),
    [
        (set(), False, False),
        ({P.ASSESSMENT}, True, False),
        ({P.RECORD}, True, True),
        ({P.TEACHING}, False, False),
        ({P.ASSESSMENT, P.TEACHING}, True, False),
        ({P.ASSESSMENT, P.RECORD}, True, True),
    ],
)
def test_a_photo_stays_for_a_reason_before_and_after_the_decision(purposes, before, after):
    given = frozenset(purposes)

    assert rules.may_stay(given, is_decided=False) == before
    assert rules.may_stay(given, is_decided=True) == after


@pytest.mark.parametrize("brand", sorted(rules.HEIC_BRANDS))
def test_every_kind_of_heic_is_named_as_what_it_is(brand):
    assert rules.refusal_at_sight(b"\0\0\0\x18ftyp" + brand) == Refusal.HEIC


@pytest.mark.parametrize(
    ("length", "refusal"), [(rules.MOST_BYTES, None), (rules.MOST_BYTES + 1, Refusal.TOO_LARGE)]
)
def test_S33_a_photo_has_ten_megabytes_at_most(length, refusal):
    assert rules.refusal_at_sight(b"\xff\xd8\xff".ljust(length, b"\0")) == refusal


def test_S33_a_form_has_no_more_views_than_it_may_have_photos():
    assert len(View) <= rules.MOST_OF_FORM == 8
