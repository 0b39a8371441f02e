"""Where a decision stands today, in codes; their words live in templates."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from clinic.treatment.rules import ApprovalState


class Standing(StrEnum):
    """What has become of a decision. The first four are an approval's."""

    IN_FORCE = "in-force"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    OVER = "over"
    REPLACED = "replaced"  # a newer decision takes its place
    STANDS = "stands"
    WAITS = "waits"  # for an answer, or for a day


_OF_AN_APPROVAL = {
    ApprovalState.IN_FORCE: Standing.IN_FORCE,
    ApprovalState.SUSPENDED: Standing.PAUSED,
    ApprovalState.WITHDRAWN: Standing.WITHDRAWN,
    ApprovalState.SUPERSEDED: Standing.REPLACED,
    ApprovalState.OVER: Standing.OVER,
}


def of_approval(state: ApprovalState) -> Standing:
    """*state* is what it is today, its last day looked at."""
    return _OF_AN_APPROVAL[state]


def of_deferral(*, until: date | None, is_replaced: bool, today: date) -> Standing:
    """It waits to the end of its last day; then it is time to decide again."""
    if is_replaced:
        return Standing.REPLACED
    return Standing.OVER if until is not None and until < today else Standing.WAITS


def of_question(*, is_answered: bool, is_replaced: bool) -> Standing:
    """A question that nobody answered stays open whatever was decided since."""
    if not is_answered:
        return Standing.WAITS
    return Standing.REPLACED if is_replaced else Standing.STANDS


def of_refusal(*, is_replaced: bool) -> Standing:
    return Standing.REPLACED if is_replaced else Standing.STANDS
