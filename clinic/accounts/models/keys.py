"""What is kept of each patient to find them by: written along with the patient, by whoever does.

A row of its own for each key, so that an index leads from what somebody types to who is meant.
The desk, the patient and a booking change names and addresses in places of their own; the keys
follow the row itself, so that none of these can forget them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, String, delete, event, insert, inspect
from sqlalchemy.orm import Mapped, mapped_column

from clinic.accounts.finding import LONGEST_KEY, Identity, KeyKind, keys_of
from clinic.accounts.models.people import Patient
from clinic.columns import Code
from clinic.database import Model, table_of

FIELDS = ("name", "born_on", "phone", "email")
# Compared byte by byte on either engine: only then does an index know the beginning of a key.
KEY = String(LONGEST_KEY).with_variant(String(LONGEST_KEY, collation="C"), "postgresql")


class PatientKey(Model):
    """A word of the name, a shortened spelling of it, digits, a birth date or an address."""

    __tablename__ = "patient_key"
    __table_args__ = (
        Index("ix_patient_key_patient_id", "patient_id", "kind", "key"),
        {"sqlite_with_rowid": False},
    )

    kind: Mapped[KeyKind] = mapped_column(Code(KeyKind), primary_key=True)
    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), primary_key=True)


def identity_of(patient: Any) -> Identity:
    return Identity(patient.name, patient.born_on, patient.phone, patient.email)


@event.listens_for(Patient, "after_insert")
def _keep(_mapper: object, connection: Connection, patient: Patient) -> None:
    rows = [
        {"kind": kind, "key": key, "patient_id": patient.id}
        for kind, key in sorted(keys_of(identity_of(patient)))
    ]
    connection.execute(insert(table_of(PatientKey)), rows)


@event.listens_for(Patient, "after_update")
def _keep_again(mapper: object, connection: Connection, patient: Patient) -> None:
    attributes = inspect(patient).attrs
    if any(attributes[field].history.has_changes() for field in FIELDS):
        keys = table_of(PatientKey)
        connection.execute(delete(keys).where(keys.c.patient_id == patient.id))
        _keep(mapper, connection, patient)
