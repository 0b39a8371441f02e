"""How likely an eyelid or brow droop is after upper-face toxin, and which findings say so.

Source: clinical reference d.2 (PR: transparent, not a validated score; a physician may overrule it
with a written reason). "Not sure" and "not recorded" never make a rule hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from clinic.screening.rules.codes import (
    UPPER_FACE,
    Area,
    Level,
    Rating,
    ScopeModality,
    Topic,
)
from clinic.screening.rules.droop_rules import RULES, DroopRule, Evidence, Examined, lengths
from clinic.screening.rules.facts import Case
from clinic.screening.rules.flags import Flag, Scope

# The findings without which the rating is never "low" or "moderate".
DEMANDED = (
    "brow_right",
    "brow_left",
    "frontalis_compensation",
    "dermatochalasis",
    "mrd1_right",
    "mrd1_left",
    "levator_right",
    "levator_left",
)
MODERATE_FINDINGS_THAT_MAKE_HIGH = 3


@dataclass(frozen=True)
class Fired:
    """A rule that holds, with everything that makes it hold."""

    rule: DroopRule
    evidence: tuple[Evidence, ...]

    @property
    def sentence(self) -> str:
        return ", ".join(each.sentence for each in self.evidence)


@dataclass(frozen=True)
class Droop:
    """The assessment: the rating, every rule that holds, and the demanded findings still missing.

    *missing* is also filled when the rating is high without them. *context* is shown but never
    counted. *mrd1_difference* is right against left in mm.
    """

    rating: Rating
    fired: tuple[Fired, ...] = ()
    missing: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    mrd1_difference: Decimal | None = None


def assess_droop(case: Case, toxin_areas: frozenset[Area]) -> Droop:
    """The droop assessment, required when toxin is considered anywhere in the upper face."""
    if toxin_areas.isdisjoint(UPPER_FACE):
        return Droop(Rating.NOT_APPLICABLE)
    examined = Examined(case, toxin_areas)
    held = ((rule, tuple(evidence_of(examined))) for rule, evidence_of in RULES.items())
    fired = tuple(Fired(rule, evidence) for rule, evidence in held if evidence)
    missing = tuple(name for name in DEMANDED if getattr(case.findings, name) is None)
    return Droop(
        rating=_rating([each.rule for each in fired], bool(missing)),
        fired=fired,
        missing=missing,
        context=tuple(_context(case)),
        mrd1_difference=case.findings.mrd1_difference,
    )


def flags_from_droop(droop: Droop) -> Iterator[Flag]:
    """A caution at the upper face for a moderate or high rating; never absolute."""
    if droop.rating not in (Rating.MODERATE, Rating.HIGH):
        return
    because = "; ".join(f"{each.rule}: {each.sentence}" for each in droop.fired)
    causes = (fact for each in droop.fired for shown in each.evidence for fact in shown.causes)
    yield Flag(
        topic=Topic.EYELID_DROOP,
        level=Level.CAUTION,
        scope=Scope(ScopeModality.TOXIN, UPPER_FACE),
        causes=tuple(dict.fromkeys(causes)),
        reason=f"Droop rating {droop.rating} because {because}.",
        source="PR",
    )


def _rating(fired: Iterable[DroopRule], is_something_missing: bool) -> Rating:
    rules = list(fired)
    if any(rule.is_major for rule in rules) or len(rules) >= MODERATE_FINDINGS_THAT_MAKE_HIGH:
        return Rating.HIGH
    if is_something_missing:
        return Rating.NOT_ASSESSED
    return Rating.MODERATE if rules else Rating.LOW


def _context(case: Case) -> Iterator[str]:
    between = lengths(case, "mrd1", "MRD1", lambda mm: Decimal(3) < mm < Decimal(4))
    yield from (evidence.sentence for evidence in between)
    if case.age >= 65:
        yield f"Age {case.age}"
