"""What the patient sees becomes a pattern, and stops take away without swapping anything in."""

from datetime import date

import pytest

from clinic.screening.rules import (
    Answer,
    AnswerValue,
    Area,
    Case,
    Concern,
    Side,
    Topic,
    evaluate,
)

TODAY = date(2026, 6, 15)
SKIN = [area for area in Area if area not in ("axillae", "palms")]
HIGH_RISK = {
    "forehead", "glabella", "crows-feet", "bunny-lines", "tear-trough", "neck-bands", "neck-lines",
}  # fmt: skip
ON_LABEL_ALONE = {"glabella", "crows-feet", "neck-bands"}


def judge(*concerns, **history):
    answers = {
        Topic(key.replace("_", "-")): Answer(AnswerValue.YES, details)
        for key, details in history.items()
    }
    return evaluate(Case(born_on=date(1985, 1, 1), today=TODAY, concerns=concerns, history=answers))


def flags_about(topic, evaluation):
    return [
        (flag.level, flag.scope.modality, flag.scope.areas, flag.raised_by, flag.source)
        for flag in evaluation.flags
        if flag.topic == topic
    ]


@pytest.mark.parametrize("area", SKIN)
@pytest.mark.parametrize(
    ("signs", "pattern"),
    [
        ((), "none"),
        (("in_motion",), "toxin"),
        (("at_rest",), "filler"),
        (("in_motion", "at_rest"), "combined"),
        (("volume",), "filler"),
        (("bulk",), "toxin"),
        (("in_motion", "volume"), "combined"),
        (("bulk", "volume"), "combined"),
        (("at_rest", "volume"), "filler"),
        (("in_motion", "bulk"), "toxin"),
    ],
)
def test_what_the_patient_sees_decides_in_every_area(area, signs, pattern):
    evaluation = judge(Concern(area, **dict.fromkeys(signs, True)))

    assert evaluation.pattern == pattern
    assert evaluation.pattern_by_area == {area: pattern}


@pytest.mark.parametrize("area", ["axillae", "palms"])
@pytest.mark.parametrize(
    ("hdss", "creams_failed", "pattern", "creams_first", "incomplete"),
    [
        (None, False, "none", False, True),
        (1, False, "none", False, False),
        (2, False, "none", True, False),
        (2, True, "none", True, False),
        (3, False, "toxin", True, False),
        (3, True, "toxin", False, False),
        (4, False, "toxin", True, False),
        (4, True, "toxin", False, False),
    ],
)
def test_sweating_is_for_toxin_from_grade_3_and_creams_come_first(
    area, hdss, creams_failed, pattern, creams_first, incomplete
):
    evaluation = judge(Concern(Area(area), hdss=hdss, creams_failed=creams_failed))

    assert evaluation.pattern == pattern
    assert bool(flags_about("creams-first", evaluation)) is creams_first
    assert evaluation.incomplete == ((f"concerns.{area}.hdss",) if incomplete else ())


def test_creams_first_is_one_information_for_both_sweating_areas_with_every_cause():
    evaluation = judge(Concern(Area.PALMS, hdss=2), Concern(Area.AXILLAE, hdss=4))

    assert flags_about("creams-first", evaluation) == [
        (
            "information",
            "toxin",
            (Area.AXILLAE, Area.PALMS),
            "concerns.axillae.hdss = 4; concerns.axillae.creams_failed = no; "
            "concerns.palms.hdss = 2",
            "BX",
        )
    ]


def test_a_side_without_a_grade_is_incomplete_once_though_the_other_has_one():
    evaluation = judge(
        Concern(Area.PALMS, Side.LEFT), Concern(Area.PALMS, Side.RIGHT, hdss=3, creams_failed=True)
    )

    assert (evaluation.incomplete, evaluation.pattern) == (("concerns.palms.hdss",), "toxin")


@pytest.mark.parametrize(
    ("concerns", "pattern"),
    [
        ([], "none"),
        ([Concern(Area.LIPS)], "none"),
        ([Concern(Area.LIPS), Concern(Area.CHIN, bulk=True)], "toxin"),
        ([Concern(Area.GLABELLA, in_motion=True), Concern(Area.PALMS, hdss=3)], "toxin"),
        ([Concern(Area.LIPS, volume=True), Concern(Area.CHEEKS, volume=True)], "filler"),
        ([Concern(Area.LIPS, volume=True), Concern(Area.CHIN, in_motion=True)], "combined"),
    ],
)
def test_the_overall_pattern_is_the_union_of_the_areas(concerns, pattern):
    assert judge(*concerns).pattern == pattern


def test_an_area_listed_once_for_each_side_is_joined():
    evaluation = judge(
        Concern(Area.CHIN, Side.RIGHT, volume=True), Concern(Area.CHIN, Side.LEFT, in_motion=True)
    )

    assert evaluation.pattern_by_area == {Area.CHIN: "combined"}


def test_what_is_considered_says_which_modality_where_and_why():
    evaluation = judge(Concern(Area.PALMS, hdss=4), Concern(Area.CHIN, in_motion=True, volume=True))

    assert [(c.area, c.modality, c.cause) for c in evaluation.considered] == [
        ("chin", "toxin", "concerns.chin.in_motion = yes"),
        ("chin", "filler", "concerns.chin.volume = yes"),
        ("palms", "toxin", "concerns.palms.hdss = 4"),
    ]


@pytest.mark.parametrize("side", Side)
def test_the_side_never_changes_a_flag(side):
    one_side = judge(Concern(Area.GLABELLA, side, in_motion=True, at_rest=True, fws=1))

    assert (
        one_side.flags == judge(Concern(Area.GLABELLA, in_motion=True, at_rest=True, fws=1)).flags
    )


GLABELLA = Concern(Area.GLABELLA, in_motion=True, at_rest=True)
CHIN = Concern(Area.CHIN, in_motion=True)
LIPS = Concern(Area.LIPS, volume=True)


@pytest.mark.parametrize(
    ("concerns", "history", "pattern", "after_flags"),
    [
        ([CHIN], {}, "toxin", "toxin"),
        ([CHIN], {"pregnancy": {}}, "toxin", "none"),
        ([CHIN], {"toxin_allergy": {}}, "toxin", "none"),
        ([LIPS], {"toxin_allergy": {}}, "filler", "filler"),
        ([LIPS], {"severe_allergy_history": {}}, "filler", "none"),
        ([GLABELLA], {"neuromuscular_disease": {}}, "combined", "filler"),
        ([GLABELLA], {"severe_allergy_history": {}}, "combined", "toxin"),
        ([GLABELLA], {"pregnancy": {}}, "combined", "none"),
        ([GLABELLA], {"toxin_allergy": {}, "severe_allergy_history": {}}, "combined", "none"),
        ([CHIN], {"cows_milk_protein_allergy": {}}, "toxin", "toxin"),
        ([CHIN], {"breastfeeding": {}}, "toxin", "toxin"),
        ([LIPS], {"lidocaine_allergy": {}}, "filler", "filler"),
        ([CHIN], {"blood_thinners": {}}, "toxin", "toxin"),
        ([CHIN], {"infection_at_site": {"areas": ["chin"]}}, "toxin", "none"),
        ([CHIN], {"infection_at_site": {"areas": ["lips"]}}, "toxin", "toxin"),
        ([CHIN, LIPS], {"infection_at_site": {"areas": ["lips"]}}, "combined", "toxin"),
        ([CHIN, LIPS], {"infection_at_site": {}}, "combined", "none"),
    ],
)  # fmt: skip
def test_only_a_stop_of_a_whole_modality_or_area_takes_anything_away(
    concerns, history, pattern, after_flags
):
    evaluation = judge(*concerns, **history)

    assert (evaluation.pattern, evaluation.after_flags) == (pattern, after_flags)


def test_an_area_stop_shows_in_its_area_only():
    evaluation = judge(LIPS, GLABELLA, infection_at_site={"areas": ["glabella"]})

    assert evaluation.after_flags_by_area == {Area.GLABELLA: "none", Area.LIPS: "filler"}
    assert list(evaluation.after_flags_by_area) == [Area.GLABELLA, Area.LIPS]


def test_not_sure_about_an_allergy_leaves_the_suggestion_but_about_pregnancy_does_not():
    not_sure = Answer(AnswerValue.NOT_SURE)
    born_on = date(1985, 1, 1)
    allergy, pregnancy = (
        Case(born_on=born_on, today=TODAY, concerns=(CHIN,), history={topic: not_sure})
        for topic in (Topic.TOXIN_ALLERGY, Topic.PREGNANCY)
    )

    assert (evaluate(allergy).after_flags, evaluate(pregnancy).after_flags) == ("toxin", "none")


@pytest.mark.parametrize("area", SKIN)
@pytest.mark.parametrize("sign", ["at_rest", "volume"])
def test_filler_considered_in_a_high_risk_site_is_a_caution(area, sign):
    evaluation = judge(Concern(area, **{sign: True}))

    assert flags_about("high-risk-filler-site", evaluation) == [
        ("caution", "filler", (area,), f"concerns.{area}.{sign} = yes", "FF")
    ] * (area in HIGH_RISK)


@pytest.mark.parametrize("area", SKIN)
@pytest.mark.parametrize("sign", ["in_motion", "bulk"])
def test_toxin_considered_in_an_area_without_a_label_of_its_own_is_off_label(area, sign):
    evaluation = judge(Concern(area, **{sign: True}))

    assert flags_about("off-label-area", evaluation) == [
        ("caution", "toxin", (area,), f"concerns.{area}.{sign} = yes", "PR")
    ] * (area not in ON_LABEL_ALONE)


@pytest.mark.parametrize(("area", "off_label"), [("axillae", False), ("palms", True)])
def test_palm_sweating_is_off_label_and_armpit_sweating_is_not(area, off_label):
    evaluation = judge(Concern(Area(area), hdss=3, creams_failed=True))

    assert bool(flags_about("off-label-area", evaluation)) is off_label


@pytest.mark.parametrize(
    ("glabella", "off_label"),
    [({"in_motion": True}, False), ({"at_rest": True}, True), ({}, True)],
)
def test_the_forehead_is_labelled_only_with_toxin_considered_in_the_glabella(glabella, off_label):
    evaluation = judge(Concern(Area.FOREHEAD, in_motion=True), Concern(Area.GLABELLA, **glabella))

    assert bool(flags_about("off-label-area", evaluation)) is off_label


def test_a_stop_does_not_hide_what_was_considered():
    evaluation = judge(Concern(Area.BUNNY_LINES, in_motion=True), toxin_allergy={})

    assert evaluation.after_flags == "none"
    assert flags_about("off-label-area", evaluation) != []


@pytest.mark.parametrize(
    ("fws", "sign", "below"),
    [
        (None, "in_motion", False),
        (0, "in_motion", True),
        (1, "in_motion", True),
        (2, "in_motion", False),
        (3, "in_motion", False),
        (1, "bulk", True),
        (1, "at_rest", False),
        (1, "volume", False),
    ],
)
@pytest.mark.parametrize("area", ["glabella", "chin"])
def test_a_faint_line_where_toxin_is_considered_is_below_the_labelled_severity(
    area, fws, sign, below
):
    evaluation = judge(Concern(Area(area), fws=fws, **{sign: True}))

    assert (
        flags_about("below-labelled-severity", evaluation)
        == [("information", "toxin", (area,), f"concerns.{area}.fws = {fws}", "PR")] * below
    )


def test_two_faint_sides_are_one_information_with_both_causes():
    evaluation = judge(
        Concern(Area.CROWS_FEET, Side.LEFT, in_motion=True, fws=1),
        Concern(Area.CROWS_FEET, Side.RIGHT, in_motion=True, fws=0),
        Concern(Area.GLABELLA, in_motion=True, fws=1),
    )

    ((_, _, areas, raised_by, _),) = flags_about("below-labelled-severity", evaluation)
    assert areas == (Area.GLABELLA, Area.CROWS_FEET)
    assert raised_by == (
        "concerns.glabella.fws = 1; concerns.crows-feet.fws = 0; concerns.crows-feet.fws = 1"
    )
