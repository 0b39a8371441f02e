"""The locks of scheduling: actors' rows held in order, and states that move only once.

SQLite's single writer needs no rows locked; its transactions begin as writers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from clinic import clock
from clinic.accounts.models import ActorRow, Patient
from clinic.accounts.same_person import actors_beside
from clinic.database import db, rows, rows_changed, table_of
from clinic.made import Made
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import AppointmentStatus

_taken, _patient = table_of(Participant).c, table_of(Patient).c
# The actors of a visit, and of a patient to come.
OF_A_VISIT = Made(
    select(ActorRow.id)
    .where(
        ActorRow.id.in_(
            select(_taken.actor_id)
            .where(_taken.appointment_id == bindparam("visit_id"))
            .union_all(select(_patient.actor_id).where(_patient.id == bindparam("patient_id")))
        )
    )
    .order_by(ActorRow.id)
    .with_for_update()
)


def lock_actors(actor_ids: Iterable[int]) -> bool:
    """Hold the actors' rows until the end of the transaction, in the order of their ids.

    Whether what was read before may be old by now: whoever was waited for may have changed it.
    """
    if db.engine.dialect.name != "postgresql":
        return False
    db.session.execute(
        select(ActorRow.id)
        .where(ActorRow.id.in_(sorted(set(actor_ids))))
        .order_by(ActorRow.id)
        .with_for_update()
    ).all()
    return True


def lock_person(patient: Patient) -> None:
    """Hold the actors of every record of the person, in the order of their ids: who sends a form,
    signs or resumes on one of them waits for who does on another."""
    if db.engine.dialect.name == "postgresql":
        theirs = ActorRow.id.in_(actors_beside(patient.actor_id))
        db.session.execute(
            select(ActorRow.id).where(theirs).order_by(ActorRow.id).with_for_update()
        ).all()


def lock_address(address: str) -> None:
    """Count the holds of one address one press after the other."""
    if db.engine.dialect.name == "postgresql":
        digest = hashlib.sha256(f"holds from {address}".encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        db.session.execute(select(func.pg_advisory_xact_lock(number)))


def lock_visit(appointment: Appointment) -> None:
    """Lock everything the visit takes up, then read the visit again.

    What was read before the lock may be old: whoever held it may have changed the visit. On SQLite
    whatever a transaction has read was read under its lock.
    """
    if db.engine.dialect.name != "postgresql":
        return
    rows(OF_A_VISIT, {"visit_id": appointment.id, "patient_id": None})
    db.session.refresh(appointment)


def lock_press(visit_id: int, patient_id: int) -> None:
    """Lock everything that a hold takes up, and the patient who books it. Read it after that."""
    if db.engine.dialect.name != "postgresql":
        return
    rows(OF_A_VISIT, {"visit_id": visit_id, "patient_id": patient_id})


def move_status(
    appointment: Appointment,
    was: AppointmentStatus,
    new: AppointmentStatus,
    actor: Actor,
    since: datetime | None = None,
) -> bool:
    """Conditional update (S75): one row, or somebody was faster. *since* is when the visit came
    into its new state, now if it is not given."""
    moved = rows_changed(
        update(Appointment)
        .where(
            Appointment.id == appointment.id,
            Appointment.status == was,
            Appointment.version == appointment.version,
        )
        .values(
            status=new,
            status_at=since or clock.now(),
            status_by=actor.label,
            version=Appointment.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(appointment)
    return moved == 1
