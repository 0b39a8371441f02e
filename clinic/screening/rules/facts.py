"""What is known about one person on one day: the only thing the rules may look at.

Facts refuse values outside the ranges of the clinical reference (b and d.1), so that no rule has
to wonder. "Not recorded" is None and is never read as normal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from clinic.screening.rules.codes import (
    HISTORY_TOPICS,
    SWEATING_AREAS,
    AnswerValue,
    Area,
    BrowPosition,
    Dermatochalasis,
    DroopTimes,
    Side,
    Topic,
)

EYES = ("right", "left")
# Source: clinical reference d.1, "Validate".
MILLIMETRE_RANGES = {
    "mrd1": (Decimal(-5), Decimal(8)),
    "levator": (Decimal(0), Decimal(20)),
}
# Source: clinical reference b, "Ranges to validate".
GRADE_RANGES = {"fws": (0, 3), "wsrs": (1, 5), "hdss": (1, 4)}


class NotAllowed(ValueError):
    """A fact has a value that its field does not take; says which field and what it takes.

    The value itself is left out: it is health information, and errors end up in logs.
    """

    def __init__(self, field: str, allowed: str) -> None:
        super().__init__(f"{field}: allowed is {allowed}")
        self.field = field
        self.allowed = allowed


def millimetres(measured: Decimal | float | str) -> Decimal:
    """*measured* as the exact decimal that was typed: 2.9 is 2.9, not the nearest binary float."""
    return Decimal(str(measured))


@dataclass(frozen=True)
class Concern:
    """What the patient sees in one area, with its severity where somebody graded it.

    *fws* is the Facial Wrinkle Scale at maximum expression. *hdss* and *creams_failed* belong to
    sweating, and sweating takes nothing else.
    """

    area: Area
    side: Side = Side.BOTH
    in_motion: bool = False
    at_rest: bool = False
    volume: bool = False
    bulk: bool = False
    fws: int | None = None
    wsrs: int | None = None
    hdss: int | None = None
    creams_failed: bool = False

    def __post_init__(self) -> None:
        for scale, (lowest, highest) in GRADE_RANGES.items():
            grade = getattr(self, scale)
            if grade is not None and grade not in range(lowest, highest + 1):
                raise NotAllowed(f"concerns.{self.area}.{scale}", f"{lowest} to {highest}")
        for key in self._keys_of_the_other_kind():
            if getattr(self, key) not in (None, False):
                kind = "other areas" if self.area in SWEATING_AREAS else "axillae and palms"
                raise NotAllowed(f"concerns.{self.area}.{key}", f"{kind} only")

    def _keys_of_the_other_kind(self) -> tuple[str, ...]:
        if self.area in SWEATING_AREAS:
            return ("in_motion", "at_rest", "volume", "bulk", "fws", "wsrs")
        return ("hdss", "creams_failed")


@dataclass(frozen=True)
class Answer:
    """One answer to a history question, with the details that were given."""

    value: AnswerValue
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not set(self.details.get("areas") or ()) <= set(Area):
            raise NotAllowed("areas", ", ".join(Area))
        if self.details.get("times", DroopTimes.ONCE) not in (DroopTimes.ONCE, DroopTimes.MORE):
            raise NotAllowed("times", "once, more")

    @property
    def areas(self) -> tuple[Area, ...]:
        """The areas the answer names; empty when it names none."""
        return tuple(Area(area) for area in self.details.get("areas") or ())

    @property
    def times(self) -> DroopTimes:
        """How often a droop followed toxin; left out reads as once."""
        return DroopTimes(self.details.get("times", DroopTimes.ONCE))


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the physician recorded on examination; None is "not recorded", never "normal".

    Lengths are millimetres with at most one decimal, as Decimal so that differences are exact.
    *short_forehead* is also true when the lowest line is under 2 cm above the brow.
    Source: clinical reference d.1.
    """

    brow_right: BrowPosition | None = None
    brow_left: BrowPosition | None = None
    frontalis_compensation: bool | None = None
    dermatochalasis: Dermatochalasis | None = None
    mrd1_right: Decimal | None = None
    mrd1_left: Decimal | None = None
    levator_right: Decimal | None = None
    levator_left: Decimal | None = None
    fatigable: bool | None = None
    droop_after_toxin: DroopTimes | None = None
    eyelid_or_brow_surgery: bool | None = None
    short_forehead: bool | None = None
    neuromuscular_disease: bool | None = None

    def __post_init__(self) -> None:
        for name, (lowest, highest) in MILLIMETRE_RANGES.items():
            for eye, length in self.each_eye(name):
                if not _is_length(length, lowest, highest):
                    allowed = f"{lowest} to {highest} mm, with at most one decimal"
                    raise NotAllowed(f"findings.{name}_{eye}", allowed)

    def each_eye(self, name: str) -> Iterator[tuple[str, Any]]:
        """(eye, value) of the finding *name*, right then left, where it is recorded."""
        for eye in EYES:
            recorded = getattr(self, f"{name}_{eye}")
            if recorded is not None:
                yield eye, recorded

    def says_yes(self, name: str) -> bool:
        """Whether the finding *name* is recorded, and present."""
        return getattr(self, name) not in (None, False, DroopTimes.NONE)

    @property
    def mrd1_difference(self) -> Decimal | None:
        """How far apart the two upper lids stand; None unless both eyes were measured."""
        if self.mrd1_right is None or self.mrd1_left is None:
            return None
        return abs(self.mrd1_right - self.mrd1_left)


def _is_length(length: object, lowest: Decimal, highest: Decimal) -> bool:
    # A float is refused, not converted: 0.1 steps in binary would shift every cut-off.
    if not isinstance(length, Decimal) or not length.is_finite():
        return False
    return lowest <= length <= highest and length == round(length, 1)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything the rules look at. A question that *history* leaves out was answered no.

    Whether an intake is complete enough to be read at all is the intake's business, not this one's.
    """

    born_on: date
    today: date
    concerns: tuple[Concern, ...] = ()
    history: Mapping[Topic, Answer] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)

    def __post_init__(self) -> None:
        if self.born_on > self.today:
            raise NotAllowed("patient.born_on", "a date not after today")
        # A yes that no rule reads would be lost without a word.
        for topic in self.history:
            if topic not in HISTORY_TOPICS:
                raise NotAllowed(f"history.{topic}", ", ".join(HISTORY_TOPICS))

    def answer(self, topic: Topic) -> Answer:
        return self.history.get(topic, Answer(AnswerValue.NO))

    @property
    def age(self) -> int:
        """Age in whole years; born on 29 February: birthday on 1 March in common years.

        Source: clinical reference c, row 1.
        """
        birthday = (self.born_on.month, self.born_on.day)
        still_to_come = (self.today.month, self.today.day) < birthday
        return self.today.year - self.born_on.year - still_to_come
