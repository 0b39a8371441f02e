"""The gate: why a treatment cannot be booked. Asked each time, over facts as they are now.

Source: clinical reference e.4, nine conditions; the desk's five words from design section 7.
The software never approves: it only asks whether a physician's decision covers a wish.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from clinic import clock
from clinic.accounts.rules import ADULT
from clinic.jurisdiction.rules import STRICTEST, Profile
from clinic.screening.rules import (
    Area,
    Level,
    Modality,
    ProductFamily,
    ScopeModality,
    Topic,
    ToxinProduct,
)

NEVER_OVERRULED = frozenset({Topic.UNDER_18, Topic.PREGNANCY})


class FillerClass(StrEnum):
    """What an approval of filler is limited to, until the clinic's own product list is built."""

    WITH_LIDOCAINE = "hyaluronic-acid-with-lidocaine"
    WITHOUT_LIDOCAINE = "hyaluronic-acid-without-lidocaine"


# Which approvable products belong to a family that a flag can name.
FAMILIES: Mapping[str, frozenset[str]] = {
    ProductFamily.ALBUMIN_CONTAINING_TOXINS: frozenset(ToxinProduct)
    - {ToxinProduct.DAXIBOTULINUMTOXIN_A},
    ProductFamily.LIDOCAINE_CONTAINING_FILLERS: frozenset({FillerClass.WITH_LIDOCAINE}),
    # Nothing says that a class leaves the family out.
    ProductFamily.RESTYLANE: frozenset(FillerClass),
}


class Reason(StrEnum):
    UNDER_18 = "under-18"
    UNDER_AGE = "under-age"
    NO_CONSULTATION = "no-consultation"
    NO_APPROVAL = "no-approval"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    NOT_IN_FORCE = "not-in-force"
    NOT_COVERED = "not-covered"
    ABSOLUTE_FLAG = "absolute-flag"
    TOXIN_INTERVAL = "toxin-interval"
    INTAKE_CHANGED = "intake-changed"
    COOLING_OFF = "cooling-off"


class DeskWord(StrEnum):
    """All that the front desk reads of a refusal."""

    NEEDS_CONSULTATION = "needs-consultation"
    NEEDS_PHYSICIAN = "needs-physician"
    OUTSIDE_DATES = "outside-dates"
    TOO_SOON = "too-soon"
    UNDER_18 = "under-18"


DESK_WORDS: Mapping[Reason, DeskWord] = {
    Reason.UNDER_18: DeskWord.UNDER_18,
    Reason.UNDER_AGE: DeskWord.TOO_SOON,
    Reason.NO_CONSULTATION: DeskWord.NEEDS_CONSULTATION,
    Reason.NO_APPROVAL: DeskWord.NEEDS_PHYSICIAN,
    Reason.WITHDRAWN: DeskWord.NEEDS_PHYSICIAN,
    Reason.SUSPENDED: DeskWord.NEEDS_PHYSICIAN,
    Reason.SUPERSEDED: DeskWord.NEEDS_PHYSICIAN,
    Reason.NOT_IN_FORCE: DeskWord.OUTSIDE_DATES,
    Reason.NOT_COVERED: DeskWord.NEEDS_PHYSICIAN,
    Reason.ABSOLUTE_FLAG: DeskWord.NEEDS_PHYSICIAN,
    Reason.TOXIN_INTERVAL: DeskWord.TOO_SOON,
    Reason.INTAKE_CHANGED: DeskWord.NEEDS_PHYSICIAN,
    Reason.COOLING_OFF: DeskWord.TOO_SOON,
}


class ApprovalState(StrEnum):
    """What became of an approval. OVER is a page's word for one past its last day: the gate asks
    about the day of the visit instead."""

    IN_FORCE = "in-force"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    OVER = "over"


@dataclass(frozen=True)
class FlagFacts:
    """A flag as the physician left it: *resolved* means overruled with a written reason."""

    topic: Topic
    level: Level
    modality: ScopeModality
    areas: tuple[Area, ...] | None
    product: str | None
    resolved: bool

    def stops(self, modality: Modality, areas: Iterable[Area], product: str | None = None) -> bool:
        """Whether it stands in the way of *modality* in any of *areas* with *product*."""
        if self.level != Level.ABSOLUTE or modality not in self.modality.modalities:
            return False
        if self.resolved and self.topic not in NEVER_OVERRULED:
            return False
        if self.product is not None and not _is_of(product, self.product):
            return False
        return self.areas is None or not set(self.areas).isdisjoint(areas)


def _is_of(product: str | None, named: str) -> bool:
    """Whether *product* may be what a flag names; an approval that names none may be anything."""
    return product is None or product == named or product in FAMILIES.get(named, frozenset())


@dataclass(frozen=True)
class ApprovalFacts:
    """One approval: *scope* gives its areas for each modality; both dates are included.
    *by_live_video* tells how its patient was examined."""

    scope: Mapping[Modality, frozenset[Area]]
    products: Mapping[Modality, str | None]
    valid_from: date
    valid_until: date
    given_at: datetime
    state: ApprovalState
    flags: tuple[FlagFacts, ...] = ()
    intake_changed: bool = False
    by_live_video: bool = False

    def covers(self, modality: Modality) -> bool:
        return bool(self.scope.get(modality))


@dataclass(frozen=True)
class Wish:
    """A treatment on a day: *day* is the date at the site of *starts_at*."""

    modalities: frozenset[Modality]
    starts_at: datetime
    day: date


@dataclass(frozen=True)
class GateFacts:
    """What the gate knows of a patient. *consulted* is in person; *treated_with* are modalities
    given here before; *last_toxin_on* the latest toxin session anywhere, any product or purpose."""

    born_on: date
    consulted: bool
    approval: ApprovalFacts | None
    consulted_by_live_video: bool = False
    last_toxin_on: date | None = None
    treated_with: frozenset[Modality] = frozenset()
    profile: Profile = field(default=STRICTEST)


_BY_STATE = {
    ApprovalState.WITHDRAWN: Reason.WITHDRAWN,
    ApprovalState.SUSPENDED: Reason.SUSPENDED,
    ApprovalState.SUPERSEDED: Reason.SUPERSEDED,
}


def reasons_not_to_book(facts: GateFacts, wish: Wish) -> list[Reason]:
    """Why this treatment can't be booked; an empty list means it can.

    Source: clinical reference e.4, conditions 1 to 9, in that order.
    """
    reasons = _about_age(facts, wish)
    if not _is_examined(facts):
        reasons.append(Reason.NO_CONSULTATION)
    if facts.approval is None:
        reasons.append(Reason.NO_APPROVAL)
    else:
        reasons += _about_approval(facts.approval, wish)
    if _too_soon_after_toxin(facts, wish):
        reasons.append(Reason.TOXIN_INTERVAL)
    if facts.approval is not None:
        if facts.approval.intake_changed:
            reasons.append(Reason.INTAKE_CHANGED)
        if _cooling_off(facts, facts.approval, wish):
            reasons.append(Reason.COOLING_OFF)
    return reasons


def _about_age(facts: GateFacts, wish: Wish) -> list[Reason]:
    """Condition 1. A profile may ask for more years than eighteen."""
    age = clock.age_on(facts.born_on, wish.day)
    if age < ADULT:
        return [Reason.UNDER_18]
    return [Reason.UNDER_AGE] if age < facts.profile.minimum_age else []


def _is_examined(facts: GateFacts) -> bool:
    """Condition 2, for the approval that is asked about too: it rests on its own consultation."""
    video_counts = facts.profile.live_video_counts
    if facts.approval is not None and facts.approval.by_live_video:
        return video_counts
    return facts.consulted or (video_counts and facts.consulted_by_live_video)


def _about_approval(approval: ApprovalFacts, wish: Wish) -> list[Reason]:
    """Conditions 3 to 6: state, dates, scope, unresolved absolute flags."""
    reasons = []
    if approval.state in _BY_STATE:
        reasons.append(_BY_STATE[approval.state])
    if not approval.valid_from <= wish.day <= approval.valid_until:
        reasons.append(Reason.NOT_IN_FORCE)
    if not all(approval.covers(modality) for modality in wish.modalities):
        reasons.append(Reason.NOT_COVERED)
    stopped = any(
        flag.stops(
            modality, approval.scope.get(modality, frozenset()), approval.products.get(modality)
        )
        for flag in approval.flags
        for modality in wish.modalities
    )
    if stopped:
        reasons.append(Reason.ABSOLUTE_FLAG)
    return reasons


def _too_soon_after_toxin(facts: GateFacts, wish: Wish) -> bool:
    """Condition 7."""
    again = toxin_again_on(facts)
    return Modality.TOXIN in wish.modalities and again is not None and wish.day < again


def toxin_again_on(facts: GateFacts) -> date | None:
    """Rule R5: the first day of the next toxin session, by the profile, if there was a last one."""
    if facts.last_toxin_on is None:
        return None
    return facts.last_toxin_on + facts.profile.toxin_interval


def _cooling_off(facts: GateFacts, approval: ApprovalFacts, wish: Wish) -> bool:
    """Condition 9."""
    until = thinking_until(facts, approval, wish.modalities)
    return until is not None and wish.starts_at < until


def thinking_until(
    facts: GateFacts, approval: ApprovalFacts, modalities: frozenset[Modality]
) -> datetime | None:
    """Until when there is time to reflect before the first treatment of a new modality; None where
    the patient was treated here with each of *modalities* before."""
    if modalities <= facts.treated_with:
        return None
    return approval.given_at + facts.profile.cooling_off


def desk_words(reasons: Iterable[Reason]) -> list[DeskWord]:
    """The desk's words for *reasons*, each once, in the order of the list."""
    said = {DESK_WORDS[reason] for reason in reasons}
    return [word for word in DeskWord if word in said]
