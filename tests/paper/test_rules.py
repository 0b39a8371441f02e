"""Which hours are left free, as a table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clinic.clock import Period
from clinic.paper.rules import free_hours

LONDON = "Europe/London"


def stretch(text: str, day: str = "2026-11-24") -> Period:
    """ "9:00-10:30" in universal time, which is London's in winter."""
    ends = (datetime.fromisoformat(f"{day}T{one.zfill(5)}+00:00") for one in text.split("-"))
    return Period(*ends)


def spans(periods):
    return [f"{p.starts_at:%H:%M}-{p.ends_at:%H:%M}" for p in periods]


@pytest.mark.parametrize(
    ("working", "taken", "free"),
    [
        (["9:00-12:00"], [], ["09:00-10:00", "10:00-11:00", "11:00-12:00"]),
        (["9:00-12:00"], ["9:00-12:00"], []),
        (["9:00-12:00"], ["9:30-10:20"], ["09:00-09:30", "10:20-11:00", "11:00-12:00"]),
        (["9:00-11:00"], ["9:00-9:50", "10:00-11:00"], []),  # ten minutes are a pause
        (["9:00-11:00"], ["9:00-9:45", "10:00-11:00"], ["09:45-10:00"]),
        (["9:00-10:00", "13:00-14:00"], ["9:00-10:00"], ["13:00-14:00"]),
        (["9:00-10:00"], ["8:00-9:30"], ["09:30-10:00"]),  # begins before work
        ([], ["9:00-10:00"], []),
    ],
)
def test_what_nobody_has_is_parted_at_full_hours(working, taken, free):
    found = free_hours(map(stretch, working), [stretch(one) for one in taken], LONDON)

    assert spans(found) == free


def test_the_hour_that_autumn_repeats_is_two_lines():
    night = Period(
        datetime(2026, 10, 25, 0, 0, tzinfo=UTC), datetime(2026, 10, 25, 3, 0, tzinfo=UTC)
    )

    assert spans(free_hours([night], [], LONDON)) == ["00:00-01:00", "01:00-02:00", "02:00-03:00"]


def test_full_hours_are_those_of_the_site():
    # Kathmandu is 5:45 ahead: its full hours are a quarter past in universal time.
    found = free_hours([stretch("4:00-6:00")], [], "Asia/Kathmandu")

    assert spans(found) == ["04:00-04:15", "04:15-05:15", "05:15-06:00"]
