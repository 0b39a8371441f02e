"""The codes that files, forms and the database share are the case format's, in its order."""

import pytest

from clinic.screening.rules import (
    AnswerValue,
    BrowPosition,
    Dermatochalasis,
    DroopRule,
    DroopTimes,
    KeepsFrom,
    Level,
    Modality,
    OthersHardlySee,
    Pattern,
    ProductFamily,
    Rating,
    ScopeModality,
    Side,
    TimeADay,
    ToxinProduct,
    UnhappyAfter,
    Unsafe,
    Upset,
    WillChangeLife,
)
from clinic.screening.rules.codes import MOUTH, SWEATING_AREAS, UPPER_FACE
from clinic.screening.rules.products import FILLERS


@pytest.mark.parametrize(
    ("codes", "listed"),
    [
        (Side, "left right both"),
        (Modality, "toxin filler"),
        (ScopeModality, "toxin filler both"),
        (Pattern, "toxin filler combined none"),
        (Level, "absolute caution information"),
        (Rating, "low moderate high not-assessed not-applicable"),
        (AnswerValue, "yes no not-sure"),
        (BrowPosition, "above at below"),
        (Dermatochalasis, "none mild moderate severe"),
        (DroopTimes, "none once more"),
        (
            ToxinProduct,
            "onabotulinumtoxinA abobotulinumtoxinA incobotulinumtoxinA daxibotulinumtoxinA "
            "prabotulinumtoxinA letibotulinumtoxinA",
        ),
        (
            ProductFamily,
            "albumin-containing-toxins lidocaine-containing-fillers Restylane-family",
        ),
        (TimeADay, "under-15-min 15-59-min 1-3-h over-3-h"),
        (Upset, "not a-little a-lot extremely"),
        (KeepsFrom, "no sometimes often"),
        (OthersHardlySee, "no yes not-asked"),
        (UnhappyAfter, "none once twice-or-more"),
        (WillChangeLife, "no partly yes"),
        (Unsafe, "no yes prefer-not-to-say"),
        (DroopRule, "J1 J2 J3 J4 J5 J6 J7 N1 N2 N3 N4 N5 N6 N7 N8 N9"),
        (UPPER_FACE, "forehead glabella crows-feet bunny-lines"),
        (SWEATING_AREAS, "axillae palms"),
        (MOUTH, "perioral lips"),
    ],
)
def test_a_list_of_codes_is_the_formats(codes, listed):
    assert " ".join(codes) == listed


def test_the_fillers_are_those_of_the_reference_by_name():
    assert [*FILLERS] == [
        "Restylane",
        "Restylane Eyelight",
        "Restylane Kysse",
        "Juvederm Ultra",
        "Juvederm Volbella",
        "Juvederm Voluma",
        "Juvederm Volux",
    ]
