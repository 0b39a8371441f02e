"""Why a decision to approve cannot be signed. Source: clinical reference d.2 and e.4."""

from dataclasses import replace
from datetime import date

import pytest

from clinic.screening.rules import Area, Level, ScopeModality, Topic
from clinic.treatment.rules import Examined, Objection, Proposal, objections
from tests.treatment.facts import BOTOX, DYSPORT, FACE, FILLER, TOXIN, flag

JAW = frozenset({Area.MASSETER})
LIPS = frozenset({Area.LIPS})

BOTOX_OF_THE_FACE = Proposal(
    scope={TOXIN: FACE},
    products={TOXIN: BOTOX},
    ceilings={TOXIN: 40},
    given_on=date(2026, 11, 24),
    valid_until=date(2027, 5, 24),
    mitigations=frozenset(),
    why="",
)
COMBINED = replace(
    BOTOX_OF_THE_FACE,
    scope={TOXIN: FACE, FILLER: LIPS},
    products={TOXIN: BOTOX, FILLER: None},
    ceilings={TOXIN: 40, FILLER: 1.0},
)
LOW = Examined(is_assessed=True, is_moderate=False, is_high=False, flags=())
MODERATE = replace(LOW, is_moderate=True)
HIGH = replace(LOW, is_high=True)
NOT_ASSESSED = replace(LOW, is_assessed=False)
CAREFUL = frozenset({"away-from-levator"})


def wanted(**over):
    return replace(BOTOX_OF_THE_FACE, **over)


def seen(*flags):
    return replace(LOW, flags=flags)


def test_a_plain_approval_after_a_low_rating_can_be_signed():
    assert objections(BOTOX_OF_THE_FACE, LOW) == []


# The droop rating.


@pytest.mark.parametrize(
    ("examined", "typed", "found"),
    [
        (MODERATE, {}, [Objection.NEEDS_MITIGATION]),
        (MODERATE, {"mitigations": CAREFUL}, []),
        (HIGH, {}, [Objection.NEEDS_MITIGATION, Objection.NEEDS_REASON]),
        (HIGH, {"mitigations": CAREFUL}, [Objection.NEEDS_REASON]),
        (HIGH, {"mitigations": CAREFUL, "why": "   "}, [Objection.NEEDS_REASON]),
        (HIGH, {"why": "Small dose."}, [Objection.NEEDS_MITIGATION]),
        (HIGH, {"mitigations": CAREFUL, "why": "Small dose."}, []),
        (NOT_ASSESSED, {}, [Objection.NOT_ASSESSED]),
        (NOT_ASSESSED, {"mitigations": CAREFUL, "why": "All seen."}, [Objection.NOT_ASSESSED]),
    ],
)
def test_the_rating_asks_for_mitigations_a_reason_or_an_examination(examined, typed, found):
    assert objections(wanted(**typed), examined) == found


@pytest.mark.parametrize("examined", [MODERATE, HIGH, NOT_ASSESSED])
@pytest.mark.parametrize("area", [Area.MASSETER, Area.AXILLAE, Area.PALMS, Area.NECK_BANDS])
def test_the_rating_does_not_limit_toxin_below_the_upper_face(examined, area):
    assert objections(wanted(scope={TOXIN: frozenset({area})}), examined) == []


@pytest.mark.parametrize("examined", [MODERATE, HIGH, NOT_ASSESSED])
def test_the_rating_does_not_limit_filler_even_in_the_upper_face(examined):
    filler = wanted(scope={FILLER: FACE}, products={FILLER: None}, ceilings={FILLER: 1.0})

    assert objections(filler, examined) == []


@pytest.mark.parametrize("area", [Area.FOREHEAD, Area.GLABELLA, Area.CROWS_FEET, Area.BUNNY_LINES])
def test_one_area_of_the_upper_face_is_enough_to_need_the_examination(area):
    mixed = wanted(scope={TOXIN: JAW | {area}})

    assert objections(mixed, NOT_ASSESSED) == [Objection.NOT_ASSESSED]


# Flags.


@pytest.mark.parametrize(
    ("raised", "found"),
    [
        (flag(), [Objection.ABSOLUTE_FLAG, Objection.NEEDS_REASON]),
        (flag(resolved=True), [Objection.NEEDS_REASON]),
        (flag(product=DYSPORT), [Objection.NEEDS_REASON]),
        (flag(product=BOTOX), [Objection.ABSOLUTE_FLAG, Objection.NEEDS_REASON]),
        (flag(areas=(Area.LIPS,)), [Objection.NEEDS_REASON]),
        (flag(modality=ScopeModality.FILLER), []),
        (flag(level=Level.CAUTION), [Objection.NEEDS_REASON]),
        (flag(level=Level.INFORMATION), []),
        (
            flag(topic=Topic.PREGNANCY, modality=ScopeModality.BOTH),
            [Objection.NEVER_OVERRULED, Objection.NEEDS_REASON],
        ),
        (
            flag(topic=Topic.PREGNANCY, modality=ScopeModality.BOTH, resolved=True),
            [Objection.NEVER_OVERRULED, Objection.NEEDS_REASON],
        ),
        (
            flag(topic=Topic.UNDER_18, modality=ScopeModality.BOTH, resolved=True),
            [Objection.NEVER_OVERRULED, Objection.NEEDS_REASON],
        ),
    ],
)
def test_a_flag_about_what_is_approved_asks_for_a_reason_or_stops_it(raised, found):
    assert objections(BOTOX_OF_THE_FACE, seen(raised)) == found


def test_a_written_reason_answers_a_caution_but_not_an_absolute_flag():
    reasoned = wanted(why="Discussed, accepted.")

    assert objections(reasoned, seen(flag(level=Level.CAUTION))) == []
    assert objections(reasoned, seen(flag(resolved=True))) == []
    assert objections(reasoned, seen(flag())) == [Objection.ABSOLUTE_FLAG]


def test_a_pregnancy_and_another_absolute_flag_are_both_said():
    pregnant = flag(topic=Topic.PREGNANCY, modality=ScopeModality.BOTH)

    found = objections(wanted(why="x"), seen(pregnant, flag()))

    assert found == [Objection.NEVER_OVERRULED, Objection.ABSOLUTE_FLAG]


# Areas, ceilings, validity; combined.


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"scope": {}}, [Objection.NO_AREAS]),
        ({"scope": {TOXIN: frozenset()}}, [Objection.NO_AREAS]),
        ({"ceilings": {}}, [Objection.NO_CEILING]),
        ({"ceilings": {TOXIN: None}}, [Objection.NO_CEILING]),
        ({"ceilings": {TOXIN: 0}}, [Objection.NO_CEILING]),
        ({"ceilings": {FILLER: 1.0}}, [Objection.NO_CEILING]),
        ({"valid_until": date(2026, 11, 24)}, []),
        ({"valid_until": date(2026, 11, 23)}, [Objection.ENDS_BEFORE_IT_STARTS]),
        ({"valid_until": date(2027, 11, 24)}, []),
        ({"valid_until": date(2027, 11, 25)}, [Objection.TOO_LONG]),
    ],
)
def test_an_approval_names_areas_a_ceiling_and_at_most_twelve_months(typed, found):
    assert objections(wanted(**typed), LOW) == found


def test_twelve_months_from_29_february_end_on_28_february():
    leap = wanted(given_on=date(2028, 2, 29), valid_until=date(2029, 2, 28))

    assert objections(leap, LOW) == []
    assert objections(replace(leap, valid_until=date(2029, 3, 1)), LOW) == [Objection.TOO_LONG]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({}, []),
        ({"scope": {TOXIN: FACE, FILLER: frozenset()}}, [Objection.NO_AREAS]),
        ({"scope": {TOXIN: frozenset(), FILLER: LIPS}}, [Objection.NO_AREAS]),
        ({"ceilings": {TOXIN: 40}}, [Objection.NO_CEILING]),
        ({"ceilings": {FILLER: 1.0}}, [Objection.NO_CEILING]),
    ],
)
def test_G2_combined_needs_areas_and_a_ceiling_for_each_of_its_parts(typed, found):
    assert objections(replace(COMBINED, **typed), LOW) == found


def test_a_flag_against_one_part_stops_the_combined_approval():
    against_filler = flag(modality=ScopeModality.FILLER)

    found = objections(replace(COMBINED, why="x"), seen(against_filler))

    assert found == [Objection.ABSOLUTE_FLAG]


def test_everything_is_said_at_once_and_each_thing_once():
    hopeless = wanted(
        ceilings={}, valid_until=date(2029, 1, 1), scope={TOXIN: FACE, FILLER: frozenset()}
    )
    examined = replace(HIGH, flags=(flag(), flag(level=Level.CAUTION)))

    assert objections(hopeless, examined) == [
        Objection.NO_AREAS,
        Objection.NO_CEILING,
        Objection.NEEDS_MITIGATION,
        Objection.NEEDS_REASON,
        Objection.ABSOLUTE_FLAG,
        Objection.TOO_LONG,
    ]
