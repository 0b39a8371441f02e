"""What must hold for every roster that Hypothesis can think of, clock-change days included."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from clinic import clock
from clinic.catalogue.rules import ServiceKind
from clinic.clock import Period
from clinic.scheduling.rules import (
    Facts,
    Hours,
    PractitionerFacts,
    RoomFacts,
    ServiceFacts,
    anyone,
    free_slots,
    is_free,
    nearest,
    why_not,
)
from clinic.screening.rules import Modality

FIVE = timedelta(minutes=5)
PLACES = [
    ("Europe/London", date(2026, 11, 24)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Santiago", date(2026, 9, 6)),
]


def minutes(lowest, highest):
    return st.integers(lowest // 5, highest // 5).map(lambda n: n * FIVE)


def stretches(weekday):
    ends = st.lists(st.integers(0, 288), min_size=2, max_size=2, unique=True).map(sorted)
    return ends.map(lambda pair: Hours(weekday, pair[0] * 5, pair[1] * 5))


def periods(day):
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    first = minutes(-14 * 60, 38 * 60).map(lambda offset: midnight + offset)
    return st.builds(lambda start, length: Period(start, start + length), first, minutes(5, 600))


def several(strategy, most):
    return st.lists(strategy, max_size=most).map(tuple)


spans = st.sampled_from(
    [
        (),
        ((date(2020, 1, 1), date(2030, 1, 1)),),
        ((date(2020, 1, 1), date(2026, 11, 24)),),
        ((date(2026, 11, 25), date(2030, 1, 1)),),
    ]
)
services = st.builds(
    ServiceFacts,
    kind=st.sampled_from(ServiceKind),
    duration=minutes(5, 120),
    buffer_before=minutes(0, 30),
    buffer_after=minutes(0, 30),
    notice=minutes(0, 600),
    horizon=minutes(600, 2880),
    step=minutes(5, 60),
)


def people(day, actor_id):
    return st.builds(
        PractitionerFacts,
        actor_id=st.just(actor_id),
        hours=several(stretches(day.weekday()), 3),
        licensed=spans,
        able=st.fixed_dictionaries(dict.fromkeys(Modality, spans)),
        busy=several(periods(day), 4),
    )


def rosters(place):
    zone, day = place
    midnight = clock.instant(day, 0, zone)
    return st.builds(
        Facts,
        service=services,
        zone=st.just(zone),
        now=minutes(-600, 600).map(lambda offset: midnight + offset),
        opening=several(stretches(day.weekday()), 2),
        practitioners=st.tuples(people(day, 1), people(day, 2), people(day, 3)),
        rooms=st.tuples(*[several(periods(day), 4)] * 2).map(
            lambda both: (RoomFacts(11, both[0]), RoomFacts(12, both[1]))
        ),
        patient_busy=several(periods(day), 2),
    ).map(lambda facts: (facts, day))


situations = st.sampled_from(PLACES).flatmap(rosters)


@settings(max_examples=30, deadline=None)
@given(situations)
def test_T4_every_listed_time_is_free_when_it_is_asked_for(situation):
    facts, day = situation

    listed = free_slots(facts, day, 1)

    assert [is_free(facts, s.practitioner_id, s.starts_at) for s in listed] == listed
    assert [why_not(facts, s.practitioner_id, s.starts_at) for s in listed] == [[]] * len(listed)


@settings(max_examples=30, deadline=None)
@given(situations, st.integers(1, 3), minutes(-60, 1500))
def test_why_not_is_empty_exactly_when_the_time_is_free(situation, practitioner_id, offset):
    facts, day = situation
    starts_at = clock.instant(day, 0, facts.zone) + offset

    reasons = why_not(facts, practitioner_id, starts_at)

    assert (reasons == []) == (is_free(facts, practitioner_id, starts_at) is not None)


@settings(max_examples=30, deadline=None)
@given(situations)
def test_each_physician_is_offered_once_at_each_start(situation):
    facts, day = situation

    listed = [(slot.starts_at, slot.practitioner_id) for slot in free_slots(facts, day, 1)]

    assert listed == sorted(set(listed))


@settings(max_examples=30, deadline=None)
@given(situations)
def test_C6_no_listed_time_meets_anything_that_is_busy(situation):
    facts, day = situation
    by_actor = {p.actor_id: p.busy for p in facts.practitioners}
    by_room = {room.actor_id: room.busy for room in facts.rooms}

    met = [
        (slot, other)
        for slot in free_slots(facts, day, 1)
        for other in by_actor[slot.practitioner_id] + by_room[slot.room_id]
        if other.overlaps(facts.service.reserved(slot.starts_at))
    ]
    met_patient = [
        (slot, other)
        for slot in free_slots(facts, day, 1)
        for other in facts.patient_busy
        if other.overlaps(slot.period)
    ]

    assert met == []
    assert met_patient == []


@settings(max_examples=30, deadline=None)
@given(situations)
def test_L10_every_listed_time_lies_with_its_buffers_inside_hours_and_opening(situation):
    facts, day = situation
    hours = {p.actor_id: p.hours for p in facts.practitioners}

    outside = [
        slot
        for slot in free_slots(facts, day, 1)
        for stretches_of in (hours[slot.practitioner_id], facts.opening)
        if not _inside(facts, stretches_of, day, facts.service.reserved(slot.starts_at))
    ]

    assert outside == []


def _inside(facts, hours, day, reserved):
    bounds = [
        (
            clock.instant(day, h.opens_minute, facts.zone),
            clock.instant(day, h.closes_minute, facts.zone),
        )
        for h in hours
    ]
    lasts = reserved.ends_at - reserved.starts_at
    steps = [reserved.starts_at + number * FIVE for number in range(lasts // FIVE)]
    return all(any(opens <= step < to for opens, to in bounds) for step in steps)


@settings(max_examples=30, deadline=None)
@given(situations)
def test_C6_anyone_gives_one_free_physician_for_each_start_and_loses_none(situation):
    facts, day = situation
    listed = free_slots(facts, day, 1)

    chosen = anyone(listed)

    assert set(chosen) <= set(listed)
    assert [slot.starts_at for slot in chosen] == sorted({slot.starts_at for slot in listed})


@settings(max_examples=30, deadline=None)
@given(situations, minutes(0, 1440), st.integers(0, 5))
def test_nothing_is_nearer_than_the_nearest(situation, offset, count):
    facts, day = situation
    listed = free_slots(facts, day, 1)
    to = clock.instant(day, 0, facts.zone) + offset

    found = nearest(listed, to, count)

    left = [abs(slot.starts_at - to) for slot in listed if slot not in found]
    furthest = max((abs(slot.starts_at - to) for slot in found), default=timedelta(0))
    assert len(found) == min(count, len(listed))
    assert found == sorted(found)
    assert count == 0 or all(furthest <= distance for distance in left)
