"""Rows 17 to 31 of the history table: medicines, illnesses, earlier and other treatments.

Source: clinical reference section c.
"""

from __future__ import annotations

from clinic.screening.rules.codes import (
    UPPER_FACE,
    Area,
    Level,
    ProductFamily,
    ScopeModality,
    Topic,
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
NECK_WARNING = (
    "Toxin in the neck lies beside the swallowing muscles: weigh it there above all, and say so."
)

MEDICINES = (
    Question(
        Topic.BLOOD_THINNERS,
        (caution(BOTH),),
        "More bruising; never tell the patient to stop a prescribed blood thinner; refer to its "
        "prescriber.",
        "JV; reviews",
    ),
    Question(
        Topic.BLEEDING_DISORDER,
        (absolute(FILLER, product=ProductFamily.RESTYLANE), caution(BOTH)),
        "Restylane IFU contraindication.",
        "RS, FF",
    ),
    Question(
        Topic.AMINOGLYCOSIDE_ANTIBIOTIC,
        (caution(TOXIN),),
        "Can strengthen the toxin's effect; also ask what infection is being treated.",
        "BX, DY interactions",
    ),
    Question(
        Topic.MUSCLE_AFFECTING_MEDICINE,
        (caution(TOXIN),),
        "May add to weakness or anticholinergic effects.",
        "BX",
    ),
    Question(
        Topic.RECENT_TOXIN,
        (caution(TOXIN),),
        "Label: not more often than every 3 months; therapeutic doses count too.",
        "BC, BX",
        if_left_out={
            "sessions": "No session is given: ask when, which product and how many units."
        },
    ),
    Question(
        Topic.PREVIOUS_DROOP_AFTER_TOXIN,
        (caution(TOXIN, areas=UPPER_FACE),),
        "Feeds the droop rules.",
        "PR, B21",
        finding="droop_after_toxin",
    ),
    Question(
        Topic.SWALLOWING_OR_BREATHING_PROBLEM,
        (caution(TOXIN),),
        "Highest risk of serious spread effects if already present.",
        "BC, DY",
        if_wanted={Area.NECK_BANDS: NECK_WARNING, Area.NECK_LINES: NECK_WARNING},
    ),
    Question(
        Topic.HEART_DISEASE,
        (caution(TOXIN),),
        "Cardiovascular events have been reported.",
        "BC",
    ),
    Question(
        Topic.AUTOIMMUNE_DISEASE,
        (caution(FILLER), information(TOXIN)),
        "Evidence conflicts (Pieretti 2023 found no study forbidding HA; Bornikowska 2024 advises "
        "against most); avoid flares.",
        "papers named",
        if_said={"active": "The patient says that it is active now."},
    ),
    Question(
        Topic.IMMUNE_SUPPRESSION,
        (caution(FILLER),),
        "Infection risk.",
        "JV, RS",
    ),
    Question(
        Topic.PREVIOUS_FILLER_PROBLEM,
        (caution(FILLER),),
        "Old implants can flare or hide; need product and date.",
        "RS",
    ),
    Question(
        Topic.DENTAL_WORK,
        (caution(FILLER),),
        "Dental bacteria have been linked to delayed filler inflammation. Toxin unaffected.",
        "FF; consensus 2-week practice",
    ),
    Question(
        Topic.RECENT_VACCINE_OR_ILLNESS,
        (caution(FILLER), caution(TOXIN)),
        "Immune stimulation has been linked to filler swelling.",
        "FF",
        instead=Instead("kind", "vaccine", (caution(FILLER),)),
    ),
    Question(
        Topic.SCARRING_TENDENCY,
        (caution(FILLER),),
        "Not studied.",
        "JV",
    ),
    Question(
        Topic.RECENT_SKIN_PROCEDURE,
        (in_named_areas(Level.CAUTION, FILLER),),
        "Inflammatory reaction at the implant site; 4 weeks is PR.",
        "JV, RS",
    ),
)
