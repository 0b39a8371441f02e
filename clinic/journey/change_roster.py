"""Changing the roster with open eyes: what falls outside is shown before it is saved.

The change is made, the roster read as it then is, and all of it taken back unless whoever changes
it has seen which visits it touches: so what is shown is what the change does, by the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from clinic.database import db, transaction
from clinic.scheduling import outside, roster
from clinic.scheduling.outside import Line
from clinic.stale import fingerprint

Change = Callable[[], list[str]]


class FallOutside(RuntimeError):
    """Booked visits that the change would leave outside the roster. Nothing was saved."""

    def __init__(self, visits: Sequence[Line]) -> None:
        super().__init__(f"{len(visits)} visits")
        self.visits = list(visits)

    @property
    def token(self) -> str:
        """Stands for exactly these visits at these times: others are not agreed to."""
        return fingerprint([(visit.public_id, visit.starts_at) for visit in self.visits])


def carefully(change: Change, *, agreed: str | None) -> list[str]:
    """Make *change* and say which fields it changed. Raises `FallOutside` unless *agreed* is its
    token, and whatever *change* raises.
    """
    with transaction():
        before = roster.current()
        changed = change()
        if not changed:
            return []
        db.session.flush()
        found = outside.newly_outside(before, roster.as_written())
        if found:
            refused = FallOutside(outside.lines(found))
            if agreed != refused.token:
                raise refused
    return changed
