"""What a plan raises, in its words: labelled doses, volumes, labels, three months together."""

from datetime import date
from decimal import Decimal

import pytest

from clinic.screening.rules import (
    FILLERS,
    Answer,
    AnswerValue,
    Area,
    Case,
    NotAllowed,
    PlanLine,
    Topic,
    ToxinProduct,
    ToxinSession,
    evaluate,
)
from clinic.screening.rules.plan_rules import months_before

ONA, ABO = "onabotulinumtoxinA", "abobotulinumtoxinA"


def toxin(area, units, product=ONA):
    return PlanLine(product=product, area=Area(area), units=units and Decimal(units))


def filler(area, ml, product="Restylane"):
    return PlanLine(product=product, area=Area(area), ml=ml and Decimal(ml))


def session(day, units=None, product=ONA):
    known = product and ToxinProduct(product)
    return ToxinSession(date.fromisoformat(day), known, units and Decimal(units))


def flags(topic, *plan, sessions=(), today=date(2026, 6, 15), value="yes"):
    """What the plan raises about *topic*: areas, product, raised by, reason and source."""
    history = {Topic.RECENT_TOXIN: Answer(AnswerValue(value), {"sessions": list(sessions)})}
    case = Case(born_on=date(1985, 1, 1), today=today, plan=plan, history=history)
    return [
        (f.scope.areas, f.scope.product, f.raised_by, f.reason, f.source)
        for f in evaluate(case).flags
        if f.topic == topic
    ]


@pytest.mark.parametrize("units", [None, "19.9", "20", "20.0"])
def test_up_to_the_labelled_dose_nothing_is_said(units):
    assert flags("above-label-dose", toxin("glabella", units)) == []


@pytest.mark.parametrize(
    ("lines", "planned"),
    [
        ([toxin("axillae", "100.5")], "100.5"),
        ([toxin("axillae", "101.0")], "101"),
        ([toxin("axillae", "200")], "200"),
        ([toxin("axillae", "60"), toxin("axillae", "50")], "110"),
        ([toxin("axillae", "101"), toxin("axillae", None)], "101"),
    ],
)
def test_above_the_labelled_dose_the_whole_area_and_the_label_are_told(lines, planned):
    assert flags("above-label-dose", *lines) == [
        (
            (Area.AXILLAE,),
            ONA,
            f"plan.axillae.units = {planned}",
            f"Labelled dose of {ONA} at axillae: 100 units.",
            "PR",
        )
    ]


def test_two_areas_above_their_doses_are_one_flag_with_both_reasons_in_order():
    assert flags("above-label-dose", toxin("neck-bands", "37"), toxin("crows-feet", "25")) == [
        (
            (Area.CROWS_FEET, Area.NECK_BANDS),
            ONA,
            "plan.crows-feet.units = 25; plan.neck-bands.units = 37",
            f"Labelled dose of {ONA} at crows-feet: 24 units. "
            f"Labelled dose of {ONA} at neck-bands: 36 units.",
            "PR",
        )
    ]


def test_the_units_of_two_products_are_never_added():
    lines = (toxin("glabella", "15"), toxin("glabella", "45", ABO))

    assert flags("above-label-dose", *lines) == []


def test_an_area_beyond_the_products_label_is_told_with_what_it_is_labelled_for():
    assert flags("off-label-area", toxin("axillae", "50", "incobotulinumtoxinA")) == [
        (
            (Area.AXILLAE,),
            "incobotulinumtoxinA",
            "plan.axillae.product = incobotulinumtoxinA",
            "incobotulinumtoxinA is labelled for forehead, glabella, crows-feet only.",
            "PR",
        )
    ]


def test_an_area_that_no_toxin_is_labelled_for_is_told_once_and_for_every_product():
    assert flags("off-label-area", toxin("chin", "5", ABO), toxin("chin", "5")) == [
        (
            (Area.CHIN,),
            None,
            f"plan.chin.product = {ABO}; plan.chin.product = {ONA}",
            "Toxin is labelled for the glabella, crow's feet, neck bands and armpits, and for the "
            "forehead only together with the glabella.",
            "PR",
        )
    ]


@pytest.mark.parametrize(
    ("area", "ml", "says"),
    [
        ("lips", "3.0", None),
        ("lips", "3.1", "1.5 mL per lip per treatment, two lips"),
        ("perioral", "6.0", None),
        ("perioral", "6.1", "6 mL per patient per treatment (folds)"),
        ("lips", None, None),
    ],
)
def test_above_a_volume_of_restylane_the_limit_is_told(area, ml, says):
    raised = [
        (
            (Area(area),),
            "Restylane",
            f"plan.{area}.ml = {ml}",
            f"Labelled volume of Restylane: {says}.",
            "RS monograph",
        )
    ]

    assert flags("above-label-dose", filler(area, ml)) == raised * (says is not None)


def test_a_volume_over_several_areas_names_each_that_has_a_part_in_it():
    lines = (
        filler("chin", "5.0", "Juvederm Volux"),
        filler("jawline", "4.1", "Juvederm Volux"),
        filler("lips", None, "Juvederm Volux"),
        filler("cheeks", "9.0", "Juvederm Voluma"),
    )

    assert flags("above-label-dose", *lines) == [
        (
            (Area.CHIN, Area.JAWLINE),
            "Juvederm Volux",
            "plan.chin.ml = 5; plan.jawline.ml = 4.1",
            "Labelled volume of Juvederm Volux: at most 9 mL.",
            "JV monograph",
        )
    ]


def test_volumes_of_one_filler_are_added_and_of_two_are_not():
    folds = filler("nasolabial-folds", "4.0"), filler("marionette", "3.0")
    mixed = filler("nasolabial-folds", "4.0"), filler("marionette", "3.0", "Juvederm Ultra")

    assert len(flags("above-label-dose", *folds)) == 1
    assert flags("above-label-dose", *mixed) == []


MAXIMUM = "the label's maximum is 400 units in 3 months, all purposes."


@pytest.mark.parametrize(
    ("sessions", "plan", "raised_by", "reason"),
    [
        (
            [session("2026-05-01", "301")],
            [toxin("axillae", "100")],
            "history.recent-toxin.sessions.units = 301; plan.units = 100",
            f"{ONA}: 401 units since 2026-03-15 with this plan; {MAXIMUM}",
        ),
        (
            [session("2026-05-01", "200"), session("2026-06-15", "100.5")],
            [toxin("axillae", "60"), toxin("palms", "40")],
            "history.recent-toxin.sessions.units = 200 + 100.5; plan.units = 60 + 40",
            f"{ONA}: 400.5 units since 2026-03-15 with this plan; {MAXIMUM}",
        ),
        (
            [session("2026-03-15", "500")],
            [],
            "history.recent-toxin.sessions.units = 500",
            f"{ONA}: 500 units since 2026-03-15 with this plan; {MAXIMUM}",
        ),
        (
            [],
            [toxin("axillae", "401"), toxin("palms", None)],
            "plan.units = 401",
            f"{ONA}: 401 units since 2026-03-15 with this plan; {MAXIMUM}",
        ),
        (
            [
                session("2026-05-01", "401"),
                session("2026-05-02"),
                session("2026-05-03", "100", None),
                session("2026-03-14"),
                session("2026-05-04", "900", ABO),
            ],
            [],
            "history.recent-toxin.sessions.units = 401",
            f"{ONA}: 401 units since 2026-03-15 with this plan; {MAXIMUM} "
            "Not added: sessions without product or units, 2.",
        ),
        (
            [session("2026-05-01", "401"), session("2026-05-02", None, None)],
            [],
            "history.recent-toxin.sessions.units = 401",
            f"{ONA}: 401 units since 2026-03-15 with this plan; {MAXIMUM} "
            "Not added: sessions without product or units, 1.",
        ),
    ],
)
def test_above_400_units_the_sum_is_told_and_what_is_not_in_it(sessions, plan, raised_by, reason):
    assert flags("cumulative-dose", *plan, sessions=sessions) == [
        (None, None, raised_by, reason, "BC")
    ]


@pytest.mark.parametrize(
    ("sessions", "plan"),
    [
        ([session("2026-05-01", "300")], [toxin("axillae", "100")]),
        ([session("2026-03-14", "301")], [toxin("axillae", "100")]),
        ([session("2026-05-01", "301", ABO)], [toxin("axillae", "100")]),
        ([session("2026-05-01", "301", None)], [toxin("axillae", "100")]),
        ([session("2026-05-01", "400")], [toxin("axillae", "100", ABO)]),
        ([session("2026-05-01", "400"), session("2026-05-02")], []),
        ([], [toxin("axillae", "400")]),
    ],
)
def test_up_to_400_units_of_that_product_in_that_time_nothing_is_said(sessions, plan):
    assert flags("cumulative-dose", *plan, sessions=sessions) == []


@pytest.mark.parametrize(("value", "said"), [("yes", 1), ("not-sure", 1), ("no", 0)])
def test_sessions_count_unless_the_answer_is_no(value, said):
    told = flags("cumulative-dose", sessions=[session("2026-05-01", "401")], value=value)

    assert len(told) == said


@pytest.mark.parametrize(
    ("day", "before"),
    [
        ("2026-06-15", "2026-03-15"),
        ("2026-05-31", "2026-02-28"),
        ("2026-05-29", "2026-02-28"),
        ("2026-05-28", "2026-02-28"),
        ("2028-05-31", "2028-02-29"),
        ("2028-05-29", "2028-02-29"),
        ("2026-07-31", "2026-04-30"),
        ("2026-12-31", "2026-09-30"),
        ("2026-03-31", "2025-12-31"),
        ("2026-04-01", "2026-01-01"),
        ("2026-01-01", "2025-10-01"),
        ("2026-02-28", "2025-11-28"),
        ("0001-04-01", "0001-01-01"),
        ("0001-03-31", "0001-01-01"),  # the calendar's first day
    ],
)
def test_three_months_ago_is_the_same_day_or_the_months_last(day, before):
    assert months_before(date.fromisoformat(day), 3) == date.fromisoformat(before)


@pytest.mark.parametrize("product", ["Restylane", "Restylane Eyelight", "Juvederm Volbella"])
def test_more_than_authors_advise_under_the_eye_is_told_of_any_filler_and_not_as_a_label(product):
    assert flags("above-label-dose", filler("tear-trough", "2.0", product)) == []
    assert flags("above-label-dose", filler("tear-trough", "2.1", product)) == [
        (
            (Area.TEAR_TROUGH,),
            product,
            "plan.tear-trough.ml = 2.1",
            f"Advised volume of {product}: 1 mL per side under the eye, two sides.",
            "practice paper",
        )
    ]


@pytest.mark.parametrize(
    ("line", "field", "allowed"),
    [
        ({"product": "Botox"}, "plan.product", ", ".join([*ToxinProduct, *FILLERS])),
        ({"product": ONA, "ml": Decimal(1)}, "plan.ml", "a filler only"),
        ({"product": "Restylane", "units": Decimal(1)}, "plan.units", "a toxin only"),
        ({"product": "Restylane", "sites": 1}, "plan.sites", "a toxin only"),
        ({"product": ONA, "units": Decimal(0)}, "plan.units", "a number above 0"),
        ({"product": ONA, "units": Decimal(-1)}, "plan.units", "a number above 0"),
        ({"product": ONA, "sites": 0}, "plan.sites", "a number above 0"),
        ({"product": "Restylane", "ml": Decimal(0)}, "plan.ml", "a number above 0"),
    ],
)
def test_a_plan_line_refuses_what_its_product_does_not_take(line, field, allowed):
    with pytest.raises(NotAllowed) as refusal:
        PlanLine(area=Area.CHIN, **line)

    assert (refusal.value.field, refusal.value.allowed) == (field, allowed)


@pytest.mark.parametrize(
    ("line", "modality"),
    [
        ({"product": ONA, "units": Decimal("0.1"), "sites": 1}, "toxin"),
        ({"product": "letibotulinumtoxinA"}, "toxin"),
        ({"product": "Juvederm Ultra", "ml": Decimal("0.1")}, "filler"),
    ],
)
def test_a_product_says_what_kind_of_treatment_a_line_is(line, modality):
    assert PlanLine(area=Area.CHIN, **line).modality == modality


def test_the_flags_of_a_plan_are_cautions_of_the_products_own_modality():
    case = Case(
        born_on=date(1985, 1, 1),
        today=date(2026, 6, 15),
        plan=(toxin("axillae", "401"), filler("lips", "3.1"), toxin("neck-bands", "9", ABO)),
    )

    assert [(f.topic, f.level, f.scope.modality) for f in evaluate(case).flags] == [
        ("off-label-area", "caution", "toxin"),
        ("above-label-dose", "caution", "filler"),
        ("above-label-dose", "caution", "toxin"),
        ("cumulative-dose", "caution", "toxin"),
    ]
