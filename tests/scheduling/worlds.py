"""Weeks that Hypothesis makes up: rosters, visits and absences, around a change of the clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from clinic.catalogue.rules import ServiceKind
from clinic.clock import Period
from clinic.scheduling.on_offer import Offered, Roster, Thing
from clinic.scheduling.rules import (
    Away,
    DayHours,
    DeviceFacts,
    Facts,
    Hours,
    PractitionerFacts,
    RoomFacts,
    ServiceFacts,
)
from clinic.screening.rules import Modality
from tests.scheduling.oracle import World
from tests.scheduling.test_rules_clock_changes import CHANGES

MINUTE = timedelta(minutes=1)
WEEK = 7
FAR = (date(2020, 1, 1), date(2030, 1, 1))
SITE = 1
ROOMS, DEVICES = (11, 12), (21, 22)

# Wall times that people work from and to; the odd ones stand for typing errors and night shifts.
WALL = st.sampled_from([0, 30, 60, 120, 150, 180, 485, 540, 720, 780, 1020, 1170, 1380, 1439, 1440])
OFTEN = st.sampled_from([True, True, True, True, False])
SELDOM = st.sampled_from([False, False, False, True])
# Which of two times is meant; of one that comes once it says nothing, whatever it is.
WHICH = st.sampled_from([None, False, True])


def minutes(*values: int) -> st.SearchStrategy[timedelta]:
    return st.sampled_from(values).map(lambda n: n * MINUTE)


@st.composite
def stretches(draw, of):
    """A stretch of wall time, made by *of* from its two ends."""
    ends = sorted(draw(st.lists(WALL, min_size=2, max_size=2, unique=True)))
    return of(*ends)


@st.composite
def weekly(draw, first):
    """Hours on some weekdays, often with a break, some valid from or until about that day."""
    found = []
    for weekday in draw(st.lists(st.integers(0, 6), min_size=3, max_size=7, unique=True)):
        day = first + timedelta(days=(weekday - first.weekday()) % 7)
        for _stretch in range(draw(st.sampled_from([1, 1, 2]))):
            valid = {}
            if draw(SELDOM):
                valid["valid_from"] = day + timedelta(days=draw(st.sampled_from([-1, 0, 1])))
            if draw(SELDOM):
                valid["valid_until"] = day + timedelta(days=draw(st.sampled_from([0, -1, 1])))
            found.append(draw(stretches(lambda a, b, w=weekday, v=valid: Hours(w, a, b, **v))))
    return tuple(found)


ROUND_THE_CLOCK = st.just(tuple(Hours(weekday, 0, 1440) for weekday in range(7)))


def dates(first):
    return st.integers(-1, 7).map(lambda n: first + timedelta(days=n))


@st.composite
def one_extra(draw, days):
    day = draw(days)
    found = draw(stretches(lambda a, b: DayHours(day, a, b)))
    return replace(found, opens_second=draw(WHICH), closes_second=draw(WHICH))


def extra(days):
    return st.lists(one_extra(days), max_size=2).map(tuple)


def busy(first):
    midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
    start = st.integers(-20 * 60, 8 * 24 * 60).map(lambda n: midnight + n * MINUTE)
    length = minutes(1, 20, 45, 90, 240)
    return st.lists(st.builds(lambda s, d: Period(s, s + d), start, length), max_size=6).map(tuple)


@st.composite
def absences(draw, first):
    """None, one or two; of part of a day, or over several."""
    found = []
    for _absence in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        start, end = draw(dates(first)), draw(st.integers(0, 2))
        a, b = sorted(draw(st.lists(WALL, min_size=2, max_size=2, unique=True)))
        found.append(Away(start, a, start + timedelta(days=end), b, draw(WHICH), draw(WHICH)))
    return tuple(found)


def spans(first):
    """When a credential is in date: mostly for long, or to or from a day of the week, or never."""
    day = st.integers(0, 6).map(lambda n: first + timedelta(days=n))
    parts = day.map(lambda d: ((FAR[0], d),)) | day.map(lambda d: ((d, FAR[1]),))
    return parts | parts | st.just(())


services = st.builds(
    ServiceFacts,
    kind=st.sampled_from(ServiceKind),
    duration=minutes(5, 20, 30, 45, 60),
    buffer_before=minutes(0, 0, 5, 15),
    buffer_after=minutes(0, 0, 10, 25),
    notice=minutes(0, 60, 24 * 60, 2001),
    horizon=minutes(6000, 9000, 60 * 24 * 60),
    step=minutes(15, 20, 25, 50),
)


@st.composite
def people(draw, first, actor_id, away):
    return PractitionerFacts(
        actor_id=actor_id,
        hours=draw(weekly(first) | ROUND_THE_CLOCK),
        licensed=draw(spans(first)) if draw(SELDOM) else (FAR,),
        able={m: draw(spans(first)) if draw(SELDOM) else (FAR,) for m in Modality},
        busy=draw(busy(first)),
        extra=draw(extra(dates(first))),
        absent=away,
    )


def thing(actor_id, serves):
    return Thing(actor_id, str(actor_id), "Thing", SITE, frozenset(serves), ())


@st.composite
def things(draw, service):
    """The rooms that can host *service*, and the devices that it needs, or None."""
    kinds = st.sets(st.sampled_from([kind.value for kind in ServiceKind]), max_size=5)
    rooms = [
        thing(n, draw(kinds) | ({service.kind.value} if draw(OFTEN) else set())) for n in ROOMS
    ]
    devices = [thing(n, [draw(st.sampled_from(["laser", "laser", "lamp"]))]) for n in DEVICES]
    needs = "laser" if draw(SELDOM) else None
    wanted = Offered(1, "one", "One", SITE, needs, service)
    roster = Roster({}, [], rooms, devices, [wanted])
    found = roster.devices_for(wanted)
    return (
        [room.actor_id for room in roster.rooms_for(wanted)],
        None if found is None else [device.actor_id for device in found],
    )


@st.composite
def worlds(draw):
    """A world and the first day of its week, in which the clocks change at the site."""
    zone, change = draw(st.sampled_from(CHANGES))
    first = change - timedelta(days=draw(st.integers(0, 6)))
    service = draw(services)
    away = {n: draw(absences(first)) for n in (1, 2, *ROOMS, *DEVICES)}
    gone = {n: _periods(found, zone) for n, found in away.items()}
    rooms, devices = draw(things(service))
    midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
    closed = draw(st.lists(dates(first), max_size=2))
    opened = extra(st.sampled_from(closed) if closed else dates(first))
    facts = Facts(
        service=service,
        zone=zone,
        now=midnight + draw(st.integers(-3000, 3000)) * MINUTE,
        opening=draw(weekly(first) | ROUND_THE_CLOCK),
        practitioners=tuple(draw(people(first, n, gone[n])) for n in (1, 2)),
        rooms=tuple(RoomFacts(n, draw(busy(first)), gone[n]) for n in rooms),
        patient_busy=draw(busy(first)),
        closed=frozenset(closed),
        extra_opening=draw(opened),
        devices=None
        if devices is None
        else tuple(DeviceFacts(n, draw(busy(first)), gone[n]) for n in devices),
    )
    return World(facts, away), first


def _periods(found, zone):
    """As the engine reads them (the oracle reads the wall times themselves)."""
    periods = (away.period(zone) for away in found)
    return tuple(period for period in periods if period is not None)
