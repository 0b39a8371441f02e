"""The waiting list: a time becomes free and is offered to whoever fits best, then to the next.

`freeing` stands around whatever frees the time of a visit, so that the offer is made in the same
transaction. `offer_free_times` does the work for anything that becomes free. An offer is a hold
like any other; whether it is over is a comparison with the clock, here and where it is booked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError

from clinic import clock
from clinic.accounts.models import ActorKind, Patient
from clinic.accounts.rules import ADULT
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Service
from clinic.catalogue.rules import MODALITIES
from clinic.clock import Period
from clinic.database import db, transaction
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor, system
from clinic.scheduling import availability, roster
from clinic.scheduling import queries as visits
from clinic.scheduling import services as scheduling
from clinic.scheduling.locks import lock_actors
from clinic.scheduling.models import Appointment
from clinic.scheduling.roster import Roster
from clinic.scheduling.rules import Slot
from clinic.treatment import queries as treatment
from clinic.treatment.models import Approval
from clinic.treatment.rules import Wish
from clinic.waitlist import queries, rules, services
from clinic.waitlist.models import Offer, WaitlistEntry
from clinic.waitlist.rules import EntryState, OfferState, Waiting

DAY = timedelta(days=1)
AT_ONCE = 20  # offers that one round of the worker ends
ITSELF = system("waiting-list")

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
            _lock(own, candidates)
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


def _lock(actors: Iterable[int], candidates: Iterable[WaitlistEntry]) -> None:
    """All that offers may take up, at once: taken one after the other they would not be in order,
    and two who cancel at one moment would wait for each other."""
    known = roster.current()
    things = (*known.rooms, *known.devices)
    lock_actors(
        [
            *actors,
            *(who.actor_id for who in known.people),
            *(thing.actor_id for thing in things),
            *(entry.patient.actor_id for entry in candidates),
        ]
    )


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
        _lock(freed, candidates)
        locked = {entry.id for entry in candidates}
        again = queries.waiting(first, last, but_not=but_not)  # as it is under the lock
        entries = {entry.id: entry for entry in again if entry.id in locked}
        had = queries.had(entries)
        line = rules.in_order(
            plain(entry, had.get(entry.id, frozenset())) for entry in entries.values()
        )
        search = _Search(freed)
        made = [search.offer(entries[one.id], one) for one in line]
    return [offer for offer in made if offer is not None]


def plain(entry: WaitlistEntry, had: frozenset[Period] = frozenset()) -> Waiting:
    """A wish as the rules read it."""
    named = entry.practitioner
    return Waiting(
        id=entry.id,
        practitioner_actor_id=named.actor_id if named is not None else None,
        weekdays=entry.weekdays,
        parts=entry.parts,
        from_on=entry.from_on,
        until_on=entry.until_on,
        since=entry.created_at,
        had=had,
    )


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
        gate = _Gate(entry)
        for slot in self._newly_free(entry, entry.patient):
            if wish.fits(slot, zone) and gate.lets_through(slot):
                made = _offered(entry, slot, gate.carried_by, ITSELF)
                if made is not None:
                    self.open.clear()
                    return made
        return None

    def _newly_free(self, entry: WaitlistEntry, patient: Patient | None) -> list[Slot]:
        first, last = _days(self.freed)
        days = (last - first).days + 1
        found = availability.times(entry.service, first, days, patient=patient, known=self.known)
        return rules.newly_free(found.facts, self.freed, first, days)


class _Gate:
    """Whether the patient of an entry may have a time: of age, and approved where it needs that."""

    def __init__(self, entry: WaitlistEntry) -> None:
        self.patient = entry.patient
        self.zone = entry.service.location.zone
        self.needed = MODALITIES[entry.service.kind]
        self.carried_by: Approval | None = None
        self._gate = treatment.gate(entry.patient) if self.needed else None

    def lets_through(self, slot: Slot) -> bool:
        day = clock.local(slot.starts_at, self.zone).date()
        if self._gate is None:
            return clock.age_on(self.patient.born_on, day) >= ADULT
        self.carried_by, reasons = self._gate.ask(Wish(self.needed, slot.starts_at, day))
        return not reasons


def _offered(
    entry: WaitlistEntry, slot: Slot, approval: Approval | None, actor: Actor
) -> Offer | None:
    """The offer; None where the database refuses it, which undoes nothing else."""
    try:
        with db.session.begin_nested():
            return make(entry, slot.practitioner_id, slot.starts_at, approval, actor=actor)
    except (scheduling.SlotTaken, IntegrityError):
        return None


def make(
    entry: WaitlistEntry,
    practitioner_actor_id: int,
    starts_at: datetime,
    approval: Approval | None,
    *,
    actor: Actor,
) -> Offer:
    """Hold a time for one who waits and write to them. Raises `SlotTaken`.

    Whether they may have it was asked before; the database asks again.
    """
    with transaction():
        minutes = catalogue.site().clinic.offer_minutes
        until = min(clock.now() + timedelta(minutes=minutes), starts_at)
        held = scheduling.hold_for(
            entry.service,
            practitioner_actor_id,
            starts_at,
            entry.patient,
            until=until,
            actor=actor,
            approval=approval,
        )
        offer, token = services.make_offer(entry, held, until, actor=actor)
        notices.queue(
            MessageKind.OFFER,
            to=entry.patient.email,
            params={"token": token},
            patient_id=entry.patient_id,
            appointment_id=held.id,
        )
    return offer


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
    patient: Patient, service: Service, held: Appointment | None = None, *, actor: Actor
) -> Iterator[None]:
    """Around a booking, of *held* where it was held: whoever waited for the same found a time.

    The offer that is booked is accepted; an open one of another time ends, and that time goes on.
    """
    with transaction():
        entry = queries.entry_of(patient.id, service.id)
        if entry is None:
            yield
            return
        other = queries.open_offer(entry)
        if other is not None and held is not None and other.appointment_id == held.id:
            other = None
        own = [] if held is None else [held]
        with freeing(other.appointment, *own) if other is not None else nullcontext():
            yield
            taken = queries.offer_of(held) if held is not None else None
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
        services.close(offer, OfferState.EXPIRED, actor=ITSELF, was=[OfferState.OPEN])
