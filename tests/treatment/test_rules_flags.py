"""The gate, condition 6: an absolute flag stops what it speaks about, and nothing else."""

import pytest

from clinic.screening.rules import Area, Level, ProductFamily, ScopeModality, Topic
from clinic.treatment.rules import (
    FillerClass,
    Reason,
    reasons_not_to_book,
)
from tests.treatment.facts import (
    BOTOX,
    DYSPORT,
    FACE,
    FILLER,
    TOXIN,
    flag,
    on,
    wish,
)

ELSEWHERE, HERE = (Area.LIPS,), (Area.LIPS, Area.GLABELLA)


@pytest.mark.parametrize(
    ("raised", "stops"),
    [
        (flag(), True),
        (flag(modality=ScopeModality.BOTH), True),
        (flag(modality=ScopeModality.FILLER), False),
        (flag(level=Level.CAUTION), False),
        (flag(level=Level.INFORMATION), False),
        (flag(resolved=True), False),
        (flag(areas=ELSEWHERE), False),
        (flag(areas=HERE), True),
        (flag(areas=()), False),
        (flag(product=BOTOX), True),
        (flag(product=DYSPORT), False),
        (flag(product=ProductFamily.ALBUMIN_CONTAINING_TOXINS), True),
        (flag(product=BOTOX, areas=ELSEWHERE), False),
        (flag(topic=Topic.PREGNANCY, modality=ScopeModality.BOTH), True),
        (flag(topic=Topic.PREGNANCY, modality=ScopeModality.BOTH, resolved=True), True),
        (flag(topic=Topic.UNDER_18, modality=ScopeModality.BOTH, resolved=True), True),
        (flag(topic=Topic.PREGNANCY, level=Level.CAUTION), False),
    ],
)
def test_condition_6_an_absolute_flag_stops_what_it_speaks_about(raised, stops):
    found = reasons_not_to_book(on({"flags": (raised,)}), wish())

    assert found == [Reason.ABSOLUTE_FLAG] * stops


@pytest.mark.parametrize(
    ("approved", "named", "stops"),
    [
        (None, DYSPORT, True),  # an approval that names no product may be of any
        (DYSPORT, DYSPORT, True),
        (BOTOX, DYSPORT, False),
        (None, ProductFamily.ALBUMIN_CONTAINING_TOXINS, True),
        ("daxibotulinumtoxinA", ProductFamily.ALBUMIN_CONTAINING_TOXINS, False),
        (DYSPORT, ProductFamily.ALBUMIN_CONTAINING_TOXINS, True),
    ],
)
def test_condition_6_a_flag_about_a_product_stops_that_product(approved, named, stops):
    facts = on({"products": {TOXIN: approved}, "flags": (flag(product=named),)})

    assert reasons_not_to_book(facts, wish()) == [Reason.ABSOLUTE_FLAG] * stops


@pytest.mark.parametrize(
    ("approved", "named", "stops"),
    [
        (FillerClass.WITH_LIDOCAINE, ProductFamily.LIDOCAINE_CONTAINING_FILLERS, True),
        (FillerClass.WITHOUT_LIDOCAINE, ProductFamily.LIDOCAINE_CONTAINING_FILLERS, False),
        (None, ProductFamily.LIDOCAINE_CONTAINING_FILLERS, True),
        (FillerClass.WITHOUT_LIDOCAINE, ProductFamily.RESTYLANE, True),
    ],
)
def test_condition_6_a_flag_about_a_family_of_fillers_stops_its_members(approved, named, stops):
    facts = on(
        {
            "scope": {FILLER: frozenset({Area.LIPS})},
            "products": {FILLER: approved},
            "flags": (flag(product=named, modality=ScopeModality.FILLER),),
        }
    )

    found = reasons_not_to_book(facts, wish(modalities=(FILLER,)))

    assert found == [Reason.ABSOLUTE_FLAG] * stops


def test_condition_6_a_flag_about_filler_stops_a_combined_treatment_and_not_its_toxin():
    scope = {TOXIN: FACE, FILLER: frozenset({Area.LIPS})}
    facts = on({"scope": scope, "flags": (flag(modality=ScopeModality.FILLER),)})

    assert reasons_not_to_book(facts, wish(modalities=(TOXIN, FILLER))) == [Reason.ABSOLUTE_FLAG]
    assert reasons_not_to_book(facts, wish(modalities=(TOXIN,))) == []
