"""What takes a time away, and the reasons given for it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from clinic.clock import Period
from clinic.scheduling.rules import (
    Hours,
    RoomFacts,
    WhyNot,
    free_slots,
    is_free,
    why_not,
)
from tests.scheduling.roster import (
    ANA,
    CONSULTATION,
    ELI,
    ROOM_1,
    ROOM_2,
    TOXIN,
    TUESDAY,
    at,
    busy,
    clinic,
    codes,
    physician,
    starts,
)


@pytest.mark.parametrize(
    ("taken_from", "taken_to"),
    [
        ((9, 0), (17, 0)),  # all of it
        ((8, 0), (18, 0)),  # more than it
        ((9, 0), (16, 31)),  # its end is not enough for a visit
    ],
)
def test_a_full_day_has_no_times(taken_from, taken_to):
    full = physician(busy=busy(at(*taken_from), at(*taken_to)))

    assert starts(clinic(CONSULTATION, full)) == []


@pytest.mark.parametrize(
    ("taken_from", "taken_to", "is_offered"),
    [
        ((9, 30), (10, 0), True),  # ends as the visit begins
        ((10, 30), (11, 0), True),  # begins as the visit ends
        ((9, 30), (10, 1), False),
        ((10, 29), (11, 0), False),
        ((10, 10), (10, 20), False),  # inside it
        ((9, 0), (12, 0), False),  # around it
        ((10, 0), (10, 30), False),  # the same
    ],
)
def test_C3_any_overlap_with_the_physician_takes_the_time(taken_from, taken_to, is_offered):
    taken = physician(busy=busy(at(*taken_from), at(*taken_to)))

    found = is_free(clinic(CONSULTATION, taken), ANA, at(10)) is not None

    assert found is is_offered


def test_L1_the_buffers_of_both_visits_stand_between_them():
    # A treatment from 11:00 to 11:30 takes up 10:55 to 11:40 with its own buffers.
    treating = physician(busy=busy(at(10, 55), at(11, 40)))

    found = starts(clinic(TOXIN, treating))

    assert found[found.index("10:15") + 1] == "11:45"  # 10:15 ends with its buffer at 10:55


def test_C4_a_busy_physician_does_not_take_the_time_from_a_free_colleague():
    ana = physician(busy=busy(at(9), at(17)))
    facts = clinic(CONSULTATION, ana, physician(ELI))

    assert {slot.practitioner_id for slot in free_slots(facts, TUESDAY, 1)} == {ELI}


def test_the_first_free_room_is_taken_in_the_order_given():
    rooms = (RoomFacts(ROOM_1, busy(at(9), at(10))), RoomFacts(ROOM_2))
    facts = clinic(rooms=rooms)

    assert is_free(facts, ANA, at(9)).room_id == ROOM_2
    assert is_free(facts, ANA, at(10)).room_id == ROOM_1


def test_without_a_free_room_there_is_no_time():
    rooms = (RoomFacts(ROOM_1, busy(at(9), at(17))), RoomFacts(ROOM_2, busy(at(9), at(16))))

    assert starts(clinic(rooms=rooms)) == ["16:00", "16:30"]


def test_without_any_room_there_is_no_time():
    assert starts(clinic(rooms=())) == []


def test_L1_the_room_is_taken_up_for_the_buffers_too():
    facts = clinic(TOXIN, rooms=(RoomFacts(ROOM_1, busy(at(10, 39), at(12))),))

    assert is_free(facts, ANA, at(10)) is None


def test_C7_a_patient_is_not_in_two_places_and_needs_no_buffer():
    elsewhere = busy(at(10, 15), at(10, 45))
    facts = clinic(TOXIN, patient_busy=elsewhere)

    assert is_free(facts, ANA, at(10)) is None
    assert is_free(facts, ANA, at(10, 45)) is not None


def test_T9_a_visit_past_midnight_takes_the_next_day_too():
    night = physician(hours=(Hours(2, 0, 120),), busy=busy(at(23, 30), at(0, 30, day=25)))
    facts = clinic(CONSULTATION, night, opening=(Hours(2, 0, 1440),))

    assert starts(facts, date(2026, 11, 25)) == ["00:30", "01:00", "01:30"]


def test_L3_a_buffer_that_crosses_midnight_counts_on_both_days():
    night = physician(hours=(Hours(2, 0, 120),), busy=busy(at(23, 0), at(0, 10, day=25)))
    facts = clinic(TOXIN, night, opening=(Hours(2, 0, 1440),))

    assert starts(facts, date(2026, 11, 25))[0] == "00:15"


@pytest.mark.parametrize("events", [0, 1, 8])
def test_L11_a_day_with_none_one_or_many_visits_is_searched_alike(events):
    taken = tuple(Period(at(9 + n), at(9 + n, 30)) for n in range(events))

    assert len(free_slots(clinic(CONSULTATION, physician(busy=taken)), TUESDAY, 1)) == 16 - events


REFUSED = [
    (WhyNot.PAST, {"now": at(10, 1)}),
    (WhyNot.NOTICE, {"service": replace(CONSULTATION, notice=timedelta(minutes=61))}),
    (WhyNot.HORIZON, {"service": replace(CONSULTATION, horizon=timedelta(minutes=59))}),
    (WhyNot.HOURS, {"practitioners": (physician(hours=(Hours(1, 60 * 11, 60 * 17),)),)}),
    (WhyNot.NOT_QUALIFIED, {"practitioners": (physician(licensed=()),)}),
    (
        WhyNot.PRACTITIONER_BUSY,
        {"practitioners": (physician(busy=busy(at(10, 29), at(11))),)},
    ),
    (WhyNot.NO_ROOM, {"rooms": ()}),
    (WhyNot.PATIENT_BUSY, {"patient_busy": busy(at(9), at(10, 1))}),
]


@pytest.mark.parametrize(("reason", "over"), REFUSED)
def test_why_not_names_the_one_thing_that_stands_in_the_way(reason, over):
    facts = clinic(**{"now": at(9), **over})

    assert codes(why_not(facts, ANA, at(10))) == [reason]
    assert is_free(facts, ANA, at(10)) is None


def test_why_not_says_closed_and_outside_hours_where_both_hold():
    assert codes(why_not(clinic(), ANA, at(7))) == [WhyNot.CLOSED, WhyNot.HOURS]


def test_why_not_says_when_a_time_is_off_the_grid():
    assert codes(why_not(clinic(), ANA, at(10, 10))) == [WhyNot.OFF_GRID]


def test_why_not_lists_everything_at_once():
    facts = clinic(now=at(9), rooms=(), patient_busy=busy(at(10), at(11)))

    assert codes(why_not(facts, ANA, at(10))) == [WhyNot.NO_ROOM, WhyNot.PATIENT_BUSY]


def test_a_physician_nobody_knows_has_no_time():
    assert is_free(clinic(), ELI, at(10)) is None
