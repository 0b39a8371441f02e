"""Booking and moving where no time is on offer: staff's own doing, with a reason, written down.

Truth 1 stands: an overridden buffer is not an overlap. The visit takes up less than it would, and
a neighbour in whose buffer it lies gives that part up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from clinic.accounts.models import Patient
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.models import Service
from clinic.database import db, transaction
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import OVERRIDABLE, AppointmentStatus, Place, Trim, WhyNot
from clinic.scheduling.services import at_once, places, visits
from clinic.scheduling.services.errors import CleanUpBegun, SlotTaken
from clinic.treatment.models import Approval

S = AppointmentStatus


def book_all_the_same(
    service: Service,
    practitioner_actor_id: int,
    starts_at: datetime,
    patient: Patient,
    *,
    reason: str,
    actor: Actor,
    approval: Approval | None = None,
    only: frozenset[WhyNot] = OVERRIDABLE,
) -> Appointment:
    """Book without a hold, against what can be overridden, or against *only* some of it.

    A time that is free (again) is booked as any other. Raises `SlotTaken` for what nobody
    overrides, and `CleanUpBegun`.
    """
    with transaction():
        if not service.active:
            raise SlotTaken  # retired while its page was on the screen
        place = places.place_all_the_same(
            service, practitioner_actor_id, starts_at, patient, only=only
        )
        _make_room(place.trims)
        taken = {**place.taken, patient.actor_id: place.slot.period}
        appointment = places.promise(service, place.slot, actor, patient, taken)
        _keep_against(appointment, place, reason)
        at_once.keep(appointment, approval, actor)
        _write_down(appointment, actor)
    return appointment


def move_all_the_same(
    appointment: Appointment,
    practitioner_actor_id: int,
    starts_at: datetime,
    *,
    shown: int,
    why: str,
    actor: Actor,
    approval: Approval | None = None,
    reason: str | None = None,
    only: frozenset[WhyNot] = OVERRIDABLE,
) -> None:
    """Move a visit against what can be overridden, or against *only* some of it; *why* is what was
    typed, *reason* a code.

    A time that is free (again) is taken as in any other move. Raises the errors of `visits.move`,
    `SlotTaken` only for what nobody overrides, and `CleanUpBegun`.
    """
    with transaction():
        visits.must_be_booked(appointment, shown)
        patient = appointment.patient
        place = places.place_all_the_same(
            appointment.service,
            practitioner_actor_id,
            starts_at,
            patient,
            besides=appointment,
            only=only,
        )
        _make_room(place.trims)
        wanted = dict(place.taken)
        if patient is not None:
            wanted[patient.actor_id] = place.slot.period
        visits.go(
            appointment,
            place.slot,
            wanted,
            shown=shown,
            actor=actor,
            approval=approval,
            reason=reason,
        )
        _keep_against(appointment, place, why)
        _write_down(appointment, actor)


def _keep_against(appointment: Appointment, place: Place, reason: str) -> None:
    if place.overrode:
        appointment.override_reason = reason
        appointment.overrode = ",".join(place.overrode)


def _make_room(trims: Iterable[Trim]) -> None:
    """Cut the buffers of neighbours. Raises `CleanUpBegun` for one that has begun."""
    for trim in trims:
        one = db.session.scalars(
            select(Participant)
            .options(joinedload(Participant.appointment))
            .where(
                Participant.actor_id == trim.actor_id,
                Participant.active,
                Participant.starts_at == trim.was.starts_at,
                Participant.ends_at == trim.was.ends_at,
            )
        ).one()
        if one.appointment.status not in (S.PROPOSED, S.BOOKED):
            raise CleanUpBegun
        one.starts_at, one.ends_at = trim.left.starts_at, trim.left.ends_at
    places.flush()


def _write_down(appointment: Appointment, actor: Actor) -> None:
    """Against what it goes, if against anything."""
    if appointment.overrode:
        audit.record(
            Event.APPOINTMENT_OVERRIDDEN,
            actor=actor,
            patient_id=appointment.patient_id,
            subject=appointment,
            overrode=appointment.overrode.split(","),
        )
