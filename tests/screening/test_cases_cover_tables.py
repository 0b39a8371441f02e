"""No row of a.1 and no sentence above the table of c is without a case of our own.

What each row says stands here a second time, as the reference prints it, so that a row whose cases
are taken away, or that the rules lose, is missed.
"""

import pytest

from clinic.screening.rules import SWEATING_AREAS, AnswerValue, Area, Modality, Topic
from tests.screening.own_cases import NAMES, cases, expected

ALL = [
    (case, expected(name)[id_]) for name in NAMES for id_, case in cases(name).items()
]  # fmt: skip
SIGNS = ("in_motion", "at_rest", "volume", "bulk")
HIGH_RISK = {"forehead", "glabella", "crows-feet", "bunny-lines", "tear-trough",
             "neck-bands", "neck-lines"}  # fmt: skip
LABELLED = {"glabella", "crows-feet", "neck-bands", "axillae"}  # the forehead with the glabella
SEEN = [area for area in Area if area not in SWEATING_AREAS]


def says(concern):
    """What a concern says, in one word for each sign: "in_motion at_rest", "hdss 3"."""
    signs = [sign for sign in SIGNS if getattr(concern, sign)]
    return " ".join(signs) if concern.hdss is None else f"hdss {concern.hdss}"


def areas_of(outcome, topic):
    """The areas of the flags of *topic* that are about every product."""
    flags = [flag.split() for flag in outcome["flags"]]
    return {area for flag in flags if flag[1] == topic for area in flag[3:] if area in [*Area]}


def wants(case, area, *signs):
    return any(
        concern.area == area and any(getattr(concern, sign) for sign in signs)
        for concern in case.concerns
    )


@pytest.mark.parametrize(
    ("said", "pattern"),
    [
        ("in_motion", "toxin"),
        ("at_rest", "filler"),
        ("in_motion at_rest", "combined"),
        ("volume", "filler"),
        ("bulk", "toxin"),
        ("in_motion volume", "combined"),
        ("hdss 4", "toxin"),
        ("hdss 3", "toxin"),
        ("hdss 2", "none"),
        ("hdss 1", "none"),
        ("", "none"),
    ],
)
def test_every_row_of_a1_has_a_case_where_it_stands_alone(said, pattern):
    alone = [outcome for case, outcome in ALL if [says(each) for each in case.concerns] == [said]]

    assert {outcome["pattern"] for outcome in alone} == {pattern}


@pytest.mark.parametrize("area", SWEATING_AREAS)
@pytest.mark.parametrize("failed", [True, False])
@pytest.mark.parametrize("hdss", [1, 2, 3, 4])
def test_every_grade_of_sweating_has_a_case_with_creams_and_without(area, failed, hdss):
    raised = [
        area in areas_of(outcome, "creams-first")
        for case, outcome in ALL
        for each in case.concerns
        if (each.area, each.hdss, each.creams_failed, len(case.concerns)) == (area, hdss, failed, 1)
    ]

    assert set(raised) == {hdss == 2 or (hdss > 2 and not failed)}


@pytest.mark.parametrize("pattern", ["toxin", "filler", "combined", "none"])
def test_every_union_over_several_areas_has_a_case(pattern):
    assert [
        case for case, outcome in ALL
        if len({each.area for each in case.concerns}) > 1 and outcome["pattern"] == pattern
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "stop", "left"),
    [
        ("toxin", "toxin", "none"),  # and not filler: nothing is swapped in
        ("filler", "filler", "none"),
        ("combined", "toxin", "filler"),
        ("combined", "filler", "toxin"),
        ("combined", "both", "none"),
        ("combined", "both area", "filler"),
        ("combined", "both other-area", "combined"),
        ("toxin", "toxin product", "toxin"),
        ("filler", "filler product", "filler"),
    ],
)
def test_every_kind_of_stop_has_a_case_where_it_stands_alone(pattern, stop, left):
    assert [
        case for case, outcome in ALL
        if [*stops_of(case, outcome)] == [stop]
        and (outcome["pattern"], outcome["after_flags"]) == (pattern, left)
    ]  # fmt: skip


def stops_of(case, outcome):
    wanted = {concern.area for concern in case.concerns}
    for flag in outcome["flags"]:
        level, _topic, modality, *where = flag.split()
        kind = "area" if wanted & {*where} else "other-area" if {*where} & {*Area} else "product"
        if level == "absolute":
            yield f"{modality} {kind}" if where else modality


@pytest.mark.parametrize("area", SEEN)
def test_every_area_has_a_case_of_filler_that_is_flagged_where_the_reference_says_so(area):
    flagged = [
        area in areas_of(outcome, "high-risk-filler-site")
        for case, outcome in ALL
        if wants(case, area, "at_rest", "volume")
        and not [line for line in case.plan if line.modality == Modality.FILLER]
    ]

    assert set(flagged) == {area in HIGH_RISK}


@pytest.mark.parametrize("area", Area)
def test_every_area_has_a_case_of_toxin_that_is_off_label_where_the_reference_says_so(area):
    flagged = {
        area in areas_of(outcome, "off-label-area")
        for case, outcome in ALL
        if wants(case, area, "in_motion", "bulk") or says_sweat(case, area)
        if not case.plan
    }

    assert flagged == ({True, False} if area == Area.FOREHEAD else {area not in LABELLED})


def says_sweat(case, area):
    return any(each.area == area and (each.hdss or 0) > 2 for each in case.concerns)


@pytest.mark.parametrize("fws", [0, 1, 2, 3])
@pytest.mark.parametrize("is_labelled", [True, False])
def test_every_grade_of_a_line_in_motion_has_a_case_where_labelled_and_where_not(fws, is_labelled):
    raised = [
        each.area in areas_of(outcome, "below-labelled-severity")
        for case, outcome in ALL
        for each in case.concerns
        if each.in_motion and each.fws == fws and (each.area in LABELLED) is is_labelled
        if len(case.concerns) == 1
    ]

    assert set(raised) == {fws < 2}


def test_a_slight_line_that_no_toxin_is_considered_for_has_a_case():
    assert [
        case for case, outcome in ALL
        if any(each.fws in (0, 1) and says(each) == "at_rest" for each in case.concerns)
        and not areas_of(outcome, "below-labelled-severity")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "finding"),
    [
        (Topic.NEUROMUSCULAR_DISEASE, "neuromuscular_disease"),  # question 6
        (Topic.PREVIOUS_DROOP_AFTER_TOXIN, "droop_after_toxin"),  # question 22
        (Topic.EYELID_OR_FACE_SURGERY, "eyelid_or_brow_surgery"),  # question 32
    ],
)
def test_every_finding_that_answers_a_question_has_a_case_with_yes_and_one_with_no(topic, finding):
    raised = {
        case.findings.says_yes(finding): any(f.split()[1] == topic for f in outcome["flags"])
        for case, outcome in ALL
        if getattr(case.findings, finding) is not None
        and case.answer(topic).value == AnswerValue.NO
    }

    assert raised == {True: True, False: False}
