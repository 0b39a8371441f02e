"""Times for somebody who is here: now within fifteen minutes, and earlier today."""

from dataclasses import replace
from datetime import timedelta

import pytest

from clinic import clock
from clinic.scheduling.rules import (
    EARLIER,
    OVERRIDABLE,
    WALK_IN,
    RoomFacts,
    earlier_slots,
    now_slot,
    place_against,
)
from tests.scheduling.roster import ANA, CONSULTATION, ELI, ROOM_1, at, busy, clinic, physician

ASKS_NOTICE = replace(CONSULTATION, notice=timedelta(hours=2))


def facts(now, *people, **over):
    return clinic(ASKS_NOTICE, *people, now=now, **over)


def seen(slot):
    return None if slot is None else (f"{slot.starts_at:%H:%M}", slot.practitioner_id)


NOW = {
    "on the five minutes": (at(9, 5), ("09:05", ANA)),
    "between them": (at(9, 5) + timedelta(seconds=1), ("09:10", ANA)),
    "at the fifteenth minute": (at(8, 45), ("09:00", ANA)),
    "a second too early": (at(8, 45) - timedelta(seconds=1), None),
    "the last that fits the hours": (at(16, 30), ("16:30", ANA)),
    "too late for the hours": (at(16, 30) + timedelta(seconds=1), None),
}


@pytest.mark.parametrize(("now", "found"), NOW.values(), ids=NOW)
def test_now_is_the_first_five_minutes_within_fifteen_inside_the_hours(now, found):
    assert seen(now_slot(facts(now))) == found


def test_whoever_is_free_sooner_is_taken():
    ana = physician(busy=busy(at(8), at(10, 10)))

    assert seen(now_slot(facts(at(10), ana, physician(ELI)))) == ("10:00", ELI)
    assert seen(now_slot(facts(at(10), ana))) == ("10:10", ANA)


@pytest.mark.parametrize(
    "over",
    [
        {"rooms": (RoomFacts(ROOM_1, busy(at(9), at(12))),)},
        {"patient_busy": busy(at(9), at(12))},
        {"rooms": ()},
    ],
)
def test_nobody_walks_in_over_an_overlap_or_without_a_room(over):
    assert now_slot(facts(at(10), **over)) is None


def starts(slots):
    return [f"{slot.starts_at:%H:%M}" for slot in slots]


def test_earlier_times_are_todays_from_now_on_and_before_the_visit():
    slots = earlier_slots(facts(at(13, 10)), at(15))

    assert starts(slots) == ["13:30", "14:00", "14:30"]


def test_the_time_of_the_visit_itself_is_not_earlier_and_now_is():
    assert starts(earlier_slots(facts(at(14)), at(14, 30))) == ["14:00"]
    assert earlier_slots(facts(at(14)), at(14)) == []


def test_each_start_is_listed_once_and_taken_ones_are_not():
    ana = physician(busy=busy(at(14), at(14, 30)))
    found = earlier_slots(facts(at(13, 30), ana, physician(ELI)), at(15))

    assert starts(found) == ["13:30", "14:00", "14:30"]
    assert found[1].practitioner_id == ELI


def test_what_is_listed_is_what_the_write_path_lets_through():
    found = facts(at(9, 10))
    day = clock.local(found.now, found.zone).date()
    every = [at(9, 0) + timedelta(minutes=5 * n) for n in range(97)]

    let_through = [
        start
        for start in every
        if day == start.date() and place_against(found, ANA, start, EARLIER) is not None
    ]

    assert let_through == [slot.starts_at for slot in earlier_slots(found, at(17))]


def test_only_what_is_allowed_is_gone_against():
    found = facts(at(9))

    assert place_against(found, ANA, at(9, 5), WALK_IN) is not None
    assert place_against(found, ANA, at(9, 5), EARLIER) is None
    assert place_against(found, ANA, at(18), WALK_IN) is None
    assert place_against(found, ANA, at(18), OVERRIDABLE) is not None
