"""A ceiling beside the label: doses added up, three months together, volumes of fillers."""

from datetime import date
from decimal import Decimal

import pytest

from clinic.screening.rules import (
    Answer,
    AnswerValue,
    Area,
    Case,
    Ceiling,
    Modality,
    Topic,
    ToxinProduct,
    ToxinSession,
    beside_the_label,
)

ONA, ABO = ToxinProduct.ONABOTULINUMTOXIN_A, ToxinProduct.ABOBOTULINUMTOXIN_A
TODAY = date(2026, 6, 15)


def session(day, units, product=ONA):
    return ToxinSession(date.fromisoformat(day), product, units and Decimal(units))


def beside(modality, areas, amount=None, product=None, sessions=(), value="yes"):
    history = {Topic.RECENT_TOXIN: Answer(AnswerValue(value), {"sessions": list(sessions)})}
    case = Case(born_on=date(1985, 1, 1), today=TODAY, history=history)
    ceiling = Ceiling(
        modality=Modality(modality),
        areas=frozenset(map(Area, areas.split())),
        product=product,
        amount=amount and Decimal(amount),
    )
    return beside_the_label(case, ceiling)


def toxin(areas, amount=None, product=ONA, **more):
    return beside("toxin", areas, amount, product, **more)


def told(flags):
    """What each flag says, but for its reason."""
    return [
        (f.topic, f.level, f.scope.modality, f.scope.areas, f.scope.product, f.raised_by, f.source)
        for f in flags
    ]


@pytest.mark.parametrize(
    ("product", "areas", "labelled", "total", "unlabelled"),
    [
        (ONA, "glabella", {"glabella": 20}, 20, ()),
        (ONA, "crows-feet forehead glabella", {"forehead": 20, "glabella": 20, "crows-feet": 24},
         64, ()),
        (ONA, "axillae lips", {"axillae": 100}, 100, ("lips",)),
        (ABO, "forehead glabella", {"glabella": 50}, 50, ("forehead",)),
        (ABO, "palms forehead", {}, 0, ("forehead", "palms")),
    ],
)  # fmt: skip
def test_the_labelled_units_of_the_areas_stand_in_their_order_and_are_added_up(
    product, areas, labelled, total, unlabelled
):
    found = toxin(areas, product=product)

    assert list(found.labelled.items()) == list(labelled.items())
    assert (found.total, found.unlabelled, found.flags) == (total, unlabelled, ())


@pytest.mark.parametrize(
    ("areas", "product", "amount", "is_above"),
    [
        ("glabella", ONA, "20", False),
        ("glabella", ONA, "20.1", True),
        ("glabella", ONA, "21", True),
        ("forehead glabella", ONA, "40", False),
        ("forehead glabella", ONA, "41", True),
        ("glabella", ABO, "50", False),
        ("glabella", ABO, "51", True),
        ("palms", ONA, "400", False),  # the label has no dose to be above of
        ("glabella palms", ONA, "21", True),
    ],
)
def test_a_ceiling_above_the_labelled_doses_together_is_a_caution(areas, product, amount, is_above):
    topics = [flag.topic for flag in toxin(areas, amount, product).flags]

    assert topics == [Topic.ABOVE_LABEL_DOSE] * is_above


def test_the_caution_names_the_labelled_areas_the_ceiling_and_the_label():
    (flag,) = toxin("palms glabella forehead", "60").flags

    assert told([flag]) == [
        ("above-label-dose", "caution", "toxin", (Area.FOREHEAD, Area.GLABELLA), ONA,
         "ceiling.units = 60", "PR"),
    ]  # fmt: skip
    assert flag.reason == (
        "Labelled dose of onabotulinumtoxinA: forehead 20, glabella 20; 40 units."
    )


@pytest.mark.parametrize(
    ("day", "counts"), [("2026-03-14", False), ("2026-03-15", True), ("2026-06-15", True)]
)
def test_a_session_counts_from_the_same_day_three_months_ago_on(day, counts):
    found = toxin("glabella", sessions=[session(day, "30")])

    assert found.told.total == 30 * counts
    assert found.told.since == date(2026, 3, 15)


def test_only_the_units_of_the_chosen_product_are_added():
    sessions = [
        session("2026-06-01", "30"),
        session("2026-06-02", "12.5"),
        session("2026-06-03", "500", ABO),
        session("2026-06-04", None),
        session("2026-06-05", "80", None),
        session("2026-01-05", None),  # too long ago to matter
    ]

    ona, abo = (toxin("glabella", product=p, sessions=sessions).told for p in (ONA, ABO))

    assert (ona.total, ona.amounts, ona.unknown) == (Decimal("42.5"), (30, Decimal("12.5")), 2)
    assert (abo.total, abo.unknown) == (500, 2)


def test_what_was_answered_with_no_counts_nothing():
    found = toxin("glabella", sessions=[session("2026-06-01", "30")], value="no")

    assert (found.told.total, found.told.unknown) == (0, 0)


@pytest.mark.parametrize(
    ("had", "product", "amount", "is_above"),
    [
        ("380", ONA, "20", False),
        ("381", ONA, "20", True),
        ("401", ONA, None, False),  # nothing is allowed yet, so nothing is warned of
        ("380", ABO, "50", False),  # the ceiling is another product's units
        ("401", ABO, "50", True),
    ],
)
def test_above_four_hundred_units_in_three_months_is_a_caution(had, product, amount, is_above):
    flags = toxin("glabella", amount, product, sessions=[session("2026-06-01", had)]).flags

    assert [flag.topic for flag in flags] == [Topic.CUMULATIVE_DOSE] * is_above


def test_the_three_months_say_what_was_added_and_what_was_not():
    sessions = [session("2026-06-01", "390"), session("2026-06-02", None)]

    (flag,) = toxin("glabella", "20", sessions=sessions).flags

    assert told([flag]) == [
        ("cumulative-dose", "caution", "toxin", None, None,
         "history.recent-toxin.sessions.units = 390; plan.units = 20", "BC"),
    ]  # fmt: skip
    assert flag.reason == (
        "onabotulinumtoxinA: 410 units since 2026-03-15 with this plan; the label's maximum is"
        " 400 units in 3 months, all purposes. Not added: sessions without product or units, 1."
    )


@pytest.mark.parametrize(
    ("areas", "amount", "above"),
    [
        ("cheeks", "6", []),
        ("cheeks", "6.1", ["Restylane"]),
        ("lips", "3", []),
        ("lips", "3.1", ["Restylane"]),
        ("lips cheeks", "9", []),
        ("lips cheeks", "9.1", ["Restylane", "Juvederm Volux"]),
        ("cheeks", "9", ["Restylane"]),
        ("cheeks", "9.1", ["Restylane", "Juvederm Volux"]),
        ("cheeks", None, []),
    ],
)
def test_a_volume_above_a_fillers_limits_is_a_caution_for_that_filler(areas, amount, above):
    assert [flag.scope.product for flag in beside("filler", areas, amount).flags] == above


def test_a_volume_is_told_with_the_words_and_the_sources_of_its_limits():
    found = beside("filler", "lips cheeks", "9.5")

    assert {name: [limit.ml for limit in limits] for name, limits in found.volumes.items()} == {
        "Restylane": [3, 6],
        "Juvederm Volux": [9],
    }
    assert told(found.flags) == [
        ("above-label-dose", "caution", "filler", (Area.CHEEKS, Area.LIPS), name,
         "ceiling.ml = 9.5", source)
        for name, source in (("Restylane", "RS monograph"), ("Juvederm Volux", "JV monograph"))
    ]  # fmt: skip
    assert found.flags[0].reason == (
        "Labelled volume of Restylane: 1.5 mL per lip per treatment, two lips;"
        " 6 mL per patient per treatment (folds)."
    )


def test_no_product_says_nothing_and_a_filler_knows_no_units():
    assert toxin("glabella", "400", product=None).flags == ()
    assert toxin("glabella", product=None).told is None
    assert beside("filler", "lips").told is None
