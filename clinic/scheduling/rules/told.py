"""What a patient is told of why a time is not on offer: what is theirs to know, no more."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from clinic.scheduling.rules.reasons import Why, WhyNot


class Told(StrEnum):
    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    SAME = "same"  # the visit that is to move is there already
    OWN_VISIT = "own-visit"
    TAKEN = "taken"
    NOT_OFFERED = "not-offered"


THEIRS = {
    WhyNot.PAST: Told.PAST,
    WhyNot.NOTICE: Told.NOTICE,
    WhyNot.HORIZON: Told.HORIZON,
    WhyNot.PATIENT_BUSY: Told.OWN_VISIT,
}
# About the clinic's calendar: whoever stands in it, nobody took anything.
OF_THE_CLINIC = frozenset(
    {WhyNot.CLOSED, WhyNot.HOURS, WhyNot.OFF_GRID, WhyNot.NOT_QUALIFIED, WhyNot.NO_ROOM}
    | {WhyNot.NO_DEVICE}
)


def told(reasons: Iterable[Why]) -> tuple[Told, Why | None]:
    """The one thing to say of *reasons*, with the reason that its words need.

    Without any the time is free by now: somebody had it a moment ago.
    """
    by_code = {why.code: why for why in reversed(list(reasons))}
    for code, words in THEIRS.items():
        if code in by_code:
            return words, by_code[code]
    if OF_THE_CLINIC & by_code.keys():
        return Told.NOT_OFFERED, None
    return Told.TAKEN, None
