"""What stands in the way of signing an approval. The software objects; it never approves.

Source: clinical reference d.2 (ratings), d.4 (mitigations), e.4 (decision, validity).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clinic import clock
from clinic.jurisdiction.rules import STRICTEST, Profile
from clinic.screening.rules import UPPER_FACE, Area, Level, Modality
from clinic.treatment.rules.gate import NEVER_OVERRULED, FlagFacts


class Objection(StrEnum):
    """Why a decision to approve cannot be signed as it stands."""

    NO_AREAS = "no-areas"
    NOT_ASSESSED = "not-assessed"
    NEEDS_MITIGATION = "needs-mitigation"
    NEEDS_REASON = "needs-reason"
    ABSOLUTE_FLAG = "absolute-flag"
    NEVER_OVERRULED = "never-overruled"
    NO_CEILING = "no-ceiling"
    TOO_LONG = "too-long"
    ENDS_BEFORE_IT_STARTS = "ends-before-it-starts"
    BY_LIVE_VIDEO = "by-live-video"
    RATING_WITHOUT_REASON = "rating-without-reason"
    STANDING_UNSAID = "standing-unsaid"


@dataclass(frozen=True)
class Proposal:
    """What the physician is about to approve."""

    scope: Mapping[Modality, frozenset[Area]]
    products: Mapping[Modality, str | None]
    ceilings: Mapping[Modality, float | None]
    given_on: date
    valid_until: date
    mitigations: frozenset[str]
    why: str


@dataclass(frozen=True)
class Examined:
    """What the examination came to; the rating is the one that counts after an overruling. Without
    a form (*has_form*) nobody has asked for contraindications in writing."""

    is_assessed: bool
    is_moderate: bool
    is_high: bool
    flags: tuple[FlagFacts, ...]
    by_live_video: bool = False
    has_form: bool = True


def objections(
    proposal: Proposal, examined: Examined, profile: Profile = STRICTEST
) -> list[Objection]:
    """Why this approval can't be signed; an empty list means it can.

    Source: clinical reference d.2 (table of ratings), e.4 (decision, validity, conditions 2, 6).
    """
    found = []
    if not proposal.scope or not all(proposal.scope.values()):
        found.append(Objection.NO_AREAS)
    if not all(proposal.ceilings.get(modality) for modality in proposal.scope):
        found.append(Objection.NO_CEILING)
    upper_face = not proposal.scope.get(Modality.TOXIN, frozenset()).isdisjoint(UPPER_FACE)
    if upper_face:
        found += _about_droop(proposal, examined)
    found += _about_flags(proposal, examined)
    if examined.by_live_video and not profile.live_video_counts:
        found.append(Objection.BY_LIVE_VIDEO)
    if proposal.valid_until < proposal.given_on:
        found.append(Objection.ENDS_BEFORE_IT_STARTS)
    longest = clock.months_later(proposal.given_on, profile.longest_validity_months)
    if proposal.valid_until > longest:
        found.append(Objection.TOO_LONG)
    return list(dict.fromkeys(found))


def _about_droop(proposal: Proposal, examined: Examined) -> list[Objection]:
    if not examined.is_assessed:
        return [Objection.NOT_ASSESSED]
    found = []
    if (examined.is_moderate or examined.is_high) and not proposal.mitigations:
        found.append(Objection.NEEDS_MITIGATION)
    if examined.is_high and not proposal.why.strip():
        found.append(Objection.NEEDS_REASON)
    return found


def _about_flags(proposal: Proposal, examined: Examined) -> list[Objection]:
    stopping = [
        flag
        for flag in examined.flags
        for modality, areas in proposal.scope.items()
        if flag.stops(modality, areas, proposal.products.get(modality))
    ]
    found = []
    if any(flag.topic in NEVER_OVERRULED for flag in stopping):
        found.append(Objection.NEVER_OVERRULED)
    if any(flag.topic not in NEVER_OVERRULED for flag in stopping):
        found.append(Objection.ABSOLUTE_FLAG)
    concerned = any(
        flag.level in (Level.ABSOLUTE, Level.CAUTION)
        and not flag.modality.modalities.isdisjoint(proposal.scope)
        for flag in examined.flags
    )
    if (concerned or not examined.has_form) and not proposal.why.strip():
        found.append(Objection.NEEDS_REASON)
    return found


# Source: clinical reference d.4.
MITIGATIONS = (
    "upper-frontalis",
    "away-from-levator",
    "lower-dose",
    "glabella-with-forehead",
    "concentrated",
    "frontalis-untreated",
    "baseline-photographs",
    "refer-first",
)
