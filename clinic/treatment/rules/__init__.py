"""The rules of treatment: the gate (may it be booked?) and the decision (may it be signed?)."""

from clinic.treatment.rules.decision import MITIGATIONS, Examined, Objection, Proposal, objections
from clinic.treatment.rules.gate import (
    DESK_WORDS,
    NEVER_OVERRULED,
    ApprovalFacts,
    ApprovalState,
    DeskWord,
    FillerClass,
    FlagFacts,
    GateFacts,
    Reason,
    Wish,
    desk_words,
    reasons_not_to_book,
    thinking_until,
    toxin_again_on,
)
from clinic.treatment.rules.label import off_label
from clinic.treatment.rules.usable import Usable, usable_from

__all__ = [
    "DESK_WORDS",
    "MITIGATIONS",
    "NEVER_OVERRULED",
    "ApprovalFacts",
    "ApprovalState",
    "DeskWord",
    "Examined",
    "FillerClass",
    "FlagFacts",
    "GateFacts",
    "Objection",
    "Proposal",
    "Reason",
    "Usable",
    "Wish",
    "desk_words",
    "objections",
    "off_label",
    "reasons_not_to_book",
    "thinking_until",
    "toxin_again_on",
    "usable_from",
]
