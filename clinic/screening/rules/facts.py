"""What is known about one person on one day: the only thing the rules may look at.

Facts refuse values outside the ranges of the clinical reference, so that no rule has to wonder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from clinic.screening.rules.answer import Answer, check_details
from clinic.screening.rules.codes import (
    HISTORY_TOPICS,
    SWEATING_AREAS,
    AnswerValue,
    Area,
    Side,
    Topic,
)
from clinic.screening.rules.distress import Distress
from clinic.screening.rules.findings import Findings
from clinic.screening.rules.not_allowed import NotAllowed
from clinic.screening.rules.plan import PlanLine

# Source: clinical reference b, "Ranges to validate".
GRADE_RANGES = {"fws": (0, 3), "wsrs": (1, 5), "hdss": (1, 4)}


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
    distress: Distress = field(default_factory=Distress)
    plan: tuple[PlanLine, ...] = ()

    def __post_init__(self) -> None:
        if self.born_on > self.today:
            raise NotAllowed("patient.born_on", "a date not after today")
        # A yes that no rule reads would be lost without a word.
        for topic, answer in self.history.items():
            if topic not in HISTORY_TOPICS:
                raise NotAllowed(f"history.{topic}", ", ".join(HISTORY_TOPICS))
            check_details(topic, answer, self.today)

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
