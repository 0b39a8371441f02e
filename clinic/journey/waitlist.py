"""The waiting list: a time becomes free and is offered to whoever fits best, then to the next.

`freeing` stands around whatever frees the time of a visit, so that the offer is made in the same
transaction. `offer_free_times` does the work for anything that becomes free. An offer is a hold
like any other; whether it is over is a comparison with the clock, here and where it is booked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from datetime import date, timedelta

from clinic import clock
from clinic.accounts.models import ActorKind, Patient
from clinic.clock import Period
from clinic.database import transaction
from clinic.journey import line
from clinic.permissions import Actor
from clinic.scheduling import availability, roster
from clinic.scheduling import queries as visits
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment
from clinic.scheduling.on_offer import Roster
from clinic.scheduling.rules import Slot
from clinic.waitlist import queries, rules, services
from clinic.waitlist.models import Offer, WaitlistEntry
from clinic.waitlist.rules import EntryState, OfferState, Waiting

DAY = timedelta(days=1)
AT_ONCE = 20  # offers that one round of the worker ends

Freed = Mapping[int, Period]  # by actor: from when to when it was taken up, buffers included


@contextmanager
def freeing(visit: Appointment, *others: Appointment) -> Iterator[None]:
    """Around what frees the time of *visit*: what is free afterwards is offered, in the same
    transaction, to others than its patient. With nobody waiting it costs one statement.

    Everything that may be needed is locked before, in the order of the ids: *others* are visits
    that are changed as well.
    """
    with transaction():
        if not queries.somebody_waits(visit.starts_on - DAY, visit.starts_on + DAY):
            yield
            return
        freed = _taken_up(visit)
        candidates = queries.waiting(*_days(freed), but_not=visit.patient_id)
        if candidates or others:
            own = [actor for one in (visit, *others) for actor in visits.actors_of(one)]
            line.lock(own, candidates)
        yield
        if candidates:
            offer_free_times(freed, but_not=visit.patient_id)


def _taken_up(visit: Appointment) -> dict[int, Period]:
    return {
        one.actor_id: Period(one.starts_at, one.ends_at)
        for kind, one in visits.participants_by_kind(visit).items()
        if kind != ActorKind.PATIENT
    }


def _days(freed: Freed) -> tuple[date, date]:
    """The dates at any site that *freed* touches, with one more on either side."""
    first = min(period.starts_at for period in freed.values()).date()
    last = max(period.ends_at for period in freed.values()).date()
    return first - DAY, last + DAY


def offer_free_times(freed: Freed, *, but_not: int | None = None) -> list[Offer]:
    """Offer what is free now and was not while *freed* was taken: a visit's practitioner, room
    and device with their buffers; a practitioner with hours that were added.

    Whoever is first in the line and fits gets the nearest of these times, then the next, while
    there are any. *but_not* is a patient's row. One statement when nobody waits.
    """
    with transaction():
        first, last = _days(freed)
        if not (candidates := queries.waiting(first, last, but_not=but_not)):
            return []
        line.lock(freed, candidates)
        return line.in_turn(candidates, _Search(freed).offer)


class _Search:
    """The times that *freed* has made free, for one patient after the other."""

    def __init__(self, freed: Freed) -> None:
        self.freed = freed
        self.known: Roster = roster.current()
        self.open: dict[int, list[Slot]] = {}  # by service, own visits of the patients aside

    def offer(self, entry: WaitlistEntry, wish: Waiting) -> Offer | None:
        """Offer the nearest time that fits and that the patient may take; None without one."""
        service = entry.service
        zone = service.location.zone
        if not service.active:
            return None
        if service.id not in self.open:
            self.open[service.id] = self._newly_free(entry, None)
        if not any(wish.fits(slot, zone) for slot in self.open[service.id]):
            return None
        gate = line.Gate(entry)
        for slot in self._newly_free(entry, entry.patient):
            if wish.fits(slot, zone) and gate.lets_through(slot):
                made = line.offered(entry, slot, gate.carried_by)
                if made is not None:
                    self.open.clear()
                    return made
        return None

    def _newly_free(self, entry: WaitlistEntry, patient: Patient | None) -> list[Slot]:
        first, last = _days(self.freed)
        days = (last - first).days + 1
        found = availability.times(entry.service, first, days, patient=patient, known=self.known)
        return rules.newly_free(found.facts, self.freed, first, days)


def decline(offer: Offer, *, actor: Actor) -> None:
    """Not this time: it goes on to the next, the wish stays. Raises `OfferOver`."""
    with freeing(offer.appointment):
        scheduling.release(offer.appointment, actor=actor)
        services.close(offer, OfferState.DECLINED, actor=actor)


def leave(entry: WaitlistEntry, *, actor: Actor) -> None:
    """Wait no longer; an open offer ends and its time goes on. Raises `NotWaiting`."""
    with transaction():
        offer = queries.open_offer(entry)
        with freeing(offer.appointment) if offer is not None else nullcontext():
            _withdraw(offer, actor)
            services.end(entry, EntryState.ENDED, actor=actor)


def _withdraw(offer: Offer | None, actor: Actor) -> None:
    if offer is not None:
        scheduling.release(offer.appointment, actor=actor)
        services.close(offer, OfferState.WITHDRAWN, actor=actor)


@contextmanager
def settling(
    entry: WaitlistEntry | None, held_id: int | None = None, *, actor: Actor
) -> Iterator[None]:
    """Around a booking, of the hold *held_id* where it was held: whoever waited for the same, by
    *entry*, found a time.

    The offer that is booked is accepted; an open one of another time ends, and that time goes on.
    """
    if entry is None:
        yield
        return
    other = queries.open_offer(entry)
    if other is not None and other.appointment_id == held_id:
        other = None
    own = [] if held_id is None else [visits.visit_of(held_id)]
    with freeing(other.appointment, *own) if other is not None else nullcontext():
        yield
        taken = queries.offer_of(own[0]) if own else None
        if taken is not None:
            services.close(taken, OfferState.ACCEPTED, actor=actor)
        _withdraw(other, actor)
        services.end(entry, EntryState.BOOKED, actor=actor)


def roll_on() -> bool:
    """The worker's job: end offers that nobody answered in time and offer their times again.

    Whether more of it is waiting. One statement when nothing has run out.
    """
    over = queries.expired(AT_ONCE)
    for offer in over:
        expire(offer)
    return len(over) == AT_ONCE


def expire(offer: Offer) -> None:
    """End an offer that is past its end, unless it was answered or ended meanwhile."""
    with suppress(services.OfferOver), freeing(offer.appointment):
        if offer.until > clock.now():
            raise services.OfferOver
        services.close(offer, OfferState.EXPIRED, actor=line.ITSELF, was=[OfferState.OPEN])
