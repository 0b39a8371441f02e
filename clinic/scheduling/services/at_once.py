"""Booking without a hold: staff who press the time book it, for a patient who is known."""

from __future__ import annotations

from datetime import datetime

from clinic import clock
from clinic.accounts.models import Patient
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.models import Service
from clinic.database import transaction
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.scheduling.services import places
from clinic.scheduling.services.errors import SlotTaken
from clinic.treatment.models import Approval


def book(
    service: Service,
    practitioner_actor_id: int,
    starts_at: datetime,
    patient: Patient,
    *,
    actor: Actor,
    approval: Approval | None = None,
) -> Appointment:
    """Book a time that is on offer. *approval* is what carries a treatment. Raises `SlotTaken`."""
    with transaction():
        if not service.active:
            raise SlotTaken  # retired while its times were on the screen
        slot, _stamp = places.free_slot(service, practitioner_actor_id, starts_at, patient)
        appointment = places.promise(service, slot, actor, patient)
        keep(appointment, approval, actor)
    return appointment


def keep(appointment: Appointment, approval: Approval | None, actor: Actor) -> None:
    """Store a promise as booked, and write that down. Raises `SlotTaken`."""
    appointment.status = AppointmentStatus.BOOKED
    appointment.version = 1
    appointment.booked_at = clock.now()
    appointment.approval = approval
    places.store(appointment)
    audit.record(
        Event.APPOINTMENT_BOOKED,
        actor=actor,
        patient_id=appointment.patient_id,
        subject=appointment,
        service=appointment.service.kind,
        starts_at=appointment.starts_at.isoformat(),
        approval=approval.public_id if approval else None,
    )
