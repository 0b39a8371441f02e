"""Pure rules of accounts: when a session ran out, what is kept of it, who can be written to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clinic.accounts.rules import (
    STAFF_LIFETIME,
    SessionTimes,
    can_be_written_to,
    has_lapsed,
    keeps_what_is_typed,
    ran_out_at,
)

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("open_for", "unused_for", "ran_out"),
    [
        (10 * MINUTE, 10 * MINUTE, 5 * MINUTE),  # idle: a quarter of an hour after the last use
        (HOUR, 15 * MINUTE, 0 * MINUTE),
        (HOUR, 20 * MINUTE, -5 * MINUTE),
        (11 * HOUR, MINUTE, -HOUR),  # open for over ten hours, however busy
        (11 * HOUR, 2 * HOUR, -105 * MINUTE),
    ],
)
def test_a_session_runs_out_at_whichever_end_comes_first(open_for, unused_for, ran_out):
    times = SessionTimes(started_at=NINE - open_for, seen_at=NINE - unused_for)

    assert ran_out_at(times, STAFF_LIFETIME) == NINE + ran_out
    assert has_lapsed(times, STAFF_LIFETIME, NINE) is (ran_out < timedelta(0))


@pytest.mark.parametrize(
    ("ago", "keeps"),
    [
        (timedelta(seconds=1), True),
        (17 * HOUR, True),
        (24 * HOUR, True),
        (24 * HOUR + timedelta(seconds=1), False),
        (timedelta(days=20), False),
    ],
)
def test_what_is_typed_is_kept_within_a_day_of_running_out(ago, keeps):
    assert keeps_what_is_typed(NINE - ago, NINE) is keeps


@pytest.mark.parametrize(
    ("address", "can"),
    [
        ("cal@example.org", True),
        ("a" * 254, True),
        ("a" * 255, False),
        ("", False),
        ("a\x00b@example.org", False),
        ("a\nb@example.org", False),
        ("a\x7fb@example.org", False),
        ("zoë@example.org", True),
    ],
)
def test_who_can_be_written_to(address, can):
    assert can_be_written_to(address) is can
