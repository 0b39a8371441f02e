"""The desk moves a visit through the day; a treatment asks the gate again at the door."""

from __future__ import annotations

from clinic.catalogue.rules import MODALITIES
from clinic.database import transaction
from clinic.journey.book import GateClosed
from clinic.permissions import Actor
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import queries as treatment
from clinic.treatment.rules import Reason, Wish

FORWARD = {(S.BOOKED, S.ARRIVED), (S.NOSHOW, S.ARRIVED), (S.ARRIVED, S.IN_ROOM)}


def move(appointment: Appointment, was: S, new: S, *, actor: Actor) -> None:
    """Move along an arrow. Raises `Changed`, and `GateClosed` when a treatment may not start.

    Cooling-off and interval were asked when it was booked; at the door the same gate is asked
    again about the same time, so an approval that ended meanwhile stops the visit here (S73).
    """
    with transaction():
        needed = MODALITIES[appointment.service.kind]
        if needed and (was, new) in FORWARD and appointment.patient is not None:
            wish = Wish(needed, appointment.starts_at, appointment.starts_on)
            own = _own_reasons(appointment, wish)
            if own:
                raise GateClosed(own)
        scheduling.change_status(appointment, was, new, actor=actor)


def _own_reasons(appointment: Appointment, wish: Wish) -> list[Reason]:
    """The gate's reasons about the approval that this visit was booked on."""
    assert appointment.patient is not None
    gate = treatment.gate(appointment.patient)
    return gate.about(appointment.approval_id, wish)
