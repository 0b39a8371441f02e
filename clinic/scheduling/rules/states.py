"""How a visit moves between its states, and how long a hold lasts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class AppointmentStatus(StrEnum):
    PROPOSED = "proposed"  # a hold
    BOOKED = "booked"
    ARRIVED = "arrived"
    IN_ROOM = "in-room"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"


S = AppointmentStatus

ACTIVE = frozenset({S.PROPOSED, S.BOOKED, S.ARRIVED, S.IN_ROOM})
COMING = ACTIVE - {S.PROPOSED}  # booked, and not over yet
TAKES_TIME = ACTIVE | {S.FULFILLED, S.NOSHOW}

# Truth 6. The arrows back carry conditions that the database checks too (clinic/guards).
ARROWS: Mapping[AppointmentStatus, frozenset[AppointmentStatus]] = {
    S.PROPOSED: frozenset({S.BOOKED, S.CANCELLED}),
    S.BOOKED: frozenset({S.ARRIVED, S.CANCELLED, S.NOSHOW}),
    S.ARRIVED: frozenset({S.IN_ROOM, S.BOOKED, S.CANCELLED}),
    S.IN_ROOM: frozenset({S.FULFILLED, S.ARRIVED}),
    S.FULFILLED: frozenset(),
    S.CANCELLED: frozenset({S.BOOKED}),
    S.NOSHOW: frozenset({S.BOOKED, S.ARRIVED}),
}

UNDO_CANCEL = timedelta(minutes=10)
HOLD = timedelta(minutes=10)
LONGEST_HOLD = timedelta(minutes=60)


def may_move(old: AppointmentStatus, new: AppointmentStatus) -> bool:
    """Whether there is an arrow; its condition, if it has one, is checked by the service."""
    return new in ARROWS[old]
