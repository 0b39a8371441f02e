"""Minutes that somebody works and a room can be used, by day, as a table."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinic.scheduling import working
from clinic.scheduling.on_offer import Person, Site, Thing
from clinic.scheduling.rules import Away, DayHours, Hours

LONDON = "Europe/London"
ALWAYS = tuple(Hours(weekday, 0, 1440) for weekday in range(7))
NIGHTS = tuple(
    hours for weekday in range(7) for hours in (Hours(weekday, 0, 240), Hours(weekday, 1320, 1440))
)


def site(*, closed=(), opening=ALWAYS, extra=()):
    return Site(1, "site", "Halden", LONDON, opening, frozenset(closed), extra)


def person(hours=NIGHTS, away=(), extra=()):
    return Person(1, 7, "ana", "Dr Ana Silva", 1, {1: hours}, {1: extra}, away, {})


def minutes(who, where, day):
    return working.minutes(working.of_person(who, where, date.fromisoformat(day)))


# Nights from ten to four, cut at midnight: two hours and four of each day.
@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-11-24", 360),
        ("2026-03-29", 300),  # clocks skip an hour of the night
        ("2026-10-25", 420),  # and repeat one
        ("2026-12-31", 360),
    ],
)
def test_an_hour_that_the_clocks_skip_or_repeat_is_not_or_twice_worked(day, worked):
    assert minutes(person(), site(), day) == worked


@pytest.mark.parametrize(("monday", "worked"), [("2026-03-23", 2460), ("2026-10-19", 2580)])
def test_a_week_with_a_clock_change_has_an_hour_less_or_more(monday, worked):
    first = date.fromisoformat(monday)
    days = [first + timedelta(days=n) for n in range(7)]

    found = [working.minutes(working.of_person(person(), site(), day)) for day in days]

    assert sum(found) == worked


@pytest.mark.parametrize(
    ("away", "worked"),
    [
        (Away(date(2026, 11, 24), 0, date(2026, 11, 24), 1440), 0),
        (Away(date(2026, 11, 23), 1380, date(2026, 11, 24), 60), 300),
        (Away(date(2026, 11, 20), 0, date(2026, 12, 1), 1440), 0),
        (Away(date(2026, 11, 25), 0, date(2026, 11, 25), 1440), 360),
    ],
)
def test_an_absence_takes_its_part_of_the_day(away, worked):
    assert minutes(person(away=(away,)), site(), "2026-11-24") == worked


def test_nobody_works_where_the_site_is_closed_but_in_extra_hours():
    day = date(2026, 12, 25)
    extra = (DayHours(day, 600, 660),)
    who = person(hours=(Hours(4, 540, 1020),))

    assert minutes(who, site(closed=[day]), "2026-12-25") == 0
    assert minutes(who, site(closed=[day], extra=extra), "2026-12-25") == 60


def test_a_room_can_be_used_while_the_site_is_open_and_it_is_not_out_of_order():
    away = Away(date(2026, 11, 24), 600, date(2026, 11, 24), 660)
    room = Thing(9, "room", "Room 1", 1, frozenset(), (away,))
    where = site(opening=(Hours(1, 480, 1200),))

    periods = working.of_room(room, where, date(2026, 11, 24))

    assert working.minutes(periods) == 660
