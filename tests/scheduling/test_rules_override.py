"""What staff may book all the same, and how much of whose buffers that takes."""

from datetime import timedelta

import pytest

from clinic.clock import Period
from clinic.scheduling.rules import (
    OVERRIDABLE,
    DeviceFacts,
    RoomFacts,
    Taken,
    Why,
    WhyNot,
    may_override,
    overridden,
    place_all_the_same,
)
from clinic.scheduling.rules.reasons import DEVICE, ROOM
from tests.scheduling.roster import ANA, ROOM_1, ROOM_2, TOXIN, at, busy, clinic, physician

W = WhyNot
LASER = 21

MAY = {
    W.PAST: False,
    W.NOTICE: True,
    W.HORIZON: True,
    W.CLOSED: True,
    W.HOURS: True,
    W.OFF_GRID: True,
    W.NOT_QUALIFIED: False,
    W.PRACTITIONER_AWAY: False,
    W.PRACTITIONER_BUSY: False,
    W.PRACTITIONER_BUFFER: True,
    W.NO_ROOM: False,
    W.ROOM_AWAY: False,
    W.ROOM_BUSY: False,
    W.ROOM_BUFFER: True,
    W.NO_DEVICE: False,
    W.DEVICE_AWAY: False,
    W.DEVICE_BUSY: False,
    W.DEVICE_BUFFER: True,
    W.PATIENT_BUSY: False,
}


@pytest.mark.parametrize("code", WhyNot)
def test_each_reason_alone_can_be_overridden_or_not(code):
    assert may_override([Why(code, ROOM_1)]) == MAY[code]


@pytest.mark.parametrize("code", [code for code in WhyNot if not MAY[code]])
def test_one_reason_that_stands_is_enough_against_all_others(code):
    others = [Why(one, ROOM_1) for one in OVERRIDABLE if one not in (*ROOM, *DEVICE)]

    assert may_override(others)
    assert not may_override([*others, Why(code, ROOM_2)])


def test_a_free_time_needs_no_override():
    assert not may_override([])


def test_one_room_whose_buffer_is_taken_is_enough_though_another_is_taken():
    reasons = [Why(W.HOURS, ANA), Why(W.ROOM_BUSY, ROOM_1), Why(W.ROOM_BUFFER, ROOM_2)]

    assert [why.actor_id for why in overridden(reasons)] == [ANA, ROOM_2]


def test_a_room_that_is_taken_as_well_as_too_close_is_no_room():
    assert not may_override([Why(W.ROOM_BUFFER, ROOM_1), Why(W.ROOM_BUSY, ROOM_1)])


def visit(first, last, before=5, after=10):
    """Taken up by a treatment, buffers and all."""
    minutes = timedelta(minutes=1)
    return Taken(first - before * minutes, last + after * minutes, Period(first, last))


def toxin(*taken, **over):
    return clinic(TOXIN, physician(busy=taken), **over)


def test_outside_the_hours_nothing_is_cut():
    place = place_all_the_same(toxin(), ANA, at(18))

    assert place.overrode == [W.HOURS]
    assert place.taken[ANA] == Period(at(17, 55), at(18, 40))
    assert place.trims == []


def test_buffers_are_cut_to_what_the_neighbours_leave():
    place = place_all_the_same(
        toxin(visit(at(9), at(9, 30)), visit(at(10, 20), at(11))), ANA, at(9, 45)
    )

    assert place.taken[ANA] == Period(at(9, 40), at(10, 15))
    assert place.trims == []
    assert place.taken[ROOM_1] == Period(at(9, 40), at(10, 25))


def test_a_neighbour_gives_up_the_part_of_its_buffer_in_which_the_visit_lies():
    place = place_all_the_same(
        toxin(visit(at(9), at(9, 40)), visit(at(10, 17), at(11))), ANA, at(9, 45)
    )

    assert place.overrode == [W.PRACTITIONER_BUFFER]
    assert place.taken[ANA] == Period(at(9, 45), at(10, 15))
    assert [(trim.actor_id, trim.left.starts_at, trim.left.ends_at) for trim in place.trims] == [
        (ANA, at(8, 55), at(9, 45)),
        (ANA, at(10, 15), at(11, 10)),
    ]


def test_a_room_that_is_free_is_taken_before_one_whose_buffer_is_cut():
    rooms = (RoomFacts(ROOM_1, (visit(at(17, 20), at(17, 50)),)), RoomFacts(ROOM_2))

    place = place_all_the_same(toxin(rooms=rooms), ANA, at(18))

    assert place.slot.room_id == ROOM_2
    assert place.trims == []


def test_a_room_and_a_device_give_up_buffers_too():
    close = (visit(at(17, 20), at(17, 55)),)
    facts = toxin(rooms=(RoomFacts(ROOM_1, close),), devices=(DeviceFacts(LASER, close),))

    place = place_all_the_same(facts, ANA, at(18))

    assert set(place.overrode) == {W.HOURS, W.ROOM_BUFFER, W.DEVICE_BUFFER}
    assert (place.slot.room_id, place.slot.device_id) == (ROOM_1, LASER)
    assert {trim.actor_id for trim in place.trims} == {ROOM_1, LASER}


@pytest.mark.parametrize(
    "facts",
    [
        toxin(visit(at(18), at(18, 20))),
        clinic(TOXIN, physician(absent=busy(at(18, 35), at(19)))),
        toxin(patient_busy=busy(at(18), at(18, 10))),
        toxin(rooms=()),
        toxin(now=at(19)),
        clinic(TOXIN, physician(able={})),
    ],
    ids=["overlap", "absence", "the patient's own visit", "no room", "past", "not qualified"],
)
def test_what_nobody_overrides_has_no_place(facts):
    assert place_all_the_same(facts, ANA, at(18)) is None


def test_a_time_that_is_free_has_a_place_and_overrides_nothing():
    place = place_all_the_same(toxin(now=at(8)), ANA, at(9, 15))

    assert (place.overrode, place.trims) == ([], [])
