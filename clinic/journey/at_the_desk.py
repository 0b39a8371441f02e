"""What the desk does in one press for a patient at the phone or before it: book a time that is
free, book somebody who walks in, take somebody who is early to an earlier time.

A treatment asks the gate in each, in the transaction that holds the locks.
"""

from __future__ import annotations

from datetime import datetime

from clinic import clock
from clinic.accounts.models import Patient
from clinic.catalogue.models import Service
from clinic.database import retried, transaction
from clinic.journey import book, check_in, move, waitlist
from clinic.permissions import Actor
from clinic.scheduling import queries as visits
from clinic.scheduling import roster
from clinic.scheduling import services as scheduling
from clinic.scheduling.locks import lock_actors
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import EARLIER, WALK_IN, is_now
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.waitlist import queries as wishes

ASKED = "patient-asked"  # a code of `cancel.DESK_REASONS`


@retried
def at_once(
    service: Service,
    practitioner_actor_id: int,
    starts_at: datetime,
    patient: Patient,
    *,
    actor: Actor,
) -> Appointment:
    """Book a free time without holding it first. Raises `GateClosed` and `SlotTaken`."""
    with transaction():
        approval = book.allowed(service, patient, starts_at)
        with waitlist.settling(wishes.entry_of(patient.id, service.id), actor=actor):
            visit = scheduling.book(
                service,
                practitioner_actor_id,
                starts_at,
                patient,
                actor=actor,
                approval=approval,
            )
        book.tell(visit.id, patient.id, patient.email, visit.version)
    return visit


@retried
def walk_in(
    service: Service,
    practitioner_actor_id: int,
    starts_at: datetime,
    patient: Patient,
    *,
    why: str,
    actor: Actor,
) -> Appointment:
    """Book somebody who is here for now, against notice and usual starts alone, and mark them
    arrived. No letter tells them what they see. *why* is kept as the reason.

    Raises `GateClosed` and `SlotTaken`.
    """
    if not is_now(clock.now(), starts_at):
        raise scheduling.SlotTaken  # nobody has arrived for another hour
    with transaction():
        approval = book.allowed(service, patient, starts_at)
        with waitlist.settling(wishes.entry_of(patient.id, service.id), actor=actor):
            visit = scheduling.book_all_the_same(
                service,
                practitioner_actor_id,
                starts_at,
                patient,
                reason=why,
                actor=actor,
                approval=approval,
                only=WALK_IN,
            )
        check_in.move(visit, S.BOOKED, S.ARRIVED, actor=actor)
    return visit


@retried
def take_earlier(
    visit: Appointment,
    practitioner_actor_id: int,
    starts_at: datetime,
    *,
    shown: int,
    is_here: bool,
    why: str,
    actor: Actor,
) -> None:
    """Move today's visit to an earlier time, against notice alone; its own is free at once.

    A patient who *is_here* knows, so no letter is sent, and has arrived: since they did, if they
    were marked arrived before. Raises `GateClosed`, `SlotTaken` and `Changed`.
    """
    with transaction():
        if visit.patient is None or visit.version != shown:
            raise scheduling.Changed
        if not starts_at < visit.starts_at:
            raise scheduling.SlotTaken
        approval = book.allowed(visit.service, visit.patient, starts_at)
        was, since = move.told_now(visit), visit.status_at if visit.status == S.ARRIVED else None
        with waitlist.freeing(visit):
            # All at once: a state is changed before the visit moves, which locks more.
            lock_actors([*roster.current().actor_ids, *visits.actors_of(visit)])
            if since is not None:
                check_in.move(visit, S.ARRIVED, S.BOOKED, shown=shown, actor=actor)
            scheduling.move_all_the_same(
                visit,
                practitioner_actor_id,
                starts_at,
                shown=visit.version,
                why=why,
                actor=actor,
                approval=approval,
                reason=ASKED,
                only=EARLIER,
            )
            if is_here:
                check_in.move(visit, S.BOOKED, S.ARRIVED, actor=actor, since=since)
        if not is_here:
            move.tell(visit, was)
