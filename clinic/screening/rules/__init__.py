"""The screening rules: facts in, flags and suggestions out. Pure: no clock, no database, no Flask.

`evaluate(case)` answers with the suggestion before and after flags, the flags, and the droop
rating with the findings that fired. The rules are data with a version (`RULE_VERSION`), in the
codes of `screening-case-format.md` and the words of the clinical reference. They explain and never
decide: that is a physician's, after an examination in person.
"""

from clinic.screening.rules.codes import (
    HISTORY_TOPICS,
    SWEATING_AREAS,
    UPPER_FACE,
    AnswerValue,
    Area,
    BrowPosition,
    Dermatochalasis,
    DroopTimes,
    Level,
    Modality,
    Pattern,
    ProductFamily,
    Rating,
    ScopeModality,
    Side,
    Topic,
    ToxinProduct,
)
from clinic.screening.rules.droop import Droop, Fired
from clinic.screening.rules.droop_rules import DroopRule
from clinic.screening.rules.evaluation import Evaluation, evaluate
from clinic.screening.rules.facts import (
    Answer,
    Case,
    Concern,
    Findings,
    NotAllowed,
    millimetres,
)
from clinic.screening.rules.flags import RULE_VERSION, UNCONFIRMED, Flag, Scope
from clinic.screening.rules.suggestion import Considered

__all__ = [
    "HISTORY_TOPICS",
    "RULE_VERSION",
    "SWEATING_AREAS",
    "UNCONFIRMED",
    "UPPER_FACE",
    "Answer",
    "AnswerValue",
    "Area",
    "BrowPosition",
    "Case",
    "Concern",
    "Considered",
    "Dermatochalasis",
    "Droop",
    "DroopRule",
    "DroopTimes",
    "Evaluation",
    "Findings",
    "Fired",
    "Flag",
    "Level",
    "Modality",
    "NotAllowed",
    "Pattern",
    "ProductFamily",
    "Rating",
    "Scope",
    "ScopeModality",
    "Side",
    "Topic",
    "ToxinProduct",
    "evaluate",
    "millimetres",
]
