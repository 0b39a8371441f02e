"""Rows 4 to 16 of the history table: pregnancy, muscles and nerves, allergies, skin.

Source: clinical reference section c.
"""

from __future__ import annotations

from clinic.screening.rules.codes import (
    MOUTH,
    Level,
    ProductFamily,
    ScopeModality,
    Topic,
    ToxinProduct,
)
from clinic.screening.rules.rows import (
    Instead,
    Question,
    absolute,
    caution,
    in_named_areas,
    information,
)

TOXIN, FILLER, BOTH = ScopeModality.TOXIN, ScopeModality.FILLER, ScopeModality.BOTH
ABO = ToxinProduct.ABOBOTULINUMTOXIN_A
WITH_ALBUMIN = ProductFamily.ALBUMIN_CONTAINING_TOXINS
WITH_LIDOCAINE = ProductFamily.LIDOCAINE_CONTAINING_FILLERS

HEALTH = (
    Question(
        Topic.PREGNANCY,
        (absolute(BOTH),),
        "No adequate human safety data and no urgent need; fillers not established in pregnancy.",
        "DY safety text, JV, RS; deferral PR",
        not_sure_counts_as_yes=True,
    ),
    Question(
        Topic.BREASTFEEDING,
        (caution(BOTH), absolute(TOXIN, product=ABO)),
        "Data are sparse; Dysport patient text says not to.",
        "DY, JV, RS",
    ),
    Question(
        Topic.NEUROMUSCULAR_DISEASE,
        (absolute(TOXIN),),
        "Normal doses can cause severe swallowing or breathing trouble; US label: warning; "
        "several non-US cosmetic labels: contraindication (GK). Filler unaffected.",
        "BC, DY, GK",
        finding="neuromuscular_disease",
    ),
    Question(
        Topic.TOXIN_ALLERGY,
        (absolute(TOXIN),),
        "Hypersensitivity to any botulinum toxin product or ingredient.",
        "BC, DY",
    ),
    Question(
        Topic.COWS_MILK_PROTEIN_ALLERGY,
        (absolute(TOXIN, product=ABO),),
        "That product may contain milk protein; lactose intolerance is not the same.",
        "DY",
    ),
    Question(
        Topic.HUMAN_ALBUMIN,
        (absolute(TOXIN, product=WITH_ALBUMIN),),
        "Most toxins contain albumin; Daxxify lists none.",
        "BC, openFDA label data",
        instead=Instead("kind", "objection", (information(TOXIN, product=WITH_ALBUMIN),)),
    ),
    Question(
        Topic.SEVERE_ALLERGY_HISTORY,
        (absolute(FILLER), caution(TOXIN)),
        "HA filler contraindication.",
        "JV, RS",
    ),
    Question(
        Topic.BACTERIAL_PROTEIN_ALLERGY,
        (absolute(FILLER),),
        "HA is made by bacteria; traces remain.",
        "JV, RS",
    ),
    Question(
        Topic.LIDOCAINE_ALLERGY,
        (absolute(FILLER, product=WITH_LIDOCAINE), caution(FILLER)),
        "Most current fillers contain 0.3 % lidocaine; some do not. Toxin unaffected.",
        "JV, RS",
    ),
    Question(
        Topic.VENOM_OR_HYALURONIDASE_ALLERGY,
        (caution(FILLER),),
        "The rescue enzyme for HA filler could cause a reaction; evidence is mixed (Bertlich 2024: "
        "no bee-allergic patient skin-tested positive, 5 of 23 wasp-allergic untreated did). "
        "Toxin unaffected.",
        "Bertlich 2024, Br J Dermatol; CMAC 2021",
    ),
    Question(
        Topic.INFECTION_AT_SITE,
        (in_named_areas(Level.ABSOLUTE, BOTH),),
        "Contraindication for toxin; filler must be deferred.",
        "BC, DY, JV",
    ),
    Question(
        Topic.SKIN_INFLAMMATION_AT_SITE,
        (in_named_areas(Level.ABSOLUTE, FILLER), in_named_areas(Level.CAUTION, TOXIN)),
        "Filler is deferred until controlled; Dysport lists site inflammation as caution.",
        "JV, DY",
    ),
    Question(
        Topic.COLD_SORES,
        (caution(FILLER, areas=MOUTH),),
        "Needle trauma can reactivate herpes.",
        "RS, CMAC 2021 herpes guideline",
        instead=Instead("now", True, (absolute(BOTH, areas=MOUTH),)),
    ),
)
