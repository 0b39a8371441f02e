"""Which records are of one person: asked inside other statements, so it costs none of its own.

A record alone is one pair. A link in force adds two; where two records are replaced by a third,
these are of one person as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select, union_all
from sqlalchemy.orm import aliased

from clinic.accounts.models import Patient, PatientLink
from clinic.database import db, rows, run, table_of
from clinic.made import Made

_patient, _link = table_of(Patient).c, table_of(PatientLink)


def _pairs() -> Any:
    """(*of_id*, *patient_id*): the second record is of the person of the first."""
    one, other = _link.alias("one"), _link.alias("other")
    in_force = one.c.undone_at.is_(None)
    return union_all(
        select(_patient.id.label("of_id"), _patient.id.label("patient_id")),
        select(one.c.replaced_id, one.c.kept_id).where(in_force),
        select(one.c.kept_id, one.c.replaced_id).where(in_force),
        select(one.c.replaced_id, other.c.replaced_id).where(
            in_force,
            other.c.undone_at.is_(None),
            one.c.kept_id == other.c.kept_id,
            one.c.id != other.c.id,
        ),
    )


def pairs() -> Any:
    """To join: each record of *of_id* is a *patient_id*."""
    return _pairs().subquery("same_person")


def ids_of(patient: Any) -> Select[Any]:
    """SQL: the row numbers of every record of the person whose record *patient* is.

    *patient* is a row number, a parameter, or a column of the statement around.
    """
    same = pairs()
    return select(same.c.patient_id).where(same.c.of_id == patient).correlate_except(same)


def ids_of_each(patient_ids: Sequence[int]) -> Select[Any]:
    """SQL: the same for many."""
    same = pairs()
    return select(same.c.patient_id).where(same.c.of_id.in_(patient_ids)).correlate_except(same)


def actors_beside(actor: Any) -> Select[Any]:
    """SQL: what stands in the diary for the person whose patient's actor is given: an actor for
    each of their records."""
    # The number first: joined instead, PostgreSQL reads all patients.
    number = select(_patient.id).where(_patient.actor_id == actor).scalar_subquery()
    theirs = table_of(Patient).alias("theirs")
    return select(theirs.c.actor_id).where(theirs.c.id.in_(ids_of(number)))


KEPT = Made(
    select(_link.c.kept_id).where(
        _link.c.replaced_id == bindparam("patient_id"), _link.c.undone_at.is_(None)
    )
)


def kept_id(patient_id: int) -> int:
    """The row number of the record that goes on for a person."""
    found = rows(KEPT, {"patient_id": patient_id})
    return int(found[0][0]) if found else patient_id


def kept(patient: Patient) -> Patient:
    """The record that goes on: *patient* itself, unless it is replaced."""
    number = kept_id(patient.id)
    return patient if number == patient.id else db.session.get_one(Patient, number)


def is_called(patient: Patient, name_key: str) -> bool:
    """Whether the patient has that name, on this or another record of theirs."""
    if patient.name_key == name_key:
        return True
    names = select(_patient.name_key).where(_patient.id.in_(ids_of(patient.id)))
    return name_key in run(names).scalars().all()


def goes_on_for(public_id: str) -> Any:
    """SQL: whether the patient of the statement around is the record that goes on for the person
    whose record, replaced or not, has that id."""
    asked = aliased(Patient)
    number = (
        select(func.coalesce(PatientLink.kept_id, asked.id))
        .select_from(asked)
        .outerjoin(
            PatientLink,
            and_(PatientLink.replaced_id == asked.id, PatientLink.undone_at.is_(None)),
        )
        .where(asked.public_id == public_id)
    )
    return Patient.id == number.scalar_subquery()


def kept_id_of(patient: Any) -> Any:
    """SQL: the row number of the record that goes on for a column of the statement around."""
    away = select(_link.c.kept_id).where(
        _link.c.replaced_id == patient, _link.c.undone_at.is_(None)
    )
    return func.coalesce(away.correlate_except(_link).scalar_subquery(), patient)


def is_kept() -> Any:
    """SQL: whether no link leads away from the patient of the statement around."""
    away = select(PatientLink.id).where(
        PatientLink.replaced_id == Patient.id, PatientLink.undone_at.is_(None)
    )
    return ~away.correlate(Patient).exists()
