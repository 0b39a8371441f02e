"""A booking's press: what decides about a hold at that moment, asked once and under the lock.

Columns in place of objects: a press is the request that everybody waits for, and on SQLite the one
writer holds all others up for as long as it lasts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import bindparam, exists, select

from clinic import clock
from clinic.accounts.models import Patient
from clinic.accounts.rules import ADULT
from clinic.catalogue import sites
from clinic.catalogue.models import Service
from clinic.catalogue.rules import ServiceKind
from clinic.clock import Period
from clinic.columns import UTCDateTime, as_text
from clinic.database import db, rows, table_of
from clinic.made import Made
from clinic.scheduling import queries
from clinic.scheduling.busy import LONGEST_VISIT
from clinic.scheduling.locks import lock_press
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import AppointmentStatus


@dataclass(frozen=True, slots=True)
class Press:
    """A hold and the patient who books it, as they are under the lock.

    *taken* is what the hold takes up, by actor; *stamp* is the roster's now, *held_under* what it
    was when it offered the time; *is_in_the_way* says whether a hold that is over stands in the
    patient's own way.
    """

    taken: Mapping[int, Period]
    visit_id: int
    public_id: str
    service_id: int
    kind: ServiceKind
    starts_at: datetime
    ends_at: datetime
    starts_on: date
    status: AppointmentStatus
    status_at: datetime
    hold_until: datetime | None
    held_under: str | None
    version: int
    patient_id: int
    actor_id: int
    born_on: date
    email: str | None
    stamp: str | None
    is_in_the_way: bool

    @classmethod
    def of(cls, rows: Sequence[Any]) -> Self:
        taken = {row[0]: Period(row[1], row[2]) for row in rows}
        return cls(taken, *rows[0][3:])

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)

    @property
    def is_held(self) -> bool:
        return self.status == AppointmentStatus.PROPOSED and self.hold_until is not None

    @property
    def has_run_out(self) -> bool:
        return self.hold_until is not None and self.hold_until <= clock.now()

    @property
    def is_of_an_adult(self) -> bool:
        """On the date of the visit, at its site (truth 5)."""
        return clock.age_on(self.born_on, self.starts_on) >= ADULT


def _press() -> Any:
    visit, patient = table_of(Appointment), table_of(Patient)
    service, taken = table_of(Service), table_of(Participant)
    other, its = taken.alias("other"), visit.alias("its")
    in_the_way = exists().where(
        other.c.actor_id == patient.c.actor_id,
        other.c.active,
        other.c.starts_at < visit.c.ends_at,
        other.c.starts_at > bindparam("earliest", type_=UTCDateTime),
        other.c.ends_at > visit.c.starts_at,
        its.c.id == other.c.appointment_id,
        its.c.id != visit.c.id,
        its.c.status == as_text(AppointmentStatus.PROPOSED),
        its.c.hold_until <= bindparam("now", type_=UTCDateTime),
    )
    return (
        select(
            taken.c.actor_id, taken.c.starts_at, taken.c.ends_at,
            visit.c.id, visit.c.public_id, visit.c.service_id, service.c.kind,
            visit.c.starts_at, visit.c.ends_at, visit.c.starts_on,
            visit.c.status, visit.c.status_at, visit.c.hold_until, visit.c.held_under,
            visit.c.version,
            patient.c.id, patient.c.actor_id, patient.c.born_on, patient.c.email,
            sites.STAMP.scalar_subquery(), in_the_way,
        )
        .select_from(
            visit.join(taken, taken.c.appointment_id == visit.c.id)
            .join(service, service.c.id == visit.c.service_id)
            .join(patient, patient.c.id == bindparam("patient_id"))
        )
        .where(visit.c.id == bindparam("visit_id"))
    )  # fmt: skip


PRESS = Made(_press())


def at_the_press(visit_id: int, patient_id: int) -> Press | None:
    """Under the lock of everything that the hold takes up, and of the patient; None without one.

    What the session still has to write is written first.
    """
    db.session.flush()
    lock_press(visit_id, patient_id)
    queries.forget_visit(visit_id)  # whoever held the lock may have changed it
    now = clock.now()
    values = {
        "visit_id": visit_id,
        "patient_id": patient_id,
        "now": now,
        "earliest": now - 2 * LONGEST_VISIT,  # a hold is for a time to come
    }
    found = rows(PRESS, values)
    return Press.of(found) if found else None
