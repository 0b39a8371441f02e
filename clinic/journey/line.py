"""The line of those who wait: who is asked first, what the gate says, and the offer itself.

What has become free, and for whom of them it may be, is asked by whoever found it (`waitlist` for
the time of a visit, `openings` for a change of the roster).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from clinic import clock
from clinic.accounts.rules import ADULT
from clinic.catalogue import queries as catalogue
from clinic.catalogue.rules import MODALITIES
from clinic.clock import Period
from clinic.database import db, transaction
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor, system
from clinic.scheduling import roster
from clinic.scheduling import services as scheduling
from clinic.scheduling.locks import lock_actors
from clinic.scheduling.rules import Slot
from clinic.treatment import queries as treatment
from clinic.treatment.models import Approval
from clinic.treatment.rules import Wish
from clinic.waitlist import queries, rules, services
from clinic.waitlist.models import Offer, WaitlistEntry
from clinic.waitlist.rules import Waiting

ITSELF = system("waiting-list")


def lock(actors: Iterable[int], candidates: Iterable[WaitlistEntry]) -> None:
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


def in_turn(
    locked: Iterable[WaitlistEntry], offer: Callable[[WaitlistEntry, Waiting], Offer | None]
) -> list[Offer]:
    """Ask each of *locked* who still waits, in the order of the line; *offer* makes the offer."""
    entries = {entry.id: entry for entry in queries.still_waiting(locked)}
    had = queries.had(entries)
    line = rules.in_order(plain(one, had.get(one.id, frozenset())) for one in entries.values())
    made = [offer(entries[one.id], one) for one in line]
    return [one for one in made if one is not None]


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


class Gate:
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


def offered(entry: WaitlistEntry, slot: Slot, approval: Approval | None) -> Offer | None:
    """The offer; None where the database refuses it, which undoes nothing else."""
    try:
        with db.session.begin_nested():
            return make(entry, slot.practitioner_id, slot.starts_at, approval, actor=ITSELF)
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
