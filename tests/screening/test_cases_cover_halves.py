"""A rule that holds in more than one way has a case of our own for each, and one just beside it.

Clinical reference d.2 (J3, J6, J7, N7 to N9, how many make high), c (details), e.1 (W4), e.2 and g.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from clinic.screening.rules import (
    AnswerValue,
    Area,
    Case,
    DroopTimes,
    Findings,
    KeepsFrom,
    Side,
    TimeADay,
    Topic,
    ToxinProduct,
    Upset,
)
from tests.screening.own_cases import NAMES, cases, expected

ALL = [(case, expected(name)[id_]) for name in NAMES for id_, case in cases(name).items()]
MUSCLES, DROOP = Topic.NEUROMUSCULAR_DISEASE, Topic.PREVIOUS_DROOP_AFTER_TOXIN
SURGERY, SORES, ALBUMIN = Topic.EYELID_OR_FACE_SURGERY, Topic.COLD_SORES, Topic.HUMAN_ALBUMIN
AN_HOUR = (TimeADay.UP_TO_3_H, TimeADay.OVER_3_H)
A_LOT = (Upset.A_LOT, Upset.EXTREMELY)
Way = Callable[[Case, Findings], Any]


def said(case, topic, value=AnswerValue.YES, **details):
    answer = case.answer(topic)
    return answer.value == value and details.items() <= answer.details.items()


def once(case):
    return said(case, DROOP) and case.answer(DROOP).times == DroopTimes.ONCE


def fired(outcome):
    return outcome["droop"].split()[1:]


@pytest.mark.parametrize(
    ("rule", "way"),
    [
        ("J3", lambda c, f: said(c, MUSCLES) and not f.neuromuscular_disease),
        ("J3", lambda c, f: f.neuromuscular_disease and not said(c, MUSCLES)),
        ("J3", lambda c, f: f.fatigable and not said(c, MUSCLES)),
        ("J6", lambda c, f: f.dermatochalasis == "moderate" and not below(f)),
        ("J6", lambda c, f: f.brow_right == "below" and f.dermatochalasis == "none"),
        ("J6", lambda c, f: f.brow_left == "below" and f.dermatochalasis == "none"),
        ("J7", lambda c, f: said(c, DROOP, times="more") and not f.droop_after_toxin),
        ("J7", lambda c, f: f.droop_after_toxin == "more" and not said(c, DROOP)),
        ("J7", lambda c, f: said(c, DROOP, times="more") and f.droop_after_toxin == "once"),
        ("J7", lambda c, f: once(c) and f.droop_after_toxin == "more"),
        ("N7", lambda c, f: said(c, DROOP) and not f.droop_after_toxin),
        ("N7", lambda c, f: f.droop_after_toxin == "once" and not said(c, DROOP)),
        ("N8", lambda c, f: said(c, SURGERY) and f.eyelid_or_brow_surgery is None),
        ("N8", lambda c, f: f.eyelid_or_brow_surgery and not said(c, SURGERY)),
    ],
)
def test_every_way_in_which_a_droop_rule_holds_has_a_case(rule: str, way: Way):
    assert [case for case, outcome in ALL if rule in fired(outcome) and way(case, case.findings)]


def below(findings):
    return "below" in (findings.brow_right, findings.brow_left)


@pytest.mark.parametrize(
    ("rule", "way"),
    [
        ("J3", lambda c, f: said(c, MUSCLES, AnswerValue.NOT_SURE)),
        ("J3", lambda c, f: f.fatigable is False),
        ("J6", lambda c, f: f.frontalis_compensation and f.brow_left == "at"),
        ("J6", lambda c, f: f.dermatochalasis == "moderate" and not f.frontalis_compensation),
        ("J7", lambda c, f: said(c, DROOP, AnswerValue.NOT_SURE, times="more")),
        ("N4", lambda c, f: f.frontalis_compensation and below(f)),
        ("N7", lambda c, f: said(c, DROOP, AnswerValue.NOT_SURE)),
        ("N7", lambda c, f: f.droop_after_toxin == DroopTimes.NONE),
        ("N8", lambda c, f: said(c, SURGERY) and f.eyelid_or_brow_surgery is False),
        ("N8", lambda c, f: said(c, SURGERY, AnswerValue.NOT_SURE)),
        ("N9", lambda c, f: f.short_forehead and not any(w.area == "forehead" for w in c.concerns)),
    ],
)
def test_every_droop_rule_that_nearly_holds_has_a_case(rule: str, way: Way):
    assert [
        case
        for case, outcome in ALL
        if outcome["droop"] != "not-applicable"
        if rule not in fired(outcome) and way(case, case.findings)
    ]


@pytest.mark.parametrize(("many", "rating"), [(1, "moderate"), (2, "moderate"), (3, "high")])
def test_every_number_of_moderate_findings_has_a_case(many, rating):
    alone = [
        outcome["droop"].split()[0]
        for _case, outcome in ALL
        if len(fired(outcome)) == many and all(rule.startswith("N") for rule in fired(outcome))
        if not outcome["incomplete"]
    ]

    assert set(alone) == {rating}


@pytest.mark.parametrize(("kind", "rating"), [("J", "high"), ("N", "not-assessed"), ("", None)])
def test_what_is_missing_has_a_case_with_a_major_finding_a_moderate_one_and_none(kind, rating):
    rated = {
        outcome["droop"].split()[0]
        for _case, outcome in ALL
        if any(each.startswith("findings.") for each in outcome["incomplete"])
        if {rule[0] for rule in fired(outcome)} == {*kind} and len(fired(outcome)) < 3
    }

    assert rated == {rating or "not-assessed"}


@pytest.mark.parametrize(
    "way",
    [
        lambda d: d.time_a_day in AN_HOUR and d.upset in A_LOT and d.keeps_from != KeepsFrom.OFTEN,
        lambda d: d.time_a_day in AN_HOUR and d.keeps_from == KeepsFrom.OFTEN and not d.upset,
        lambda d: d.time_a_day not in AN_HOUR,  # so any other three
    ],
)
def test_every_way_to_appearance_distress_has_a_case(way):
    flag = "caution appearance-distress both"

    assert [case for case, outcome in ALL if flag in outcome["flags"] and way(case.distress)]


@pytest.mark.parametrize(
    ("topic", "answer", "details", "flag"),
    [
        (ALBUMIN, "yes", {"kind": "allergy"}, "absolute human-albumin toxin"),
        (ALBUMIN, "not-sure", {}, "caution human-albumin toxin"),
        (ALBUMIN, "yes", {"kind": "objection"}, "information human-albumin toxin"),
        (SORES, "yes", {"now": True}, "absolute cold-sores both perioral lips"),
        (SORES, "yes", {"now": False}, "caution cold-sores filler perioral lips"),
        (SORES, "not-sure", {"now": True}, "caution cold-sores both perioral lips"),
        ("infection-at-site", "yes", {}, "absolute infection-at-site both chin palms"),
        ("infection-at-site", "not-sure", {}, "caution infection-at-site both"),
        ("skin-inflammation-at-site", "yes", {}, "absolute skin-inflammation-at-site filler"),
        ("skin-inflammation-at-site", "yes", {}, "caution skin-inflammation-at-site toxin"),
        ("skin-inflammation-at-site", "not-sure", {}, "caution skin-inflammation-at-site both"),
        ("recent-vaccine-or-illness", "yes", {"kind": "vaccine"},
         "caution recent-vaccine-or-illness filler"),
        ("recent-vaccine-or-illness", "yes", {"kind": "illness"},
         "caution recent-vaccine-or-illness both"),
    ],
)  # fmt: skip
def test_every_half_of_an_answer_has_a_case(topic, answer, details, flag):
    assert [
        case
        for case, outcome in ALL
        if said(case, Topic(topic), AnswerValue(answer), **details)
        and any(each.startswith(flag) for each in outcome["flags"])
    ]


@pytest.mark.parametrize(
    "left_out",
    [
        lambda session: session.product is None,
        lambda session: session.units is None,
        lambda session: session.product not in (None, ToxinProduct.ONABOTULINUMTOXIN_A),
    ],
)
def test_every_session_that_is_not_added_has_a_case(left_out):
    assert [
        case
        for case, _o in ALL
        if any(left_out(s) for s in case.answer(Topic.RECENT_TOXIN).sessions)
    ]


def test_a_filler_under_the_eye_that_is_not_labelled_there_has_a_case():
    there = [
        outcome["flags"]
        for case, outcome in ALL
        if [(line.product, line.area) for line in case.plan] == [("Restylane", Area.TEAR_TROUGH)]
    ]

    assert there
    assert all("caution high-risk-filler-site filler tear-trough" in flags for flags in there)


@pytest.mark.parametrize(
    ("product", "ml", "is_above"),
    [("Restylane", "2.0", False), ("Restylane", "2.1", True), ("Juvederm Voluma", "2.1", True)],
)
def test_the_volume_advised_under_the_eye_has_a_case_on_both_sides(product, ml, is_above):
    flag = f"caution above-label-dose filler tear-trough {product}"
    line = (product, Area.TEAR_TROUGH, Decimal(ml))
    there = [o["flags"] for c, o in ALL if line in [(p.product, p.area, p.ml) for p in c.plan]]

    assert [flag in flags for flags in there] == [is_above]


@pytest.mark.parametrize("side", Side)
def test_every_side_has_a_case_and_so_has_an_area_on_both(side):
    twice = [
        case for case, _o in ALL if len({each.area for each in case.concerns}) < len(case.concerns)
    ]

    assert [case for case, _o in ALL if any(each.side == side for each in case.concerns)]
    assert twice
