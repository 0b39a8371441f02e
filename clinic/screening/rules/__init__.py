"""The screening rules: facts in, flags and suggestions out. Pure: no clock, no database, no Flask.

`evaluate(case)` answers with the suggestion before and after flags, the flags, and the droop
rating with the findings that fired. The rules are data with a version (`RULE_VERSION`), in the
codes of `screening-case-format.md` and the words of the clinical reference. They explain and never
decide: that is a physician's, after an examination in person.

Beside the reference, table by table; the entries of a list stand in the order of its rows:

a, a.1 and b   `suggestion`; `products` (what is labelled); `facts` (grades)
c, row 1 to 3  `history`, with the list of all rows; `answers` says how a row is read
c, row 4 to 16 `history_health`
c, row 17-31   `history_medicines`
c, row 32-42   `history_face`
c, row 43; g   `distress`
d.1            `findings`
d.2            `droop_rules` (J1 to N9), `droop` (the rating), `lower_lid`
e.1, e.2       `products` (doses, volumes), `plan_rules` (W3, W4, W7), `ceiling` (a decision's most)
the case file  `codes`; `flags` (levels, scopes, joining, order); `evaluation` (all of it in one)
"""

from clinic.screening.rules.answer import DETAILS, Answer, ToxinSession
from clinic.screening.rules.ceiling import BesideTheLabel, Ceiling, beside_the_label
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
from clinic.screening.rules.distress import (
    DISTRESS,
    Distress,
    KeepsFrom,
    OthersHardlySee,
    TimeADay,
    UnhappyAfter,
    Unsafe,
    Upset,
    WillChangeLife,
)
from clinic.screening.rules.droop import Droop, Fired
from clinic.screening.rules.droop_rules import DroopRule
from clinic.screening.rules.evaluation import Evaluation, evaluate
from clinic.screening.rules.facts import Case, Concern
from clinic.screening.rules.findings import EYES, MEASURED_RANGES, Findings, allowed_of, decimal_of
from clinic.screening.rules.flags import RULE_VERSION, UNCONFIRMED, Flag, Scope
from clinic.screening.rules.lower_lid import LowerLid, assess_lower_lid
from clinic.screening.rules.not_allowed import NotAllowed
from clinic.screening.rules.plan import PlanLine
from clinic.screening.rules.products import FILLERS
from clinic.screening.rules.suggestion import Considered

__all__ = [
    "DETAILS",
    "DISTRESS",
    "EYES",
    "FILLERS",
    "HISTORY_TOPICS",
    "MEASURED_RANGES",
    "RULE_VERSION",
    "SWEATING_AREAS",
    "UNCONFIRMED",
    "UPPER_FACE",
    "Answer",
    "AnswerValue",
    "Area",
    "BesideTheLabel",
    "BrowPosition",
    "Case",
    "Ceiling",
    "Concern",
    "Considered",
    "Dermatochalasis",
    "Distress",
    "Droop",
    "DroopRule",
    "DroopTimes",
    "Evaluation",
    "Findings",
    "Fired",
    "Flag",
    "KeepsFrom",
    "Level",
    "LowerLid",
    "Modality",
    "NotAllowed",
    "OthersHardlySee",
    "Pattern",
    "PlanLine",
    "ProductFamily",
    "Rating",
    "Scope",
    "ScopeModality",
    "Side",
    "TimeADay",
    "Topic",
    "ToxinProduct",
    "ToxinSession",
    "UnhappyAfter",
    "Unsafe",
    "Upset",
    "WillChangeLife",
    "allowed_of",
    "assess_lower_lid",
    "beside_the_label",
    "decimal_of",
    "evaluate",
]
