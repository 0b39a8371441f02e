"""Which booked visits a roster no longer carries, each with every reason."""

from dataclasses import replace
from datetime import date

import pytest

from clinic import clock
from clinic.clock import Period
from clinic.scheduling.rules import (
    Away,
    DayHours,
    DeviceFacts,
    Hours,
    Judge,
    Placed,
    RoomFacts,
    Why,
    WhyNot,
    only_new,
)
from tests.scheduling.roster import (
    ANA,
    CONSULTATION,
    ELI,
    EVERY_DAY,
    QUALIFIED,
    ROOM_1,
    ROOM_2,
    TOXIN,
    TUESDAY,
    at,
    busy,
    clinic,
    codes,
    physician,
)

LAMP = 21
UNQUALIFIED = physician(able={})
UNLICENSED = physician(licensed=((date(2015, 1, 1), date(2026, 11, 23)),))


TEN, HALF_PAST = at(10), at(10, 30)


def visit(first=TEN, last=HALF_PAST, **over):
    values = {"practitioner_id": ANA, "room_id": ROOM_1, "held": Period(first, last)}
    return Placed(**{"starts_at": first, **values, **over})


def outside(facts, placed):
    return codes(Judge(facts).outside(placed))


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (clinic(), []),
        (clinic(CONSULTATION, physician(busy=busy(at(9), at(17)))), []),
        (clinic(CONSULTATION, physician(hours=(Hours(1, 540, 600),))), [WhyNot.HOURS]),
        (clinic(CONSULTATION, physician(hours=(Hours(1, 600, 630),))), []),
        (clinic(CONSULTATION, physician(hours=(Hours(1, 540, 620), Hours(1, 620, 700)))), []),
        (clinic(CONSULTATION, physician(hours=())), [WhyNot.HOURS]),
        (
            clinic(CONSULTATION, physician(hours=(), extra=(DayHours(TUESDAY, 540, 660),))),
            [],
        ),
        (clinic(opening=()), [WhyNot.CLOSED]),
        (clinic(closed=frozenset({TUESDAY})), [WhyNot.CLOSED]),
        (
            clinic(closed=frozenset({TUESDAY}), extra_opening=(DayHours(TUESDAY, 540, 660),)),
            [],
        ),
        (clinic(CONSULTATION, UNLICENSED), [WhyNot.NOT_QUALIFIED]),
        (clinic(CONSULTATION, UNQUALIFIED), []),
        (clinic(TOXIN, UNQUALIFIED), [WhyNot.NOT_QUALIFIED]),
        (clinic(CONSULTATION, physician(ELI)), [WhyNot.NOT_QUALIFIED]),
        (
            clinic(CONSULTATION, physician(absent=busy(at(10, 20), at(12)))),
            [WhyNot.PRACTITIONER_AWAY],
        ),
        (clinic(CONSULTATION, physician(absent=busy(at(10, 30), at(12)))), []),
        (clinic(CONSULTATION, physician(absent=busy(at(8), at(10)))), []),
        (clinic(rooms=(RoomFacts(ROOM_2),)), [WhyNot.NO_ROOM]),
        (clinic(rooms=(RoomFacts(ROOM_1, absent=busy(at(9), at(11))),)), [WhyNot.ROOM_AWAY]),
        (clinic(devices=()), [WhyNot.NO_DEVICE]),
        (
            clinic(CONSULTATION, UNLICENSED, rooms=(), opening=()),
            [WhyNot.CLOSED, WhyNot.NOT_QUALIFIED, WhyNot.NO_ROOM],
        ),
    ],
)
def test_a_visit_falls_outside_for_each_of_these_reasons_and_no_other(facts, found):
    assert outside(facts, visit()) == found


@pytest.mark.parametrize(
    ("device", "found"),
    [
        (DeviceFacts(LAMP), []),
        (DeviceFacts(22), [WhyNot.NO_DEVICE]),
        (DeviceFacts(LAMP, absent=busy(at(9), at(11))), [WhyNot.DEVICE_AWAY]),
    ],
)
def test_a_visit_needs_its_own_device(device, found):
    assert outside(clinic(devices=(device,)), visit(device_id=LAMP)) == found


def test_a_device_that_the_service_needs_no_more_is_no_matter():
    assert outside(clinic(), visit(device_id=LAMP)) == []


def test_the_buffers_of_a_visit_lie_inside_the_hours_too():
    short = clinic(CONSULTATION, physician(hours=(Hours(1, 600, 630),)))

    placed = visit(held=Period(at(9, 55), at(10, 40)))

    assert outside(short, placed) == [WhyNot.HOURS]


def test_what_the_desk_set_aside_on_purpose_is_no_reason():
    facts = clinic(CONSULTATION, physician(hours=()), closed=frozenset({TUESDAY}))

    assert outside(facts, visit(overrode=frozenset({"hours"}))) == [WhyNot.CLOSED]
    assert outside(facts, visit(overrode=frozenset({"hours", "closed"}))) == []


def test_an_absence_names_who_is_away_and_until_when():
    absent = (*busy(at(9), at(11)), *busy(at(10), at(15)))
    [why] = Judge(clinic(CONSULTATION, physician(absent=absent))).outside(visit())

    assert (why.actor_id, why.until) == (ANA, at(15))


def test_a_visit_across_midnight_stands_in_hours_until_24_00_and_from_0_00():
    late = (Hours(1, 20 * 60, 1440), Hours(2, 0, 60))
    facts = clinic(CONSULTATION, physician(hours=late), opening=late)

    placed = visit(at(23, 40), at(0, 20, day=25))

    assert outside(facts, placed) == []


def test_a_visit_on_the_day_of_the_clock_change_stands_in_wall_time():
    sunday = date(2026, 10, 25)
    nine = clock.instant(sunday, 9 * 60, "Europe/London")
    half_past = clock.instant(sunday, 9 * 60 + 30, "Europe/London")

    assert outside(clinic(), visit(nine, half_past)) == []


def test_hours_that_end_before_the_visits_day_leave_it_outside():
    ended = tuple(replace(h, valid_until=date(2026, 11, 23)) for h in EVERY_DAY)

    assert outside(clinic(CONSULTATION, physician(hours=ended)), visit()) == [WhyNot.HOURS]


def test_a_part_of_a_day_away_in_wall_time_is_those_instants():
    period = Away(TUESDAY, 600, TUESDAY, 660).period("Europe/London")

    facts = clinic(CONSULTATION, physician(absent=(period,)))

    assert outside(facts, visit()) == [WhyNot.PRACTITIONER_AWAY]


def test_only_what_a_change_adds_is_news():
    away = Why(WhyNot.PRACTITIONER_AWAY, ANA, until=at(15))
    longer = Why(WhyNot.PRACTITIONER_AWAY, ANA, until=at(17))
    closed = Why(WhyNot.CLOSED)

    assert only_new([away], [longer, closed]) == [closed]
    assert only_new([], [away]) == [away]


def test_whoever_is_qualified_for_a_part_alone_cannot_keep_a_combined_visit():
    facts = clinic(replace(TOXIN, kind="combined"), physician(able={"toxin": QUALIFIED}))

    assert outside(facts, visit()) == [WhyNot.NOT_QUALIFIED]
