"""What stands in the way of a signature: the form of a decision, asked of the rules.

Source: clinical reference d.2 (ratings), e.4 (decision, validity, conditions 2 and 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from clinic.catalogue import sites
from clinic.journey import scope
from clinic.screening.models import Decision, EarlierApproval
from clinic.screening.rules import Evaluation, Flag, Rating
from clinic.screening.services import flag_key
from clinic.treatment.models import Approval
from clinic.treatment.rules import Examined, FlagFacts, Objection, Proposal, objections

# Decisions against a treatment: what they do to an approval that stands, the physician says.
AGAINST = frozenset({Decision.DEFER, Decision.DECLINE, Decision.REFER})


class CannotSign(RuntimeError):
    """The decision does not hold as it stands; *objections* says why."""

    def __init__(self, found: Sequence[Objection]) -> None:
        super().__init__(", ".join(found))
        self.objections = list(found)


def proposal(decided: Mapping[str, Any], today: date) -> Proposal:
    areas = scope.scope_of(decided)
    return Proposal(
        scope=areas,
        products={m: decided.get(f"{m}_product") or None for m in areas},
        ceilings={m: _number(decided.get(f"{m}_ceiling")) for m in areas},
        given_on=today,
        valid_until=date.fromisoformat(decided["valid_until"]),
        mitigations=frozenset(decided.get("mitigations", [])),
        why=decided.get("why", ""),
    )


def _number(text: object) -> float | None:
    return float(Decimal(str(text))) if text else None


def rating_that_counts(found: Evaluation, decided: Mapping[str, Any]) -> Rating:
    """The rules' rating, or the physician's when overruled with a written reason.

    What is not assessed cannot be overruled: it is examined (clinical reference d.2).
    """
    by_rules = found.droop.rating
    overruled_to = decided.get("rating_overruled")
    if by_rules in (Rating.NOT_ASSESSED, Rating.NOT_APPLICABLE):
        return by_rules
    if overruled_to and str(decided.get("rating_because", "")).strip():
        return Rating(overruled_to)
    return by_rules


def is_by_live_video(decided: Mapping[str, Any]) -> bool:
    return bool(decided.get("by_live_video"))


def object_to_any(
    decided: Mapping[str, Any], found: Evaluation, decision: Decision, standing: Sequence[Approval]
) -> None:
    """What stands in the way of any decision."""
    reasons = []
    is_overruled = decided.get("rating_overruled") not in (None, "", found.droop.rating)
    if is_overruled and not str(decided.get("rating_because") or "").strip():
        reasons.append(Objection.RATING_WITHOUT_REASON)
    if decision in AGAINST and standing and decided.get("standing") not in list(EarlierApproval):
        reasons.append(Objection.STANDING_UNSAID)
    if reasons:
        raise CannotSign(reasons)


def object_to_approving(
    decided: Mapping[str, Any],
    found: Evaluation,
    flags: Sequence[Flag],
    today: date,
    *,
    has_form: bool,
) -> None:
    """What stands in the way of approving. *flags* are all that are kept with the note."""
    rating = rating_that_counts(found, decided)
    overruled = decided.get("overruled", {})
    examined = Examined(
        is_assessed=rating not in (Rating.NOT_ASSESSED, Rating.NOT_APPLICABLE),
        is_moderate=rating == Rating.MODERATE,
        is_high=rating == Rating.HIGH,
        flags=tuple(
            FlagFacts(
                topic=flag.topic,
                level=flag.level,
                modality=flag.scope.modality,
                areas=flag.scope.areas,
                product=flag.scope.product,
                resolved=bool(str(overruled.get(flag_key(flag), "")).strip()),
            )
            for flag in flags
        ),
        has_form=has_form,
        by_live_video=is_by_live_video(decided),
    )
    reasons = objections(proposal(decided, today), examined, sites.profile())
    if reasons:
        raise CannotSign(reasons)
