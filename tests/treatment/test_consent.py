"""The consent texts: every point of the clinical reference, every number with who counted it."""

import re

import pytest

from clinic.brand import NAMES
from clinic.screening.rules import Modality
from clinic.treatment.consent import RISKS, Part, TextName, text_of
from clinic.treatment.consent_2026_1 import CURRENT

# Section h, row by row; drooping lid, brow and smile are one row there, as are a vessel and sight.
ROWS = {
    TextName.RELAXING: [
        "relaxes-muscle",
        "fills-nothing",
        "bruise-headache-bumps",
        "drooping-lid",
        "drooping-brow",
        "smile-dry-eye",
        "weak-grip",
        "swallowing-breathing-allergy",
        "off-label",
        "units",
        "pregnancy-medicines",
        "alternatives",
    ],
    TextName.FILLER: [
        "adds-volume",
        "moves-on",
        "swelling-bruise-lumps",
        "infection-cold-sores",
        "late-swelling",
        "blocked-vessel",
        "blindness-stroke",
        "off-label-and-enzyme",
        "product-and-lot",
        "dental-vaccines",
        "alternatives",
    ],
    TextName.BOTH: ["two-medicines", "first-changes-second", "bruises-same-day", "stop-one"],
}
OF_EVERY = [
    "who",
    "physician-seen",
    "cost",
    "stop-time-ask",
    "photographs",
    "out-of-hours",
    "each-approval",
]
POINTS = [(name, point) for name, points in CURRENT.points.items() for point in points]
CHANCES = [(point.key, chance) for _name, point in POINTS for chance in point.chances]


@pytest.fixture(autouse=True)
def worded(app):
    """Lazy words need an app."""
    with app.test_request_context():
        yield


@pytest.mark.parametrize("name", TextName)
def test_a_text_has_every_point_of_the_reference(name):
    assert [point.key for point in CURRENT.points[name]] == ROWS[name]


def test_what_holds_for_every_treatment_is_there_once():
    assert [point.key for point in CURRENT.of_every] == OF_EVERY


def test_every_number_says_who_counted_it():
    assert CHANCES
    assert {chance.source for _key, chance in CHANCES} == set(CURRENT.sources)


@pytest.mark.parametrize(("key", "chance"), CHANCES, ids=[key for key, _chance in CHANCES])
def test_a_chance_is_a_number(key, chance):
    assert re.search(r"\d", str(chance.number))


def test_only_risks_have_chances_and_each_text_that_injects_has_all_three_kinds():
    assert [point.key for _name, point in POINTS if point.chances and not point.is_risk] == []
    for name in (TextName.RELAXING, TextName.FILLER):
        assert {point.part for point in CURRENT.points[name]} >= {*RISKS, Part.EFFECT, Part.BEFORE}


@pytest.mark.parametrize("name", TextName)
def test_no_text_names_the_medicine(name):
    said = " ".join(str(point.text) for point in (*CURRENT.points[name], *CURRENT.of_every))

    assert NAMES.findall(said) == []


def test_blindness_and_stroke_are_named():
    said = {point.key: str(point.text) for _name, point in POINTS}

    assert "Blindness" in said["blindness-stroke"]
    assert "stroke" in said["blindness-stroke"]


def test_the_sources_of_a_page_are_those_of_its_texts_and_no_others():
    assert CURRENT.sources_of((TextName.FILLER,)) == [
        CURRENT.sources[key] for key in ("JV", "H15", "A21", "D24")
    ]


@pytest.mark.parametrize(
    ("modalities", "name"),
    [
        ({Modality.TOXIN}, TextName.RELAXING),
        ({Modality.FILLER}, TextName.FILLER),
        ({Modality.TOXIN, Modality.FILLER}, TextName.BOTH),
        (set(), None),
    ],
)
def test_each_kind_of_treatment_has_its_text(modalities, name):
    assert text_of(modalities) == name
