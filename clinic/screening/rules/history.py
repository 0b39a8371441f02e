"""The history table as data: the ages of rows 1 to 3, and every question a patient answers.

Source: clinical reference section c. Reasons and sources are the table's own words. A further row
is a further entry in one of the three lists; `answers` reads every row alike.
"""

from __future__ import annotations

from clinic.screening.rules.codes import ScopeModality, Topic, ToxinProduct
from clinic.screening.rules.history_face import FACE_AND_WISHES
from clinic.screening.rules.history_health import HEALTH
from clinic.screening.rules.history_medicines import MEDICINES
from clinic.screening.rules.rows import AgeBand, absolute, caution, information

AGE_BANDS = (
    AgeBand(
        topic=Topic.UNDER_18,
        oldest=17,
        raises=(absolute(ScopeModality.BOTH),),
        reason="In England it is an offence to give, or even to book, these injections for "
        "cosmetic purposes under 18.",
        source="ACT",
    ),
    AgeBand(
        topic=Topic.YOUNG_ADULT_AND_FILLER,
        youngest=18,
        oldest=21,
        raises=(caution(ScopeModality.FILLER),),
        reason="US fillers are approved from age 22.",
        source="FF",
    ),
    AgeBand(
        topic=Topic.AGE_65_AND_OVER,
        youngest=65,
        raises=(
            information(ScopeModality.TOXIN),
            caution(ScopeModality.TOXIN, product=ToxinProduct.ABOBOTULINUMTOXIN_A),
        ),
        reason="Dysport wrinkle trials and wording cover adults under 65.",
        source="DY",
    ),
)

QUESTIONS = (*HEALTH, *MEDICINES, *FACE_AND_WISHES)
