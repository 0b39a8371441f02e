"""Writing visits: holds, bookings, moves, ends. Always lock, check, write."""

from clinic.scheduling.services.at_once import book
from clinic.scheduling.services.errors import (
    Changed,
    CleanUpBegun,
    HoldAtItsLongest,
    HoldOver,
    SlotTaken,
    TooManyHolds,
    UndoOver,
)
from clinic.scheduling.services.holds import extend, hold, hold_for, release, release_all
from clinic.scheduling.services.overrides import book_all_the_same, move_all_the_same
from clinic.scheduling.services.places import is_overlap
from clinic.scheduling.services.visits import cancel, change_status, confirm, move, undo_cancel

__all__ = [
    "Changed",
    "CleanUpBegun",
    "HoldAtItsLongest",
    "HoldOver",
    "SlotTaken",
    "TooManyHolds",
    "UndoOver",
    "book",
    "book_all_the_same",
    "cancel",
    "change_status",
    "confirm",
    "extend",
    "hold",
    "hold_for",
    "is_overlap",
    "move",
    "move_all_the_same",
    "release",
    "release_all",
    "undo_cancel",
]
