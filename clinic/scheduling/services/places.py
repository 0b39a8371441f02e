"""A place for a visit: found under the lock, and written so that the database's refusal is heard.

The lock is the actors' rows in the order of their ids (SQLite's single writer needs none).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from clinic import clock
from clinic.accounts.models import ActorKind, Patient
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.models import Service
from clinic.clock import Period
from clinic.database import changed, db, table_of
from clinic.made import Made
from clinic.permissions import Actor, system
from clinic.scheduling import availability, busy, queries, roster, rules
from clinic.scheduling.locks import lock_actors
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.press import Press
from clinic.scheduling.rules import AppointmentStatus, Facts, Place, Slot, WhyNot
from clinic.scheduling.services.errors import SlotTaken

EXPIRY = system("expired")


def free_slot(
    service: Service,
    practitioner_actor_id: int,
    starts_at: datetime,
    patient: Patient | None,
    *,
    besides: Appointment | None = None,
    room_actor_id: int | None = None,
) -> tuple[Slot, str | None]:
    """The slot as listed, under the lock, and the stamp of the roster. Raises `SlotTaken`.

    *besides* is the visit that is to move there; what it takes up itself is not in its way.
    """
    facts, stamp = _facts_under_lock(service, practitioner_actor_id, starts_at, patient, besides)
    facts = facts.in_room(room_actor_id)
    slot = rules.is_free(facts, practitioner_actor_id, starts_at)
    if slot is None:
        raise SlotTaken
    return slot, stamp


def place_all_the_same(
    service: Service,
    practitioner_actor_id: int,
    starts_at: datetime,
    patient: Patient | None,
    *,
    besides: Appointment | None = None,
    only: frozenset[WhyNot] = rules.OVERRIDABLE,
) -> Place:
    """Where a visit goes that staff put where none is on offer, under the lock.

    *besides* as in `free_slot`. Raises `SlotTaken` for what nobody overrides, and for anything
    but *only*.
    """
    facts, _stamp = _facts_under_lock(service, practitioner_actor_id, starts_at, patient, besides)
    place = rules.place_against(facts, practitioner_actor_id, starts_at, only)
    if place is None:
        raise SlotTaken
    return place


def _facts_under_lock(
    service: Service,
    practitioner_actor_id: int,
    starts_at: datetime,
    patient: Patient | None,
    besides: Appointment | None,
) -> tuple[Facts, str | None]:
    """What decides about one time until the end of the transaction, and the roster's stamp."""
    known = roster.current()
    wanted = roster.offered(service)
    things = [*known.rooms_for(wanted), *(known.devices_for(wanted) or ())]
    own = queries.actors_of(besides) if besides is not None else ()
    actors = {practitioner_actor_id, *own, *(thing.actor_id for thing in things)}
    if patient is not None:
        actors.add(patient.actor_id)
    if lock_actors(actors):
        known = roster.current()
    own_id = besides.id if besides is not None else None
    person = patient.actor_id if patient is not None else None
    retire_expired(actors, wanted.facts.reserved(starts_at), besides=own_id, person=person)
    day = clock.local(starts_at, known.sites[wanted.location_id].zone).date()
    only = known.person_of(practitioner_actor_id)
    found = availability.times(
        wanted, day, 1, patient=patient, besides=besides, only=only, known=known
    )
    return _own_room_first(found.facts, own), known.stamp


def _own_room_first(facts: Facts, own: Collection[int]) -> Facts:
    """A visit that moves keeps its room and its device where it can."""
    rooms = tuple(sorted(facts.rooms, key=lambda room: room.actor_id not in own))
    devices = facts.devices
    if devices is not None:
        devices = tuple(sorted(devices, key=lambda device: device.actor_id not in own))
    return replace(facts, rooms=rooms, devices=devices)


def takes_up(service: Service, slot: Slot, patient: Patient | None) -> Mapping[int, Period]:
    """Who and what a visit takes up for how long: all with its buffers, the patient without."""
    reserved = availability.service_facts(service).reserved(slot.starts_at)
    taken = dict.fromkeys(slot.actors, reserved)
    if patient is not None:
        taken[patient.actor_id] = slot.period
    return taken


def promise(
    service: Service,
    slot: Slot,
    actor: Actor,
    patient: Patient | None,
    taken: Mapping[int, Period] | None = None,
) -> Appointment:
    """The visit with its participants, not stored yet; *taken* where it is not the usual."""
    appointment = Appointment(
        service=service,
        location=service.location,
        patient=patient,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        starts_on=clock.local(slot.starts_at, service.location.zone).date(),
        status_by=actor.label,
        status_at=clock.now(),
    )
    appointment.participants = [
        participant(actor_id, period)
        for actor_id, period in (taken or takes_up(service, slot, patient)).items()
    ]
    return appointment


def participant(actor_id: int, period: Period) -> Participant:
    return Participant(actor_id=actor_id, starts_at=period.starts_at, ends_at=period.ends_at)


TAKE = Made(insert(table_of(Participant)))


def take_along(press: Press) -> None:
    """A held visit takes up its patient from now on. Raises `SlotTaken`."""
    row = {
        "appointment_id": press.visit_id,
        "actor_id": press.actor_id,
        "starts_at": press.starts_at,
        "ends_at": press.ends_at,
    }
    with hearing_refusals():
        changed(TAKE, row)


def store(appointment: Appointment) -> None:
    """Write now, so that the database's refusal is heard here. Raises `SlotTaken`."""
    db.session.add(appointment)
    flush()


def flush() -> None:
    """Send what is pending. Raises `SlotTaken` where truth 1 stands against it."""
    with hearing_refusals():
        db.session.flush()


@contextmanager
def hearing_refusals() -> Iterator[None]:
    """Whatever is written inside raises `SlotTaken` where truth 1 stands against it."""
    try:
        yield
    except IntegrityError as error:
        if is_overlap(error):
            raise SlotTaken from error
        raise


def send(
    by_kind: Mapping[ActorKind, Participant],
    slot: Slot,
    wanted: Mapping[int, Period],
    *,
    at_once: bool,
) -> None:
    """Tell the participants of a visit who they are to be when it moves, and when.

    *at_once* for a visit that keeps its time: nothing will move it, so they change here.
    """
    new = {ActorKind.PRACTITIONER: slot.practitioner_id, ActorKind.ROOM: slot.room_id}
    if slot.device_id is not None:
        new[ActorKind.DEVICE] = slot.device_id
    for kind, one in by_kind.items():
        actor_id = new.get(kind, one.actor_id)
        period = wanted.get(actor_id)
        if at_once:
            one.actor_id = actor_id
            if period is not None:
                one.starts_at, one.ends_at = period.starts_at, period.ends_at
        elif period is not None:
            one.next_actor_id = actor_id
            one.next_starts_at, one.next_ends_at = period.starts_at, period.ends_at


def complete(appointment: Appointment, wanted: Mapping[int, Period]) -> None:
    """Add whom the visit takes up only now: a device that its service did not need before."""
    there = {one.actor_id for one in appointment.participants}
    for actor_id, period in wanted.items():
        if actor_id not in there:
            appointment.participants.append(participant(actor_id, period))
    flush()


OVERLAPS = ("truth 1: overlapping", "truth 7: overlapping", "participant_no_overlap")


def is_overlap(error: IntegrityError) -> bool:
    """Whether the database refused because somebody is taken (truth 1), or has another visit on
    another record of theirs (truth 7), on either engine."""
    words = str(error.orig)
    return any(said in words for said in OVERLAPS)


def retire_expired(
    actor_ids: Iterable[int],
    period: Period,
    besides: int | None = None,
    person: int | None = None,
) -> None:
    """Expired holds in the way of *period* are cancelled; the database then counts them out.

    *besides* is the row number of the hold that is about to be used, expired or not. *person* is
    the actor of a patient whose other records are in the way too.
    """
    for expired in busy.expired_holds_in_the_way(actor_ids, period, person=person):
        if expired.id == besides:
            continue
        expired.status = AppointmentStatus.CANCELLED
        expired.status_at = clock.now()
        expired.status_by = EXPIRY.label
        expired.cancel_reason = "expired"
        expired.held_from = None
        audit.record(
            Event.APPOINTMENT_HOLD_EXPIRED,
            actor=EXPIRY,
            patient_id=expired.patient_id,
            subject=expired,
        )
    db.session.flush()


def check_still_free(appointment: Appointment) -> None:
    """An expired hold counts for nothing: is its time still free, with what it holds?

    Raises `SlotTaken`, also where the roster changed meanwhile: its room is out of order, its
    service takes longer.
    """
    service = roster.offered(appointment.service)
    held = set(queries.actors_of(appointment))
    reserved = queries.reserved_by(appointment)
    retire_expired(held, reserved, besides=appointment.id)
    found = availability.times(service, appointment.starts_on, 1, besides=appointment)
    facts = _own_room_first(found.facts, held)
    _must_offer(facts, held, appointment.period, reserved)


def check_still_on_offer(press: Press) -> None:
    """A live hold keeps everybody else away, and nobody at work: is its time still on offer?

    By the roster that offered it, it is. Notice was asked when it was held. Raises `SlotTaken`.
    """
    if press.held_under is not None and press.held_under == press.stamp:
        return
    known = roster.under(press.stamp)
    wanted = known.service_of(press.service_id)
    if wanted is None:
        raise SlotTaken  # retired while it was held
    facts = availability.without_visits(known.of(press.taken.keys()), wanted)
    as_held = replace(
        facts, now=press.status_at, service=replace(facts.service, notice=timedelta(0))
    )
    reserved = Period(
        min(taken.starts_at for taken in press.taken.values()),
        max(taken.ends_at for taken in press.taken.values()),
    )
    _must_offer(as_held, press.taken.keys(), press.period, reserved)


def _must_offer(facts: Facts, held: Collection[int], period: Period, reserved: Period) -> None:
    """Raises `SlotTaken` unless *facts* offer what a visit holds, no more and no less."""
    slots = (rules.is_free(facts, actor_id, period.starts_at) for actor_id in held)
    free = any(
        slot.period == period and set(held).issuperset(slot.actors)
        for slot in slots
        if slot is not None
    )
    if not free or reserved != facts.service.reserved(period.starts_at):
        raise SlotTaken
