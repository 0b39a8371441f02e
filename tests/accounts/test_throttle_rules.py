"""Waiting times of the throttle, as rules: no app, no database (S13)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest

from clinic.accounts.rules import Failures, after_failure, wait

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def failed(times: int, *, per_address: bool = False, apart: timedelta = SECOND) -> Failures:
    """The throttle after some failures, the first of them at noon."""
    moments = [NOON + apart * n for n in range(times)]
    known: Failures | None = reduce(
        lambda before, now: after_failure(before, now, per_address=per_address), moments, None
    )
    assert known is not None
    return known


def last(times: int) -> datetime:
    return NOON + SECOND * (times - 1)


def test_who_never_failed_waits_for_nothing():
    assert wait(None, NOON) is None


@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_the_first_failures_are_free(times):
    assert wait(failed(times), last(times)) is None


@pytest.mark.parametrize(
    ("times", "seconds"),
    [(5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (40, 900)],
)
def test_from_the_fifth_failure_on_the_wait_doubles_up_to_a_quarter_of_an_hour(times, seconds):
    assert wait(failed(times), last(times)) == timedelta(seconds=seconds)


def test_a_wait_is_over_exactly_at_its_end():
    known = failed(5)

    assert wait(known, last(5) + timedelta(seconds=29)) == SECOND
    assert wait(known, last(5) + timedelta(seconds=30)) is None


def test_once_closed_slow_guessing_adds_up_until_an_hour_passes_without_a_failure():
    closed = failed(5)

    later = after_failure(closed, last(5) + timedelta(minutes=59), per_address=False)
    and_later = after_failure(later, last(5) + timedelta(minutes=118), per_address=False)

    assert [known.count for known in (closed, later, and_later)] == [5, 6, 7]
    assert wait(and_later, last(5) + timedelta(minutes=118)) == timedelta(minutes=2)


def test_an_hour_without_a_failure_is_forgiven():
    known = after_failure(failed(9), last(9) + timedelta(hours=1), per_address=False)

    assert known == Failures(1, last(9) + timedelta(hours=1), None)


@pytest.mark.parametrize("times", [1, 5, 29])
def test_a_network_address_may_fail_often_before_it_waits(times):
    assert wait(failed(times, per_address=True), last(times)) is None


def test_a_network_address_is_closed_after_thirty_failures_until_its_hour_is_over():
    known = failed(30, per_address=True)

    assert known.closed_until == NOON + timedelta(hours=1)


def test_the_hour_of_a_network_address_runs_from_its_first_failure():
    known = failed(29, per_address=True, apart=timedelta(minutes=2))
    later = after_failure(known, NOON + timedelta(minutes=60), per_address=True)

    assert later == Failures(1, NOON + timedelta(minutes=60), None)
