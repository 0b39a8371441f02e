"""What a patient answered to one history question, with its details.

Source: `screening-case-format.md`, "Details" and "A detail left out is read as".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from clinic.screening.rules.codes import AnswerValue, Area, DroopTimes, Topic, ToxinProduct
from clinic.screening.rules.not_allowed import NotAllowed


@dataclass(frozen=True)
class ToxinSession:
    """One earlier session of toxin, as the patient reports it: what is not known is None."""

    date: date
    product: ToxinProduct | None = None
    units: Decimal | None = None
    where: str = ""


# The details that an answer may have, and the values that a detail takes where they are a list.
# The first value is what a detail left out is read as.
DETAILS: Mapping[Topic, Mapping[str, tuple[object, ...]]] = {
    Topic.HUMAN_ALBUMIN: {"kind": ("allergy", "objection")},
    Topic.INFECTION_AT_SITE: {"areas": tuple(Area)},
    Topic.SKIN_INFLAMMATION_AT_SITE: {"areas": tuple(Area)},
    Topic.COLD_SORES: {"now": (False, True)},
    Topic.RECENT_TOXIN: {"sessions": ()},
    Topic.PREVIOUS_DROOP_AFTER_TOXIN: {"times": (DroopTimes.ONCE, DroopTimes.MORE)},
    Topic.AUTOIMMUNE_DISEASE: {"active": (False, True)},
    Topic.RECENT_VACCINE_OR_ILLNESS: {"kind": ("illness", "vaccine")},
    Topic.RECENT_SKIN_PROCEDURE: {"areas": tuple(Area)},
}


@dataclass(frozen=True)
class Answer:
    """One answer, with the details that were given; `Case` holds them against its question."""

    value: AnswerValue
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def areas(self) -> tuple[Area, ...]:
        """The areas the answer names; empty when it names none."""
        return tuple(Area(area) for area in self.details.get("areas") or ())

    @property
    def times(self) -> DroopTimes:
        """How often a droop followed toxin; left out reads as once."""
        return DroopTimes(self.details.get("times", DroopTimes.ONCE))

    @property
    def sessions(self) -> tuple[ToxinSession, ...]:
        """The sessions of toxin that the answer reports; none under a no."""
        return () if self.value == AnswerValue.NO else tuple(self.details.get("sessions") or ())


def check_details(topic: Topic, answer: Answer, today: date) -> None:
    """Raises `NotAllowed` for a detail that *topic* does not have, or a value it does not take."""
    known = DETAILS.get(topic, {})
    for detail, given in answer.details.items():
        place = f"history.{topic}.{detail}"
        if detail not in known:
            # mutant: constant, because no question has two details to stand between
            raise NotAllowed(place, ", ".join(known) or "no detail")
        values = known[detail]
        if detail == "sessions":
            _check_sessions(place, given, today)
        elif not all(one in values for one in (given if detail == "areas" else (given,))):
            raise NotAllowed(place, ", ".join(_in_words(value) for value in values))


def _check_sessions(place: str, sessions: Any, today: date) -> None:
    for session in sessions:
        if session.date > today:
            raise NotAllowed(f"{place}.date", "a date not after today")
        if session.units is not None and not session.units > 0:
            raise NotAllowed(f"{place}.units", "a number above 0")


def _in_words(value: object) -> str:
    return {False: "false", True: "true"}[value] if isinstance(value, bool) else str(value)
