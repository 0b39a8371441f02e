"""Times for somebody who stands at the desk: now, or earlier today than they are booked.

Nobody asks for notice from a patient who is here. What is listed is asked again, by the same
function and against the same habits, where it is written.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from clinic import clock
from clinic.scheduling.rules.choice import anyone
from clinic.scheduling.rules.facts import Facts, Slot
from clinic.scheduling.rules.override import place_against
from clinic.scheduling.rules.reasons import WhyNot
from clinic.scheduling.rules.slots import NONE, free_on

W = WhyNot

# What a walk-in goes against, and what a visit that is taken earlier does.
WALK_IN = frozenset({W.NOTICE, W.OFF_GRID})
EARLIER = frozenset({W.NOTICE})
AT_ONCE = timedelta(minutes=15)
EVERY = timedelta(minutes=5)


def now_slot(facts: Facts) -> Slot | None:
    """The first time within fifteen minutes at which somebody is free: every five minutes, the
    physicians in the order of *facts*."""
    starts_at = _next_five(facts.now)
    while is_now(facts.now, starts_at):
        for practitioner in facts.practitioners:
            place = place_against(facts, practitioner.actor_id, starts_at, WALK_IN)
            if place is not None:
                return place.slot
        starts_at += EVERY
    return None


def is_now(now: datetime, starts_at: datetime) -> bool:
    """Whether a time is near enough for somebody who walks in."""
    return starts_at <= now + AT_ONCE


def _next_five(now: datetime) -> datetime:
    minute = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
    return minute if minute == now else minute + EVERY


def earlier_slots(facts: Facts, than: datetime) -> list[Slot]:
    """Today's times from now on that begin before *than*, one for each start, in order."""
    waived = replace(facts, service=replace(facts.service, notice=NONE))
    today = clock.local(facts.now, facts.zone).date()
    return [
        slot
        for slot in anyone(free_on(waived, today))
        if slot.starts_at < than
        and place_against(facts, slot.practitioner_id, slot.starts_at, EARLIER) is not None
    ]
