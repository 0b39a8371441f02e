"""The rules of treatment: the gate (may it be booked?) and the decision (may it be signed?)."""

from clinic.treatment.rules.decision import MITIGATIONS, Examined, Objection, Proposal, objections
from clinic.treatment.rules.gate import (
    ADULT,
    DESK_WORDS,
    NEVER_OVERRULED,
    STRICTEST,
    ApprovalFacts,
    ApprovalState,
    DeskWord,
    FillerClass,
    FlagFacts,
    GateFacts,
    Profile,
    Reason,
    Wish,
    desk_words,
    reasons_not_to_book,
)

__all__ = [
    "ADULT",
    "DESK_WORDS",
    "MITIGATIONS",
    "NEVER_OVERRULED",
    "STRICTEST",
    "ApprovalFacts",
    "ApprovalState",
    "DeskWord",
    "Examined",
    "FillerClass",
    "FlagFacts",
    "GateFacts",
    "Objection",
    "Profile",
    "Proposal",
    "Reason",
    "Wish",
    "desk_words",
    "objections",
    "reasons_not_to_book",
]
