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
    thinking_until,
    toxin_again_on,
)
from clinic.treatment.rules.label import off_label

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
    "off_label",
    "reasons_not_to_book",
    "thinking_until",
    "toxin_again_on",
]
