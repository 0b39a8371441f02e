"""No topic, rule, answer, dose or limit of the reference is without a case of our own.

The limits stand here a second time, as the reference prints them: a limit that somebody moves in
the rules then lacks its cases, or its cases fail.
"""

from datetime import date
from decimal import Decimal

import pytest

from clinic.screening.rules import (
    DETAILS,
    FILLERS,
    HISTORY_TOPICS,
    AnswerValue,
    Area,
    Dermatochalasis,
    DroopRule,
    KeepsFrom,
    OthersHardlySee,
    ProductFamily,
    Rating,
    TimeADay,
    Topic,
    ToxinProduct,
    UnhappyAfter,
    Unsafe,
    Upset,
    WillChangeLife,
)
from clinic.screening.rules.distress import SCORED
from clinic.screening.rules.droop import DEMANDED
from clinic.screening.rules.plan_rules import months_before
from clinic.screening.rules.products import LABELLED_DOSES
from tests.screening.own_cases import NAMES, cases, every_case, expected

OUTCOMES = {f"{name}: {id_}": outcome for name in NAMES for id_, outcome in expected(name).items()}
FLAGS = [flag for outcome in OUTCOMES.values() for flag in outcome["flags"]]
CASES = {f"{name}: {id_}": case for name in NAMES for id_, case in cases(name).items()}
DISTRESS = {
    "time_a_day": TimeADay,
    "upset": Upset,
    "keeps_from": KeepsFrom,
    "others_hardly_see": OthersHardlySee,
    "unhappy_after": UnhappyAfter,
    "will_change_life": WillChangeLife,
    "unsafe": Unsafe,
}


def fired(outcome):
    return outcome["droop"].split()[1:]


def test_there_are_more_than_the_promised_cases_and_each_is_expected_to_come_to_something():
    assert len(CASES) > 400
    assert CASES.keys() == OUTCOMES.keys()


@pytest.mark.parametrize("topic", Topic)
def test_every_topic_is_raised_by_a_case(topic):
    assert [flag for flag in FLAGS if flag.split()[1] == topic]


@pytest.mark.parametrize("topic", HISTORY_TOPICS)
@pytest.mark.parametrize("value", AnswerValue)
def test_every_question_is_answered_with_every_answer(topic, value):
    given = [case for case in every_case() if topic in case.history]

    assert [case for case in given if case.history[topic].value == value]


@pytest.mark.parametrize(
    ("topic", "detail", "value"),
    [
        (topic, detail, value)
        for topic, details in DETAILS.items()
        for detail, values in details.items()
        for value in (values if detail not in ("areas", "sessions") else ())
    ],
)
def test_every_value_of_a_detail_has_a_case_and_so_has_the_detail_left_out(topic, detail, value):
    answers = [case.history[topic] for case in every_case() if topic in case.history]

    assert [answer for answer in answers if answer.details.get(detail) == value]
    assert [a for a in answers if a.value == AnswerValue.YES and detail not in a.details]


@pytest.mark.parametrize("topic", [topic for topic in DETAILS if "areas" in DETAILS[topic]])
def test_every_question_about_areas_has_them_named_left_to_the_wishes_and_left_open(topic):
    asked = [case for case in every_case() if topic in case.history]
    named = [case for case in asked if case.history[topic].areas]
    wanted = [case for case in asked if case.concerns and not case.history[topic].areas]
    neither = [case for case in asked if not case.concerns and not case.history[topic].areas]

    assert named
    assert wanted
    assert neither


@pytest.mark.parametrize("rule", DroopRule)
def test_every_droop_rule_holds_in_a_case_and_decides_one_alone(rule):
    """Alone, or J6 with what it is made of: so that a case fails when the rule is lost."""
    alone = {"J1": ["J1"], "J6": ["J6", "N6"]}.get(rule, [rule])

    assert [outcome for outcome in OUTCOMES.values() if fired(outcome) == alone]


@pytest.mark.parametrize("rating", Rating)
def test_every_rating_has_a_case(rating):
    assert [outcome for outcome in OUTCOMES.values() if outcome["droop"].split()[0] == rating]


@pytest.mark.parametrize("finding", DEMANDED)
def test_every_demanded_finding_is_once_the_only_one_missing(finding):
    assert [o for o in OUTCOMES.values() if o["incomplete"] == [f"findings.{finding}"]]


@pytest.mark.parametrize(
    ("finding", "last_inside", "first_outside"),
    [
        ("mrd1", "2.0", "2.1"),  # J1
        ("mrd1", "3.0", "3.1"),  # N1
        ("levator", "7.9", "8.0"),  # J2
        ("levator", "11.9", "12.0"),  # N2
        ("snap_back", "2.0", "1.9"),
        ("distraction", "8.1", "8.0"),
    ],
)
@pytest.mark.parametrize("eye", ["right", "left"])
def test_every_limit_of_an_eye_has_a_case_on_both_sides(finding, last_inside, first_outside, eye):
    measured = {getattr(case.findings, f"{finding}_{eye}") for case in every_case()}

    assert {Decimal(last_inside), Decimal(first_outside)} <= measured


@pytest.mark.parametrize("apart", ["0.9", "1.0", "1.9", "2.0"])
def test_every_limit_of_the_lids_difference_has_a_case_on_both_sides(apart):
    assert Decimal(apart) in {case.findings.mrd1_difference for case in every_case()}


@pytest.mark.parametrize("grade", Dermatochalasis)
def test_every_grade_of_loose_skin_has_a_case(grade):
    assert [case for case in every_case() if case.findings.dermatochalasis == grade]


@pytest.mark.parametrize("age", [17, 18, 21, 22, 64, 65])
def test_every_limit_of_age_has_a_case_on_both_sides_and_one_of_a_leap_day(age):
    born = [(case.born_on.month, case.born_on.day) for case in every_case() if case.age == age]

    assert (2, 29) in born
    assert set(born) - {(2, 29)}


@pytest.mark.parametrize(
    ("key", "answer"), [(key, answer) for key, answers in DISTRESS.items() for answer in answers]
)
def test_every_answer_about_distress_has_a_case(key, answer):
    assert [case for case in every_case() if getattr(case.distress, key) == answer]


def raises_distress(key):
    """Cases whose distress flag rests on *key*: the same without it is another case, unflagged."""
    flagged = "caution appearance-distress both"
    return [
        id_ for id_, case in CASES.items()
        if getattr(case.distress, key) in SCORED[key] and flagged in OUTCOMES[id_]["flags"]
    ]  # fmt: skip


@pytest.mark.parametrize("key", SCORED)
def test_every_scored_question_counts_in_a_case_and_scores_in_one_that_raises_nothing(key):
    scored = [id_ for id_, case in CASES.items() if getattr(case.distress, key) in SCORED[key]]

    assert raises_distress(key)
    assert set(scored) - set(raises_distress(key))


def planned(case, product, area):
    lines = [line for line in case.plan if (line.product, line.area) == (product, area)]
    return sum(line.units or 0 for line in lines)


DOSES = [(product, area) for product, areas in LABELLED_DOSES.items() for area in areas]


@pytest.mark.parametrize(("product", "area"), DOSES)
def test_every_labelled_dose_has_a_case_at_it_and_one_just_above(product, area):
    labelled = LABELLED_DOSES[product][area]
    flag = f"caution above-label-dose toxin {area} {product}"
    at = [id_ for id_, case in CASES.items() if planned(case, product, area) == labelled]
    above = [
        id_ for id_, case in CASES.items() if labelled < planned(case, product, area) < labelled + 1
    ]

    assert [id_ for id_ in at if flag not in OUTCOMES[id_]["flags"]]
    assert [id_ for id_ in above if flag in OUTCOMES[id_]["flags"]]


def test_the_labelled_doses_are_those_of_the_reference():
    assert {(product, area): LABELLED_DOSES[product][area] for product, area in DOSES} == {
        ("onabotulinumtoxinA", "forehead"): 20,
        ("onabotulinumtoxinA", "glabella"): 20,
        ("onabotulinumtoxinA", "crows-feet"): 24,
        ("onabotulinumtoxinA", "neck-bands"): 36,
        ("onabotulinumtoxinA", "axillae"): 100,
        ("abobotulinumtoxinA", "glabella"): 50,
        ("incobotulinumtoxinA", "forehead"): 20,
        ("incobotulinumtoxinA", "glabella"): 20,
        ("incobotulinumtoxinA", "crows-feet"): 24,
        ("daxibotulinumtoxinA", "glabella"): 40,
        ("prabotulinumtoxinA", "glabella"): 20,
        ("letibotulinumtoxinA", "glabella"): 20,
    }


@pytest.mark.parametrize("product", ToxinProduct)
def test_every_toxin_has_a_case_beyond_its_label(product):
    if product == ToxinProduct.ONABOTULINUMTOXIN_A:  # beyond its label lies no other's label
        wanted = "caution off-label-area toxin masseter"
    else:
        wanted = f"caution off-label-area toxin axillae {product}"

    assert wanted in FLAGS


LIMITS = [(filler.name, limit) for filler in FILLERS.values() for limit in filler.limits]


@pytest.mark.parametrize(
    ("product", "limit"), LIMITS, ids=[f"{name} {limit.ml}" for name, limit in LIMITS]
)
def test_every_volume_limit_has_a_case_at_it_and_one_just_above(product, limit):
    def volume(case):
        lines = [line for line in case.plan if line.product == product]
        return sum(line.ml or 0 for line in lines if line.area in limit.areas)

    volumes = {volume(case) for case in every_case()}

    assert {limit.ml, limit.ml + Decimal("0.1")} <= volumes


def test_the_volume_limits_are_those_of_the_reference():
    assert [(name, limit.ml, Area.LIPS in limit.areas) for name, limit in LIMITS] == [
        ("Restylane", 3, True),
        ("Restylane", 6, False),
        ("Juvederm Volux", 9, True),
    ]


@pytest.mark.parametrize("filler", ["Restylane Eyelight", "Juvederm Volbella"])
def test_every_filler_labelled_under_the_eye_has_a_case_there(filler):
    there = [
        OUTCOMES[id_]["flags"]
        for id_, case in CASES.items()
        if [(line.product, line.area) for line in case.plan] == [(filler, Area.TEAR_TROUGH)]
    ]

    assert there == [[]]


@pytest.mark.parametrize("total", ["400", "401"])
def test_the_ceiling_of_three_months_has_a_case_on_both_sides(total):
    product = ToxinProduct.ONABOTULINUMTOXIN_A
    totals = {
        sum(s.units for s in case.answer(Topic.RECENT_TOXIN).sessions if s.product == product)
        + sum(line.units or 0 for line in case.plan if line.product == product)
        for case in every_case()
        if all(s.units and s.product for s in case.answer(Topic.RECENT_TOXIN).sessions)
    }

    assert Decimal(total) in totals


@pytest.mark.parametrize(
    ("today", "first_counted"),
    [
        (date(2026, 6, 15), date(2026, 3, 15)),
        (date(2026, 5, 31), date(2026, 2, 28)),
        (date(2028, 5, 31), date(2028, 2, 29)),
        (date(2026, 1, 1), date(2025, 10, 1)),
    ],
)
def test_the_first_day_that_counts_has_a_case_and_so_has_the_day_before(today, first_counted):
    days = {
        session.date
        for case in every_case()
        if case.today == today
        for session in case.answer(Topic.RECENT_TOXIN).sessions
    }

    assert months_before(today, 3) == first_counted
    assert first_counted in days
    assert date.fromordinal(first_counted.toordinal() - 1) in days


@pytest.mark.parametrize("product", [*ProductFamily])
def test_every_family_of_products_stands_in_a_flag(product):
    assert [flag for flag in FLAGS if flag.split()[-1] == product]
