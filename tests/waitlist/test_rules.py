"""What a wish fits, who comes first, and what a freed stretch makes bookable."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.clock import Period
from clinic.scheduling.rules import Hours, Slot, free_slots
from clinic.waitlist.rules import EVERY_DAY, WHOLE_DAY, Waiting, in_order, newly_free, opened
from tests.scheduling.roster import (
    ANA,
    CONSULTATION,
    ELI,
    ROOM_1,
    TOXIN,
    TUESDAY,
    clinic,
    physician,
)

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
ANYTHING = Waiting(1, None, EVERY_DAY, WHOLE_DAY, TUESDAY, date(2026, 12, 24), SINCE)


def slot(hour=10, minute=0, *, day=24, who=ANA, month=11):
    starts_at = datetime(2026, month, day, hour, minute, tzinfo=UTC)
    return Slot(starts_at, starts_at + timedelta(minutes=30), who, ROOM_1)


@pytest.mark.parametrize(
    ("wish", "time", "fits"),
    [
        ({}, slot(), True),
        ({"practitioner_actor_id": ANA}, slot(), True),
        ({"practitioner_actor_id": ELI}, slot(), False),
        ({"weekdays": 0b000_0010}, slot(), True),  # Tuesday
        ({"weekdays": 0b111_1101}, slot(), False),
        ({"parts": 0b001}, slot(11, 59), True),
        ({"parts": 0b001}, slot(12), False),
        ({"parts": 0b010}, slot(12), True),
        ({"parts": 0b010}, slot(17), False),
        ({"parts": 0b100}, slot(17), True),
        ({"from_on": date(2026, 11, 25)}, slot(23), False),
        ({"from_on": date(2026, 11, 25)}, slot(0, 0, day=25), True),
        ({"until_on": TUESDAY}, slot(23, 59), True),
        ({"until_on": TUESDAY}, slot(0, 0, day=25), False),
        ({"had": frozenset({slot().period})}, slot(), False),
        ({"had": frozenset({slot().period})}, slot(10, 20), False),
        ({"had": frozenset({slot().period})}, slot(10, 30), True),
    ],
)
def test_a_time_fits_a_wish_by_physician_day_part_and_dates(wish, time, fits):
    assert replace(ANYTHING, **wish).fits(time, "Europe/London") == fits


def test_the_part_of_the_day_goes_by_the_clock_of_the_site():
    at_eleven_utc = slot(11)

    morning = replace(ANYTHING, parts=0b001)

    assert morning.fits(at_eleven_utc, "Europe/London")
    assert not morning.fits(at_eleven_utc, "Europe/Berlin")


def test_the_day_goes_by_the_clock_of_the_site():
    late_on_tuesday_utc = slot(23, 30)

    wednesday = replace(ANYTHING, weekdays=0b000_0100)

    assert wednesday.fits(late_on_tuesday_utc, "Europe/Berlin")
    assert not wednesday.fits(late_on_tuesday_utc, "Europe/London")


def waiting(number, days_ago, actor=None):
    since = SINCE - timedelta(days=days_ago)
    return replace(ANYTHING, id=number, since=since, practitioner_actor_id=actor)


def test_who_named_the_physician_comes_before_who_takes_anyone_then_the_longest_waiting():
    line = [waiting(1, 9), waiting(2, 3, ANA), waiting(3, 5, ANA), waiting(4, 30)]

    assert [one.id for one in in_order(line)] == [3, 2, 4, 1]


def wishes():
    return st.builds(
        Waiting,
        id=st.integers(1, 10**6),
        practitioner_actor_id=st.sampled_from([None, ANA, ELI]),
        weekdays=st.integers(1, EVERY_DAY),
        parts=st.integers(1, WHOLE_DAY),
        from_on=st.dates(date(2026, 11, 20), date(2026, 11, 28)),
        until_on=st.dates(date(2026, 11, 24), date(2026, 12, 5)),
        since=st.integers(0, 60).map(lambda days: SINCE - timedelta(days=days)),
        had=st.frozensets(st.sampled_from([slot(h).period for h in (9, 13, 18)]), max_size=2),
    )


@given(
    st.lists(wishes(), max_size=12, unique_by=lambda w: w.id),
    st.sampled_from([slot(h, who=who) for h in (9, 13, 18) for who in (ANA, ELI)]),
)
def test_nobody_who_fits_a_time_better_is_passed_over_and_nobody_has_it_twice(line, time):
    asked = []
    while (rest := [w for w in in_order(line) if w.fits(time, "Europe/London")]) != []:
        first = rest[0]
        named = [w for w in rest if w.practitioner_actor_id is not None]
        assert first.practitioner_actor_id is not None or not named
        assert first.since == min(w.since for w in (named or rest))
        asked.append(first.id)
        had = replace(first, had=first.had | {time.period})
        line = [had if w.id == first.id else w for w in line]

    assert len(asked) == len(set(asked))


# What becomes free.


def starts(found):
    return [f"{one.starts_at:%H:%M}" for one in found]


def stretch(begins, ends):
    day = datetime(2026, 11, 24, tzinfo=UTC)
    return Period(
        day.replace(hour=begins[0], minute=begins[1]), day.replace(hour=ends[0], minute=ends[1])
    )


def test_only_what_the_freed_visit_stood_in_the_way_of_is_newly_free():
    facts = clinic(CONSULTATION)

    found = newly_free(
        facts, {ANA: stretch((10, 0), (10, 30)), ROOM_1: stretch((10, 0), (10, 30))}, TUESDAY, 1
    )

    assert starts(found) == ["10:00"]


def test_the_time_nearest_to_where_the_freed_visit_began_comes_first():
    facts = clinic(replace(CONSULTATION, step=timedelta(minutes=15)))

    found = newly_free(facts, {ANA: stretch((10, 0), (10, 30))}, TUESDAY, 1)

    assert starts(found) == ["10:00", "09:45", "10:15"]


def test_buffers_of_the_freed_visit_count_and_those_of_the_next_are_kept():
    facts = clinic(TOXIN)

    found = newly_free(facts, {ANA: stretch((9, 55), (10, 40))}, TUESDAY, 1)

    assert starts(found) == ["10:00", "09:45", "10:15", "09:30", "10:30"]


def test_a_room_that_becomes_free_frees_the_times_of_whoever_had_none():
    busy = stretch((9, 0), (17, 0))
    facts = clinic(CONSULTATION, physician(ANA), physician(ELI, busy=(busy,)))

    found = newly_free(facts, {ROOM_1: stretch((10, 0), (10, 30))}, TUESDAY, 1)

    assert [(one.practitioner_id, f"{one.starts_at:%H:%M}") for one in found] == [(ANA, "10:00")]


def test_what_somebody_else_took_meanwhile_is_not_free():
    facts = clinic(CONSULTATION, physician(ANA, busy=(stretch((10, 0), (10, 30)),)))

    assert newly_free(facts, {ANA: stretch((10, 0), (10, 30))}, TUESDAY, 1) == []


# Which times a change of the roster opens.


def days_long(first, last):
    """Ana at work on Tuesdays, from when to when."""
    hours = (Hours(1, first * 60, last * 60, date.min, None),)
    return clinic(CONSULTATION, physician(ANA, hours=hours))


def test_longer_hours_open_what_lies_in_them_and_nothing_else():
    assert starts(opened(days_long(9, 12), days_long(9, 14), TUESDAY, 1)) == [
        "12:00",
        "12:30",
        "13:00",
        "13:30",
    ]


def test_a_visit_that_the_new_hours_complete_is_opened():
    before, after = days_long(9, 12), days_long(9, 13)
    longer = replace(CONSULTATION, duration=timedelta(minutes=60), step=timedelta(minutes=30))
    before, after = (replace(facts, service=longer) for facts in (before, after))

    assert starts(opened(before, after, TUESDAY, 1)) == ["11:30", "12:00"]


def test_a_grid_that_begins_elsewhere_opens_nothing():
    before = days_long(9, 12)
    after = replace(days_long(9, 12), service=replace(CONSULTATION, step=timedelta(minutes=20)))

    assert len(free_slots(after, TUESDAY, 1)) > len(free_slots(before, TUESDAY, 1))
    assert opened(before, after, TUESDAY, 1) == []


def test_an_earlier_start_that_shifts_the_grid_opens_the_first_times_alone():
    wider = replace(CONSULTATION, step=timedelta(minutes=60))
    before = replace(days_long(9, 12), service=wider)
    hours = (Hours(1, 8 * 60 + 30, 12 * 60, date.min, None),)
    after = clinic(wider, physician(ANA, hours=hours))

    assert starts(opened(before, after, TUESDAY, 1)) == ["08:30"]


def test_an_absence_that_ends_opens_its_time():
    away = (stretch((10, 0), (11, 0)),)
    before, after = clinic(CONSULTATION, physician(ANA, absent=away)), clinic(CONSULTATION)

    assert starts(opened(before, after, TUESDAY, 1)) == ["10:00", "10:30"]


def test_a_visit_in_the_way_is_in_the_way_of_what_opens():
    busy = (stretch((10, 0), (10, 30)),)
    before = clinic(CONSULTATION, physician(ANA, absent=(stretch((10, 0), (11, 0)),), busy=busy))
    after = clinic(CONSULTATION, physician(ANA, busy=busy))

    assert starts(opened(before, after, TUESDAY, 1)) == ["10:30"]


def test_fewer_hours_open_nothing():
    assert opened(days_long(9, 14), days_long(9, 12), TUESDAY, 1) == []


def test_somebody_who_was_not_there_before_opens_all_their_times():
    before, after = clinic(CONSULTATION, physician(ELI)), clinic(CONSULTATION, physician(ANA))

    assert opened(before, after, TUESDAY, 1) == free_slots(after, TUESDAY, 1)
