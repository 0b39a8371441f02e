"""T4 on the database, for random rosters: what is offered can be booked, and nothing else can."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic.database import db
from clinic.journey import book
from clinic.scheduling import availability, services
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import free_slots
from clinic.scheduling.services import SlotTaken
from tests.factories import TESTER, at, make_visit, make_visitor
from tests.scheduling.clinics import MINUTE, tried, undone, weeks, write_roster
from tests.soak import tries

KINDS = ("consultation", "follow-up")
A_FEW = 3


def offered(service, first, patient, besides=None):
    """(practitioner's actor, start) of every time of the week, as the page lists them."""
    facts = availability.times(service, first, 7, patient=patient, besides=besides).facts
    return [(s.practitioner_id, s.starts_at) for s in free_slots(facts, first, 7)]


def booked(service, visitor, patient, who, starts_at):
    """Whether a time can be held and booked; nothing of it stays."""
    with tried():
        try:
            held = book.hold(
                service, who, starts_at, visitor=visitor, actor=TESTER, patient=patient
            )
            book.confirm(held, patient, actor=TESTER)
        except SlotTaken:
            return False
    return True


def moved(visit, who, starts_at):
    with tried():
        try:
            services.move(visit, who, starts_at, shown=visit.version, actor=TESTER)
        except SlotTaken:
            return False
    return True


def some(draw, times):
    picked = draw(st.lists(st.sampled_from(times), max_size=A_FEW)) if times else []
    return [*times[:1], *times[-1:], *picked]


def others(draw, times, people, first_moment):
    """Times that are not on offer: beside those that are, and anywhere."""
    beside = [
        (who, start + draw(st.sampled_from([-5, -1, 1, 5])) * MINUTE)
        for who, start in some(draw, times)
    ]
    anywhere = [
        (draw(st.sampled_from(people)), first_moment + draw(st.integers(0, 7 * 288)) * 5 * MINUTE)
        for _time in range(A_FEW)
    ]
    return [one for one in [*beside, *anywhere] if one not in times]


def fill(draw, cast, first):
    """A few visits of the two patients, wherever there is room for them."""
    visits = []
    for patient in (cast.cal, cast.dee, cast.cal):
        service = cast.service(draw(st.sampled_from(KINDS)))
        times = offered(service, first, patient)
        if times:
            who, starts_at = draw(st.sampled_from(times))
            physician = cast.ana if cast.ana.actor_id == who else cast.eli
            visits.append(make_visit(patient, physician, service, starts_at))
    return visits


@tries(6, 300)
@given(data=st.data())
def test_T4_on_random_rosters_exactly_the_times_on_offer_can_be_booked(cast, travel, data):
    zone, first, now = data.draw(weeks())
    travel(now)
    with undone():
        write_roster(cast, data.draw, zone, first)
        fill(data.draw, cast, first)
        service, visitor = cast.service(data.draw(st.sampled_from(KINDS))), make_visitor()
        times = offered(service, first, cast.cal)
        people = [cast.ana.actor_id, cast.eli.actor_id]
        good = some(data.draw, times)
        bad = others(data.draw, times, people, now)

        answers = [booked(service, visitor, cast.cal, *one) for one in [*good, *bad]]

        assert answers == [True] * len(good) + [False] * len(bad)


@tries(6, 300)
@given(data=st.data())
def test_T4_on_random_rosters_a_visit_moves_exactly_to_the_times_on_offer(cast, travel, data):
    zone, first, now = data.draw(weeks())
    travel(now)
    with undone():
        write_roster(cast, data.draw, zone, first)
        for visit in fill(data.draw, cast, first)[:1]:
            times = offered(visit.service, first, visit.patient, besides=visit)
            people = [cast.ana.actor_id, cast.eli.actor_id]
            good = some(data.draw, times)
            bad = others(data.draw, times, people, now)

            answers = [moved(visit, *one) for one in [*good, *bad]]

            assert answers == [True] * len(good) + [False] * len(bad)


def test_L9_at_no_minute_of_a_day_is_a_booked_time_on_offer(cast, travel):
    """The notice and the horizon pass over both visits while the clock goes on."""
    service = cast.service("consultation")
    near = make_visit(cast.cal, cast.ana, service, at(24, 11))
    far = make_visit(cast.dee, cast.ana, service, at(24, 9) + timedelta(days=service.horizon_days))
    days = [near.starts_on, far.starts_on]
    seen = set()

    for minute in range(130):
        travel(at(24, 9) + minute * MINUTE)
        for day in days:
            facts = availability.times(service, day, 1).facts
            seen |= {
                (s.practitioner_id, s.starts_at)
                for s in free_slots(facts, day, 1)
                if s.practitioner_id == cast.ana.actor_id
            }

    assert {(cast.ana.actor_id, visit.starts_at) for visit in (near, far)}.isdisjoint(seen)
    assert (cast.ana.actor_id, far.starts_at + 40 * MINUTE) in seen
    assert db.session.query(Appointment).count() == 2


def test_T4_every_time_of_a_day_on_offer_can_be_booked(cast):
    service, visitor = cast.service("consultation"), make_visitor()
    day = at(25, 0).date()
    facts = availability.times(service, day, 1, patient=cast.cal).facts
    times = [(s.practitioner_id, s.starts_at) for s in free_slots(facts, day, 1)]

    with undone():
        answers = [booked(service, visitor, cast.cal, *one) for one in times]

    assert answers == [True] * len(times)
    assert len(times) == 46
