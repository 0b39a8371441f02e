"""What may be true instead of what was asked for."""

from __future__ import annotations

from datetime import datetime


class SlotTaken(RuntimeError):
    """The time is not free (any more): somebody took it, or it never was on offer."""


class HoldOver(RuntimeError):
    """The hold was released, used, or is another browser's."""


class HoldAtItsLongest(RuntimeError):
    """A hold lasts an hour at most."""


class TooManyHolds(RuntimeError):
    """One address holds as many times as it may; *until* is when the first of them ends."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class Changed(RuntimeError):
    """The visit is no longer in the state, or at the time, that the page showed."""


class UndoOver(RuntimeError):
    """A cancellation is undone within ten minutes, by whoever cancelled."""


class CleanUpBegun(RuntimeError):
    """The visit lies in the clean-up of another that has begun: that is not shortened any more."""
