"""The profile: its limits, and each of its values from both sides, by the table of cases."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from clinic.jurisdiction.rules import LIMITS, STRICTEST, Profile, broken_limits, differing
from clinic.treatment.rules import (
    Examined,
    Proposal,
    Reason,
    objections,
    reasons_not_to_book,
)
from tests.jurisdiction.cases import GATE, SIGNED, Case
from tests.treatment.facts import FACE, GIVEN, KNOWN, TOXIN, on, wish


def facts_of(case: Case):
    given = dict(case.facts)
    profile = replace(STRICTEST, **case.profile)
    if given.get("approval", {}) is None:
        return replace(KNOWN, **given, profile=profile)
    return on(given.pop("approval", None), **given, profile=profile)


@pytest.mark.parametrize("case", GATE, ids=lambda case: case.name)
def test_the_gate_under_a_profile(case):
    asked = wish(case.day, starts_at=case.starts_at)

    assert tuple(reasons_not_to_book(facts_of(case), asked)) == case.reasons


@pytest.mark.parametrize(("values", "until", "by_live_video", "found"), SIGNED)
def test_signing_under_a_profile(values, until, by_live_video, found):
    proposal = Proposal({TOXIN: FACE}, {}, {TOXIN: 40.0}, GIVEN.date(), until, frozenset(), "")
    examined = Examined(True, False, False, (), by_live_video=by_live_video)

    assert objections(proposal, examined, replace(STRICTEST, **values)) == found


def test_every_value_of_a_profile_has_cases_of_its_own():
    """What only words and pages follow (usual validity, brand, regulator) has its tests there."""
    of_gate = {name for case in GATE for name in case.profile}
    of_signing = {name for values, *_more in SIGNED for name in values}
    elsewhere = {"default_validity_months", "names_brand", "regulator"}

    assert of_gate | of_signing | elsewhere == {value.name for value in fields(Profile)}


@pytest.mark.parametrize(
    ("name", "stops"),
    [
        ("cooling_off_hours", Reason.COOLING_OFF),
        ("toxin_interval_days", Reason.TOXIN_INTERVAL),
        ("minimum_age", Reason.UNDER_AGE),
    ],
)
def test_each_of_its_limits_has_a_case_on_either_side(name, stops):
    assert {stops in case.reasons for case in GATE if name in case.profile} == {True, False}


@pytest.mark.parametrize(("name", "limits"), LIMITS.items())
def test_a_value_lies_inside_its_limits(name, limits):
    wide = replace(STRICTEST, longest_validity_months=12, default_validity_months=1)

    for inside in limits:
        sound = replace(wide, longest_validity_months=12)
        assert name not in broken_limits(replace(sound, **{name: inside}))
    for outside in (limits.lowest - 1, limits.highest + 1):
        assert name in broken_limits(replace(wide, **{name: outside}))


def test_the_strictest_breaks_nothing():
    assert broken_limits(STRICTEST) == []


def test_what_is_usual_is_no_longer_than_the_longest():
    at_most = replace(STRICTEST, longest_validity_months=5, default_validity_months=5)

    assert broken_limits(at_most) == []
    assert broken_limits(replace(at_most, default_validity_months=6)) == ["default_validity_months"]


def test_what_differs_is_named_in_order():
    other = replace(STRICTEST, regulator="A board", minimum_age=21)

    assert differing(STRICTEST, other) == ["minimum_age", "regulator"]
    assert differing(other, other) == []
