"""When two records may be put together: pure, asked by the page and again under the lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Against(StrEnum):
    """What stands against it; each says what to do first."""

    SAME = "same"
    IS_REPLACED = "is-replaced"
    STANDS_FOR_OTHERS = "stands-for-others"
    HAS_THE_SIGN_IN = "has-the-sign-in"
    SIGN_IN_OF_STAFF = "sign-in-of-staff"
    HAS_CONSULTATION = "has-consultation"
    WAITS = "waits"
    OWN_NOTE = "own-note"


@dataclass(frozen=True)
class RecordFacts:
    """One of the two. *has_consultation*: one that is not decided yet. *waits*: for a free time."""

    number: int
    born_on: date
    is_replaced: bool = False
    stands_for_others: bool = False
    signs_in: bool = False
    is_staff: bool = False
    has_consultation: bool = False
    waits: bool = False


def reasons_not_to_merge(
    replaced: RecordFacts, kept: RecordFacts, *, own_note: bool = False
) -> list[Against]:
    """Why *replaced* can't lead to *kept*; empty when it can.

    *own_note*: one of the two signs in as the physician who signed a note of the other. A
    consultation and a place in the waiting list end in something new, and nothing new starts on a
    record that is replaced.
    """
    if replaced.number == kept.number:
        return [Against.SAME]
    asked = {
        Against.IS_REPLACED: replaced.is_replaced or kept.is_replaced,
        Against.STANDS_FOR_OTHERS: replaced.stands_for_others,
        Against.HAS_THE_SIGN_IN: replaced.signs_in and not kept.signs_in,
        Against.SIGN_IN_OF_STAFF: replaced.is_staff,
        Against.HAS_CONSULTATION: replaced.has_consultation,
        Against.WAITS: replaced.waits,
        Against.OWN_NOTE: own_note,
    }
    return [reason for reason, stands in asked.items() if stands]


# What keeping the other record instead would settle.
TURNED_ROUND = frozenset(
    {
        Against.STANDS_FOR_OTHERS,
        Against.HAS_THE_SIGN_IN,
        Against.SIGN_IN_OF_STAFF,
        Against.HAS_CONSULTATION,
        Against.WAITS,
    }
)
