"""Two desks press at the same moment: one of them books, or takes the earlier time."""

from __future__ import annotations

from clinic.database import db
from clinic.journey import at_the_desk
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from tests.factories import TESTER, at, make_visit, walk
from tests.rush import together

ELEVEN = at(24, 11)


def at_once(cast, patient, starts_at=ELEVEN):
    service, who = cast.service("consultation"), cast.ana.actor_id

    def press():
        at_the_desk.at_once(service, who, starts_at, patient, actor=TESTER)
        return "booked"

    return press


def earlier(visit, practitioner, starts_at):
    shown = visit.version

    def press():
        more = {"shown": shown, "is_here": True, "why": "Here early", "actor": TESTER}
        at_the_desk.take_earlier(visit, practitioner.actor_id, starts_at, **more)
        return "moved"

    return press


def there(starts_at):
    db.session.rollback()
    taken = db.select(Appointment.status).filter_by(starts_at=starts_at)
    return [status for status in db.session.scalars(taken) if status != S.CANCELLED]


def test_C1_two_who_press_the_same_first_time_get_one_visit(cast):
    answers = together(at_once(cast, cast.cal), at_once(cast, cast.dee))

    assert sorted(answers) == ["SlotTaken", "booked"]
    assert len(there(ELEVEN)) == 1


def test_C1_an_earlier_time_and_a_booking_of_it_at_one_moment_go_to_one(cast):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 15))
    walk(visit, S.ARRIVED)

    answers = together(earlier(visit, cast.ana, ELEVEN), at_once(cast, cast.dee))

    assert sorted(answers) in (["SlotTaken", "booked"], ["SlotTaken", "moved"])
    assert len(there(ELEVEN)) == 1
    db.session.refresh(visit)
    assert visit.status == S.ARRIVED
