"""Wall time and instants, on the days when clocks change and on all others."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic import clock
from clinic.clock import Period

NEW_YORK, BERLIN = "America/New_York", "Europe/Berlin"
SYDNEY, SANTIAGO = "Australia/Sydney", "America/Santiago"
HAVANA = "America/Havana"  # its clocks change at midnight
LORD_HOWE = "Australia/Lord_Howe"  # its clocks change by half an hour
ZONES = st.sampled_from([NEW_YORK, BERLIN, SYDNEY, SANTIAGO, LORD_HOWE, "UTC", "Asia/Kolkata"])
DAYS = st.dates(min_value=date(1995, 1, 1), max_value=date(2045, 12, 31))
MINUTES = st.integers(min_value=0, max_value=1440)
INSTANTS = st.integers(min_value=0, max_value=4_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)

# (zone, the day clocks go forward, the day they go back) in 2026, and by how many minutes.
CHANGES = [
    (NEW_YORK, date(2026, 3, 8), date(2026, 11, 1), 60),
    (BERLIN, date(2026, 3, 29), date(2026, 10, 25), 60),
    (SYDNEY, date(2026, 10, 4), date(2026, 4, 5), 60),
    (SANTIAGO, date(2026, 9, 6), date(2026, 4, 4), 60),
    (LORD_HOWE, date(2026, 10, 4), date(2026, 4, 5), 30),
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "zone, day, minute, expected",
    [
        (BERLIN, date(2026, 7, 1), 9 * 60, "2026-07-01T07:00"),
        (BERLIN, date(2026, 12, 1), 9 * 60, "2026-12-01T08:00"),
        # the last minute before and the first after each spring change
        (NEW_YORK, date(2026, 3, 8), 119, "2026-03-08T06:59"),
        (NEW_YORK, date(2026, 3, 8), 180, "2026-03-08T07:00"),
        (BERLIN, date(2026, 3, 29), 119, "2026-03-29T00:59"),
        (BERLIN, date(2026, 3, 29), 180, "2026-03-29T01:00"),
        (SYDNEY, date(2026, 10, 4), 119, "2026-10-03T15:59"),
        (SYDNEY, date(2026, 10, 4), 180, "2026-10-03T16:00"),
        (LORD_HOWE, date(2026, 10, 4), 119, "2026-10-03T15:29"),
        (LORD_HOWE, date(2026, 10, 4), 150, "2026-10-03T15:30"),
    ],
)
def test_a_wall_time_is_one_instant(zone, day, minute, expected):
    assert clock.instant(day, minute, zone) == utc(expected)


@pytest.mark.parametrize(
    "zone, day, skipped, expected",
    [
        (NEW_YORK, date(2026, 3, 8), (120, 150, 179), "2026-03-08T07:00"),
        (BERLIN, date(2026, 3, 29), (120, 150, 179), "2026-03-29T01:00"),
        (SYDNEY, date(2026, 10, 4), (120, 150, 179), "2026-10-03T16:00"),
        (SANTIAGO, date(2026, 9, 6), (0, 30, 59), "2026-09-06T04:00"),
        (LORD_HOWE, date(2026, 10, 4), (120, 135, 149), "2026-10-03T15:30"),
    ],
)
def test_a_wall_time_that_is_skipped_is_the_first_instant_after_the_gap(
    zone, day, skipped, expected
):
    assert {clock.instant(day, minute, zone) for minute in skipped} == {utc(expected)}


@pytest.mark.parametrize(
    "zone, day, minute, expected",
    [
        (NEW_YORK, date(2026, 11, 1), 90, "2026-11-01T05:30"),
        (BERLIN, date(2026, 10, 25), 150, "2026-10-25T00:30"),
        (SYDNEY, date(2026, 4, 5), 150, "2026-04-04T15:30"),
        (SANTIAGO, date(2026, 4, 4), 1410, "2026-04-05T02:30"),
        (LORD_HOWE, date(2026, 4, 5), 105, "2026-04-04T14:45"),
    ],
)
def test_a_wall_time_that_comes_twice_is_the_first_of_the_two(zone, day, minute, expected):
    assert clock.instant(day, minute, zone) == utc(expected)


def test_a_midnight_that_comes_twice_has_a_second_time_by_both_of_its_names():
    # Havana, 1 November 2026: 1:00 becomes midnight again.
    eve, day = date(2026, 10, 31), date(2026, 11, 1)

    for on, minute in ((eve, 1440), (day, 0)):
        assert clock.times_shown(on, minute, HAVANA) == 2
        assert clock.instant(on, minute, HAVANA) == utc("2026-11-01T04:00")
        assert clock.second_instant(on, minute, HAVANA) == utc("2026-11-01T05:00")


@pytest.mark.parametrize("zone, forward, back, minutes", CHANGES)
def test_a_day_is_shorter_or_longer_by_what_the_clocks_move(zone, forward, back, minutes):
    def length(day):
        bounds = clock.day_bounds(day, zone)
        return bounds.ends_at - bounds.starts_at

    plain, change = timedelta(hours=24), timedelta(minutes=minutes)
    assert (length(forward), length(back)) == (plain - change, plain + change)
    assert length(forward + timedelta(days=1)) == plain


def test_minute_1440_is_the_next_midnight():
    at_24 = clock.instant(date(2026, 12, 31), 1440, BERLIN)

    assert at_24 == clock.instant(date(2027, 1, 1), 0, BERLIN) == utc("2026-12-31T23:00")


@pytest.mark.parametrize("minute", [-1, 1441])
def test_a_minute_outside_the_day_is_refused(minute):
    with pytest.raises(ValueError, match="outside 0 to 1440"):
        clock.instant(date(2026, 12, 1), minute, BERLIN)


@given(day=DAYS, minute=MINUTES, zone=ZONES)
def test_the_clock_on_the_wall_shows_the_minute_or_the_end_of_a_gap(day, minute, zone):
    at = clock.local(clock.instant(day, minute, zone), zone)

    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    assert timedelta(0) <= at.replace(tzinfo=None) - wanted <= timedelta(minutes=60)


@given(day=DAYS, first=MINUTES, second=MINUTES, zone=ZONES)
def test_a_later_minute_is_never_an_earlier_instant(day, first, second, zone):
    early, late = sorted((first, second))

    assert clock.instant(day, early, zone) <= clock.instant(day, late, zone)


@given(day=DAYS, zone=ZONES)
def test_days_follow_each_other_without_gap_or_overlap(day, zone):
    tomorrow = day + timedelta(days=1)

    assert clock.day_bounds(day, zone).ends_at == clock.day_bounds(tomorrow, zone).starts_at


@given(instant=INSTANTS, zone=ZONES)
def test_an_instant_lies_in_the_bounds_of_its_own_date(instant, zone):
    bounds = clock.day_bounds(clock.local(instant, zone).date(), zone)

    assert bounds.starts_at <= instant < bounds.ends_at


def test_a_naive_instant_has_no_wall_time():
    with pytest.raises(ValueError, match="naive"):
        clock.local(utc("2026-11-24T09:00").replace(tzinfo=None), BERLIN)


def test_today_is_the_date_at_the_site_and_not_in_utc(travel):
    travel(utc("2026-11-24T23:30"))

    assert clock.today("UTC") == date(2026, 11, 24)
    assert clock.today(BERLIN) == date(2026, 11, 25)
    assert clock.today(NEW_YORK) == date(2026, 11, 24)


# Ages and months.


@pytest.mark.parametrize(
    "born_on, day, age",
    [
        (date(2008, 11, 24), date(2026, 11, 23), 17),
        (date(2008, 11, 24), date(2026, 11, 24), 18),
        (date(2008, 12, 31), date(2027, 1, 1), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2008, 3, 1), date(2026, 2, 28), 17),
        (date(2026, 11, 24), date(2026, 11, 24), 0),
    ],
)
def test_an_age_changes_on_the_birthday(born_on, day, age):
    assert clock.age_on(born_on, day) == age


@given(born_on=DAYS, later=st.integers(min_value=0, max_value=40_000))
def test_an_age_grows_by_one_at_a_time_and_never_falls(born_on, later):
    day = born_on + timedelta(days=later)

    assert 0 <= clock.age_on(born_on, day + timedelta(days=1)) - clock.age_on(born_on, day) <= 1


@given(born_on=DAYS, years=st.integers(min_value=0, max_value=50))
def test_somebody_is_as_old_as_the_years_on_every_first_of_march_after(born_on, years):
    first_of_march = date(born_on.year + 1 + years, 3, 1)

    has_had_birthday = (born_on.month, born_on.day) <= (3, 1)
    assert clock.age_on(born_on, first_of_march) == years + has_had_birthday


@pytest.mark.parametrize(
    "day, months, expected",
    [
        (date(2026, 11, 24), 6, date(2027, 5, 24)),
        (date(2026, 11, 24), 12, date(2027, 11, 24)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
        (date(2026, 1, 31), -1, date(2025, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_short_month(day, months, expected):
    assert clock.months_later(day, months) == expected


@given(day=DAYS, months=st.integers(min_value=-240, max_value=240))
def test_months_later_counts_months_and_loses_three_days_at_most(day, months):
    later = clock.months_later(day, months)

    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert 0 <= day.day - later.day <= 3


# Periods.

NINE = utc("2026-11-24T09:00")


def period(start: int, end: int) -> Period:
    """Minutes after nine."""
    return Period(NINE + timedelta(minutes=start), NINE + timedelta(minutes=end))


PERIODS = st.tuples(st.integers(0, 100), st.integers(1, 60)).map(
    lambda pair: period(pair[0], pair[0] + pair[1])
)


@pytest.mark.parametrize(
    "other, overlaps",
    [
        (period(-30, -10), False),
        (period(-30, 0), False),
        (period(-30, 10), True),
        (period(-30, 90), True),
        (period(0, 60), True),
        (period(10, 20), True),
        (period(59, 90), True),
        (period(60, 90), False),
    ],
)
def test_two_periods_overlap_when_they_share_a_moment(other, overlaps):
    assert period(0, 60).overlaps(other) is overlaps


@given(one=PERIODS, other=PERIODS)
def test_overlapping_is_mutual_and_holds_for_what_contains(one, other):
    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(other) or not one.contains(other)


@given(one=PERIODS, other=PERIODS)
def test_periods_overlap_exactly_when_some_minute_lies_in_both(one, other):
    def minutes(of):
        start = (of.starts_at - NINE) // timedelta(minutes=1)
        return set(range(start, (of.ends_at - NINE) // timedelta(minutes=1)))

    assert one.overlaps(other) == bool(minutes(one) & minutes(other))
    assert one.contains(other) == (minutes(other) <= minutes(one))


@pytest.mark.parametrize("end", [0, -1])
def test_a_period_ends_after_it_starts(end):
    with pytest.raises(ValueError, match="ends after it starts"):
        period(0, end)


def test_a_period_widened_by_buffers_contains_the_old_one():
    wide = period(0, 60).widened(timedelta(minutes=5), timedelta(minutes=10))

    assert wide == period(-5, 70)
    assert wide.contains(period(0, 60))
