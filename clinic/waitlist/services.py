"""Writing wishes and offers. What an offer holds, and what is offered next, is a journey's."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update

from clinic import clock
from clinic.accounts.models import Patient
from clinic.accounts.queries import token_hash
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.models import Service
from clinic.database import db, lock_row, rows_changed, transaction
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment
from clinic.waitlist import queries
from clinic.waitlist.models import Offer, WaitlistEntry
from clinic.waitlist.rules import ANSWERABLE, EntryState, OfferState, Wanted

OFFER_EVENTS = {
    OfferState.ACCEPTED: Event.OFFER_ACCEPTED,
    OfferState.DECLINED: Event.OFFER_DECLINED,
    OfferState.EXPIRED: Event.OFFER_EXPIRED,
    OfferState.WITHDRAWN: Event.OFFER_WITHDRAWN,
}


class WaitsAlready(RuntimeError):
    """The patient waits for this service; the wish can be changed."""


class NotWaiting(RuntimeError):
    """The entry has ended: a time was found, or it was taken off."""


class OfferOver(RuntimeError):
    """The offer was answered, or its time went for another reason."""


def join(patient: Patient, service: Service, wanted: Wanted, *, actor: Actor) -> WaitlistEntry:
    """Wait for a time. Raises `WaitsAlready`; a wish whose last day is over makes way."""
    with transaction():
        lock_row(patient)
        before = queries.entry_of(patient.id, service.id)
        if before is not None:
            if before.until_on >= clock.today(service.location.zone):
                raise WaitsAlready
            end(before, EntryState.ENDED, actor=actor)
        entry = WaitlistEntry(patient_id=patient.id, service=service, created_by=actor.label)
        _write(entry, wanted)
        db.session.add(entry)
        db.session.flush()
        audit.record(
            Event.WAITLIST_JOINED,
            actor=actor,
            patient_id=patient.id,
            subject=entry,
            service=service.kind,
        )
    return entry


def change(entry: WaitlistEntry, wanted: Wanted, *, actor: Actor) -> None:
    """Wait for something else; the place in the line stays. Raises `NotWaiting`."""
    with transaction():
        lock_row(entry)
        if entry.state != EntryState.WAITING:
            raise NotWaiting
        _write(entry, wanted)
        audit.record(
            Event.WAITLIST_CHANGED, actor=actor, patient_id=entry.patient_id, subject=entry
        )


def _write(entry: WaitlistEntry, wanted: Wanted) -> None:
    entry.practitioner_id = wanted.practitioner_id
    entry.weekdays, entry.parts = wanted.weekdays, wanted.parts
    entry.from_on, entry.until_on = wanted.from_on, wanted.until_on


def end(entry: WaitlistEntry, state: EntryState, *, actor: Actor) -> None:
    """A time was found, or the patient waits no longer. Raises `NotWaiting`."""
    with transaction():
        ended = rows_changed(
            update(WaitlistEntry)
            .where(WaitlistEntry.id == entry.id, WaitlistEntry.state == EntryState.WAITING)
            .values(state=state, ended_at=clock.now(), ended_by=actor.label)
            .execution_options(synchronize_session=False)
        )
        db.session.refresh(entry)
        if ended != 1:
            raise NotWaiting
        if state == EntryState.ENDED:
            audit.record(
                Event.WAITLIST_LEFT, actor=actor, patient_id=entry.patient_id, subject=entry
            )


def make_offer(
    entry: WaitlistEntry, held: Appointment, until: datetime, *, actor: Actor
) -> tuple[Offer, str]:
    """An open offer of a held time, and the token of the link in its mail."""
    token = secrets.token_urlsafe(32)
    with transaction():
        offer = Offer(entry=entry, appointment=held, token_hash=token_hash(token), until=until)
        db.session.add(offer)
        db.session.flush()
        audit.record(
            Event.OFFER_MADE,
            actor=actor,
            patient_id=entry.patient_id,
            subject=offer,
            starts_at=held.starts_at.isoformat(),
            until=until.isoformat(),
        )
    return offer, token


def close(
    offer: Offer,
    state: OfferState,
    *,
    actor: Actor,
    was: Iterable[OfferState] = ANSWERABLE,
) -> None:
    """What became of an offer, once. Raises `OfferOver` when it is not in one of *was*."""
    with transaction():
        closed = rows_changed(
            update(Offer)
            .where(Offer.id == offer.id, Offer.state.in_(list(was)))
            .values(state=state, ended_at=clock.now())
            .execution_options(synchronize_session=False)
        )
        db.session.refresh(offer)
        if closed != 1:
            raise OfferOver
        audit.record(
            OFFER_EVENTS[state],
            actor=actor,
            patient_id=offer.entry.patient_id,
            subject=offer,
        )


def hold_again(offer: Offer, held: Appointment) -> None:
    """An old offer whose time was taken back by nobody: *held* stands for it from now on."""
    with transaction():
        offer.appointment = held
        db.session.flush()
