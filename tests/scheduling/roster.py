"""A small clinic for the rules of scheduling: one physician, one room, London, no buffers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from clinic import clock
from clinic.catalogue.rules import ServiceKind
from clinic.clock import Period
from clinic.scheduling.rules import (
    Facts,
    Hours,
    PractitionerFacts,
    RoomFacts,
    ServiceFacts,
    free_slots,
)
from clinic.screening.rules import Modality

TUESDAY = date(2026, 11, 24)
EVERY_DAY = tuple(Hours(weekday, 9 * 60, 17 * 60) for weekday in range(7))
OPEN = tuple(Hours(weekday, 8 * 60, 20 * 60) for weekday in range(7))
QUALIFIED = ((date(2015, 1, 1), date(2030, 12, 31)),)
ANA, ELI, ROOM_1, ROOM_2 = 1, 2, 11, 12

CONSULTATION = ServiceFacts(
    kind=ServiceKind.CONSULTATION,
    duration=timedelta(minutes=30),
    buffer_before=timedelta(0),
    buffer_after=timedelta(0),
    notice=timedelta(0),
    horizon=timedelta(days=60),
    step=timedelta(minutes=30),
)
# Before and after differ on purpose (L1).
TOXIN = replace(
    CONSULTATION,
    kind=ServiceKind.TOXIN,
    buffer_before=timedelta(minutes=5),
    buffer_after=timedelta(minutes=10),
    step=timedelta(minutes=15),
)


def physician(actor_id=ANA, **over):
    values = {
        "actor_id": actor_id,
        "hours": EVERY_DAY,
        "licensed": QUALIFIED,
        "able": {Modality.TOXIN: QUALIFIED, Modality.FILLER: QUALIFIED},
    }
    return PractitionerFacts(**{**values, **over})


def clinic(service=CONSULTATION, *people, **over):
    values = {
        "service": service,
        "zone": "Europe/London",
        "now": datetime(2026, 11, 24, 0, 0, tzinfo=UTC),
        "opening": OPEN,
        "practitioners": people or (physician(),),
        "rooms": (RoomFacts(ROOM_1),),
    }
    return Facts(**{**values, **over})


def at(hour, minute=0, day=24):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def busy(first, last):
    return (Period(first, last),)


def starts(facts, first=TUESDAY, days=1):
    """Starts as the clock on the wall shows them."""
    return [
        clock.local(slot.starts_at, facts.zone).strftime("%H:%M")
        for slot in free_slots(facts, first, days)
    ]


def codes(reasons):
    """The codes alone, without whom they are about and until when."""
    return [reason.code for reason in reasons]
