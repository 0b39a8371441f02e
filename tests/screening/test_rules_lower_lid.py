"""The lower lid: lax from 2 s of snap-back on, and beyond 8 mm of distraction, in either eye."""

from datetime import date

import pytest

from clinic.screening.rules import (
    Area,
    Case,
    Concern,
    Findings,
    assess_lower_lid,
    decimal_of,
    evaluate,
)

BOTH_FLAGS = [
    ("caution", "toxin", (Area.CROWS_FEET,), "PR"),
    ("caution", "filler", (Area.TEAR_TROUGH,), "PR"),
]


def measured(**values):
    return Findings(**{name: decimal_of(value) for name, value in values.items()})


def judge(concerns=(), **values):
    case = Case(
        born_on=date(1985, 1, 1),
        today=date(2026, 6, 15),
        concerns=concerns,
        findings=measured(**values),
    )
    return evaluate(case)


def lax(evaluation):
    return [flag for flag in evaluation.flags if flag.topic == "lower-lid-laxity"]


@pytest.mark.parametrize("eye", ["right", "left"])
@pytest.mark.parametrize(
    ("finding", "value", "is_lax"),
    [
        ("snap_back", "0", False),
        ("snap_back", "1.9", False),
        ("snap_back", "2.0", True),
        ("snap_back", "2.1", True),
        ("snap_back", "30", True),
        ("distraction", "0", False),
        ("distraction", "7.9", False),
        ("distraction", "8.0", False),
        ("distraction", "8.1", True),
        ("distraction", "20", True),
    ],
)
def test_a_lower_lid_is_lax_from_its_limit_on_in_either_eye(eye, finding, value, is_lax):
    shown = lax(judge(**{f"{finding}_{eye}": value}))

    assert [(f.level, f.scope.modality, f.scope.areas, f.source) for f in shown] == (
        BOTH_FLAGS * is_lax
    )


def test_both_flags_name_every_sign_snap_back_first_and_right_first():
    shown = lax(
        judge(
            distraction_left="8.5",
            distraction_right="9",
            snap_back_left="2",
            snap_back_right="3.5",
        )
    )

    assert {flag.raised_by for flag in shown} == {
        "findings.snap_back_right = 3.5; findings.snap_back_left = 2.0; "
        "findings.distraction_right = 9.0; findings.distraction_left = 8.5"
    }
    assert {flag.reason for flag in shown} == {
        "The lower lid is lax: snap-back of 2 s or more, or distraction above 8 mm."
    }


def test_a_sign_inside_its_limit_is_not_among_the_causes():
    shown = lax(judge(snap_back_right="1.9", snap_back_left="2.0", distraction_left="8.0"))

    assert {flag.raised_by for flag in shown} == {"findings.snap_back_left = 2.0"}


def test_a_lax_lower_lid_takes_nothing_away_and_needs_no_droop_assessment():
    evaluation = judge((Concern(Area.TEAR_TROUGH, volume=True),), snap_back_left="5")

    assert (evaluation.after_flags, evaluation.droop.rating) == ("filler", "not-applicable")
    assert len(lax(evaluation)) == 2


FIRM = {
    "snap_back_right": "1.9",
    "snap_back_left": "0",
    "distraction_right": "8.0",
    "distraction_left": "0",
}


@pytest.mark.parametrize(
    ("over", "signs"),
    [
        ({}, ()),
        ({"snap_back_left": "2"}, ("snap-back left 2.0 s",)),
        ({"distraction_right": "8.1"}, ("distraction right 8.1 mm",)),
        (
            {"distraction_left": "9", "snap_back_right": "2.5"},
            ("snap-back right 2.5 s", "distraction left 9.0 mm"),
        ),
    ],
)
def test_a_lower_lid_is_firm_only_with_all_four_inside_their_limits(over, signs):
    lid = assess_lower_lid(measured(**{**FIRM, **over}))

    assert (lid.signs, lid.is_lax, lid.is_firm) == (signs, bool(signs), not signs)


@pytest.mark.parametrize("left_out", FIRM)
def test_a_lower_lid_with_one_sign_missing_is_never_firm(left_out):
    lid = assess_lower_lid(measured(**{k: v for k, v in FIRM.items() if k != left_out}))

    assert (lid.missing, lid.is_lax, lid.is_firm) == ((left_out,), False, False)


def test_nothing_measured_lacks_all_four_right_before_left():
    assert assess_lower_lid(Findings()).missing == tuple(FIRM)
