"""The desk's day: who, when, where, which service, which state. No clinical content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import exists, select

from clinic import clock
from clinic.accounts import queries as people
from clinic.accounts.models import Patient
from clinic.audit import services as audit
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Location, Service
from clinic.catalogue.rules import TREATMENTS, ServiceKind
from clinic.database import db
from clinic.intake.models import Intake
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.treatment import queries as treatment
from clinic.treatment.models import Approval
from clinic.treatment.queries import DeskApproval


@dataclass(frozen=True)
class Found:
    """A patient in the list of those who were looked for; *id* and *subject* are for the log."""

    id: int
    subject: str
    public_id: str
    name: str
    born_on: date
    phone: str | None
    is_possible_duplicate: bool


def found(words: str) -> Sequence[Found]:
    """Who fits *words*, as values: they are shown after their looks were written down."""
    return [
        Found(
            id=patient.id,
            subject=audit.name_of(patient) or "",
            public_id=patient.public_id,
            name=patient.name,
            born_on=patient.born_on,
            phone=patient.phone,
            is_possible_duplicate=patient.possible_duplicate_of_id is not None,
        )
        for patient in people.patients_found(words)
    ]


@dataclass(frozen=True)
class Line:
    """One visit as the desk reads it."""

    public_id: str
    starts_at: datetime
    ends_at: datetime
    patient_name: str
    service: str
    practitioner: str
    practitioner_id: str
    colour: int
    room: str
    place: str  # the site's name
    place_id: str
    zone: str
    status: AppointmentStatus
    is_late: bool
    since: datetime
    form_missing: bool
    needs_renewal: bool
    version: int


@dataclass(frozen=True)
class DaySheet:
    lines: Sequence[Line]

    @cached_property
    def zones(self) -> list[str]:
        return sorted({line.zone for line in self.lines})

    @property
    def by_place(self) -> Mapping[str, Sequence[Line]]:
        """By time; where clocks differ, the visits of each site by themselves."""
        if len(self.zones) < 2:
            return {"": self.lines}
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.place, []).append(line)
        return found

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
    """All booked visits of a day, by time. Two statements, whatever the number of visits.

    Each site has its own day: a visit is listed under the date that its site's clock shows.
    Only what a line shows is read, for a day may have hundreds: rows of whole tables cost more.
    """
    who = visits.who_and_where_on(day)
    sites = {site.id: site for site in catalogue.every_site()}
    now = clock.now()
    return DaySheet([_line(row, who[row.id], sites[row.location_id], now) for row in _rows_of(day)])


def _rows_of(day: date) -> Sequence[Any]:
    """Each visit with whether its patient sent a form and whether its approval stands."""
    has_form = exists().where(
        Intake.patient_id == Appointment.patient_id, Intake.submitted_at.is_not(None)
    )
    is_approved = exists().where(
        Approval.id == Appointment.approval_id, treatment.stands_on(Appointment.starts_on)
    )
    return db.session.execute(
        select(
            Appointment.id,
            Appointment.public_id,
            Appointment.location_id,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.status,
            Appointment.status_at,
            Appointment.version,
            Patient.name.label("patient_name"),
            Service.name.label("service"),
            Service.kind,
            has_form.label("has_form"),
            is_approved.label("is_approved"),
        )
        .join(Patient, Patient.id == Appointment.patient_id)
        .join(Service, Service.id == Appointment.service_id)
        .where(
            Appointment.starts_on == day,
            Appointment.status.not_in([AppointmentStatus.PROPOSED, AppointmentStatus.CANCELLED]),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()


def _line(row: Any, who: visits.Who, place: Location, now: datetime) -> Line:
    coming = row.status == AppointmentStatus.BOOKED
    return Line(
        public_id=row.public_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        patient_name=row.patient_name,
        service=row.service,
        practitioner=who.practitioner,
        practitioner_id=who.practitioner_public_id,
        colour=who.colour,
        room=who.room,
        place=place.name,
        place_id=place.public_id,
        zone=place.zone,
        status=row.status,
        is_late=coming and row.starts_at < now,
        since=row.status_at,
        form_missing=coming and row.kind == ServiceKind.CONSULTATION and not row.has_form,
        needs_renewal=coming and row.kind in TREATMENTS and not row.is_approved,
        version=row.version,
    )


class InvitationState(StrEnum):
    HAS_ACCOUNT = "has-account"
    NO_ADDRESS = "no-address"
    NOT_SENT = "not-sent"
    SENT = "sent"
    OVER = "over"
    USED = "used"


@dataclass(frozen=True)
class Invitation:
    """How far a patient has come on the way to a sign-in of their own; *at* is when."""

    state: InvitationState
    at: datetime | None = None

    @property
    def may_be_sent(self) -> bool:
        return self.state not in (InvitationState.HAS_ACCOUNT, InvitationState.NO_ADDRESS)


def invitation(patient: Patient) -> Invitation:
    if patient.user_id is not None:
        return Invitation(InvitationState.HAS_ACCOUNT)
    if patient.email is None:
        return Invitation(InvitationState.NO_ADDRESS)
    link = people.newest_claim(patient.id)
    if link is None or link.email != patient.email:
        return Invitation(InvitationState.NOT_SENT)
    if link.used_at is not None:
        return Invitation(InvitationState.USED, link.used_at)
    is_over = link.expires_at <= clock.now()
    return Invitation(InvitationState.OVER if is_over else InvitationState.SENT, link.sent_at)


def approvals_for_desk(patient_ids: Sequence[int]) -> Mapping[int, Sequence[DeskApproval]]:
    """Modality and last day of what is approved: yes or no, never what for."""
    return treatment.approved_until(patient_ids, clock.today(catalogue.site().zone))
