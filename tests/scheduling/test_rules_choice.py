"""Which of several free times: one for each start, the nearest, the part of the day."""

from datetime import timedelta

import pytest

from clinic.scheduling.rules import PartOfDay, Slot, anyone, anyone_on, nearest, part_of_day
from tests.scheduling.roster import ANA, ELI, ROOM_1, TUESDAY, at, busy, clinic


def slot(hour, minute=0, who=ANA, day=24):
    start = at(hour, minute, day)
    return Slot(start, start + timedelta(minutes=30), who, ROOM_1)


def test_anyone_gives_one_physician_for_each_time_and_spreads_them():
    both = [slot(hour, who=who) for hour in (9, 10, 11, 12) for who in (ANA, ELI)]

    chosen = anyone(both)

    assert [s.starts_at for s in chosen] == [at(9), at(10), at(11), at(12)]
    assert sorted(s.practitioner_id for s in chosen) == [ANA, ANA, ELI, ELI]


def test_anyone_is_the_same_whatever_the_order_of_the_slots():
    both = [slot(hour, who=who) for hour in (9, 10, 11) for who in (ANA, ELI)]

    assert anyone(both) == anyone(reversed(both))


def test_anyone_of_nothing_is_nothing():
    assert anyone([]) == []


def test_what_anyone_would_be_given_is_worked_out_once_for_all_who_have_nothing_that_day():
    facts = clinic()
    for_all = anyone_on(facts, TUESDAY)

    on_another_day = facts.at(facts.now, busy(at(9, day=25), at(17, day=25)))
    up_to_the_first = facts.at(facts.now, busy(at(8), for_all[0].starts_at))

    assert anyone_on(on_another_day, TUESDAY) is for_all
    assert anyone_on(up_to_the_first, TUESDAY) is for_all


def test_a_patient_with_a_visit_that_day_is_given_what_does_not_meet_it():
    facts = clinic()
    for_all = anyone_on(facts, TUESDAY)

    theirs = facts.at(facts.now, busy(for_all[1].starts_at, for_all[1].ends_at))

    assert for_all[1] not in anyone_on(theirs, TUESDAY)
    assert for_all[0] in anyone_on(theirs, TUESDAY)
    assert anyone_on(facts, TUESDAY) is for_all


def test_nearest_looks_both_ways_and_answers_in_order_of_start():
    slots = [slot(9), slot(9, 30), slot(10, 30), slot(11), slot(14)]

    assert nearest(slots, at(10)) == [slot(9), slot(9, 30), slot(10, 30)]


def test_nearest_gives_what_there_is_when_there_are_fewer():
    assert nearest([slot(14)], at(10)) == [slot(14)]


@pytest.mark.parametrize(
    ("minute", "part"),
    [
        (0, PartOfDay.MORNING),
        (12 * 60 - 1, PartOfDay.MORNING),
        (12 * 60, PartOfDay.AFTERNOON),
        (17 * 60 - 1, PartOfDay.AFTERNOON),
        (17 * 60, PartOfDay.EVENING),
        (24 * 60 - 1, PartOfDay.EVENING),
    ],
)
def test_the_day_has_three_parts(minute, part):
    assert part_of_day(minute) == part
