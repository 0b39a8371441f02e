"""Times of day as people type them, and those that a clock change makes odd."""

from datetime import date

import pytest

from clinic import clock
from clinic.local_times import Overlap, minute, stretches, written

LONDON, LORD_HOWE = "Europe/London", "Australia/Lord_Howe"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ()),
        ("  ", ()),
        ("09:00-17:00", ((540, 1020),)),
        ("9-17", ((540, 1020),)),
        ("9.30 – 12", ((570, 720),)),
        ("13:30-17:00, 09:00-12:30", ((540, 750), (810, 1020))),
        ("09:00-12:00; 12:00-13:00", ((540, 720), (720, 780))),
        ("00:00-24:00", ((0, 1440),)),
    ],
)
def test_stretches_are_read_as_people_write_them(typed, found):
    assert stretches(typed) == found


@pytest.mark.parametrize(
    "typed",
    [
        "nine to five",
        "9",
        "09:00-",
        "-17:00",
        "09:60-10:00",
        "24:01-24:30",
        "17-9",
        "9-9",
        "9-12-15",
    ],
)
def test_what_is_no_stretch_is_refused(typed):
    with pytest.raises(ValueError, match=r".*"):
        stretches(typed)


def test_stretches_that_meet_are_refused():
    with pytest.raises(Overlap):
        stretches("09:00-13:00, 12:59-17:00")


def test_what_is_written_is_read_again():
    assert stretches(written(((0, 61), (810, 1440)))) == ((0, 61), (810, 1440))


@pytest.mark.parametrize("typed", ["٠٩:٠٠", "9h", "9:5", "", "1:00 pm"])
def test_what_is_no_time_is_refused(typed):
    with pytest.raises(ValueError, match=r".*"):
        minute(typed)


@pytest.mark.parametrize(
    ("day", "at", "zone", "times"),
    [
        (date(2026, 3, 29), 59, LONDON, 1),
        (date(2026, 3, 29), 60, LONDON, 0),
        (date(2026, 3, 29), 119, LONDON, 0),
        (date(2026, 3, 29), 120, LONDON, 1),
        (date(2026, 10, 25), 59, LONDON, 1),
        (date(2026, 10, 25), 60, LONDON, 2),
        (date(2026, 10, 25), 119, LONDON, 2),
        (date(2026, 10, 25), 120, LONDON, 1),
        (date(2026, 10, 25), 1440, LONDON, 1),
        (date(2026, 10, 4), 125, LORD_HOWE, 0),
        (date(2026, 4, 5), 95, LORD_HOWE, 2),
        (date(2026, 4, 5), 121, LORD_HOWE, 1),
    ],
)
def test_T11_how_often_clocks_show_a_time_on_the_day_of_a_change(day, at, zone, times):
    assert clock.times_shown(day, at, zone) == times
