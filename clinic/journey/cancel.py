"""Cancelling: by the patient inside the clinic's policy, by the desk with a reason; and back."""

from __future__ import annotations

from datetime import datetime, timedelta

from clinic import clock
from clinic.accounts import same_person
from clinic.catalogue import queries as catalogue
from clinic.database import transaction
from clinic.journey import check_in, waitlist
from clinic.notices import services as notices
from clinic.notices.models import MessageKind, MessageState
from clinic.permissions import Actor
from clinic.scheduling import queries as visits
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment

BY_PATIENT = "patient"
# What the desk may pick; worded in templates/_macros/status.html.
DESK_REASONS = ("patient-asked", "ill", "clinic", "mistake", "other")


class TooLate(RuntimeError):
    """Inside the notice that the clinic asks for: the patient calls instead."""


def free_until(appointment: Appointment) -> datetime:
    """Until when the patient may cancel or move without calling."""
    return free_until_of(appointment.starts_at)


def free_until_of(starts_at: datetime) -> datetime:
    """The same for a visit that would begin then."""
    return starts_at - timedelta(hours=catalogue.site().clinic.cancel_notice_hours)


def by_patient(appointment: Appointment, *, actor: Actor, shown: int | None = None) -> None:
    """*shown* is the version that the page showed, if one did.

    Raises `TooLate`, and `Changed` when the visit is not booked any more or was moved meanwhile.
    """
    with transaction():
        if clock.now() > free_until(appointment):
            raise TooLate
        with waitlist.freeing(appointment):
            scheduling.cancel(appointment, BY_PATIENT, actor=actor, shown=shown, once_arrived=False)
            _tell(MessageKind.CANCELLED, appointment)


def by_staff(
    appointment: Appointment, reason: str, *, actor: Actor, shown: int | None = None
) -> None:
    """Raises `Changed` when the visit is neither booked nor arrived any more, or another than
    the page showed."""
    with waitlist.freeing(appointment):
        scheduling.cancel(appointment, reason, actor=actor, shown=shown)
        _tell(MessageKind.CANCELLED, appointment)


def undo(appointment: Appointment, *, actor: Actor) -> None:
    """Book a visit again that the same person cancelled within ten minutes (truth 6).

    Asks the gate again. Raises `UndoOver`, also where another record goes on for its patient by now
    (truth 7); `GateClosed`; and `SlotTaken` when its time went.
    """
    with transaction():
        patient_id = appointment.patient_id or 0
        is_replaced = same_person.kept_id(patient_id) != patient_id
        if is_replaced or visits.undo_until(appointment, actor) is None:
            raise scheduling.UndoOver
        check_in.still_carried(appointment)
        scheduling.undo_cancel(appointment, actor=actor)
        _tell_again(appointment)


def _tell_again(appointment: Appointment) -> None:
    """A letter that has not left stays here; whoever was told of the end is told of the return."""
    unsent = notices.take_back(MessageKind.CANCELLED, appointment.id)
    last = notices.newest((MessageKind.BOOKED, MessageKind.MOVED), appointment.id)
    if unsent is not None and last is not None and last.state != MessageState.DROPPED:
        return
    _tell(MessageKind.BOOKED, appointment)


def _tell(kind: MessageKind, appointment: Appointment) -> None:
    notices.queue(
        kind,
        to=appointment.patient.email if appointment.patient else None,
        params={},
        patient_id=appointment.patient_id,
        appointment_id=appointment.id,
        version=appointment.version,
    )
