"""The roster changes while somebody books: what was stored before the lock counts."""

from __future__ import annotations

from datetime import date

from clinic.database import db, transaction
from clinic.scheduling.models import Absence
from clinic.scheduling.rules import AbsenceKind
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import places
from tests.rush import LONGEST, Meeting, together
from tests.scheduling.presses import ELEVEN, new_hold, visits_at

WAIT_IN_VAIN = 0.4  # SQLite's one writer is alone


def raced(cast, monkeypatch, change):
    """What a press answers that has read everything and waits for the lock while *change* is
    stored."""
    read, stored = Meeting(2, LONGEST), Meeting(2, WAIT_IN_VAIN)
    lock_actors = places.lock_actors

    def lock_later(actors):
        read.wait()
        stored.wait()
        return lock_actors(actors)

    def store():
        read.wait()
        with transaction():
            change()
        stored.wait()
        return "stored"

    monkeypatch.setattr(places, "lock_actors", lock_later)
    return together(new_hold(cast), store)


def test_an_absence_stored_in_a_race_with_a_hold_that_waits_for_the_lock_counts(
    cast, engine, monkeypatch
):
    def ill():
        day = date(2026, 11, 24)
        ends = {"starts_on": day, "starts_minute": 0, "ends_on": day, "ends_minute": 1440}
        db.session.add(Absence(actor_id=cast.ana.actor_id, kind=AbsenceKind.ILL, **ends))

    answers = raced(cast, monkeypatch, ill)

    # SQLite's one writer holds the time before the absence is stored.
    expected = {"sqlite": ("held", 1), "postgresql": ("SlotTaken", 0)}
    assert (answers[0], len(visits_at(ELEVEN, S.PROPOSED))) == expected[engine.name]
    assert answers[1] == "stored"
