"""What a physician has not finished: visits over without a signed note, drafts of days before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, true

from clinic import clock
from clinic.accounts.models import Patient, Practitioner
from clinic.catalogue.models import Location, Service
from clinic.catalogue.own_sites import at_own_sites
from clinic.catalogue.rules import ServiceKind
from clinic.database import db
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import COMING
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.care import in_lasting_care
from clinic.screening.models import ScreeningNote


@dataclass(frozen=True)
class LeftOpen:
    """A consultation to go back to. *saved_at* is when its draft was last stored, if it has one."""

    appointment_id: str
    patient_name: str
    starts_at: datetime
    zone: str
    saved_at: datetime | None


_COLUMNS = (
    Appointment.public_id,
    Patient.name,
    Appointment.starts_at,
    Location.zone,
    ScreeningNote.changed_at,
)


def unsigned_visits(practitioner_id: int, sites: Collection[int] | None = None) -> list[LeftOpen]:
    """Consultations of a physician whose time is over and that nobody signed or marked missed; at
    some *sites*, or at all."""
    of_the_visit = and_(
        ScreeningNote.appointment_id == Appointment.id, ScreeningNote.signed_at.is_(None)
    )
    rows = db.session.execute(
        select(*_COLUMNS)
        .select_from(Appointment)
        .join(Location, Location.id == Appointment.location_id)
        .join(Service, Service.id == Appointment.service_id)
        .join(Patient, Patient.id == Appointment.patient_id)
        .join(Participant, Participant.appointment_id == Appointment.id)
        .join(Practitioner, Practitioner.actor_id == Participant.actor_id)
        .outerjoin(ScreeningNote, of_the_visit)
        .where(
            Practitioner.id == practitioner_id,
            true() if sites is None else Appointment.location_id.in_(sorted(sites)),
            Service.kind == ServiceKind.CONSULTATION,
            Appointment.status.in_(COMING),  # the desk may have forgotten every step
            Appointment.ends_at < clock.now(),
        )
        .order_by(Appointment.starts_at)
    )
    return [LeftOpen(*row) for row in rows]


def drafts_before(day_began: datetime, actor: Actor) -> list[LeftOpen]:
    """Drafts that the physician last saved before this day began and that nobody has signed.

    Not those of a visit that was cancelled or missed: nothing is signed for it any more.
    """
    rows = db.session.execute(
        select(*_COLUMNS)
        .select_from(ScreeningNote)
        .join(Appointment, Appointment.id == ScreeningNote.appointment_id)
        .join(Location, Location.id == Appointment.location_id)
        .join(Patient, Patient.id == Appointment.patient_id)
        .where(
            ScreeningNote.signed_at.is_(None),
            ScreeningNote.practitioner_id == actor.practitioner_id,
            ScreeningNote.changed_at < day_began,
            Appointment.status.not_in([S.CANCELLED, S.NOSHOW]),
            at_own_sites(actor, Appointment.location_id),
            in_lasting_care(actor, Appointment.patient_id),
        )
        .order_by(ScreeningNote.changed_at)
    )
    return [LeftOpen(*row) for row in rows]
