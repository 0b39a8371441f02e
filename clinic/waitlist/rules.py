"""What a wish fits, and who comes first. Pure."""

from __future__ import annotations

from enum import StrEnum


class EntryState(StrEnum):
    WAITING = "waiting"
    BOOKED = "booked"  # found a time, offered or chosen
    ENDED = "ended"  # taken off by the patient or the desk, or its last day is over


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # the time went for another reason
