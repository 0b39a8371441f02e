"""The engine against the slow and obvious way, on random weeks in which the clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic import clock
from clinic.scheduling.rules import free_slots, is_free, why_not
from tests.scheduling import oracle
from tests.scheduling.worlds import MINUTE, WEEK, worlds
from tests.soak import tries

SAMPLE = 40


@tries(25, 5_000)
@given(worlds())
def test_on_random_weeks_exactly_the_times_are_offered_that_the_wall_clock_finds(situation):
    world, first = situation

    listed = free_slots(world.facts, first, WEEK)

    assert listed == oracle.offered(world, first, WEEK)


@tries(8, 1_500)
@given(worlds(), st.randoms(use_true_random=False))
def test_on_random_weeks_a_time_asked_for_is_free_exactly_when_it_is_offered(situation, chance):
    world, first = situation
    offered = {(s.practitioner_id, s.starts_at): s for s in oracle.offered(world, first, WEEK)}
    midnight = clock.instant(first, 0, world.facts.zone)
    anywhere = [
        (chance.randint(1, 2), midnight + chance.randint(0, WEEK * 24 * 60 - 61) * MINUTE)
        for _time in range(SAMPLE)
    ]
    known = sorted(offered)[:: max(1, len(offered) // SAMPLE)]
    beside = [(who, start + chance.choice([-1, 1]) * MINUTE) for who, start in known]
    asked = [*known, *beside, *anywhere]

    found = [is_free(world.facts, *one) for one in asked]
    reasons = [why_not(world.facts, *one) for one in asked]

    assert found == [offered.get(one) for one in asked]
    assert [why == [] for why in reasons] == [one in offered for one in asked]


@tries(4, 500)
@given(worlds(), st.integers(0, 59_999_999))
def test_on_random_weeks_seconds_of_the_clock_count_for_notice_and_horizon(situation, micro):
    world, first = situation
    world.facts = replace(world.facts, now=world.facts.now + timedelta(microseconds=micro))

    assert free_slots(world.facts, first, WEEK) == oracle.offered(world, first, WEEK)
