"""One browser in two tabs: a hold is booked in one while the other lets it go for another time.

Booking locks the actors, then writes the hold; choosing another time lets the hold go first and
then locks the actors. PostgreSQL ends such an embrace, and who was ended begins again (S72).
"""

from __future__ import annotations

from clinic.database import retried
from clinic.journey import book
from clinic.scheduling import press
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import places
from tests.factories import TESTER, at, make_visitor
from tests.rush import Meeting, together
from tests.scheduling.presses import ELEVEN, visits_at

NOON = at(24, 12)
WAIT_IN_VAIN = 0.4  # SQLite's one writer is alone


def test_S72_a_hold_booked_in_one_tab_and_let_go_in_another_in_a_race_meets_no_error(
    cast, monkeypatch
):
    visitor, service = make_visitor(), cast.service("consultation")
    meeting = Meeting(2, WAIT_IN_VAIN)
    lock_actors = places.lock_actors

    def hold(starts_at):
        who = {"visitor": visitor, "actor": TESTER, "patient": cast.cal}
        return book.hold(service, cast.ana.actor_id, starts_at, **who)

    def choose_another():
        hold(NOON)
        return "held"

    def press_book():
        retried(book.confirm)(held, cast.cal, actor=TESTER)
        return "booked"

    def lock_after_letting_go(actors):
        meeting.wait()
        return lock_actors(actors)

    held = hold(ELEVEN)
    monkeypatch.setattr(places, "lock_actors", lock_after_letting_go)
    monkeypatch.setattr(press, "lock_press", meeting.after(press.lock_press))

    answers = together(press_book, choose_another)

    won = "booked" if visits_at(ELEVEN, S.BOOKED) else "HoldOver"
    assert answers == [won, "held"]
    assert len(visits_at(NOON, S.PROPOSED)) == 1
