"""What staff may book all the same, and where such a visit goes.

Notice, horizon, hours, the grid and buffers are the clinic's own habits: one who knows why may go
against them. Overlaps, absences, qualifications, missing rooms and the gate are not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clinic.clock import Period
from clinic.scheduling.rules.facts import Facts, PractitionerFacts, Slot, Taken, ThingFacts
from clinic.scheduling.rules.reasons import DEVICE, ROOM, Why, WhyNot, why_not

W = WhyNot

OVERRIDABLE = frozenset(
    {
        W.NOTICE,
        W.HORIZON,
        W.CLOSED,
        W.HOURS,
        W.OFF_GRID,
        W.PRACTITIONER_BUFFER,
        W.ROOM_BUFFER,
        W.DEVICE_BUFFER,
    }
)


@dataclass(frozen=True)
class Trim:
    """A neighbour's stretch that gives up some of its buffer: what it was, what is left of it."""

    actor_id: int
    was: Period
    left: Period


@dataclass(frozen=True)
class Place:
    """Where a visit goes all the same. *taken* is what each actor is taken up for: the visit, and
    as much of its buffers as is free. *overrode* is empty where the time was free anyway."""

    slot: Slot
    taken: Mapping[int, Period]
    trims: Sequence[Trim]
    overrode: Sequence[WhyNot]


def may_override(reasons: Sequence[Why]) -> bool:
    """Whether staff may book against all of *reasons*; nothing stands against it is no reason."""
    return overridden(reasons) is not None


def overridden(reasons: Sequence[Why]) -> list[Why] | None:
    """The reasons that a visit booked all the same goes against; None when it must not be booked.

    One room is enough, and so is one device: what stands against the others does not count.
    """
    kept = [why for why in reasons if why.code not in (*ROOM, *DEVICE)]
    for codes in (ROOM, DEVICE):
        kept += _of_the_best([why for why in reasons if why.code in codes])
    return kept if kept and all(why.code in OVERRIDABLE for why in kept) else None


def _of_the_best(about: Sequence[Why]) -> Sequence[Why]:
    """What stands against the first thing that can be had by an override, else all there is."""
    for actor_id in dict.fromkeys(why.actor_id for why in about):
        own = [why for why in about if why.actor_id == actor_id]
        if all(why.code in OVERRIDABLE for why in own):
            return own
    return about


def place_all_the_same(facts: Facts, practitioner_id: int, starts_at: datetime) -> Place | None:
    """Where the visit goes; None when something stands against it that nobody overrides."""
    reasons = why_not(facts, practitioner_id, starts_at)
    against = overridden(reasons) if reasons else []
    practitioner = facts.practitioner(practitioner_id)
    if against is None or practitioner is None:
        return None
    visit = facts.service.visit(starts_at)
    buffered = {why.actor_id for why in against}
    room = _chosen(facts, facts.rooms, starts_at, buffered)
    device = _chosen(facts, facts.devices or (), starts_at, buffered)
    assert room is not None  # a missing one is a reason that nobody overrides
    device_id = device.actor_id if device else None
    slot = Slot(visit.starts_at, visit.ends_at, practitioner_id, room.actor_id, device_id)
    whom: list[PractitionerFacts | ThingFacts] = [practitioner, room]
    taken: dict[int, Period] = {}
    trims: list[Trim] = []
    for who in [*whom, device] if device else whom:
        taken[who.actor_id], own = _fitted(facts, who, starts_at)
        trims += own
    return Place(slot, taken, trims, list(dict.fromkeys(why.code for why in against)))


def place_against(
    facts: Facts, practitioner_id: int, starts_at: datetime, only: frozenset[WhyNot]
) -> Place | None:
    """The same where nothing but *only* stands against it; None where anything else does."""
    place = place_all_the_same(facts, practitioner_id, starts_at)
    return place if place is not None and only.issuperset(place.overrode) else None


def _chosen(
    facts: Facts, things: Sequence[ThingFacts], starts_at: datetime, buffered: set[int | None]
) -> ThingFacts | None:
    """The first that is free, else the one of whose buffers something is taken."""
    reserved = facts.service.reserved(starts_at)
    for thing in things:
        if thing.agenda.is_free(reserved.starts_at, reserved.ends_at):
            return thing
    return next((thing for thing in things if thing.actor_id in buffered), None)


def _fitted(
    facts: Facts, who: PractitionerFacts | ThingFacts, starts_at: datetime
) -> tuple[Period, list[Trim]]:
    """What *who* is taken up for, cut to what its other visits leave, and which of those give way.

    The others give up only the part of their buffers in which the visit itself lies.
    """
    visit, reserved = facts.service.visit(starts_at), facts.service.reserved(starts_at)
    begins, over, trims = reserved.starts_at, reserved.ends_at, []
    for taken in who.busy:
        if not taken.overlaps(reserved):
            continue
        inner = taken.visit if isinstance(taken, Taken) and taken.visit is not None else taken
        if inner.ends_at <= visit.starts_at:
            left = Period(taken.starts_at, min(taken.ends_at, visit.starts_at))
            begins = max(begins, left.ends_at)
        else:
            left = Period(max(taken.starts_at, visit.ends_at), taken.ends_at)
            over = min(over, left.starts_at)
        if (left.starts_at, left.ends_at) != (taken.starts_at, taken.ends_at):
            trims.append(Trim(who.actor_id, Period(taken.starts_at, taken.ends_at), left))
    return Period(begins, over), trims
