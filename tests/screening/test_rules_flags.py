"""How the flags of many rules become the list that is shown: joined, merged, thinned, ordered."""

from datetime import date
from decimal import Decimal

import pytest

from clinic.screening.rules import (
    RULE_VERSION,
    UNCONFIRMED,
    Answer,
    AnswerValue,
    Area,
    BrowPosition,
    Case,
    Concern,
    Findings,
    Flag,
    Level,
    Modality,
    Scope,
    ScopeModality,
    Topic,
    ToxinSession,
    decimal_of,
    evaluate,
)
from clinic.screening.rules.flags import as_shown

TODAY = date(2026, 6, 15)
YES = Answer(AnswerValue.YES)
EVERYTHING = {"toxin chin", "filler chin", "toxin lips", "filler lips"}


def flag(scope="both", *areas, product=None, level="caution", topic="recent-toxin", **over):
    """A flag whose scope is a modality, then areas; none is everywhere."""
    where = tuple(Area(area) for area in areas) or None
    return Flag(
        **{
            "topic": Topic(topic),
            "level": Level(level),
            "scope": Scope(ScopeModality(scope), where, product),
            "causes": ("a fact",),
            "reason": "A reason.",
            "source": "PR",
            **over,
        }
    )


def scopes(*flags):
    return [
        " ".join([f.scope.modality, *(f.scope.areas or ()), *filter(None, [f.scope.product])])
        for f in as_shown(flags)
    ]


@pytest.mark.parametrize(
    ("flags", "shown"),
    [
        ([flag("toxin"), flag("toxin")], ["toxin"]),
        ([flag("toxin", "lips"), flag("toxin", "chin")], ["toxin lips chin"]),
        ([flag("toxin", "palms", "chin"), flag("toxin", "lips")], ["toxin lips chin palms"]),
        ([flag("toxin", "chin"), flag("toxin")], ["toxin"]),
        ([flag("toxin"), flag("filler")], ["both"]),
        ([flag("filler", "chin"), flag("toxin", "chin")], ["both chin"]),
        (
            [flag("toxin", "chin"), flag("toxin", "lips"), flag("filler", "lips", "chin")],
            ["both lips chin"],
        ),
        ([flag("toxin", "chin"), flag("filler", "lips")], ["toxin chin", "filler lips"]),
        ([flag("filler"), flag("toxin", "chin")], ["toxin chin", "filler"]),
        (
            [flag("both", "chin"), flag("toxin", "lips"), flag("filler", "lips")],
            ["both lips chin"],
        ),
        ([flag("toxin", product="one"), flag("filler")], ["filler", "toxin one"]),
        ([flag("toxin", product="one"), flag("toxin", product="two")], ["toxin one", "toxin two"]),
    ],
)
def test_flags_of_one_topic_are_joined_by_area_and_merged_by_modality(flags, shown):
    assert scopes(*flags) == shown


@pytest.mark.parametrize(
    ("wider", "narrower"),
    [
        (flag("both"), flag("toxin")),
        (flag("both"), flag("filler", "chin")),
        (flag("toxin"), flag("toxin", product="one")),
        (flag("both"), flag("toxin", product="one")),
        (flag("toxin", "chin", "lips"), flag("toxin", "chin", product="one")),
        (flag("both", "chin", "lips"), flag("toxin", "chin")),
        (flag("both", "chin"), flag("toxin", "chin", product="one")),
        (flag("both", product="one"), flag("toxin", "chin", product="one")),
    ],
)
def test_a_flag_that_only_repeats_a_wider_one_is_left_out(wider, narrower):
    assert scopes(narrower, wider) == scopes(wider) == scopes(wider, narrower)


@pytest.mark.parametrize(
    "other",
    [
        flag("toxin", level="absolute"),
        flag("toxin", level="information"),
        flag("filler", level="information"),
        flag("both", level="information"),
        flag("toxin", topic="pregnancy"),
    ],
)
def test_flags_of_another_topic_or_level_repeat_nothing(other):
    assert sorted(scopes(flag("both"), other)) == ["both", other.scope.modality]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (flag("toxin", "chin"), flag("toxin", "chin", "lips", product="one")),
        (flag("toxin", product="one"), flag("toxin", "chin")),
        (flag("filler"), flag("toxin", product="one")),
    ],
)
def test_flags_that_each_say_something_of_their_own_both_stay(one, other):
    assert len(scopes(one, other)) == 2


def test_several_causes_are_joined_once_each():
    (joined,) = as_shown(
        [flag(causes=("a = 1", "b = 2")), flag(causes=("b = 2",)), flag(causes=("c = 3",))]
    )

    assert joined.raised_by == "a = 1; b = 2; c = 3"


def test_different_reasons_and_sources_are_all_kept():
    (joined,) = as_shown(
        [flag(), flag(reason="Another.", source="BX"), flag(reason="Another.", source="BX")]
    )

    assert (joined.reason, joined.source) == ("A reason. Another.", "PR; BX")


def test_a_sure_reason_replaces_an_unsure_one_and_unsure_ones_stay_unsure():
    unsure = flag(reason=f"Perhaps; {UNCONFIRMED}")

    assert [shown.reason for shown in as_shown([unsure, flag()])] == ["A reason."]
    assert [shown.is_unconfirmed for shown in as_shown([unsure, unsure])] == [True]


def test_flags_stand_by_level_and_then_by_the_order_of_the_topics():
    shown = as_shown(
        [
            flag(topic="creams-first", level="information"),
            flag(topic="off-label-area", level="caution"),
            flag(topic="age-65-and-over", level="information"),
            flag(topic="under-18", level="absolute"),
            flag(topic="blood-thinners", level="caution"),
            flag(topic="pregnancy", level="absolute"),
            flag(topic="eyelid-droop", level="caution"),
            flag(topic="breastfeeding", level="caution"),
        ]
    )

    assert [(each.level, each.topic) for each in shown] == [
        ("absolute", "pregnancy"),
        ("absolute", "under-18"),
        ("caution", "breastfeeding"),
        ("caution", "blood-thinners"),
        ("caution", "eyelid-droop"),
        ("caution", "off-label-area"),
        ("information", "age-65-and-over"),
        ("information", "creams-first"),
    ]


def test_the_topics_stand_in_the_order_of_the_case_format():
    assert " ".join(Topic) == (
        "pregnancy breastfeeding neuromuscular-disease toxin-allergy cows-milk-protein-allergy "
        "human-albumin severe-allergy-history bacterial-protein-allergy lidocaine-allergy "
        "venom-or-hyaluronidase-allergy infection-at-site skin-inflammation-at-site cold-sores "
        "blood-thinners bleeding-disorder aminoglycoside-antibiotic muscle-affecting-medicine "
        "recent-toxin previous-droop-after-toxin swallowing-or-breathing-problem heart-disease "
        "autoimmune-disease immune-suppression previous-filler-problem dental-work "
        "recent-vaccine-or-illness scarring-tendency recent-skin-procedure eyelid-or-face-surgery "
        "facial-weakness-or-asymmetry dry-eye planned-surgery possible-secondary-sweating "
        "hand-function previous-non-response epilepsy-or-porphyria event-soon "
        "unrealistic-expectations outside-pressure under-18 young-adult-and-filler "
        "age-65-and-over appearance-distress safety-concern eyelid-droop lower-lid-laxity "
        "high-risk-filler-site off-label-area above-label-dose below-labelled-severity "
        "cumulative-dose creams-first"
    )


def test_the_areas_stand_in_the_order_of_the_case_format():
    assert " ".join(Area) == (
        "forehead glabella crows-feet bunny-lines tear-trough cheeks nasolabial-folds perioral "
        "lips marionette chin masseter jawline neck-bands neck-lines axillae palms"
    )


def test_a_scope_without_any_area_is_refused():
    with pytest.raises(ValueError, match=r"^a scope without any area speaks about nothing$"):
        Scope(ScopeModality.TOXIN, ())


@pytest.mark.parametrize(
    ("stop", "stopped"),
    [
        (flag("both", level="absolute"), EVERYTHING),
        (flag("toxin", level="absolute"), {"toxin chin", "toxin lips"}),
        (flag("filler", "lips", level="absolute"), {"filler lips"}),
        (flag("toxin", level="absolute", product="one"), set()),
        (flag("both", level="caution"), set()),
        (flag("both", level="information"), set()),
    ],
)  # fmt: skip
def test_a_stop_is_absolute_and_not_about_one_product(stop, stopped):
    assert {
        f"{modality} {area}"
        for modality in Modality
        for area in (Area.CHIN, Area.LIPS)
        if stop.stops(modality, area)
    } == stopped


def test_the_example_of_the_case_format_comes_out_as_printed_there():
    evaluation = evaluate(
        Case(
            born_on=date(1990, 3, 2),
            today=TODAY,
            concerns=(
                Concern(Area.GLABELLA, in_motion=True, fws=2),
                Concern(Area.AXILLAE, hdss=3, creams_failed=True),
            ),
            history={
                Topic.BLOOD_THINNERS: YES,
                Topic.RECENT_TOXIN: Answer(
                    AnswerValue.YES,
                    {"sessions": [ToxinSession(date(2026, 5, 4), units=Decimal(20))]},
                ),
                Topic.INFECTION_AT_SITE: Answer(AnswerValue.YES, {"areas": ["chin"]}),
            },
            findings=Findings(
                brow_right=BrowPosition.ABOVE,
                brow_left=BrowPosition.ABOVE,
                frontalis_compensation=False,
                dermatochalasis="none",
                mrd1_right=decimal_of(4.5),
                mrd1_left=decimal_of(4.5),
                levator_right=decimal_of(15),
                levator_left=decimal_of(15),
            ),
        )
    )

    assert (evaluation.pattern, evaluation.after_flags, evaluation.incomplete) == (
        "toxin", "toxin", (),
    )  # fmt: skip
    assert (evaluation.droop.rating, evaluation.droop.fired) == ("low", ())
    assert [(each.topic, each.level, each.raised_by) for each in evaluation.flags] == [
        ("infection-at-site", "absolute", "history.infection-at-site = yes"),
        ("blood-thinners", "caution", "history.blood-thinners = yes"),
        ("recent-toxin", "caution", "history.recent-toxin = yes"),
    ]
    assert evaluation.flags[1].scope == Scope(ScopeModality.BOTH)
    assert (evaluation.flags[1].source, evaluation.rule_version) == ("JV; reviews", RULE_VERSION)


def test_what_is_missing_stands_with_the_concerns_first():
    evaluation = evaluate(
        Case(
            born_on=date(1990, 3, 2),
            today=TODAY,
            concerns=(
                Concern(Area.PALMS),
                Concern(Area.AXILLAE),
                Concern(Area.GLABELLA, in_motion=True),
            ),
        )
    )

    assert evaluation.incomplete[:3] == (
        "concerns.axillae.hdss", "concerns.palms.hdss", "findings.brow_right",
    )  # fmt: skip
