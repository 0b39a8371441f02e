"""An approval of Botox, what the gate knows of a patient, a wish: valid unless told otherwise."""

from dataclasses import replace
from datetime import UTC, date, datetime

from clinic.screening.rules import Area, Level, Modality, ScopeModality, Topic
from clinic.treatment.rules import ApprovalFacts, ApprovalState, FlagFacts, GateFacts, Wish

GIVEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
TOXIN, FILLER = Modality.TOXIN, Modality.FILLER
FACE = frozenset({Area.FOREHEAD, Area.GLABELLA})
BOTOX, DYSPORT = "onabotulinumtoxinA", "abobotulinumtoxinA"

# Botox of forehead and frown lines, given on 24 November for six months.
APPROVAL = ApprovalFacts(
    scope={TOXIN: FACE},
    products={TOXIN: BOTOX},
    valid_from=date(2026, 11, 24),
    valid_until=date(2027, 5, 24),
    given_at=GIVEN,
    state=ApprovalState.IN_FORCE,
)
KNOWN = GateFacts(born_on=date(1990, 3, 2), consulted=True, approval=APPROVAL)


def wish(day=date(2026, 12, 1), modalities=(TOXIN,), starts_at=None):
    at_ten = datetime(day.year, day.month, day.day, 10, 0, tzinfo=UTC)
    return Wish(frozenset(modalities), starts_at or at_ten, day)


def on(approval=None, **facts):
    """The facts above with another *approval* (fields replaced) or other *facts*."""
    return replace(KNOWN, approval=replace(APPROVAL, **(approval or {})), **facts)


def flag(**over):
    values = {
        "topic": Topic.SEVERE_ALLERGY_HISTORY,
        "level": Level.ABSOLUTE,
        "modality": ScopeModality.TOXIN,
        "areas": None,
        "product": None,
        "resolved": False,
    }
    return FlagFacts(**{**values, **over})
