"""When the droop assessment is required, what each rating needs, and how it is shown."""

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

TODAY = date(2026, 6, 15)
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
UPPER_FACE = ["forehead", "glabella", "crows-feet", "bunny-lines"]
NOT_ELSEWHERE = [*UPPER_FACE, "axillae", "palms"]


def judge(findings=NORMAL, history=None, toxin_in=("glabella",), born_on=date(1985, 1, 1)):
    measured = {name: decimal_of(findings[name]) for name in LENGTHS if findings.get(name)}
    return evaluate(
        Case(
            born_on=born_on,
            today=TODAY,
            concerns=tuple(Concern(Area(area), in_motion=True) for area in toxin_in),
            history=history or {},
            findings=Findings(**{**findings, **measured}),
        )
    )


def assess(*, history=None, toxin_in=("glabella",), born_on=date(1985, 1, 1), **changed):
    return judge({**NORMAL, **changed}, history, toxin_in, born_on).droop


def replied(topic, value="yes", **details):
    return {topic: Answer(AnswerValue(value), details)}


@pytest.mark.parametrize("area", UPPER_FACE)
def test_toxin_considered_anywhere_in_the_upper_face_needs_the_assessment(area):
    assert assess(toxin_in=[area]).rating == "low"


@pytest.mark.parametrize(
    "concern",
    [
        Concern(Area.AXILLAE, hdss=4),
        Concern(Area.PALMS, hdss=4),
        *(Concern(area, in_motion=True) for area in Area if area not in NOT_ELSEWHERE),
    ],
    ids=lambda concern: concern.area,
)
def test_toxin_elsewhere_does_not_need_the_assessment(concern):
    evaluation = evaluate(Case(born_on=date(1950, 1, 1), today=TODAY, concerns=(concern,)))

    assert (evaluation.droop.rating, evaluation.incomplete) == ("not-applicable", ())


def test_filler_alone_in_the_upper_face_does_not_need_the_assessment():
    case = Case(
        born_on=date(1950, 1, 1),
        today=TODAY,
        concerns=(Concern(Area.GLABELLA, at_rest=True), Concern(Area.FOREHEAD, volume=True)),
        findings=Findings(fatigable=True, mrd1_right=decimal_of(1)),
    )

    droop = evaluate(case).droop

    assert (droop.rating, droop.fired, droop.missing, droop.context) == (
        "not-applicable", (), (), (),
    )  # fmt: skip


def test_a_stop_on_toxin_does_not_take_the_assessment_away():
    assert assess(history=replied(Topic.TOXIN_ALLERGY)).rating == "low"


N2 = {"levator_right": "11.9"}
N5 = {"dermatochalasis": Dermatochalasis.MODERATE}
N7 = {"droop_after_toxin": DroopTimes.ONCE}
N8 = {"eyelid_or_brow_surgery": True}


@pytest.mark.parametrize(
    ("changed", "rating"),
    [
        ({}, "low"),
        (N2, "moderate"),
        (N2 | N5, "moderate"),
        (N2 | N5 | N7, "high"),
        (N2 | N5 | N7 | N8, "high"),
        ({"fatigable": True}, "high"),
        ({"dermatochalasis": Dermatochalasis.SEVERE}, "high"),
        ({"mrd1_right": "2.0"}, "high"),
        ({"levator_left": "7.9"}, "high"),
        ({"mrd1_right": "6.5"}, "high"),
        (N5 | {"frontalis_compensation": True}, "high"),
        ({"droop_after_toxin": DroopTimes.MORE}, "high"),
    ],
)
def test_one_major_or_three_moderate_findings_are_high_and_fewer_are_moderate(changed, rating):
    assert assess(**changed).rating == rating


@pytest.mark.parametrize("demanded", NORMAL)
@pytest.mark.parametrize(
    ("known", "rating"),
    [
        ({}, "not-assessed"),
        (N7, "not-assessed"),
        (N7 | N8, "not-assessed"),
        (N7 | {"fatigable": True}, "high"),
        (N7 | N8 | {"short_forehead": True}, "high"),
    ],
)
def test_a_missing_demanded_finding_leaves_nothing_but_high_or_not_assessed(
    demanded, known, rating
):
    evaluation = judge({**NORMAL, **known, demanded: None}, toxin_in=["forehead", "glabella"])

    assert evaluation.droop.rating == rating
    assert evaluation.droop.missing == (demanded,)
    assert evaluation.incomplete == (f"findings.{demanded}",)


@pytest.mark.parametrize(
    "not_demanded",
    [
        "fatigable",
        "droop_after_toxin",
        "eyelid_or_brow_surgery",
        "short_forehead",
        "neuromuscular_disease",
    ],
)
def test_the_other_findings_may_stay_unrecorded(not_demanded):
    assert assess(**{not_demanded: None}).rating == "low"


def test_nothing_recorded_lists_every_demanded_finding_in_order():
    evaluation = judge({})

    assert evaluation.droop.rating == "not-assessed"
    assert evaluation.incomplete == tuple(f"findings.{name}" for name in NORMAL)


def test_every_rule_that_holds_is_shown_j_before_n_with_the_facts_that_fired():
    droop = assess(
        mrd1_right="1.8",
        mrd1_left="2.8",
        levator_left="7.9",
        frontalis_compensation=True,
        dermatochalasis=Dermatochalasis.MODERATE,
        brow_left=BrowPosition.BELOW,
        fatigable=True,
        droop_after_toxin=DroopTimes.MORE,
        history=replied(Topic.EYELID_OR_FACE_SURGERY),
    )

    assert [(each.rule, each.sentence) for each in droop.fired] == [
        ("J1", "MRD1 right 1.8 mm"),
        ("J2", "Levator left 7.9 mm"),
        ("J3", "Fatigable or fluctuating lid"),
        ("J6", "Frontalis compensation, Moderate dermatochalasis, Brow left below the rim"),
        ("J7", "Droop after toxin more than once"),
        ("N1", "MRD1 left 2.8 mm"),
        ("N3", "MRD1 differs by 1.0 mm (right 1.8, left 2.8)"),
        ("N5", "Moderate dermatochalasis"),
        ("N6", "Brow left below the rim"),
        ("N8", "Eyelid or brow surgery or injury (intake)"),
    ]


@pytest.mark.parametrize("right", ["2.5", "3.1"])
def test_the_lid_difference_is_shown_with_the_rating(right):
    assert assess(mrd1_right=right, mrd1_left="3.9").mrd1_difference == decimal_of(
        "3.9"
    ) - decimal_of(right)


@pytest.mark.parametrize(
    ("changed", "context"),
    [
        ({"mrd1_right": "3.0", "mrd1_left": "3.0"}, ()),
        ({"mrd1_right": "3.1", "mrd1_left": "3.9"}, ("MRD1 right 3.1 mm", "MRD1 left 3.9 mm")),
        ({"mrd1_right": "4.0", "mrd1_left": "4.0"}, ()),
        ({"born_on": date(1961, 6, 15)}, ("Age 65",)),
        ({"born_on": date(1961, 6, 16)}, ()),
    ],
)
def test_a_lid_slightly_low_and_age_65_are_context_that_does_not_count(changed, context):
    droop = assess(**changed)

    assert droop.context == context
    assert {each.rule for each in droop.fired} <= {"N1"}


def test_context_alone_stays_low():
    assert assess(mrd1_right="3.9", born_on=date(1950, 1, 1)).rating == "low"


def droop_flags(evaluation):
    return [
        (
            flag.level,
            flag.scope.modality,
            flag.scope.areas,
            flag.raised_by,
            flag.reason,
            flag.source,
        )
        for flag in evaluation.flags
        if flag.topic == "eyelid-droop"
    ]


@pytest.mark.parametrize(
    ("changed", "raised_by", "reason"),
    [
        (
            {"mrd1_right": "2.8", "mrd1_left": "2.0"},
            "findings.mrd1_left = 2.0; findings.mrd1_right = 2.8",
            "Droop rating high because J1: MRD1 left 2.0 mm; N1: MRD1 right 2.8 mm.",
        ),
        (
            {"mrd1_right": "5", "mrd1_left": "4"},
            "findings.mrd1_right = 5.0; findings.mrd1_left = 4.0",
            "Droop rating moderate because N3: MRD1 differs by 1.0 mm (right 5.0, left 4.0).",
        ),
        (
            {"frontalis_compensation": True, "brow_right": BrowPosition.BELOW},
            "findings.frontalis_compensation = yes; findings.brow_right = below",
            "Droop rating high because J6: Frontalis compensation, Brow right below the rim; "
            "N6: Brow right below the rim.",
        ),
    ],
)
def test_moderate_and_high_are_a_caution_on_the_whole_upper_face(changed, raised_by, reason):
    assert droop_flags(judge({**NORMAL, **changed})) == [
        ("caution", "toxin", tuple(UPPER_FACE), raised_by, reason, "PR")
    ]


SURGERY = "Eyelid or brow surgery or injury"
SHORT = "Short forehead or lowest line under 2 cm above the brow"


@pytest.mark.parametrize(
    ("changed", "rule", "sentence", "causes"),
    [
        (
            {"history": replied(Topic.NEUROMUSCULAR_DISEASE)},
            "J3",
            "Neuromuscular disease (intake)",
            ["history.neuromuscular-disease = yes"],
        ),
        (
            {"neuromuscular_disease": True},
            "J3",
            "Neuromuscular disease",
            ["findings.neuromuscular_disease = yes"],
        ),
        (
            {"dermatochalasis": Dermatochalasis.SEVERE},
            "J4",
            "Severe dermatochalasis",
            ["findings.dermatochalasis = severe"],
        ),
        (
            {"history": replied(Topic.PREVIOUS_DROOP_AFTER_TOXIN, times="more"), **N7},
            "J7",
            "Droop after toxin more than once (intake)",
            ["history.previous-droop-after-toxin = yes"],
        ),
        (
            {"history": replied(Topic.PREVIOUS_DROOP_AFTER_TOXIN), **N7},
            "N7",
            "Droop after toxin once (intake), Droop after toxin once",
            ["history.previous-droop-after-toxin = yes", "findings.droop_after_toxin = once"],
        ),
        ({"fatigable": True}, "J3", "Fatigable or fluctuating lid", ["findings.fatigable = yes"]),
        (
            {"frontalis_compensation": True},
            "N4",
            "Frontalis compensation",
            ["findings.frontalis_compensation = yes"],
        ),
        (N8, "N8", SURGERY, ["findings.eyelid_or_brow_surgery = yes"]),
        (
            {"history": replied(Topic.EYELID_OR_FACE_SURGERY)},
            "N8",
            f"{SURGERY} (intake)",
            ["history.eyelid-or-face-surgery = yes"],
        ),
        ({"short_forehead": True}, "N9", SHORT, ["findings.short_forehead = yes"]),
        (
            {"brow_left": BrowPosition.BELOW},
            "N6",
            "Brow left below the rim",
            ["findings.brow_left = below"],
        ),
        (N2, "N2", "Levator right 11.9 mm", ["findings.levator_right = 11.9"]),
    ],
)
def test_a_rule_that_holds_says_why_and_from_which_facts(changed, rule, sentence, causes):
    droop = assess(**{"toxin_in": ["forehead", "glabella"], **changed})

    assert [(fired.rule, fired.sentence) for fired in droop.fired] == [(rule, sentence)]
    assert [fact for e in droop.fired[0].evidence for fact in e.causes] == causes


@pytest.mark.parametrize(
    "findings",
    [NORMAL, {}, {"droop_after_toxin": DroopTimes.ONCE}],
    ids=["low", "not assessed", "not assessed although N7 holds"],
)
def test_low_and_not_assessed_raise_no_droop_flag(findings):
    assert droop_flags(judge(findings)) == []
