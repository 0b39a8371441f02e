"""Changing the roster with open eyes: what falls outside is shown before it is saved.

The change is made, the roster read as it then is, and all of it taken back unless whoever changes
it has seen which visits it touches: so what is shown is what the change does, by the same rules.
Time that it opens is offered to those who wait, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from clinic.database import db, transaction
from clinic.journey import openings
from clinic.scheduling import outside, roster
from clinic.scheduling.outside import Line
from clinic.stale import fingerprint

Change = Callable[[], list[str]]


class FallOutside(RuntimeError):
    """Booked visits that the change would leave outside the roster. Nothing was saved."""

    def __init__(self, found: Sequence[Line], shown: Sequence[Line]) -> None:
        super().__init__(f"{len(found)} visits")
        self.found, self.visits = list(found), list(shown)

    @property
    def elsewhere(self) -> int:
        """How many are at sites of which whoever changes the roster reads nothing more."""
        return len(self.found) - len(self.visits)

    @property
    def token(self) -> str:
        """Stands for exactly these visits at these times: others are not agreed to."""
        return fingerprint([(visit.public_id, visit.starts_at) for visit in self.found])


@dataclass(frozen=True)
class Saved:
    """Which fields were changed, and how many people were offered a time that opened."""

    changed: Sequence[str]
    offers: int = 0


def carefully(change: Change, *, agreed: str | None, sites: Collection[int] | None = None) -> Saved:
    """Make *change* and say what came of it. Raises `FallOutside` unless *agreed* is its token, and
    whatever *change* raises. Visits at *sites* alone are named in it; None for all.
    """
    with transaction():
        before = roster.current()
        waiting = openings.lock_those_who_wait(before)
        changed = change()
        if not changed:
            return Saved([])
        db.session.flush()
        after = roster.as_written()
        found = outside.newly_outside(before, after)
        if found:
            here = outside.at_sites(found, sites)
            refused = FallOutside(outside.lines(found), outside.lines(here))
            if agreed != refused.token:
                raise refused
        offers = openings.offer(before, after, waiting)
    return Saved(changed, len(offers))
