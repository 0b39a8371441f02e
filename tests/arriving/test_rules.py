"""The window of the check-in and what a link says, by table."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from clinic.arriving.rules import Answer, LinkFacts, Moment, answer, moment, opens_at
from clinic.clock import Period
from clinic.scheduling.rules import AppointmentStatus as S

HOUR = timedelta(minutes=60)
LONDON = "Europe/London"

WINTER = date(2026, 11, 24)
SPRING = date(2027, 3, 28)  # 1:00 is followed by 2:00
AUTUMN = date(2026, 10, 25)  # 2:00 is followed by 1:00


def visit(day: date, hour: int, minute: int = 0, *, zone: str = LONDON) -> Period:
    starts_at = clock.instant(day, hour * 60 + minute, zone)
    return Period(starts_at, starts_at + timedelta(minutes=30))


def utc(day: date, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (utc(WINTER, 8, 59, 59), Moment.EARLY),
        (utc(WINTER, 9, 0), Moment.OPEN),
        (utc(WINTER, 10, 0), Moment.OPEN),
        (utc(WINTER, 10, 29, 59), Moment.OPEN),
        (utc(WINTER, 10, 30), Moment.OVER),
        (utc(date(2026, 11, 23), 10, 0), Moment.EARLY),
        (utc(date(2026, 11, 25), 10, 0), Moment.OVER),
    ],
)
def test_the_window_opens_an_hour_before_a_visit_at_ten_and_ends_with_it(now, said):
    assert moment(now, visit(WINTER, 10), HOUR) == said


@pytest.mark.parametrize("minutes", [0, 1, 15, 60, 24 * 60])
def test_the_window_is_as_long_as_the_clinic_says(minutes):
    before = timedelta(minutes=minutes)
    opens = visit(WINTER, 10).starts_at - before

    assert moment(opens, visit(WINTER, 10), before) == Moment.OPEN
    assert moment(opens - timedelta(seconds=1), visit(WINTER, 10), before) == Moment.EARLY


@pytest.mark.parametrize(
    ("day", "hour", "minute", "shown"),
    [
        (SPRING, 2, 30, "12:30 AM"),  # an hour of elapsed time, two on the wall
        (SPRING, 3, 0, "02:00 AM"),
        (SPRING, 9, 0, "08:00 AM"),
        (AUTUMN, 2, 30, "01:30 AM"),  # the second half past one
        (AUTUMN, 2, 0, "01:00 AM"),
        (AUTUMN, 0, 30, "11:30 PM"),  # the evening before
        (WINTER, 0, 30, "11:30 PM"),
    ],
)
def test_T8_on_the_days_that_clocks_change_the_window_is_an_hour_of_elapsed_time(
    day, hour, minute, shown
):
    """T8 of the known failures: minutes are counted on no wall; the site's clock shows them."""
    opens = opens_at(visit(day, hour, minute), HOUR)

    assert clock.local(opens, LONDON).strftime("%I:%M %p") == shown
    assert moment(opens, visit(day, hour, minute), HOUR) == Moment.OPEN
    assert moment(opens - timedelta(seconds=1), visit(day, hour, minute), HOUR) == Moment.EARLY


PHONES = ["Pacific/Kiritimati", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Pago_Pago", "UTC"]


@pytest.mark.parametrize("phone", PHONES)
@pytest.mark.parametrize("day", [WINTER, SPRING, AUTUMN])
def test_T8_a_phone_in_another_zone_checks_in_at_the_same_moments(phone, day):
    """T8 of the known failures (va.gov-team#44331): to a phone in Tokyo it is another hour, in
    Kiritimati another day; the window is the site's."""
    there = visit(day, 10)
    on_the_phone = there.starts_at.astimezone(ZoneInfo(phone))

    assert moment(on_the_phone - HOUR, there, HOUR) == Moment.OPEN
    assert moment(on_the_phone - HOUR - timedelta(seconds=1), there, HOUR) == Moment.EARLY
    assert moment(on_the_phone + timedelta(minutes=30), there, HOUR) == Moment.OVER


BOOKED = {"status": S.BOOKED, "is_same_version": True, "is_used": False, "moment": Moment.OPEN}


@pytest.mark.parametrize(
    ("over", "says"),
    [
        ({}, Answer.OPENS),
        ({"moment": Moment.EARLY}, Answer.EARLY),
        ({"moment": Moment.OVER}, Answer.NOTHING),
        ({"is_same_version": False}, Answer.NOTHING),
        ({"is_same_version": False, "moment": Moment.EARLY}, Answer.NOTHING),
        ({"is_used": True}, Answer.NOTHING),  # arrived, and put back by the desk
        ({"status": S.ARRIVED, "is_same_version": False, "is_used": True}, Answer.HERE),
        ({"status": S.ARRIVED, "is_same_version": False}, Answer.HERE),  # by the desk
        ({"status": S.IN_ROOM, "is_same_version": False}, Answer.HERE),
        ({"status": S.ARRIVED, "moment": Moment.OVER}, Answer.NOTHING),
    ],
)
def test_S41_what_a_link_says_to_whoever_typed_the_right_date_of_birth(over, says):
    assert answer(LinkFacts(**{**BOOKED, **over})) == says


ENDED = [S.PROPOSED, S.CANCELLED, S.NOSHOW, S.FULFILLED]


@pytest.mark.parametrize(
    ("status", "same", "used", "now"),
    list(itertools.product(ENDED, [True, False], [True, False], Moment)),
)
def test_S41_a_visit_that_is_neither_booked_nor_begun_opens_nothing(status, same, used, now):
    assert answer(LinkFacts(status, same, used, now)) == Answer.NOTHING
