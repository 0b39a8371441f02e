"""Whose records a physician may open: the care relation, asked of every page (S7).

Care is of a person: it follows the link between two records of theirs (truth 7).
`in_care` opens a record to read and to add to: lasting care, or an emergency for an hour.
`in_lasting_care` alone lets a physician examine, sign, finish or book: an emergency must not make
a care relation that outlives it.

Care knows no site: whoever cares for a patient reads the whole record. Their visits at a site that
the physician does not work at are not found all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload, selectinload

from clinic import clock
from clinic.accounts.models import Patient, Practitioner
from clinic.accounts.same_person import goes_on_for, ids_of, is_kept
from clinic.catalogue.models import Service
from clinic.catalogue.own_sites import at_own_sites
from clinic.catalogue.rules import ServiceKind
from clinic.database import db
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.models import EmergencyAccess, Review, ScreeningNote

CARE_LASTS = timedelta(days=365)
# How long a cancelled consultation still opens for its physician, to say that it was cancelled.
TOLD_FOR = timedelta(hours=1)


PatientColumn = InstrumentedAttribute[Any]


def in_care(actor: Actor, patient_column: PatientColumn) -> ColumnElement[bool]:
    """Whether the physician who asks may read a patient's record at this moment.

    *patient_column* is the column to compare.
    """
    emergency = (
        exists()
        .where(
            EmergencyAccess.patient_id.in_(ids_of(patient_column)),
            EmergencyAccess.practitioner_id == actor.practitioner_id,
            EmergencyAccess.until > clock.now(),
        )
        .correlate_except(EmergencyAccess)
    )
    cares = or_(_cares(actor, patient_column), emergency)
    return and_(cares, _is_somebody_else(actor, patient_column))


def in_lasting_care(actor: Actor, patient_column: PatientColumn) -> ColumnElement[bool]:
    """Whether the physician who asks cares for a patient: a visit with them, or a review taken.

    Care ends twelve months after the last of them (S7). Nobody cares for themself.
    """
    return and_(_cares(actor, patient_column), _is_somebody_else(actor, patient_column))


def _cares(actor: Actor, patient_column: PatientColumn) -> ColumnElement[bool]:
    since = clock.now() - CARE_LASTS
    # Aliases, because the statement around reads the same tables: without them the column would be
    # compared with itself.
    seen, part, physician = aliased(Appointment), aliased(Participant), aliased(Practitioner)
    visit = (
        exists()
        .where(
            seen.patient_id.in_(ids_of(patient_column)),
            seen.starts_at > since,
            seen.status.not_in([S.PROPOSED, S.CANCELLED]),
            part.appointment_id == seen.id,
            part.actor_id == physician.actor_id,
            physician.id == actor.practitioner_id,
        )
        .correlate_except(seen, part, physician)
    )
    review = (
        exists()
        .where(
            Review.patient_id.in_(ids_of(patient_column)),
            Review.practitioner_id == actor.practitioner_id,
            Review.taken_at > since,
        )
        .correlate_except(Review)
    )
    return or_(visit, review)


def _is_somebody_else(actor: Actor, patient_column: PatientColumn) -> ColumnElement[bool]:
    person = aliased(Patient)
    oneself = exists().where(person.id.in_(ids_of(patient_column)), person.user_id == actor.user_id)
    return ~oneself.correlate_except(person)


def patient_in_care(actor: Actor, public_id: str) -> Patient | None:
    if actor.practitioner_id is None:
        return None
    return db.session.scalar(
        select(Patient).where(goes_on_for(public_id), in_care(actor, Patient.id))
    )


def patient_in_lasting_care(actor: Actor, public_id: str) -> Patient | None:
    if actor.practitioner_id is None:
        return None
    return db.session.scalar(
        select(Patient).where(goes_on_for(public_id), in_lasting_care(actor, Patient.id))
    )


def patients_in_care(actor: Actor) -> Sequence[Patient]:
    return db.session.scalars(
        select(Patient)
        .where(is_kept(), in_care(actor, Patient.id))
        .order_by(Patient.name_key)
        .limit(200)
    ).all()


def consultation_in_care(actor: Actor, public_id: str) -> Appointment | None:
    """A consultation of a patient whom the physician cares for, or their own just cancelled.

    A cancelled visit makes no care. But whoever is writing its note meanwhile is told, and keeps
    what was typed.
    """
    if actor.practitioner_id is None:
        return None
    return db.session.scalar(
        select(Appointment)
        .join(Service, Service.id == Appointment.service_id)
        .options(joinedload(Appointment.patient).joinedload(Patient.data_key))
        .where(
            Appointment.public_id == public_id,
            Service.kind == ServiceKind.CONSULTATION,
            Appointment.booked_at.is_not(None),
            at_own_sites(actor, Appointment.location_id),
            or_(in_lasting_care(actor, Appointment.patient_id), _just_cancelled(actor)),
        )
    )


def _just_cancelled(actor: Actor) -> ColumnElement[bool]:
    part, physician = aliased(Participant), aliased(Practitioner)
    with_them = (
        exists()
        .where(
            part.appointment_id == Appointment.id,
            part.actor_id == physician.actor_id,
            physician.id == actor.practitioner_id,
        )
        .correlate(Appointment)
    )
    return and_(
        Appointment.status == S.CANCELLED, Appointment.status_at > clock.now() - TOLD_FOR, with_them
    )


def visit_in_care(actor: Actor, public_id: str) -> Appointment | None:
    if actor.practitioner_id is None:
        return None
    return db.session.scalar(
        select(Appointment)
        .options(joinedload(Appointment.patient))
        .where(
            Appointment.public_id == public_id,
            Appointment.booked_at.is_not(None),
            at_own_sites(actor, Appointment.location_id),
            in_lasting_care(actor, Appointment.patient_id),
        )
    )


def note_in_lasting_care(actor: Actor, public_id: str) -> ScreeningNote | None:
    return _note(actor, public_id, in_lasting_care(actor, ScreeningNote.patient_id))


def note_in_care(actor: Actor, public_id: str) -> ScreeningNote | None:
    return _note(actor, public_id, in_care(actor, ScreeningNote.patient_id))


def _note(actor: Actor, public_id: str, cares: ColumnElement[bool]) -> ScreeningNote | None:
    if actor.practitioner_id is None:
        return None
    return db.session.scalar(
        select(ScreeningNote)
        .options(
            joinedload(ScreeningNote.patient),
            joinedload(ScreeningNote.practitioner),
            joinedload(ScreeningNote.intake),
            joinedload(ScreeningNote.reply),
            selectinload(ScreeningNote.flags),
        )
        .where(ScreeningNote.public_id == public_id, cares)
    )
