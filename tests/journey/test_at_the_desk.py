"""One press at the desk: a free time booked, a walk-in, an earlier time; the gate asked in each."""

from datetime import timedelta

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.journey import at_the_desk
from clinic.journey.book import GateClosed
from clinic.notices.models import Message, MessageKind
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries import practitioner_of
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import Changed, SlotTaken
from clinic.treatment.rules import Reason
from clinic.waitlist.rules import EntryState
from tests.factories import TESTER, at, make_approval, make_patient, make_visit, walk
from tests.waiting import offers, somebody, wait

EARLY = at(24, 13)


def letters(kind=None):
    db.session.rollback()
    found = db.select(Message.kind).order_by(Message.id)
    return list(db.session.scalars(found if kind is None else found.filter_by(kind=kind)))


def at_once(cast, patient, starts_at, kind="consultation", physician=None):
    who = (physician or cast.ana).actor_id
    return at_the_desk.at_once(cast.service(kind), who, starts_at, patient, actor=TESTER)


def walk_in(cast, patient, starts_at, kind="consultation"):
    service = cast.service(kind)
    who = cast.ana.actor_id
    return at_the_desk.walk_in(service, who, starts_at, patient, why="Walk-in", actor=TESTER)


def take_earlier(visit, physician, starts_at, **over):
    more = {"shown": visit.version, "is_here": True, "why": "Here early", "actor": TESTER, **over}
    at_the_desk.take_earlier(visit, physician.actor_id, starts_at, **more)


# Booked at once.


def test_a_free_time_is_booked_without_a_hold_and_the_patient_is_told(cast):
    visit = at_once(cast, cast.cal, at(24, 11))

    assert (visit.status, visit.version, visit.hold_until) == (S.BOOKED, 1, None)
    assert visit.booked_at is not None
    assert letters() == ["booked"]


@pytest.mark.parametrize(
    "moment",
    [at(24, 9, 40), at(24, 11, 5), at(24, 18), at(23, 11)],
    ids=["inside the notice", "off the grid", "outside the hours", "past"],
)
def test_what_is_not_on_offer_is_not_booked(cast, moment):
    with pytest.raises(SlotTaken):
        at_once(cast, cast.cal, moment)


def test_a_time_that_somebody_has_is_not_booked(cast):
    at_once(cast, cast.cal, at(24, 11))

    with pytest.raises(SlotTaken):
        at_once(cast, cast.dee, at(24, 11))

    assert letters() == ["booked"]


def test_a_treatment_asks_the_gate(cast):
    with pytest.raises(GateClosed) as refused:
        at_once(cast, cast.cal, at(26, 10), "toxin")

    assert Reason.NO_APPROVAL in refused.value.reasons


def test_a_treatment_carries_the_approval_that_stands(cast):
    make_approval(cast)

    visit = at_once(cast, cast.cal, at(26, 10), "toxin")

    assert visit.approval is not None


def test_whoever_waited_for_it_has_found_a_time(cast):
    entry = wait(cast, cast.cal)

    at_once(cast, cast.cal, at(26, 11))

    db.session.refresh(entry)
    assert entry.state == EntryState.BOOKED


# A walk-in.


def test_somebody_who_walks_in_is_booked_and_arrived_and_gets_no_letter(cast, travel):
    travel(at(24, 10, 3))

    visit = walk_in(cast, cast.cal, at(24, 10, 5))

    assert visit.status == S.ARRIVED
    assert (visit.overrode, visit.override_reason) == ("notice,off-grid", "Walk-in")
    assert letters() == []


@pytest.mark.parametrize("moment", [at(24, 7, 30), at(24, 17)], ids=["too early", "too late"])
def test_nobody_walks_in_outside_the_hours(cast, travel, moment):
    travel(moment - timedelta(minutes=1))

    with pytest.raises(SlotTaken):
        walk_in(cast, cast.cal, moment)


@pytest.mark.parametrize("later", [at(24, 11), at(25, 11), at(30, 10, 35)])
def test_nobody_walks_in_for_another_hour_whatever_is_sent(cast, later):
    with pytest.raises(SlotTaken):
        walk_in(cast, cast.cal, later)

    assert db.session.scalars(db.select(Appointment)).all() == []


def test_nobody_walks_in_over_a_visit_nor_into_its_buffer(cast, travel):
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 10, 20))
    travel(at(24, 10, 19))

    for moment in (at(24, 10, 20), at(24, 10, 50)):  # the visit, then its clean-up
        with pytest.raises(SlotTaken):
            walk_in(cast, cast.cal, moment)


def test_a_walk_in_for_a_treatment_asks_the_gate(cast, travel):
    travel(at(24, 10))

    with pytest.raises(GateClosed):
        walk_in(cast, cast.cal, at(24, 10), "toxin")


# An earlier time.


@pytest.fixture
def visit(cast, travel):
    """Cal's consultation with Ana at three; it is one o'clock."""
    booked = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 15))
    travel(EARLY)
    return booked


@pytest.mark.parametrize("path", [(), (S.ARRIVED,)])
def test_the_visit_moves_the_patient_has_arrived_and_nobody_writes(cast, visit, path):
    walk(visit, *path)

    take_earlier(visit, cast.eli, at(24, 13, 20))

    assert (visit.starts_at, visit.status) == (at(24, 13, 20), S.ARRIVED)
    assert practitioner_of(visit).name == "Dr Eli Stone"
    assert letters() == ["booked"]


def test_whoever_was_marked_arrived_before_has_waited_since_then(cast, visit, travel):
    walk(visit, S.ARRIVED)
    since = visit.status_at
    travel(at(24, 13, 15))

    take_earlier(visit, cast.eli, at(24, 13, 20))

    db.session.refresh(visit)
    assert visit.status_at == since


def test_a_patient_who_does_not_know_is_written_to_and_is_not_marked_arrived(cast, visit):
    take_earlier(visit, cast.ana, at(24, 14), is_here=False)

    assert (visit.starts_at, visit.status) == (at(24, 14), S.BOOKED)
    assert letters() == ["booked", MessageKind.MOVED]


def test_the_later_time_is_free_at_once_and_nothing_is_cancelled(cast, visit):
    take_earlier(visit, cast.ana, at(24, 13, 20))

    assert at_once(cast, cast.dee, at(24, 15)).starts_at == at(24, 15)
    assert letters(MessageKind.CANCELLED) == []


def test_the_later_time_is_offered_to_whoever_waits(cast, visit):
    wait(cast, somebody("Wil Brown"))

    take_earlier(visit, cast.ana, at(24, 13, 20))

    assert [offer.appointment.starts_at for offer in offers()] == [at(24, 15)]


@pytest.mark.parametrize("moment", [at(24, 15), at(24, 15, 20), at(24, 12, 40), at(24, 13, 5)])
def test_a_time_that_is_later_past_or_between_is_not_taken(cast, visit, moment):
    with pytest.raises(SlotTaken):
        take_earlier(visit, cast.ana, moment)

    db.session.refresh(visit)
    assert (visit.starts_at, visit.status) == (at(24, 15), S.BOOKED)


def test_a_time_that_somebody_has_is_not_taken_and_the_arrival_stays(cast, visit):
    walk(visit, S.ARRIVED)
    make_visit(make_patient(), cast.ana, cast.service("consultation"), at(24, 14, 20))

    with pytest.raises(SlotTaken):
        take_earlier(visit, cast.ana, at(24, 14, 20))

    db.session.refresh(visit)
    assert visit.status == S.ARRIVED


@pytest.mark.parametrize("path", [(S.ARRIVED, S.IN_ROOM), (S.NOSHOW,), (S.CANCELLED,)])
def test_somebody_in_the_room_or_gone_is_not_moved(cast, visit, path):
    walk(visit, *path)

    with pytest.raises(Changed):
        take_earlier(visit, cast.ana, at(24, 13, 20))


def test_a_page_that_showed_another_version_moves_nothing(cast, visit):
    with pytest.raises(Changed):
        take_earlier(visit, cast.ana, at(24, 13, 20), shown=visit.version - 1)


def test_what_was_done_is_written_down_step_by_step(cast, visit):
    walk(visit, S.ARRIVED)
    take_earlier(visit, cast.ana, at(24, 13, 20))

    db.session.rollback()
    events = db.session.scalars(
        db.select(AuditEvent.event)
        .where(AuditEvent.event.in_([Event.APPOINTMENT_STATUS, Event.APPOINTMENT_MOVED]))
        .order_by(AuditEvent.id)
    ).all()
    steps = [Event.APPOINTMENT_STATUS, Event.APPOINTMENT_STATUS, Event.APPOINTMENT_MOVED]
    assert events == [*steps, Event.APPOINTMENT_STATUS]
