"""Which times are free: extra hours, closed days, absences, devices, nights."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from clinic.clock import Period
from clinic.scheduling.rules import (
    Away,
    DayHours,
    DeviceFacts,
    Hours,
    RoomFacts,
    Taken,
    WhyNot,
    free_slots,
    why_not,
)
from tests.scheduling.roster import (
    ANA,
    CONSULTATION,
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

LASER = 21
MINUTES = timedelta(minutes=1)


def test_a_closed_day_offers_nothing_and_says_so():
    facts = clinic(closed=frozenset({TUESDAY}))

    assert starts(facts) == []
    assert codes(why_not(facts, ANA, at(10))) == [WhyNot.CLOSED, WhyNot.HOURS]
    assert starts(facts, date(2026, 11, 25)) != []


def test_extra_hours_of_the_site_open_a_closed_day():
    facts = clinic(
        closed=frozenset({TUESDAY}), extra_opening=(DayHours(TUESDAY, 10 * 60, 11 * 60),)
    )

    assert starts(facts) == ["10:00", "10:30"]


def test_extra_hours_of_a_physician_count_while_the_site_is_open():
    sunday = date(2026, 11, 29)
    extra = (DayHours(sunday, 7 * 60, 9 * 60),)
    facts = clinic(CONSULTATION, physician(hours=(), extra=extra))

    assert starts(facts, sunday) == ["08:00", "08:30"]


def test_extra_hours_that_touch_the_weekly_ones_make_one_stretch():
    extra = (DayHours(TUESDAY, 17 * 60, 17 * 60 + 15),)
    facts = clinic(CONSULTATION, physician(hours=(Hours(1, 16 * 60, 17 * 60),), extra=extra))

    assert starts(facts) == ["16:00", "16:30"]
    assert codes(why_not(facts, ANA, at(16, 45))) == [WhyNot.OFF_GRID]


def test_an_absence_of_part_of_a_day_takes_that_part():
    away = Away(TUESDAY, 10 * 60, TUESDAY, 15 * 60).period("Europe/London")
    facts = clinic(CONSULTATION, physician(absent=(away,)))

    assert starts(facts)[:3] == ["09:00", "09:30", "15:00"]


def test_an_absence_says_until_when():
    away = Period(at(9), at(15))

    found = why_not(clinic(CONSULTATION, physician(absent=(away,))), ANA, at(10))

    assert [(why.code, why.until) for why in found] == [(WhyNot.PRACTITIONER_AWAY, at(15))]


def test_L13_an_absence_over_a_week_and_a_clock_change_leaves_the_rest_free():
    away = Away(date(2026, 10, 20), 0, date(2026, 10, 26), 12 * 60).period("Europe/London")
    facts = clinic(CONSULTATION, physician(absent=(away,)), now=datetime(2026, 10, 1, tzinfo=UTC))

    assert starts(facts, date(2026, 10, 19), 7)[-1] == "16:30"
    assert starts(facts, date(2026, 10, 26))[0] == "12:00"


# On 25 October 2026 clocks in London show 1:00 to 2:00 am twice: 00:00 to 01:00 UTC, then again.


@pytest.mark.parametrize(
    ("starts_second", "ends_second", "hours"),
    [
        (None, None, ("00:30", "00:45")),
        (False, False, ("00:30", "00:45")),
        (False, True, ("00:30", "01:45")),
        (True, True, ("01:30", "01:45")),
    ],
)
def test_S78_an_absence_has_the_ends_that_were_meant(starts_second, ends_second, hours):
    change = date(2026, 10, 25)
    away = Away(change, 90, change, 105, starts_second, ends_second).period("Europe/London")

    assert (f"{away.starts_at:%H:%M}", f"{away.ends_at:%H:%M}") == hours


def test_S78_from_the_first_to_the_second_of_a_time_is_an_hour():
    change = date(2026, 10, 25)
    away = Away(change, 90, change, 90, starts_second=False, ends_second=True)

    period = away.period("Europe/London")

    assert period.ends_at - period.starts_at == timedelta(hours=1)
    assert replace(away, starts_second=True, ends_second=False).period("Europe/London") is None


@pytest.mark.parametrize(
    ("second", "offered"),
    [(None, ["01:00"]), (False, ["01:00"]), (True, ["01:00", "01:30", "01:00"])],
)
def test_S78_extra_hours_close_at_the_time_that_was_meant(second, offered):
    change = date(2026, 10, 25)
    extra = (DayHours(change, 60, 90, opens_second=False, closes_second=second),)
    facts = clinic(
        CONSULTATION,
        physician(hours=(), extra=extra),
        opening=tuple(Hours(n, 0, 1440) for n in range(7)),
        now=datetime(2026, 10, 1, tzinfo=UTC),
    )

    assert starts(facts, change) == offered


def test_a_room_out_of_order_leaves_the_other():
    closed = RoomFacts(ROOM_1, absent=(Period(at(0), at(23)),))

    found = free_slots(clinic(CONSULTATION, rooms=(closed, RoomFacts(ROOM_2))), TUESDAY, 1)

    assert {slot.room_id for slot in found} == {ROOM_2}


def test_a_service_takes_up_a_free_device():
    facts = clinic(CONSULTATION, devices=(DeviceFacts(LASER, busy(at(9), at(10))),))

    found = free_slots(facts, TUESDAY, 1)

    assert (found[0].starts_at, found[0].device_id) == (at(10), LASER)
    assert codes(why_not(facts, ANA, at(9, 30))) == [WhyNot.DEVICE_BUSY]


def test_a_service_that_needs_a_device_of_which_there_is_none_has_no_times():
    facts = clinic(CONSULTATION, devices=())

    assert starts(facts) == []
    assert codes(why_not(facts, ANA, at(10))) == [WhyNot.NO_DEVICE]


def test_T9_a_visit_may_run_across_midnight_into_the_hours_of_the_next_day():
    night = (Hours(1, 22 * 60, 1440), Hours(2, 0, 2 * 60))
    open_all_night = tuple(Hours(day, 0, 1440) for day in range(7))
    service = CONSULTATION.__class__(
        **{**CONSULTATION.__dict__, "duration": 60 * MINUTES, "step": 30 * MINUTES}
    )
    facts = clinic(service, physician(hours=night), opening=open_all_night)

    assert starts(facts) == ["22:00", "22:30", "23:00", "23:30"]
    assert starts(facts, date(2026, 11, 25)) == ["00:00", "00:30", "01:00"]


def test_T9_a_visit_across_midnight_blocks_the_next_day():
    night = (Hours(1, 22 * 60, 1440), Hours(2, 0, 2 * 60))
    open_all_night = tuple(Hours(day, 0, 1440) for day in range(7))
    taken = physician(hours=night, busy=busy(at(23, 30), at(0, 30, day=25)))

    found = starts(clinic(CONSULTATION, taken, opening=open_all_night), TUESDAY, 2)

    assert found == ["22:00", "22:30", "23:00", "00:30", "01:00", "01:30"]


def test_why_not_tells_clean_up_from_the_visit_before_it():
    taken = Taken(at(13), at(14, 10), Period(at(13), at(14)))
    facts = clinic(TOXIN, rooms=(RoomFacts(ROOM_1, (taken,)),))

    (found,) = why_not(facts, ANA, at(14))

    assert (found.code, found.until, found.spare) == (
        WhyNot.ROOM_BUFFER,
        at(14, 10),
        10 * MINUTES,
    )


def test_why_not_gives_the_clean_up_along_with_a_visit_that_is_in_the_way():
    taken = Taken(at(13), at(14, 10), Period(at(13), at(14)))

    (found,) = why_not(clinic(rooms=(RoomFacts(ROOM_1, (taken,)),)), ANA, at(13, 30))

    assert (found.code, found.until, found.spare) == (WhyNot.ROOM_BUSY, at(14, 10), 10 * MINUTES)
