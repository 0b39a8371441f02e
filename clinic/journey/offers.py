"""An offered time is booked with one press; the desk offers a free time by hand; newcomers join."""

from __future__ import annotations

from datetime import datetime, timedelta

from clinic import clock
from clinic.accounts import services as accounts
from clinic.accounts.models import Visitor
from clinic.catalogue.models import Service
from clinic.database import retried, transaction
from clinic.intake.models import Intake
from clinic.journey import book, line, submit, waitlist
from clinic.permissions import Actor
from clinic.scheduling import queries as visits
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.waitlist import queries, services
from clinic.waitlist.models import Offer, WaitlistEntry
from clinic.waitlist.rules import ANSWERABLE, EntryState, Wanted

A_MOMENT = timedelta(minutes=1)  # long enough for what is booked in the same transaction


class StillOffered(RuntimeError):
    """The patient has an open offer; one at a time."""


@retried
def accept(offer: Offer, *, actor: Actor) -> Appointment:
    """Book the offered time: also past the offer's end, while nobody else has it.

    Raises `OfferOver` when it was answered or the patient waits no longer, and what booking
    raises: `GateClosed`, `SlotTaken`.
    """
    with transaction():
        entry, held = offer.entry, offer.appointment
        if offer.state not in ANSWERABLE or entry.state != EntryState.WAITING:
            raise services.OfferOver
        if held.starts_at <= clock.now():
            raise scheduling.SlotTaken
        if _is_retired(held):
            held = _held_again(offer, actor)
        try:
            return book.confirm(held, entry.patient, actor=actor)
        except scheduling.HoldOver as error:  # another press was faster, or another booking
            gone = scheduling.SlotTaken if _is_retired(held) else services.OfferOver
            raise gone from error


def _is_retired(held: Appointment) -> bool:
    """Past its end, and in the way of somebody's booking."""
    return held.status == AppointmentStatus.CANCELLED and held.cancel_reason == "expired"


def _held_again(offer: Offer, actor: Actor) -> Appointment:
    """Somebody's booking retired the hold and did not keep the time."""
    entry, before = offer.entry, offer.appointment
    practitioner = visits.practitioner_of(before)
    if practitioner is None:
        raise scheduling.SlotTaken
    held = scheduling.hold_for(
        entry.service,
        practitioner.actor_id,
        before.starts_at,
        entry.patient,
        until=clock.now() + A_MOMENT,
        actor=actor,
        approval=book.allowed(entry.service, entry.patient, before.starts_at),
    )
    services.hold_again(offer, held)
    return held


@retried
def by_hand(
    entry: WaitlistEntry, practitioner_actor_id: int, starts_at: datetime, *, actor: Actor
) -> Offer:
    """The desk offers a free time to one of those who wait, whoever comes first.

    Raises `NotWaiting`, `StillOffered`, `GateClosed` and `SlotTaken`.
    """
    with transaction():
        if entry.state != EntryState.WAITING:
            raise services.NotWaiting
        before = queries.open_offer(entry)
        if before is not None:
            waitlist.expire(before)
            if queries.open_offer(entry) is not None:
                raise StillOffered
        approval = book.allowed(entry.service, entry.patient, starts_at)
        return line.make(entry, practitioner_actor_id, starts_at, approval, actor=actor)


def newcomer_joins(
    service: Service,
    wanted: Wanted,
    draft: Intake,
    newcomer: book.Newcomer,
    visitor: Visitor,
    *,
    actor: Actor,
) -> WaitlistEntry:
    """A record found or made, the form sent, and a place in the line; the browser is theirs.

    Raises `WaitsAlready` and the errors of sending a form.
    """
    with transaction():
        patient = book.find_or_add(draft, newcomer, actor)
        submit.intake(draft, patient, actor=actor)
        entry = services.join(patient, service, wanted, actor=actor)
        accounts.prove_visitor(visitor, patient, newcomer.email)
    return entry
