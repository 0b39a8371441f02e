"""The history questions and age bands, as data: topic, level, scope, reason and source of each.

Source: clinical reference section c, rows 1 to 8, 10, 12, 14, 17, 19, 21 and 22 (rule version
2026.1). Reasons and sources are the table's own words. A further row is a further entry here;
`answers` reads every row alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from clinic.screening.rules.codes import (
    UPPER_FACE,
    Area,
    Level,
    ProductFamily,
    ScopeModality,
    Topic,
    ToxinProduct,
)


@dataclass(frozen=True)
class Raises:
    """One level and scope that a row lists.

    *in_named_areas* is the table's "area": the areas that the answer names.
    """

    level: Level
    modality: ScopeModality
    areas: tuple[Area, ...] | None = None
    product: str | None = None
    in_named_areas: bool = False


@dataclass(frozen=True, kw_only=True)
class Question:
    """One row that a patient answers.

    *finding* is the finding of section d.1 that says yes to the same question. *if_left_out* has
    a sentence for the reason when a yes comes without that detail.
    """

    topic: Topic
    raises: tuple[Raises, ...]
    reason: str
    source: str
    finding: str | None = None
    not_sure_counts_as_yes: bool = False
    if_left_out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AgeBand:
    """One row that reads the age: *youngest* to *oldest* in whole years, both included."""

    topic: Topic
    raises: tuple[Raises, ...]
    reason: str
    source: str
    youngest: int = 0
    oldest: int | None = None


AGE_BANDS = (
    AgeBand(
        topic=Topic.UNDER_18,
        oldest=17,
        raises=(Raises(Level.ABSOLUTE, ScopeModality.BOTH),),
        reason="In England it is an offence to give, or even to book, these injections for "
        "cosmetic purposes under 18.",
        source="ACT",
    ),
    AgeBand(
        topic=Topic.YOUNG_ADULT_AND_FILLER,
        youngest=18,
        oldest=21,
        raises=(Raises(Level.CAUTION, ScopeModality.FILLER),),
        reason="US fillers are approved from age 22.",
        source="FF",
    ),
    AgeBand(
        topic=Topic.AGE_65_AND_OVER,
        youngest=65,
        raises=(
            Raises(Level.INFORMATION, ScopeModality.TOXIN),
            Raises(Level.CAUTION, ScopeModality.TOXIN, product=ToxinProduct.ABOBOTULINUMTOXIN_A),
        ),
        reason="Dysport wrinkle trials and wording cover adults under 65.",
        source="DY",
    ),
)

QUESTIONS = (
    Question(
        topic=Topic.PREGNANCY,
        raises=(Raises(Level.ABSOLUTE, ScopeModality.BOTH),),
        not_sure_counts_as_yes=True,
        reason="No adequate human safety data and no urgent need; fillers not established in "
        "pregnancy.",
        source="DY safety text, JV, RS; deferral PR",
    ),
    Question(
        topic=Topic.BREASTFEEDING,
        raises=(
            Raises(Level.CAUTION, ScopeModality.BOTH),
            Raises(Level.ABSOLUTE, ScopeModality.TOXIN, product=ToxinProduct.ABOBOTULINUMTOXIN_A),
        ),
        reason="Data are sparse; Dysport patient text says not to.",
        source="DY, JV, RS",
    ),
    Question(
        topic=Topic.NEUROMUSCULAR_DISEASE,
        finding="neuromuscular_disease",
        raises=(Raises(Level.ABSOLUTE, ScopeModality.TOXIN),),
        reason="Normal doses can cause severe swallowing or breathing trouble; US label: warning; "
        "several non-US cosmetic labels: contraindication (GK). Filler unaffected.",
        source="BC, DY, GK",
    ),
    Question(
        topic=Topic.TOXIN_ALLERGY,
        raises=(Raises(Level.ABSOLUTE, ScopeModality.TOXIN),),
        reason="Hypersensitivity to any botulinum toxin product or ingredient.",
        source="BC, DY",
    ),
    Question(
        topic=Topic.COWS_MILK_PROTEIN_ALLERGY,
        raises=(
            Raises(Level.ABSOLUTE, ScopeModality.TOXIN, product=ToxinProduct.ABOBOTULINUMTOXIN_A),
        ),
        reason="That product may contain milk protein; lactose intolerance is not the same.",
        source="DY",
    ),
    Question(
        topic=Topic.SEVERE_ALLERGY_HISTORY,
        raises=(
            Raises(Level.ABSOLUTE, ScopeModality.FILLER),
            Raises(Level.CAUTION, ScopeModality.TOXIN),
        ),
        reason="HA filler contraindication.",
        source="JV, RS",
    ),
    Question(
        topic=Topic.LIDOCAINE_ALLERGY,
        raises=(
            Raises(
                Level.ABSOLUTE,
                ScopeModality.FILLER,
                product=ProductFamily.LIDOCAINE_CONTAINING_FILLERS,
            ),
            Raises(Level.CAUTION, ScopeModality.FILLER),
        ),
        reason="Most current fillers contain 0.3 % lidocaine; some do not. Toxin unaffected.",
        source="JV, RS",
    ),
    Question(
        topic=Topic.INFECTION_AT_SITE,
        raises=(Raises(Level.ABSOLUTE, ScopeModality.BOTH, in_named_areas=True),),
        reason="Contraindication for toxin; filler must be deferred.",
        source="BC, DY, JV",
    ),
    Question(
        topic=Topic.BLOOD_THINNERS,
        raises=(Raises(Level.CAUTION, ScopeModality.BOTH),),
        reason="More bruising; never tell the patient to stop a prescribed blood thinner; refer to "
        "its prescriber.",
        source="JV; reviews",
    ),
    Question(
        topic=Topic.AMINOGLYCOSIDE_ANTIBIOTIC,
        raises=(Raises(Level.CAUTION, ScopeModality.TOXIN),),
        reason="Can strengthen the toxin's effect; also ask what infection is being treated.",
        source="BX, DY interactions",
    ),
    Question(
        topic=Topic.RECENT_TOXIN,
        raises=(Raises(Level.CAUTION, ScopeModality.TOXIN),),
        if_left_out={
            "sessions": "No session is given: ask when, which product and how many units."
        },
        reason="Label: not more often than every 3 months; therapeutic doses count too.",
        source="BC, BX",
    ),
    Question(
        topic=Topic.PREVIOUS_DROOP_AFTER_TOXIN,
        finding="droop_after_toxin",
        raises=(Raises(Level.CAUTION, ScopeModality.TOXIN, areas=UPPER_FACE),),
        reason="Feeds the droop rules.",
        source="PR, B21",
    ),
)
