"""Cancelling: by the patient inside the clinic's policy, by the desk with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta

from clinic import clock
from clinic.catalogue import queries as catalogue
from clinic.database import transaction
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment

BY_PATIENT = "patient"
# What the desk may pick; worded in templates/_macros/status.html.
DESK_REASONS = ("patient-asked", "ill", "clinic", "mistake", "other")


class TooLate(RuntimeError):
    """Inside the notice that the clinic asks for: the patient calls instead."""


def free_until(appointment: Appointment) -> datetime:
    """Until when the patient may cancel without calling."""
    notice = timedelta(hours=catalogue.site().clinic.cancel_notice_hours)
    return appointment.starts_at - notice


def by_patient(appointment: Appointment, *, actor: Actor) -> None:
    """Raises `TooLate`, and `Changed` when the visit is not booked any more."""
    with transaction():
        if clock.now() > free_until(appointment):
            raise TooLate
        _cancel(appointment, BY_PATIENT, actor)


def by_staff(appointment: Appointment, reason: str, *, actor: Actor) -> None:
    """Raises `Changed` when the visit is neither booked nor arrived any more."""
    with transaction():
        _cancel(appointment, reason, actor)


def _cancel(appointment: Appointment, reason: str, actor: Actor) -> None:
    scheduling.cancel(appointment, reason, actor=actor)
    notices.queue(
        MessageKind.CANCELLED,
        to=appointment.patient.email if appointment.patient else None,
        params={},
        patient_id=appointment.patient_id,
        appointment_id=appointment.id,
        version=appointment.version,
    )
