"""Rows 32 to 42 of the history table: the face, sweating and hands, plans and wishes.

Row 43, the questions of section g, is `distress`. Source: clinical reference section c.
"""

from __future__ import annotations

from clinic.screening.rules.codes import SWEATING_AREAS, UPPER_FACE, Area, ScopeModality, Topic
from clinic.screening.rules.rows import Question, caution, information

TOXIN, FILLER, BOTH = ScopeModality.TOXIN, ScopeModality.FILLER, ScopeModality.BOTH

# Row 41 is also raised by answer g6, in the same words.
UNREALISTIC_EXPECTATIONS = Question(
    Topic.UNREALISTIC_EXPECTATIONS,
    (caution(BOTH),),
    "Unattainable expectations make a patient unsuitable.",
    "RS; GMC",
)

FACE_AND_WISHES = (
    Question(
        Topic.EYELID_OR_FACE_SURGERY,
        (caution(TOXIN, areas=UPPER_FACE),),
        "Changed anatomy.",
        "BC, DY",
        finding="eyelid_or_brow_surgery",
    ),
    Question(
        Topic.FACIAL_WEAKNESS_OR_ASYMMETRY,
        (caution(TOXIN),),
        "Label caution: ptosis, weakness, marked asymmetry.",
        "DY",
    ),
    Question(
        Topic.DRY_EYE,
        (caution(TOXIN, areas=UPPER_FACE),),
        "Less blinking can harm the cornea.",
        "DY",
    ),
    Question(
        Topic.PLANNED_SURGERY,
        (information(BOTH),),
        "Anaesthetist should know; interacts with relaxants.",
        "BX",
    ),
    Question(
        Topic.POSSIBLE_SECONDARY_SWEATING,
        (caution(TOXIN, areas=SWEATING_AREAS),),
        "Look for a cause such as thyroid disease first.",
        "BX",
    ),
    Question(
        Topic.HAND_FUNCTION,
        (caution(TOXIN, areas=(Area.PALMS,)),),
        "Hand weakness, mostly pinch.",
        "BX",
    ),
    Question(
        Topic.PREVIOUS_NON_RESPONSE,
        (information(TOXIN),),
        "Possible antibodies, dose or diagnosis.",
        "BC",
    ),
    Question(
        Topic.EPILEPSY_OR_PORPHYRIA,
        (caution(FILLER),),
        "Non-US Juvederm cautions.",
        "JV (non-US)",
    ),
    Question(
        Topic.EVENT_SOON,
        (information(BOTH),),
        "Bruising; full toxin effect takes up to 2 weeks.",
        "GK",
    ),
    UNREALISTIC_EXPECTATIONS,
    Question(
        Topic.OUTSIDE_PRESSURE,
        (caution(BOTH),),
        "Consent must be voluntary.",
        "GMC",
    ),
)
