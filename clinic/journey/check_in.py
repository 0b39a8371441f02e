"""The desk moves a visit through the day; a treatment asks the gate again at the door."""

from __future__ import annotations

from datetime import datetime

from clinic.catalogue.rules import MODALITIES
from clinic.database import transaction
from clinic.journey.book import GateClosed
from clinic.permissions import Actor
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import queries as treatment
from clinic.treatment.rules import Wish

FORWARD = {(S.BOOKED, S.ARRIVED), (S.NOSHOW, S.ARRIVED), (S.ARRIVED, S.IN_ROOM)}


def move(
    appointment: Appointment,
    was: S,
    new: S,
    *,
    actor: Actor,
    shown: int | None = None,
    since: datetime | None = None,
) -> None:
    """Move along an arrow; *shown* is the version that the page showed, if one did, *since* when
    it came into that state, where that was before now.

    Raises `Changed`, and `GateClosed` when a treatment may not start.

    Cooling-off and interval were asked when it was booked; at the door the same gate is asked
    again about the same time, so an approval that ended meanwhile stops the visit here (S73).
    """
    with transaction():
        if (was, new) in FORWARD:
            still_carried(appointment)
        scheduling.change_status(appointment, was, new, actor=actor, shown=shown, since=since)


def still_carried(appointment: Appointment) -> None:
    """Ask the gate about the approval that a treatment was booked on. Raises `GateClosed`."""
    needed = MODALITIES[appointment.service.kind]
    if not needed or appointment.patient is None:
        return
    wish = Wish(needed, appointment.starts_at, appointment.starts_on)
    reasons = treatment.gate(appointment.patient).about(appointment.approval_id, wish)
    if reasons:
        raise GateClosed(reasons)
