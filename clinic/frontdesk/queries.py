"""The desk's day: who, when, where, which service, which state. No clinical content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from clinic import clock
from clinic.catalogue import queries as catalogue
from clinic.catalogue.rules import TREATMENTS, ServiceKind
from clinic.intake import queries as intakes
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.treatment import queries as treatment
from clinic.treatment.queries import DeskApproval


@dataclass(frozen=True)
class Line:
    """One visit as the desk reads it."""

    public_id: str
    version: int
    starts_at: datetime
    ends_at: datetime
    patient_name: str
    patient_id: str
    service: str
    practitioner: str
    colour: int
    room: str
    status: AppointmentStatus
    is_late: bool
    since: datetime
    form_missing: bool
    needs_renewal: bool


@dataclass(frozen=True)
class DaySheet:
    lines: Sequence[Line]

    @property
    def by_practitioner(self) -> Mapping[str, Sequence[Line]]:
        found: dict[str, list[Line]] = {}
        for line in sorted(self.lines, key=lambda x: (x.colour, x.starts_at)):
            found.setdefault(line.practitioner, []).append(line)
        return found

    @property
    def waiting(self) -> Sequence[Line]:
        return [line for line in self.lines if line.status == AppointmentStatus.ARRIVED]

    @property
    def late(self) -> Sequence[Line]:
        return [line for line in self.lines if line.is_late]

    @property
    def not_ready(self) -> Sequence[Line]:
        return [line for line in self.lines if line.form_missing or line.needs_renewal]


def day_sheet(day: date) -> DaySheet:
    """All booked visits of a day, by time. Four statements, whatever the number of visits."""
    booked = visits.visits_on(day)
    who = visits.who_and_where(booked)
    patients = [v.patient_id for v in booked if v.patient_id is not None]
    with_form = intakes.submitted_by(patients)
    approved = treatment.in_force_ids([v.approval_id for v in booked if v.approval_id], day)
    now = clock.now()
    return DaySheet(
        [
            _line(visit, who[visit.id], visit.patient_id in with_form, approved, now)
            for visit in booked
        ]
    )


def _line(
    visit: Appointment,
    who: visits.Who,
    has_form: bool,
    approved: frozenset[int],
    now: datetime,
) -> Line:
    assert visit.patient is not None  # visits_on lists no holds
    coming = visit.status == AppointmentStatus.BOOKED
    is_treatment = visit.service.kind in TREATMENTS
    return Line(
        public_id=visit.public_id,
        version=visit.version,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        patient_name=visit.patient.name,
        patient_id=visit.patient.public_id,
        service=visit.service.name,
        practitioner=who.practitioner,
        colour=who.colour,
        room=who.room,
        status=visit.status,
        is_late=coming and visit.starts_at < now,
        since=visit.status_at,
        form_missing=coming and visit.service.kind == ServiceKind.CONSULTATION and not has_form,
        needs_renewal=coming and is_treatment and visit.approval_id not in approved,
    )


def approvals_for_desk(patient_ids: Sequence[int]) -> Mapping[int, Sequence[DeskApproval]]:
    """Modality and last day of what is approved: yes or no, never what for."""
    return treatment.approved_until(patient_ids, clock.today(catalogue.site().zone))
