"""The facts refuse what no patient can have, and know a person's age."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from clinic.screening.rules import (
    HISTORY_TOPICS,
    Answer,
    AnswerValue,
    Area,
    Case,
    Concern,
    Findings,
    NotAllowed,
    Side,
    Topic,
    ToxinSession,
    decimal_of,
)

TODAY = date(2026, 6, 15)
SWEATING_ONLY = "axillae and palms only"


@pytest.mark.parametrize(
    ("finding", "length"),
    [
        ("mrd1_right", "-5"),
        ("mrd1_left", "8"),
        ("mrd1_left", "8.0"),
        ("mrd1_right", "2.80"),
        ("levator_right", "0"),
        ("levator_left", "20.0"),
        ("snap_back_right", "0"),
        ("snap_back_left", "30.0"),
        ("distraction_right", "0.0"),
        ("distraction_left", "20"),
    ],
)
def test_a_length_inside_its_range_is_recorded_as_measured(finding, length):
    assert getattr(Findings(**{finding: Decimal(length)}), finding) == Decimal(length)


@pytest.mark.parametrize(
    ("finding", "length", "allowed"),
    [
        ("mrd1_right", Decimal("-5.1"), "-5 to 8 mm, with at most one decimal"),
        ("mrd1_left", Decimal("8.1"), "-5 to 8 mm, with at most one decimal"),
        ("levator_right", Decimal("-0.1"), "0 to 20 mm, with at most one decimal"),
        ("levator_left", Decimal("20.1"), "0 to 20 mm, with at most one decimal"),
        ("snap_back_right", Decimal("-0.1"), "0 to 30 seconds, with at most one decimal"),
        ("snap_back_left", Decimal("30.1"), "0 to 30 seconds, with at most one decimal"),
        ("distraction_right", Decimal("-0.1"), "0 to 20 mm, with at most one decimal"),
        ("distraction_left", Decimal("20.1"), "0 to 20 mm, with at most one decimal"),
        ("mrd1_right", Decimal("2.85"), "-5 to 8 mm, with at most one decimal"),
        ("mrd1_right", Decimal("NaN"), "-5 to 8 mm, with at most one decimal"),
        ("levator_left", Decimal("Infinity"), "0 to 20 mm, with at most one decimal"),
        ("mrd1_left", 2.8, "-5 to 8 mm, with at most one decimal"),
    ],
)
def test_a_length_out_of_range_is_refused_by_name_and_range(finding, length, allowed):
    with pytest.raises(NotAllowed) as refusal:
        Findings(**{finding: length})

    assert (refusal.value.field, refusal.value.allowed) == (f"findings.{finding}", allowed)
    assert str(refusal.value) == f"findings.{finding}: allowed is {allowed}"


def test_a_refusal_is_a_value_error_that_does_not_repeat_the_health_information():
    with pytest.raises(ValueError, match=r"^findings\.mrd1_right: allowed is") as refusal:
        Findings(mrd1_right=Decimal("99.9"))

    assert "99.9" not in str(refusal.value)


@pytest.mark.parametrize(
    ("typed", "length"), [(2.9, "2.9"), ("2.9", "2.9"), (4, "4"), (Decimal("-0.5"), "-0.5")]
)
def test_millimetres_are_the_decimal_that_was_typed(typed, length):
    assert decimal_of(typed) == Decimal(length)


@pytest.mark.parametrize(
    ("right", "left", "apart"),
    [("4.5", "4.5", "0"), ("4.1", "3.1", "1.0"), ("-1.0", "1.9", "2.9")],
)
def test_the_lid_difference_is_exact_and_never_negative(right, left, apart):
    findings = Findings(mrd1_right=Decimal(right), mrd1_left=Decimal(left))

    assert findings.mrd1_difference == Decimal(apart)


@pytest.mark.parametrize("eye", ["mrd1_right", "mrd1_left"])
def test_one_eye_alone_has_no_lid_difference(eye):
    assert Findings(**{eye: Decimal("1.0")}).mrd1_difference is None


@pytest.mark.parametrize(
    ("area", "severity"),
    [
        (Area.GLABELLA, {"fws": 0}),
        (Area.GLABELLA, {"fws": 3}),
        (Area.NASOLABIAL_FOLDS, {"wsrs": 1}),
        (Area.NASOLABIAL_FOLDS, {"wsrs": 5}),
        (Area.PALMS, {"hdss": 1}),
        (Area.AXILLAE, {"hdss": 4, "creams_failed": True}),
    ],
)
def test_a_grade_inside_its_scale_is_kept(area, severity):
    concern = Concern(area, **severity)

    assert {key: getattr(concern, key) for key in severity} == severity


@pytest.mark.parametrize(
    ("area", "severity", "field", "allowed"),
    [
        (Area.GLABELLA, {"fws": -1}, "concerns.glabella.fws", "0 to 3"),
        (Area.GLABELLA, {"fws": 4}, "concerns.glabella.fws", "0 to 3"),
        (Area.LIPS, {"wsrs": 0}, "concerns.lips.wsrs", "1 to 5"),
        (Area.LIPS, {"wsrs": 6}, "concerns.lips.wsrs", "1 to 5"),
        (Area.PALMS, {"hdss": 0}, "concerns.palms.hdss", "1 to 4"),
        (Area.PALMS, {"hdss": 5}, "concerns.palms.hdss", "1 to 4"),
        (Area.CHIN, {"hdss": 3}, "concerns.chin.hdss", SWEATING_ONLY),
        (Area.LIPS, {"creams_failed": True}, "concerns.lips.creams_failed", SWEATING_ONLY),
        (Area.PALMS, {"in_motion": True}, "concerns.palms.in_motion", "other areas only"),
        (Area.PALMS, {"at_rest": True}, "concerns.palms.at_rest", "other areas only"),
        (Area.AXILLAE, {"volume": True}, "concerns.axillae.volume", "other areas only"),
        (Area.AXILLAE, {"bulk": True}, "concerns.axillae.bulk", "other areas only"),
        (Area.AXILLAE, {"fws": 2}, "concerns.axillae.fws", "other areas only"),
        (Area.AXILLAE, {"wsrs": 2}, "concerns.axillae.wsrs", "other areas only"),
    ],
)  # fmt: skip
def test_a_grade_outside_its_scale_or_area_is_refused(area, severity, field, allowed):
    with pytest.raises(NotAllowed) as refusal:
        Concern(area, **severity)

    assert (refusal.value.field, refusal.value.allowed) == (field, allowed)


@pytest.mark.parametrize(
    ("topic", "details", "field", "allowed"),
    [
        ("infection-at-site", {"areas": ["chin", "elbow"]}, "areas", ", ".join(Area)),
        ("previous-droop-after-toxin", {"times": "none"}, "times", "once, more"),
        ("human-albumin", {"kind": "illness"}, "kind", "allergy, objection"),
        ("recent-vaccine-or-illness", {"kind": "allergy"}, "kind", "illness, vaccine"),
        ("cold-sores", {"now": "often"}, "now", "false, true"),
        ("cold-sores", {"areas": ["lips"]}, "areas", "now"),
        ("pregnancy", {"areas": ["lips"]}, "areas", "no detail"),
    ],
)
def test_a_detail_that_a_question_does_not_take_is_refused(topic, details, field, allowed):
    history = {Topic(topic): Answer(AnswerValue.YES, details)}

    with pytest.raises(NotAllowed) as refusal:
        Case(born_on=date(1985, 1, 1), today=TODAY, history=history)

    assert refusal.value.field == f"history.{topic}.{field}"
    assert refusal.value.allowed == allowed


@pytest.mark.parametrize(
    ("session", "field", "allowed"),
    [
        (ToxinSession(TODAY + timedelta(days=1)), "sessions.date", "a date not after today"),
        (ToxinSession(TODAY, units=Decimal(0)), "sessions.units", "a number above 0"),
        (ToxinSession(TODAY, units=Decimal(-1)), "sessions.units", "a number above 0"),
    ],
)
def test_a_session_to_come_or_of_no_units_is_refused(session, field, allowed):
    history = {Topic.RECENT_TOXIN: Answer(AnswerValue.YES, {"sessions": [session]})}

    with pytest.raises(NotAllowed) as refusal:
        Case(born_on=date(1985, 1, 1), today=TODAY, history=history)

    assert refusal.value.field == f"history.recent-toxin.{field}"
    assert refusal.value.allowed == allowed


def test_a_session_of_today_and_of_part_of_a_unit_is_known():
    sessions = [ToxinSession(TODAY, units=Decimal("0.5")), ToxinSession(TODAY)]

    answer = Answer(AnswerValue.YES, {"sessions": sessions})

    case = Case(born_on=TODAY, today=TODAY, history={Topic.RECENT_TOXIN: answer})
    assert case.answer(Topic.RECENT_TOXIN).sessions == tuple(sessions)


def test_an_answer_may_name_every_area():
    assert Answer(AnswerValue.YES, {"areas": list(Area)}).areas == tuple(Area)


def test_a_question_that_no_rule_reads_is_refused_rather_than_lost():
    with pytest.raises(NotAllowed) as refusal:
        Case(
            born_on=date(1985, 1, 1),
            today=TODAY,
            history={Topic.EYELID_DROOP: Answer(AnswerValue.YES)},
        )

    assert refusal.value.field == "history.eyelid-droop"
    assert refusal.value.allowed == ", ".join(HISTORY_TOPICS)


def test_a_question_left_out_was_answered_no():
    case = Case(born_on=date(1985, 1, 1), today=TODAY)

    assert case.answer(Topic.PREGNANCY) == Answer(AnswerValue.NO)


def test_a_concern_is_about_both_sides_unless_it_says_one():
    assert Concern(Area.LIPS).side == Side.BOTH


def test_nobody_is_born_after_today():
    with pytest.raises(NotAllowed) as refusal:
        Case(born_on=date(2026, 6, 16), today=TODAY)

    assert refusal.value.field == "patient.born_on"
    assert refusal.value.allowed == "a date not after today"


@pytest.mark.parametrize(
    ("born_on", "today", "age"),
    [
        (date(2026, 6, 15), date(2026, 6, 15), 0),
        (date(2008, 6, 16), date(2026, 6, 15), 17),
        (date(2008, 6, 15), date(2026, 6, 15), 18),
        (date(2007, 12, 31), date(2026, 1, 1), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(1961, 6, 15), date(2026, 6, 14), 64),
        (date(1961, 6, 15), date(2026, 6, 15), 65),
    ],
)
def test_age_is_in_whole_years_and_a_leap_day_birthday_falls_on_the_first_of_march(
    born_on, today, age
):
    assert Case(born_on=born_on, today=today).age == age
