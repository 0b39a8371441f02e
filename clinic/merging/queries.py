"""Reading what a manager compares: two records side by side, and what stands against a merge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from clinic import clock
from clinic.accounts import lookup, same_person
from clinic.accounts.lookup import Known
from clinic.accounts.models import Patient, PatientLink, Practitioner
from clinic.accounts.models.keys import identity_of
from clinic.catalogue.models import Service
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, run, table_of
from clinic.intake.models import Intake
from clinic.merging.rules import RecordFacts
from clinic.permissions import Actor, only_readable
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import COMING
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.models import ScreeningNote
from clinic.treatment import standing
from clinic.treatment.models import Approval
from clinic.waitlist.models import WaitlistEntry
from clinic.waitlist.rules import EntryState

MOST_PAIRS = 20


def record_for_manager(_actor: Actor, public_id: str) -> Patient | None:
    """This very record, replaced or not."""
    return db.session.scalar(select(Patient).where(Patient.public_id == public_id))


def facts(patient: Patient) -> RecordFacts:
    """What the rule asks of a record, as it is now."""
    away = and_(PatientLink.replaced_id == patient.id, PatientLink.undone_at.is_(None))
    here = and_(PatientLink.kept_id == patient.id, PatientLink.undone_at.is_(None))
    undecided = exists().where(
        Appointment.patient_id == patient.id,
        Appointment.service_id == Service.id,
        Service.kind == ServiceKind.CONSULTATION,
        Appointment.status.in_(COMING),
    )
    waits = exists().where(
        WaitlistEntry.patient_id == patient.id, WaitlistEntry.state == EntryState.WAITING
    )
    row = db.session.execute(
        select(exists().where(away), exists().where(here), undecided, waits)
    ).one()
    user = patient.user
    return RecordFacts(
        number=patient.id,
        born_on=patient.born_on,
        is_replaced=row[0],
        stands_for_others=row[1],
        signs_in=user is not None and user.active,
        is_staff=user is not None and user.is_staff,
        has_consultation=row[2],
        waits=row[3],
    )


def is_own_note(one: Patient, other: Patient) -> bool:
    """Whether one of the two signs in as the physician who signed a note of the other."""
    person = aliased(Patient)
    signed = (
        select(ScreeningNote.id)
        .join(Practitioner, Practitioner.id == ScreeningNote.practitioner_id)
        .join(person, person.user_id == Practitioner.user_id)
        .where(
            ScreeningNote.signed_at.is_not(None),
            or_(
                and_(person.id == one.id, ScreeningNote.patient_id == other.id),
                and_(person.id == other.id, ScreeningNote.patient_id == one.id),
            ),
        )
        .limit(1)
    )
    return db.session.scalar(signed) is not None


def side(patient: Patient, actor: Actor) -> dict[str, Any]:
    """One of the two, with the fields that a manager may read: how many, and yes or no."""
    now = clock.now()
    own = Appointment.patient_id == patient.id
    counted = db.session.execute(
        select(
            _count(own, Appointment.status.in_(COMING)),
            _count(own, Appointment.status.in_([S.FULFILLED, S.NOSHOW])),
            select(func.count())
            .where(Intake.patient_id == patient.id, Intake.submitted_at.is_not(None))
            .scalar_subquery(),
            exists().where(Approval.patient_id == patient.id, standing.stands_on(now.date())),
            exists().where(
                WaitlistEntry.patient_id == patient.id, WaitlistEntry.state == EntryState.WAITING
            ),
        )
    ).one()
    values: dict[str, object] = {
        "name": patient.name,
        "born_on": patient.born_on,
        "phone": patient.phone,
        "email": patient.email,
        "since": patient.created_at,
        "signs_in": patient.user is not None and patient.user.active,
        "visits_ahead": counted[0],
        "visits_past": counted[1],
        "forms": counted[2],
        "approved": counted[3],
        "waits": counted[4],
    }
    return only_readable("record to merge", actor.roles, values)


def _count(*wanted: Any) -> Any:
    return select(func.count()).select_from(Appointment).where(*wanted).scalar_subquery()


def meetings(one: Patient, other: Patient) -> Sequence[tuple[datetime, str]]:
    """When the two have visits at the same time from now on: the start, and its site's zone."""
    mine, theirs = aliased(Appointment), aliased(Appointment)
    rows = db.session.scalars(
        select(mine)
        .join(theirs, and_(theirs.starts_at < mine.ends_at, theirs.ends_at > mine.starts_at))
        .where(
            mine.patient_id == one.id,
            theirs.patient_id == other.id,
            mine.status.in_(COMING),
            theirs.status.in_(COMING),
            mine.starts_at > clock.now(),
        )
        .order_by(mine.starts_at)
    ).unique()
    return [(visit.starts_at, visit.location.zone) for visit in rows]


def alike(patient: Patient) -> list[Known]:
    """Who may be the same person: alike by name and birth date, or marked when they were entered.

    Records that are replaced already are not among them.
    """
    marked = run(
        select(*lookup.READ).where(
            or_(
                table_of(Patient).c.possible_duplicate_of_id == patient.id,
                table_of(Patient).c.id == patient.possible_duplicate_of_id,
            )
        )
    ).all()
    found = {row[0]: Known(*row) for row in marked}
    found |= {one.id: one for one in lookup.doubles(identity_of(patient))}
    return [one for one in found.values() if one.id != patient.id and one.goes_on is None]


def marked_pairs() -> Sequence[tuple[Patient, Patient]]:
    """Records that were entered as a possible duplicate and are still two, newest first."""
    of = aliased(Patient)
    rows = db.session.execute(
        select(Patient, of)
        .join(of, of.id == Patient.possible_duplicate_of_id)
        .where(same_person.kept_id_of(Patient.id) != same_person.kept_id_of(of.id))
        .order_by(Patient.id.desc())
        .limit(MOST_PAIRS)
    )
    return [(one, other) for one, other in rows]
