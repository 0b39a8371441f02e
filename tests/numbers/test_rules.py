"""Weeks, middles and closed cells, as tables."""

from __future__ import annotations

import statistics
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.numbers.rules import (
    FEW,
    Weeks,
    axis_end,
    counted,
    monday_of,
    percentile,
    share,
    spread,
    veiled,
)


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        ("2026-11-23", "2026-11-23"),  # a Monday
        ("2026-11-29", "2026-11-23"),  # its Sunday
        ("2027-01-01", "2026-12-28"),  # week 53 of the year before
        ("2024-12-31", "2024-12-30"),  # week 1 of the year after
        ("2026-03-29", "2026-03-23"),  # clocks go forward in London
        ("2026-10-25", "2026-10-19"),  # and back
        ("2024-02-29", "2024-02-26"),
    ],
)
def test_a_day_belongs_to_the_iso_week_that_begins_on_its_monday(day, monday):
    assert monday_of(date.fromisoformat(day)) == date.fromisoformat(monday)


@pytest.mark.parametrize(
    ("first", "last", "weeks", "days"),
    [
        ("2026-11-25", "2026-11-25", 1, 7),
        ("2026-11-22", "2026-11-23", 2, 14),
        ("2026-12-30", "2027-01-04", 2, 14),
        ("2025-01-01", "2026-12-31", 105, 735),
    ],
)
def test_a_range_is_made_of_whole_weeks(first, last, weeks, days):
    found = Weeks.around(date.fromisoformat(first), date.fromisoformat(last))

    assert (len(found.mondays), len(found.days)) == (weeks, days)
    assert (found.first.weekday(), found.last.weekday()) == (0, 6)
    assert (found.days[0], found.days[-1]) == (found.first, found.last)


@pytest.mark.parametrize(
    ("values", "percent", "found"),
    [
        ([7], 50, 7),
        ([7], 90, 7),
        ([1, 2], 50, 1.5),
        ([3, 1, 2], 50, 2),
        ([4, 1, 3, 2], 50, 2.5),
        (range(1, 12), 90, 10),
        (range(1, 11), 90, 9.1),
        ([0, 0, 0, 100], 90, 70),
        ([5, 1], 0, 1),
        ([5, 1], 100, 5),
    ],
)
def test_a_percentile_lies_on_a_line_between_neighbours(values, percent, found):
    assert percentile(list(values), percent) == pytest.approx(found)


def test_nothing_has_no_percentile():
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


numbers = st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=60)


@given(numbers, st.floats(0, 100), st.floats(0, 100))
def test_a_percentile_lies_inside_grows_and_is_the_median_at_fifty(values, one, other):
    lower, higher = sorted((one, other))

    assert min(values) <= percentile(values, lower) <= max(values)
    assert percentile(values, lower) <= percentile(values, higher) + 1e-6
    assert percentile(values, 50) == pytest.approx(statistics.median(values))
    assert percentile(values[::-1], one) == percentile(values, one)


@pytest.mark.parametrize(("people", "cell"), [(0, 0), (1, FEW), (4, FEW), (5, 5), (6, 6)])
def test_a_number_of_fewer_than_five_people_stays_closed_and_nobody_is_nobody(people, cell):
    assert counted(people) == cell


@pytest.mark.parametrize(
    ("part", "whole", "people", "cell"),
    [
        (0, 0, 0, None),
        (1, 4, 4, FEW),
        (0, 5, 5, 0),
        (5, 5, 5, 1),
        (3, 12, 4, FEW),
        (3, 12, 5, 0.25),
    ],
)
def test_a_share_is_told_by_how_many_people_it_is_about(part, whole, people, cell):
    assert share(part, whole, people) == cell


@pytest.mark.parametrize(
    ("values", "people", "cell"), [([], 0, None), ([1, 2, 3, 4], 4, FEW), ([1, 2, 3, 4, 5], 5, 3)]
)
def test_a_median_is_told_by_how_many_people_it_is_about(values, people, cell):
    assert spread(values, 50, people) == cell


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 6, "b": 7}, {"a": 6, "b": 7}),
        ({"a": 0, "b": 7}, {"a": 0, "b": 7}),
        ({"a": 2, "b": 3, "c": 9}, {"a": FEW, "b": FEW, "c": 9}),
        # What is left of the sum would tell the one that is closed.
        ({"a": 2, "b": 7, "c": 9}, {"a": FEW, "b": FEW, "c": 9}),
        ({"a": 2, "b": 7, "c": 7}, {"a": FEW, "b": FEW, "c": 7}),
        ({"a": 2, "b": 0}, {"a": FEW, "b": 0}),
    ],
)
def test_what_is_left_of_a_sum_does_not_tell_a_closed_cell(counts, shown):
    assert veiled(counts) == shown


@pytest.mark.parametrize(
    ("highest", "end"),
    [(0, 1), (0.04, 0.05), (0.83, 1), (1, 1), (1.2, 2), (3, 5), (12, 20), (100, 100), (101, 200)],
)
def test_a_scale_ends_at_the_next_round_number(highest, end):
    assert axis_end(highest) == pytest.approx(end)
