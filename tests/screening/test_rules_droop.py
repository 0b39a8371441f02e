"""Every droop rule, J1 to J7 and N1 to N9, at its edge."""

from datetime import date

import pytest

from clinic.screening.rules import (
    Answer,
    AnswerValue,
    Area,
    BrowPosition,
    Case,
    Concern,
    Dermatochalasis,
    DroopTimes,
    Findings,
    Topic,
    decimal_of,
    evaluate,
)

NORMAL = {
    "brow_right": BrowPosition.ABOVE,
    "brow_left": BrowPosition.ABOVE,
    "frontalis_compensation": False,
    "dermatochalasis": Dermatochalasis.NONE,
    "mrd1_right": "4.5",
    "mrd1_left": "4.5",
    "levator_right": "15",
    "levator_left": "15",
}
LENGTHS = ("mrd1_right", "mrd1_left", "levator_right", "levator_left")


def fired(*, history=None, toxin_in=("glabella",), **changed):
    """The rules that hold for a normal examination, *changed*."""
    findings = {**NORMAL, **changed}
    measured = {name: decimal_of(findings[name]) for name in LENGTHS}
    case = Case(
        born_on=date(1985, 1, 1),
        today=date(2026, 6, 15),
        concerns=tuple(Concern(Area(area), in_motion=True) for area in toxin_in),
        history=history or {},
        findings=Findings(**{**findings, **measured}),
    )
    return [each.rule for each in evaluate(case).droop.fired]


def replied(topic, value="yes", **details):
    return {topic: Answer(AnswerValue(value), details)}


@pytest.mark.parametrize(
    ("right", "left", "rules"),
    [
        ("2.0", "2.0", ["J1"]),
        ("-1.5", "-1.5", ["J1"]),
        ("2.1", "2.1", ["N1"]),
        ("3.0", "3.0", ["N1"]),
        ("3.1", "3.1", []),
        ("2.0", "2.9", ["J1", "N1"]),
        ("2.9", "2.0", ["J1", "N1"]),
        ("3.9", "3.0", ["N1"]),
        ("3.0", "3.9", ["N1"]),
    ],
)
def test_a_low_lid_fires_at_its_edge_in_either_eye(right, left, rules):
    assert fired(mrd1_right=right, mrd1_left=left) == rules


@pytest.mark.parametrize(
    ("right", "left", "rules"),
    [
        ("7.9", "7.9", ["J2"]),
        ("8.0", "8.0", ["N2"]),
        ("11.9", "11.9", ["N2"]),
        ("12.0", "12.0", []),
        ("7.9", "15", ["J2"]),
        ("15", "7.9", ["J2"]),
        ("11.9", "15", ["N2"]),
        ("15", "8.0", ["N2"]),
        ("0", "8.0", ["J2", "N2"]),
    ],
)
def test_a_weak_levator_fires_at_its_edge_in_either_eye(right, left, rules):
    assert fired(levator_right=right, levator_left=left) == rules


@pytest.mark.parametrize(
    ("one_eye", "other_eye", "rules"),
    [
        ("4.9", "4.0", []),
        ("4.0", "3.1", []),  # binary floats: 0.8999999999999999
        ("5.0", "4.0", ["N3"]),
        ("4.1", "3.1", ["N3"]),  # binary floats: 0.9999999999999996
        ("4.6", "3.6", ["N3"]),
        ("5.9", "4.0", ["N3"]),
        ("5.0", "3.1", ["N3"]),
        ("6.0", "4.0", ["J5"]),
        ("5.1", "3.1", ["J5"]),  # binary floats: 1.9999999999999996
        ("5.6", "3.6", ["J5"]),
        ("8.0", "3.1", ["J5"]),
    ],
)
def test_uneven_lids_fire_on_the_exact_difference_whichever_eye_is_lower(one_eye, other_eye, rules):
    assert fired(mrd1_right=one_eye, mrd1_left=other_eye) == rules
    assert fired(mrd1_right=other_eye, mrd1_left=one_eye) == rules


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ({"history": replied(Topic.NEUROMUSCULAR_DISEASE)}, ["J3"]),
        ({"neuromuscular_disease": True}, ["J3"]),
        ({"fatigable": True}, ["J3"]),
        ({"history": replied(Topic.NEUROMUSCULAR_DISEASE), "neuromuscular_disease": False}, ["J3"]),
        ({"history": replied(Topic.NEUROMUSCULAR_DISEASE, "not-sure")}, []),
        ({"history": replied(Topic.NEUROMUSCULAR_DISEASE, "no")}, []),
        ({"neuromuscular_disease": False, "fatigable": False}, []),
    ],
)  # fmt: skip
def test_a_tiring_lid_or_a_muscle_disease_from_either_side_is_major(changed, rules):
    assert fired(**changed) == rules


@pytest.mark.parametrize(
    ("compensation", "skin", "brow_right", "brow_left", "rules"),
    [
        (False, "none", "above", "above", []),
        (False, "mild", "at", "at", []),
        (False, "moderate", "above", "above", ["N5"]),
        (False, "severe", "above", "above", ["J4"]),
        (False, "none", "below", "above", ["N6"]),
        (False, "none", "above", "below", ["N6"]),
        (False, "moderate", "below", "below", ["N5", "N6"]),
        (True, "none", "above", "above", ["N4"]),
        (True, "mild", "at", "at", ["N4"]),
        (True, "moderate", "above", "above", ["J6", "N5"]),
        (True, "severe", "above", "above", ["J4", "N4"]),
        (True, "none", "below", "above", ["J6", "N6"]),
        (True, "none", "above", "below", ["J6", "N6"]),
        (True, "moderate", "below", "at", ["J6", "N5", "N6"]),
        (True, None, None, None, ["N4"]),
        (None, "moderate", "below", None, ["N5", "N6"]),
    ],
)
def test_a_forehead_that_holds_up_skin_or_brow_is_major_and_alone_it_is_moderate(
    compensation, skin, brow_right, brow_left, rules
):
    changed = {
        "frontalis_compensation": compensation,
        "dermatochalasis": skin and Dermatochalasis(skin),
        "brow_right": brow_right and BrowPosition(brow_right),
        "brow_left": brow_left and BrowPosition(brow_left),
    }

    assert fired(**changed) == rules


@pytest.mark.parametrize(
    ("answer", "finding", "rules"),
    [
        ({}, None, []),
        ({}, "none", []),
        ({}, "once", ["N7"]),
        ({}, "more", ["J7"]),
        ({"value": "yes"}, None, ["N7"]),
        ({"value": "yes", "times": "once"}, "none", ["N7"]),
        ({"value": "yes", "times": "once"}, "once", ["N7"]),
        ({"value": "yes", "times": "once"}, "more", ["J7"]),
        ({"value": "yes", "times": "more"}, None, ["J7"]),
        ({"value": "yes", "times": "more"}, "none", ["J7"]),
        ({"value": "yes", "times": "more"}, "once", ["J7"]),
        ({"value": "not-sure", "times": "more"}, None, []),
        ({"value": "not-sure", "times": "more"}, "once", ["N7"]),
        ({"value": "no", "times": "more"}, None, []),
    ],
)
def test_droop_after_toxin_counts_as_the_higher_of_intake_and_finding(answer, finding, rules):
    history = replied(Topic.PREVIOUS_DROOP_AFTER_TOXIN, **{"value": "no", **answer})

    found = finding and DroopTimes(finding)

    assert fired(history=history, droop_after_toxin=found) == rules


@pytest.mark.parametrize(
    ("finding", "answer", "rules"),
    [
        (True, "no", ["N8"]),
        (True, "yes", ["N8"]),
        (False, "yes", []),
        (None, "yes", ["N8"]),
        (None, "not-sure", []),
        (None, "no", []),
    ],
)
def test_surgery_is_read_from_the_intake_only_when_the_finding_is_not_recorded(
    finding, answer, rules
):
    history = replied(Topic.EYELID_OR_FACE_SURGERY, answer)

    assert fired(history=history, eyelid_or_brow_surgery=finding) == rules


@pytest.mark.parametrize(
    ("short_forehead", "toxin_in", "rules"),
    [
        (True, ["forehead"], ["N9"]),
        (True, ["glabella", "forehead"], ["N9"]),
        (True, ["glabella"], []),
        (False, ["forehead"], []),
        (None, ["forehead"], []),
    ],
)
def test_a_short_forehead_counts_when_toxin_is_considered_in_it(short_forehead, toxin_in, rules):
    assert fired(short_forehead=short_forehead, toxin_in=toxin_in) == rules
