"""Answers, examination and the date put together, as the rules read them."""

from datetime import date
from decimal import Decimal

import pytest

from clinic.journey import assess
from clinic.screening.rules import (
    Area,
    BrowPosition,
    Dermatochalasis,
    DroopTimes,
    Findings,
    Level,
    NotAllowed,
    Rating,
    Topic,
)
from tests.factories import USUAL, make_intake

TODAY = date(2026, 11, 24)
JAW = [{"area": "masseter", "bulk": True, "how": "clear"}]


def test_an_empty_page_records_nothing():
    assert assess.findings_of({}) == Findings()
    assert assess.findings_of({"mrd1_right": "", "brow_left": "", "fatigable": ""}) == Findings()


def test_everything_typed_is_read():
    typed = {
        "brow_right": "below",
        "brow_left": "above",
        "dermatochalasis": "severe",
        "droop_after_toxin": "more",
        "frontalis_compensation": "yes",
        "fatigable": "no",
        "eyelid_or_brow_surgery": "yes",
        "neuromuscular_disease": "no",
        "mrd1_right": "-1.5",
        "mrd1_left": "8",
        "levator_right": "0",
        "levator_left": "12.5",
        "snap_back_right": "0",
        "snap_back_left": "30",
        "distraction_right": "20",
        "distraction_left": "8.1",
        "short_forehead": True,
    }

    assert assess.findings_of(typed) == Findings(
        brow_right=BrowPosition.BELOW,
        brow_left=BrowPosition.ABOVE,
        dermatochalasis=Dermatochalasis.SEVERE,
        droop_after_toxin=DroopTimes.MORE,
        frontalis_compensation=True,
        fatigable=False,
        eyelid_or_brow_surgery=True,
        neuromuscular_disease=False,
        mrd1_right=Decimal("-1.5"),
        mrd1_left=Decimal(8),
        levator_right=Decimal(0),
        levator_left=Decimal("12.5"),
        snap_back_right=Decimal(0),
        snap_back_left=Decimal(30),
        distraction_right=Decimal(20),
        distraction_left=Decimal("8.1"),
        short_forehead=True,
    )


@pytest.mark.parametrize(
    ("typed", "short"),
    [
        ({"lowest_line_cm": "1.9"}, True),
        ({"lowest_line_cm": "2"}, False),
        ({"lowest_line_cm": "2.0"}, False),
        ({"lowest_line_cm": "0"}, True),
        ({"short_forehead": True, "lowest_line_cm": "3"}, True),
        ({"lowest_line_cm": ""}, None),
        ({}, None),
    ],
)
def test_a_forehead_is_short_when_ticked_or_under_two_centimetres(typed, short):
    assert assess.findings_of(typed).short_forehead is short


@pytest.mark.parametrize(
    "typed",
    [
        {"mrd1_right": "8.1"},
        {"levator_left": "-1"},
        {"snap_back_right": "30.1"},
        {"snap_back_left": "-0.1"},
        {"distraction_right": "20.1"},
        {"distraction_left": "1.55"},
    ],
)
def test_a_measurement_outside_its_range_is_not_read(typed):
    with pytest.raises(NotAllowed):
        assess.findings_of(typed)


def test_the_form_and_the_examination_are_read_together(cast):
    form = make_intake(cast.cal, answers={"breastfeeding": {"value": "yes"}})

    found = assess.evaluate(cast.cal, form, TODAY, {**USUAL, "neuromuscular_disease": "yes"})

    topics = {flag.topic for flag in found.flags}
    assert {Topic.BREASTFEEDING, Topic.NEUROMUSCULAR_DISEASE} <= topics
    assert found.droop.rating == Rating.HIGH


def test_without_a_form_the_examination_alone_is_read(cast):
    found = assess.evaluate(cast.cal, None, TODAY, {})

    assert found.droop.rating == Rating.NOT_APPLICABLE
    assert [flag for flag in found.flags if flag.level == Level.ABSOLUTE] == []


def test_the_age_counts_on_the_day_of_the_decision(cast):
    born = cast.cal.born_on

    before = assess.evaluate(cast.cal, None, born.replace(year=born.year + 65, day=1), {})
    after = assess.evaluate(cast.cal, None, born.replace(year=born.year + 65), {})

    assert Topic.AGE_65_AND_OVER not in {flag.topic for flag in before.flags}
    assert Topic.AGE_65_AND_OVER in {flag.topic for flag in after.flags}


def test_an_upper_face_area_that_the_physician_adds_asks_for_the_droop_examination(cast):
    form = make_intake(cast.cal, concerns=JAW)

    without = assess.evaluate(cast.cal, form, TODAY, {})
    added = assess.evaluate(cast.cal, form, TODAY, {}, frozenset({Area.GLABELLA}))
    jaw_only = assess.evaluate(cast.cal, form, TODAY, {}, frozenset({Area.MASSETER}))

    assert without.droop.rating == Rating.NOT_APPLICABLE
    assert added.droop.rating == Rating.NOT_ASSESSED
    assert jaw_only.droop.rating == Rating.NOT_APPLICABLE


def test_a_droop_risk_found_for_an_added_area_is_flagged(cast):
    form = make_intake(cast.cal, concerns=JAW)

    found = assess.evaluate(
        cast.cal,
        form,
        TODAY,
        {**USUAL, "dermatochalasis": "moderate"},
        frozenset({Area.FOREHEAD}),
    )

    assert Topic.EYELID_DROOP in {flag.topic for flag in found.flags}


def test_the_physicians_grade_stands_in_place_of_the_patients_estimate(cast):
    form = make_intake(cast.cal)  # the patient says "clear": two
    grades = {"forehead": {"moving": "1", "rest": ""}, "glabella": {"moving": "", "rest": "2"}}

    found = assess.evaluate(cast.cal, form, TODAY, {**USUAL, "grades": grades})

    mild = [f for f in found.flags if f.topic == Topic.BELOW_LABELLED_SEVERITY]
    assert [flag.scope.areas for flag in mild] == [(Area.FOREHEAD,)]


@pytest.mark.parametrize(("grade", "pattern"), [("1", "none"), ("4", "toxin"), ("", "toxin")])
def test_the_physicians_grade_of_sweating_stands_in_place_of_the_patients(cast, grade, pattern):
    told = [{"area": "axillae", "hdss": 3, "creams_failed": True, "side": "both"}]
    form = make_intake(cast.cal, concerns=told)

    found = assess.evaluate(cast.cal, form, TODAY, {"grades": {"axillae": {"hdss": grade}}})

    assert found.pattern == pattern
