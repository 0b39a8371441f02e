"""The grid's rows: what is grey and why, clock changes, midnights, who stands beside whom."""

from datetime import UTC, date, datetime

import pytest

from clinic.clock import Period
from clinic.frontdesk.rules import (
    Grey,
    Ruler,
    all_taken,
    extent,
    grey,
    lanes,
    week_of,
    weeks_of_month,
    within,
    without_room,
)

LONDON = "Europe/London"
DAY = date(2026, 11, 24)


def at(hour, minute=0, day=24, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def period(start, end, day=24):
    """Of hours like 9.5 on a day in winter."""
    return Period(at(int(start), int(start % 1 * 60), day), at(int(end), int(end % 1 * 60), day))


RULER = Ruler(DAY, LONDON, 8 * 60, 18 * 60)
OPEN = [period(8, 18)]


@pytest.mark.parametrize(
    ("opening", "working", "away", "expected"),
    [
        (OPEN, [period(8, 18)], [], []),
        (OPEN, [period(9, 17)], [], [(0, 12, Grey.FROM, at(9)), (108, 12, Grey.UNTIL, at(17))]),
        (OPEN, [period(8, 12), period(13, 18)], [], [(48, 12, Grey.BREAK, at(13))]),
        ([period(8, 12), period(13, 18)], [period(8, 18)], [], [(48, 12, Grey.CLOSED, at(13))]),
        ([period(10, 18)], [period(8, 18)], [], [(0, 24, Grey.FROM, at(10))]),
        ([], [period(8, 18)], [], [(0, 120, Grey.CLOSED, None)]),
        (OPEN, [], [], [(0, 120, Grey.NOT_HERE, None)]),
        (OPEN, [period(5, 7)], [], [(0, 120, Grey.NOT_HERE, None)]),
        (OPEN, OPEN, [period(10, 11.5)], [(24, 18, Grey.AWAY, at(11, 30))]),
        (OPEN, OPEN, [period(10, 11), period(11, 12)], [(24, 24, Grey.AWAY, at(12))]),
        (OPEN, OPEN, [Period(at(0, day=23), at(0, day=26))], [(0, 120, Grey.AWAY, at(0, day=26))]),
        (OPEN, OPEN, [period(10, 11, day=25)], []),
    ],
)
def test_a_column_is_grey_where_nobody_can_be_booked(opening, working, away, expected):
    marks = grey(RULER, opening, working, away)

    assert [(m.start, m.length, m.why, m.at) for m in marks] == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (at(9), at(9, 30), (12, 6)),
        (at(9, 7), at(9, 27), (13, 4)),  # what starts between two rows
        (at(9, 1), at(9, 3), (12, 1)),  # never no row at all
        (at(7), at(9), (0, 12)),  # begun before the grid
        (at(17, 30), at(19), (114, 6)),
        (at(6), at(8), None),  # touching is not inside
        (at(18), at(19), None),
        (at(9, day=25), at(10, day=25), None),
    ],
)
def test_a_visit_takes_the_rows_of_its_time(start, end, expected):
    assert RULER.span(Period(start, end)) == expected


@pytest.mark.parametrize(
    ("day", "rows", "hours", "late"),
    [
        # The night on which clocks go back: 25 hours, one of them twice.
        (date(2026, 10, 25), 300, [0, 1, 1, 2], (13 * 12, at(12, day=25, month=10))),
        (date(2026, 3, 29), 276, [0, 2, 3, 4], (11 * 12, at(11, day=29, month=3))),
        (DAY, 288, [0, 1, 2, 3], (12 * 12, at(12))),
    ],
)
def test_on_a_day_with_a_clock_change_rows_are_elapsed_time(day, rows, hours, late):
    ruler = Ruler(day, LONDON, 0, 1440)
    from clinic import clock

    assert ruler.rows == rows
    assert [clock.local(instant, LONDON).hour for _row, instant in ruler.hours][:4] == hours
    assert ruler.row(late[1]) == late[0]


def test_in_a_week_rows_are_what_clocks_show():
    ruler = Ruler(date(2026, 10, 25), LONDON, 0, 1440, is_wall=True)

    assert ruler.rows == 288
    assert ruler.row(at(12, day=25, month=10)) == 144
    assert ruler.row(at(0, 30, day=25, month=10)) == ruler.row(at(1, 30, day=25, month=10)) == 18


def test_a_visit_over_midnight_is_on_both_days_as_far_as_each_goes():
    night = Period(at(23, 30), at(0, 30, day=25))
    today, tomorrow = Ruler(DAY, LONDON, 0, 1440), Ruler(date(2026, 11, 25), LONDON, 0, 1440)

    assert (today.span(night), tomorrow.span(night)) == ((282, 6), (0, 6))
    assert extent([night], DAY, LONDON) == (23 * 60, 1440)
    assert extent([night], date(2026, 11, 25), LONDON) == (0, 60)


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([], None),
        ([period(9, 17)], (540, 1020)),
        ([period(9.5, 17.25)], (540, 1080)),
        ([period(9, 10), period(14, 20.5)], (540, 1260)),
        ([period(9, 10, day=25)], None),
        ([Period(at(9, day=23), at(9, day=26))], (0, 1440)),
    ],
)
def test_the_grid_goes_from_full_hour_to_full_hour_around_all_that_is_in_it(periods, expected):
    assert extent(periods, DAY, LONDON) == expected


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([(0, 6), (6, 6)], [(0, 1), (0, 1)]),
        ([(0, 6), (3, 6)], [(0, 2), (1, 2)]),
        ([(0, 6), (3, 6), (7, 2), (12, 6)], [(0, 2), (1, 2), (0, 2), (0, 1)]),
        ([(0, 1), (0, 1), (0, 1)], [(0, 3), (1, 3), (2, 3)]),
    ],
)
def test_what_would_lie_over_another_stands_beside_it(spans, expected):
    assert lanes(spans) == expected


def test_weeks_begin_on_monday_and_a_month_has_all_that_touch_it():
    weeks = weeks_of_month(DAY)

    assert week_of(DAY)[0] == date(2026, 11, 23)
    assert (weeks[0][0], weeks[-1][-1]) == (date(2026, 10, 26), date(2026, 12, 6))
    assert weeks_of_month(date(2027, 2, 1))[-1][-1] == date(2027, 2, 28)
    assert len(weeks_of_month(date(2026, 12, 31))) == 5


@pytest.mark.parametrize(
    ("rooms", "expected"),
    [
        ([], []),
        ([[]], []),
        ([[period(9, 10)]], [period(9, 10)]),
        ([[period(9, 10)], []], []),
        ([[period(9, 10)], [period(9.5, 11)]], [period(9.5, 10)]),
        ([[period(9, 10), period(10, 11)], [period(9, 12)]], [period(9, 11)]),
        (
            [[period(9, 12)], [period(9, 10), period(11, 12)], [period(11.5, 13)]],
            [period(11.5, 12)],
        ),
    ],
)
def test_no_room_is_free_where_each_of_them_is_taken(rooms, expected):
    assert all_taken(rooms) == expected


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ([], [period(10, 12)]),
        ([period(10, 12)], []),
        ([period(10.5, 11)], [period(10, 10.5), period(11, 12)]),
        ([period(9, 11), period(11, 11.5)], [period(11.5, 12)]),
        ([period(10.2, 12)], []),  # twelve minutes are too short for any visit
    ],
)
def test_a_stretch_without_a_room_is_said_where_the_physician_is_free(own, expected):
    assert without_room([period(9, 12)], [period(10, 13)], own) == expected


def test_within_a_day_are_those_that_reach_into_it():
    night = Period(at(23, day=23), at(1))
    whole = Period(at(0), at(0, day=25))
    taken = [period(9, 10, 23), night, period(9, 10), period(9, 10, 25)]

    assert within(taken, whole) == [night, period(9, 10)]
