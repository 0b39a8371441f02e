"""What a physician lacks before anybody is offered a time with them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinic.scheduling.rules import DayHours, Hours, Lack, Setup, lacks

TODAY = date(2026, 11, 24)  # a Tuesday
DAY = timedelta(days=1)
HERE, THERE = 1, 2
MORNING = Hours(1, 540, 720)
ALWAYS = ((date(2015, 1, 1), date(2030, 12, 31)),)


def setup(**over):
    whole = {
        "licensed": ALWAYS,
        "hours": {HERE: (MORNING,)},
        "opening": {HERE: (Hours(1, 480, 1200),), THERE: (Hours(1, 480, 600),)},
        "offering": frozenset({HERE}),
    }
    return Setup(**{**whole, **over})


def test_with_a_licence_and_hours_where_something_is_offered_nothing_is_missing():
    assert lacks(setup(), TODAY) == []


@pytest.mark.parametrize(
    ("spans", "missing"),
    [
        ((), [Lack.LICENCE]),
        (((date(2015, 1, 1), TODAY - DAY),), [Lack.LICENCE]),
        (((date(2015, 1, 1), TODAY),), []),
        (((TODAY + 30 * DAY, TODAY + 60 * DAY),), []),
        (((date(2015, 1, 1), TODAY - DAY), (TODAY, TODAY)), []),
    ],
    ids=["none", "over since yesterday", "until today", "from next month", "renewed"],
)
def test_a_licence_counts_to_its_last_day(spans, missing):
    assert lacks(setup(licensed=spans), TODAY) == missing


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ((), [Lack.HOURS]),
        ((Hours(1, 540, 720, date.min, TODAY - DAY),), [Lack.HOURS]),
        ((DayHours(TODAY - DAY, 540, 720),), [Lack.HOURS]),
        ((Hours(1, 540, 720, TODAY + 90 * DAY),), []),
        ((DayHours(TODAY, 540, 720),), []),
        ((Hours(1, 1200, 1260),), [Lack.OPENING]),
        ((Hours(1, 400, 480),), [Lack.OPENING]),
        ((Hours(1, 400, 481),), []),
        ((Hours(2, 540, 720),), [Lack.OPENING]),
        ((DayHours(TODAY + DAY, 540, 720),), [Lack.OPENING]),
        ((Hours(2, 540, 720), MORNING), []),
    ],
    ids=[
        "none",
        "over",
        "one day, over",
        "from next quarter",
        "today alone",
        "after closing",
        "until opening",
        "a minute of it",
        "on a closed weekday",
        "once, on a closed weekday",
        "one of two",
    ],
)
def test_hours_count_that_are_not_over_and_in_which_the_site_is_open(rows, missing):
    assert lacks(setup(hours={HERE: rows}), TODAY) == missing


@pytest.mark.parametrize(
    ("opening", "missing"),
    [
        (Hours(1, 480, 1200, TODAY + 30 * DAY), []),
        (Hours(1, 480, 1200, date.min, TODAY + 6 * DAY), [Lack.OPENING]),
        (DayHours(TODAY + 14 * DAY, 480, 1200), []),
        (DayHours(TODAY + 15 * DAY, 480, 1200), [Lack.OPENING]),
    ],
    ids=["opens later", "closes before they begin", "open once, then", "open once, not then"],
)
def test_opening_counts_on_the_days_of_the_hours(opening, missing):
    hours = {HERE: (Hours(1, 540, 720, TODAY + 7 * DAY),)}

    assert lacks(setup(hours=hours, opening={HERE: (opening,)}), TODAY) == missing


def test_extra_hours_on_a_day_that_the_site_opens_for_once():
    day = TODAY + DAY
    extra = {HERE: (DayHours(day, 540, 720),)}

    assert lacks(setup(hours=extra, opening={HERE: (DayHours(day, 600, 660),)}), TODAY) == []


def test_something_has_to_be_offered_where_they_work():
    assert lacks(setup(hours={THERE: (MORNING,)}), TODAY) == [Lack.SERVICE]
    assert lacks(setup(offering=frozenset()), TODAY) == [Lack.SERVICE]


def test_all_that_is_missing_is_told_at_once():
    assert lacks(setup(licensed=(), hours={}), TODAY) == [Lack.LICENCE, Lack.HOURS]
