"""Asking why one time is not on offer, as staff and the command ask it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from clinic import clock
from clinic.accounts.models import Patient
from clinic.catalogue.models import Service
from clinic.scheduling import availability, roster, rules
from clinic.scheduling.models import Appointment
from clinic.scheduling.on_offer import Offered, Person, Roster
from clinic.scheduling.rules import Why
from clinic.scheduling.why_words import Wording


@dataclass(frozen=True)
class Answer:
    """*sentences* say *reasons* in the same order; none where the time is free."""

    service: Offered
    person: Person
    starts_at: datetime
    zone: str
    reasons: Sequence[Why]
    sentences: Sequence[str]

    @property
    def is_free(self) -> bool:
        return not self.reasons

    @property
    def may_override(self) -> bool:
        return rules.may_override(self.reasons)


class NoSuchTime(ValueError):
    """Clocks skip it on that day; *then* is the first that they show after it."""

    def __init__(self, then: datetime) -> None:
        super().__init__(then.isoformat())
        self.then = then


class TwiceThatDay(ValueError):
    """Clocks show it twice on that day: which is meant?"""


def instant(day: date, minute: int, zone: str, *, second: bool | None = None) -> datetime:
    """The instant that is meant by a time at the site (S78). Raises `NoSuchTime`, `TwiceThatDay`.

    *second* says which of two is meant; it changes nothing about a time that comes once.
    """
    first = clock.instant(day, minute, zone)
    shown = clock.times_shown(day, minute, zone)
    if shown == 0:
        raise NoSuchTime(first)
    if shown == 1 or second is False:
        return first
    if second is None:
        raise TwiceThatDay
    return clock.second_instant(day, minute, zone)


def ask(
    service: Service | Offered,
    person: Person,
    starts_at: datetime,
    *,
    patient: Patient | None = None,
    moving: Appointment | None = None,
    known: Roster | None = None,
    room_actor_id: int | None = None,
) -> Answer:
    """Why *person* has not this time for *service*, with what the patient has booked already.

    What a visit that is *moving* there takes up itself is not in its way. Where a room is wished,
    no other is asked about.
    """
    known = known or roster.current()
    wanted = service if isinstance(service, Offered) else roster.offered(service)
    site = known.sites[wanted.location_id]
    day = clock.local(starts_at, site.zone).date()
    found = availability.times(
        wanted, day, 1, patient=patient, besides=moving, only=person, known=known
    )
    facts = found.facts.in_room(room_actor_id)
    reasons = rules.why_not(facts, person.actor_id, starts_at)
    wording = Wording(starts_at, site.zone, site.name, found.names)
    return Answer(
        wanted, person, starts_at, site.zone, reasons, [wording.of(why) for why in reasons]
    )
