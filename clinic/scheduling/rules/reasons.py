"""Why a time is not on offer: every reason, with what a sentence about it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from clinic import clock
from clinic.clock import Period
from clinic.scheduling.rules.facts import Facts, PractitionerFacts, Taken, ThingFacts
from clinic.scheduling.rules.hours import merged
from clinic.scheduling.rules.slots import on_grid, opening_periods, working_periods

NONE = timedelta(0)


class WhyNot(StrEnum):
    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    CLOSED = "closed"
    HOURS = "hours"
    OFF_GRID = "off-grid"
    NOT_QUALIFIED = "not-qualified"
    PRACTITIONER_AWAY = "practitioner-away"
    PRACTITIONER_BUSY = "practitioner-busy"
    PRACTITIONER_BUFFER = "practitioner-buffer"
    NO_ROOM = "no-room"
    ROOM_AWAY = "room-away"
    ROOM_BUSY = "room-busy"
    ROOM_BUFFER = "room-buffer"
    NO_DEVICE = "no-device"
    DEVICE_AWAY = "device-away"
    DEVICE_BUSY = "device-busy"
    DEVICE_BUFFER = "device-buffer"
    PATIENT_BUSY = "patient-busy"


W = WhyNot


@dataclass(frozen=True)
class Why:
    """One reason. *actor_id* is whom it is about, *until* when it is over.

    *spare* is the part of it that is a buffer: the clean-up of what went before, or the time that
    this or the next visit needs to be made ready. *needs* is the notice or horizon asked for.
    """

    code: WhyNot
    actor_id: int | None = None
    until: datetime | None = None
    spare: timedelta = NONE
    needs: timedelta = NONE


def why_not(facts: Facts, practitioner_id: int, starts_at: datetime) -> list[Why]:
    """Every reason why one time is not offered; an empty list means it is free.

    Somebody with no hours and no credential at all is nobody to book: `not-qualified`.
    """
    practitioner = facts.practitioner(practitioner_id)
    if practitioner is None:
        return [Why(W.NOT_QUALIFIED, practitioner_id)]
    return [
        *_of_the_calendar(facts, starts_at),
        *_of_hours(facts, practitioner, starts_at),
        *_of_the_practitioner(facts, practitioner, starts_at),
        *_of_things(facts, facts.rooms, starts_at, (W.NO_ROOM, *ROOM)),
        *_of_things(facts, facts.devices, starts_at, (W.NO_DEVICE, *DEVICE)),
        *_of_the_patient(facts, starts_at),
    ]


def _of_the_calendar(facts: Facts, starts_at: datetime) -> Iterator[Why]:
    service, now = facts.service, facts.now
    if starts_at < now:
        yield Why(W.PAST)
    elif starts_at < now + service.notice:
        yield Why(W.NOTICE, until=now + service.notice, needs=service.notice)
    if starts_at > now + service.horizon:
        yield Why(W.HORIZON, until=now + service.horizon, needs=service.horizon)


def _of_hours(facts: Facts, practitioner: PractitionerFacts, starts_at: datetime) -> Iterator[Why]:
    day = clock.local(starts_at, facts.zone).date()
    reserved = facts.service.reserved(starts_at)
    working = working_periods(facts, practitioner, day)
    if not any(p.contains(reserved) for p in opening_periods(facts, day)):
        yield Why(W.CLOSED)
    if not any(p.contains(reserved) for p in working):
        yield Why(W.HOURS, practitioner.actor_id)
    elif not any(on_grid(facts.service, p, starts_at) for p in working):
        yield Why(W.OFF_GRID, needs=facts.service.step)


def _of_the_practitioner(
    facts: Facts, practitioner: PractitionerFacts, starts_at: datetime
) -> Iterator[Why]:
    day = clock.local(starts_at, facts.zone).date()
    if not practitioner.may(facts.service.kind, day):
        yield Why(W.NOT_QUALIFIED, practitioner.actor_id)
    yield from _in_the_way(facts, practitioner, starts_at, PRACTITIONER)


def _of_things(
    facts: Facts,
    things: Sequence[ThingFacts] | None,
    starts_at: datetime,
    codes: tuple[WhyNot, WhyNot, WhyNot, WhyNot],
) -> Iterator[Why]:
    """Nothing while one of *things* is free (or none is needed); else why each is not."""
    if things is None:
        return
    missing, *others = codes
    if not things:
        yield Why(missing)
    reserved = facts.service.reserved(starts_at)
    if any(t.agenda.is_free(reserved.starts_at, reserved.ends_at) for t in things):
        return
    away, busy, buffer = others
    for thing in things:
        yield from _in_the_way(facts, thing, starts_at, (away, busy, buffer))


PRACTITIONER = (W.PRACTITIONER_AWAY, W.PRACTITIONER_BUSY, W.PRACTITIONER_BUFFER)
ROOM = (W.ROOM_AWAY, W.ROOM_BUSY, W.ROOM_BUFFER)
DEVICE = (W.DEVICE_AWAY, W.DEVICE_BUSY, W.DEVICE_BUFFER)


def _in_the_way(
    facts: Facts,
    who: PractitionerFacts | ThingFacts,
    starts_at: datetime,
    codes: tuple[WhyNot, WhyNot, WhyNot],
) -> Iterator[Why]:
    """Absences and visits of *who* that meet the visit or its buffers.

    A visit that meets only buffers, its own or ours, is `…-buffer`: the two visits themselves
    would not meet.
    """
    away, busy, buffer = codes
    service = facts.service
    reserved, visit = service.reserved(starts_at), service.visit(starts_at)
    for absence in _meeting(merged(who.absent), reserved):
        yield Why(away, who.actor_id, until=absence.ends_at)
    for taken in _meeting(who.busy, reserved):
        inner = taken.visit if isinstance(taken, Taken) and taken.visit is not None else taken
        if inner.overlaps(visit):
            spare = taken.ends_at - inner.ends_at
            yield Why(busy, who.actor_id, until=taken.ends_at, spare=spare)
        else:
            spare = _buffer_between(inner, taken, reserved, visit)
            yield Why(buffer, who.actor_id, until=taken.ends_at, spare=spare)


def _buffer_between(inner: Period, taken: Period, reserved: Period, visit: Period) -> timedelta:
    """How much buffer lies between two visits that do not meet: after the earlier, before the
    later, whichever of both is longer."""
    if inner.ends_at <= visit.starts_at:
        return max(taken.ends_at - inner.ends_at, visit.starts_at - reserved.starts_at)
    return max(inner.starts_at - taken.starts_at, reserved.ends_at - visit.ends_at)


def _of_the_patient(facts: Facts, starts_at: datetime) -> Iterator[Why]:
    for taken in _meeting(facts.patient_busy, facts.service.visit(starts_at)):
        yield Why(W.PATIENT_BUSY, until=taken.ends_at)


def _meeting(periods: Iterable[Period], wanted: Period) -> list[Period]:
    return sorted(
        (period for period in periods if period.overlaps(wanted)), key=lambda p: p.starts_at
    )
