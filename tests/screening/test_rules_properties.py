"""What must hold for every case that Hypothesis can think of."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from clinic.screening.rules import (
    DETAILS,
    FILLERS,
    HISTORY_TOPICS,
    SWEATING_AREAS,
    Answer,
    AnswerValue,
    Area,
    BrowPosition,
    Case,
    Concern,
    Dermatochalasis,
    Distress,
    DroopTimes,
    Findings,
    KeepsFrom,
    Level,
    Modality,
    OthersHardlySee,
    Pattern,
    PlanLine,
    Rating,
    Side,
    TimeADay,
    ToxinProduct,
    ToxinSession,
    UnhappyAfter,
    Unsafe,
    Upset,
    WillChangeLife,
    evaluate,
)

TODAY = date(2026, 6, 15)
DEMANDED = (
    "brow_right",
    "brow_left",
    "frontalis_compensation",
    "dermatochalasis",
    "mrd1_right",
    "mrd1_left",
    "levator_right",
    "levator_left",
)
MODALITIES = {
    Pattern.NONE: set(),
    Pattern.TOXIN: {"toxin"},
    Pattern.FILLER: {"filler"},
    Pattern.COMBINED: {"toxin", "filler"},
}


def tenths(lowest, highest):
    return st.integers(lowest * 10, highest * 10).map(lambda tenth: Decimal(tenth) / 10)


def perhaps(strategy):
    return st.none() | strategy


yes_or_no = st.booleans()
mrd1 = perhaps(st.integers(15, 50).map(lambda tenth: Decimal(tenth) / 10) | tenths(-5, 8))
findings = st.builds(
    Findings,
    brow_right=perhaps(st.sampled_from(BrowPosition)),
    brow_left=perhaps(st.sampled_from(BrowPosition)),
    frontalis_compensation=perhaps(yes_or_no),
    dermatochalasis=perhaps(st.sampled_from(Dermatochalasis)),
    mrd1_right=mrd1,
    mrd1_left=mrd1,
    levator_right=perhaps(tenths(6, 20)),
    levator_left=perhaps(tenths(6, 20)),
    fatigable=perhaps(yes_or_no),
    droop_after_toxin=perhaps(st.sampled_from(DroopTimes)),
    eyelid_or_brow_surgery=perhaps(yes_or_no),
    short_forehead=perhaps(yes_or_no),
    neuromuscular_disease=perhaps(yes_or_no),
    snap_back_left=perhaps(tenths(0, 30)),
    distraction_right=perhaps(tenths(0, 20)),
)
# Near normal, so that "low" comes up: one finding at most is missing or changed.
nearly_normal = st.builds(
    lambda name, recorded: replace(
        Findings(
            brow_right=BrowPosition.ABOVE,
            brow_left=BrowPosition.AT,
            frontalis_compensation=False,
            dermatochalasis=Dermatochalasis.NONE,
            mrd1_right=Decimal(4),
            mrd1_left=Decimal(4),
            levator_right=Decimal(15),
            levator_left=Decimal(15),
        ),
        **({} if recorded else {name: None}),
    ),
    st.sampled_from(DEMANDED),
    yes_or_no,
)
skin_concerns = st.builds(
    Concern,
    area=st.sampled_from([area for area in Area if area not in SWEATING_AREAS]),
    side=st.sampled_from(Side),
    in_motion=yes_or_no,
    at_rest=yes_or_no,
    volume=yes_or_no,
    bulk=yes_or_no,
    fws=perhaps(st.integers(0, 3)),
    wsrs=perhaps(st.integers(1, 5)),
)
sweating_concerns = st.builds(
    Concern,
    area=st.sampled_from(SWEATING_AREAS),
    side=st.sampled_from(Side),
    hdss=perhaps(st.integers(1, 4)),
    creams_failed=yes_or_no,
)
concerns = st.lists(skin_concerns | sweating_concerns, max_size=6).map(tuple)
sessions = st.builds(
    ToxinSession,
    date=st.dates(date(2025, 12, 1), TODAY),
    product=perhaps(st.sampled_from(ToxinProduct)),
    units=perhaps(st.integers(1, 500).map(Decimal)),
)
DETAIL_VALUES = {
    "areas": st.lists(st.sampled_from(Area), max_size=3),
    "sessions": st.lists(sessions, max_size=3),
}


def answers_to(topic):
    """Answers with the details that the question has, or without them."""
    details = {
        name: DETAIL_VALUES[name] if name in DETAIL_VALUES else st.sampled_from(values)
        for name, values in DETAILS.get(topic, {}).items()
    }
    given = st.fixed_dictionaries({}, optional=details)
    return st.tuples(st.just(topic), st.builds(Answer, st.sampled_from(AnswerValue), given))


history = st.lists(st.sampled_from(HISTORY_TOPICS).flatmap(answers_to), max_size=5).map(dict)
distress = st.builds(
    Distress,
    **{
        key: perhaps(st.sampled_from(codes))
        for key, codes in {
            "time_a_day": TimeADay,
            "upset": Upset,
            "keeps_from": KeepsFrom,
            "others_hardly_see": OthersHardlySee,
            "unhappy_after": UnhappyAfter,
            "will_change_life": WillChangeLife,
            "unsafe": Unsafe,
        }.items()
    },
)
plans = st.lists(
    st.builds(
        PlanLine,
        product=st.sampled_from(ToxinProduct),
        area=st.sampled_from(Area),
        units=perhaps(st.integers(1, 500).map(Decimal)),
    )
    | st.builds(
        PlanLine,
        product=st.sampled_from(list(FILLERS)),
        area=st.sampled_from(Area),
        ml=perhaps(tenths(1, 10)),
    ),
    max_size=3,
).map(tuple)
cases = st.builds(
    Case,
    born_on=st.dates(date(1940, 1, 1), date(2010, 1, 1)),
    today=st.just(TODAY),
    concerns=concerns,
    history=history,
    distress=distress,
    plan=plans,
    findings=findings | nearly_normal,
)


def reach(evaluation):
    """(level, topic, modality, area, product) of every flag, at its level and those below it."""
    return {
        (level, flag.topic, modality, area, flag.scope.product)
        for flag in evaluation.flags
        for level in list(Level)[list(Level).index(flag.level) :]
        for modality in flag.scope.modality.modalities
        for area in flag.scope.areas or Area
    }


def answered(case, topic, answer):
    return replace(case, history={**case.history, topic: answer})


@given(cases)
def test_low_and_moderate_need_every_demanded_finding(case):
    unrecorded = [name for name in DEMANDED if getattr(case.findings, name) is None]

    rating = evaluate(case).droop.rating

    assert not unrecorded or rating not in (Rating.LOW, Rating.MODERATE)


@given(
    born_on=st.dates(date(1950, 1, 1), date(2005, 1, 1)),
    findings=nearly_normal,
    area=st.sampled_from([Area.FOREHEAD, Area.GLABELLA, Area.CROWS_FEET, Area.BUNNY_LINES]),
)
def test_a_normal_examination_is_low_exactly_when_it_is_complete(born_on, findings, area):
    case = Case(
        born_on=born_on,
        today=TODAY,
        concerns=(Concern(area, in_motion=True),),
        findings=findings,
    )
    is_complete = all(getattr(findings, name) is not None for name in DEMANDED)

    assert evaluate(case).droop.rating == ("low" if is_complete else "not-assessed")


@given(case=cases, topic=st.sampled_from(HISTORY_TOPICS))
def test_a_further_yes_never_lowers_a_flag_or_takes_one_away(case, topic):
    sure = answered(case, topic, replace(case.answer(topic), value=AnswerValue.YES))

    assert reach(evaluate(case)) <= reach(evaluate(sure))


@given(case=cases, topic=st.sampled_from(HISTORY_TOPICS))
def test_a_yes_never_opens_anything_that_a_stop_closed(case, topic):
    sure = answered(case, topic, replace(case.answer(topic), value=AnswerValue.YES))

    before, after = evaluate(case).after_flags, evaluate(sure).after_flags

    assert MODALITIES[after] <= MODALITIES[before]


@given(cases)
def test_what_is_left_after_flags_was_in_the_pattern(case):
    evaluation = evaluate(case)

    assert MODALITIES[evaluation.after_flags] <= MODALITIES[evaluation.pattern]
    assert [
        area
        for area, left in evaluation.after_flags_by_area.items()
        if not MODALITIES[left] <= MODALITIES[evaluation.pattern_by_area[area]]
    ] == []


@given(cases)
def test_nothing_is_left_where_a_flag_stops_it(case):
    evaluation = evaluate(case)

    assert [
        (area, modality)
        for area, left in evaluation.after_flags_by_area.items()
        for modality in MODALITIES[left]
        if any(flag.stops(Modality(modality), area) for flag in evaluation.flags)
    ] == []


@given(case=cases, chance=st.randoms(use_true_random=False))
def test_the_order_of_concerns_and_answers_changes_nothing(case, chance):
    shuffled = replace(
        case,
        concerns=tuple(chance.sample(case.concerns, len(case.concerns))),
        history=dict(chance.sample(list(case.history.items()), len(case.history))),
    )

    assert evaluate(shuffled) == evaluate(case)


@given(cases)
def test_not_sure_never_makes_a_droop_rule_hold(case):
    without_doubt = replace(
        case,
        history={
            topic: answer
            for topic, answer in case.history.items()
            if answer.value != AnswerValue.NOT_SURE
        },
    )

    assert evaluate(case).droop == evaluate(without_doubt).droop


@given(cases)
def test_no_flag_stands_twice_or_only_repeats_another(case):
    flags = evaluate(case).flags

    assert [
        (one, other)
        for place, one in enumerate(flags)
        for other in (*flags[:place], *flags[place + 1 :])
        if (one.topic, one.level) == (other.topic, other.level) and other.scope.covers(one.scope)
    ] == []


@given(cases)
def test_every_flag_says_what_raised_it_why_and_from_which_source(case):
    flags = evaluate(case).flags

    assert all(f.causes and f.reason and f.source and f.rule_version for f in flags)
    assert all(" = " in fact for f in flags for fact in f.causes)


@given(cases)
def test_a_droop_rating_is_never_a_stop(case):
    levels = {flag.level for flag in evaluate(case).flags if flag.topic == "eyelid-droop"}

    assert levels <= {Level.CAUTION}
