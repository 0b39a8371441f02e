"""The desk's day: who, when, where, which service, which state. No clinical content."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, and_, bindparam, exists, or_, select

from clinic import clock
from clinic.accounts import queries as people
from clinic.accounts.models import Patient, Practitioner
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Room, Service
from clinic.catalogue.rules import TREATMENTS
from clinic.catalogue.sites import SiteCard, every_site
from clinic.database import run, table_of
from clinic.frontdesk import readiness
from clinic.intake import confirmations
from clinic.intake.rules import confirmation_counts
from clinic.scheduling import names
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.scheduling.names import NOBODY, Named
from clinic.scheduling.rules import AppointmentStatus
from clinic.treatment import standing
from clinic.treatment.models import Approval
from clinic.treatment.standing import DeskApproval


class Answers(StrEnum):
    """Whether the patient has confirmed their answers for a visit; never what they are."""

    NOT_ASKED = "not-asked"
    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not-confirmed"


class Line(NamedTuple):
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
    room_id: str
    place: str  # the site's name
    place_id: str
    zone: str
    status: AppointmentStatus
    is_late: bool
    since: datetime
    form_missing: bool
    needs_renewal: bool
    answers: Answers
    version: int
    step: int  # minutes from one start of the service to the next
    unreachable: bool = False

    @property
    def missing(self) -> tuple[bool, bool, bool, bool]:
        """What is not ready, as `readiness_chips` draws it; its own page asks the gate too."""
        unconfirmed = self.answers == Answers.NOT_CONFIRMED
        return self.form_missing, self.needs_renewal, unconfirmed, self.unreachable


@dataclass(frozen=True)
class DaySheet:
    lines: tuple[Line, ...]

    @cached_property
    def zones(self) -> list[str]:
        return sorted({line.zone for line in self.lines})

    @property
    def by_place(self) -> Mapping[str, tuple[Line, ...]]:
        """By time; where clocks differ, the visits of each site by themselves, by its name."""
        if len(self.zones) < 2:
            return {"": self.lines}
        in_order = sorted(self.lines, key=lambda line: (line.place, line.place_id))
        return _parted(in_order, by=lambda line: line.place_id)

    @property
    def by_practitioner(self) -> Mapping[str, tuple[Line, ...]]:
        in_order = sorted(self.lines, key=lambda line: (line.colour, line.starts_at))
        return _parted(in_order, by=lambda line: line.practitioner)

    @property
    def waiting(self) -> Sequence[Line]:
        return [line for line in self.lines if line.status == AppointmentStatus.ARRIVED]

    @property
    def late(self) -> Sequence[Line]:
        return [line for line in self.lines if line.is_late]

    @property
    def not_ready(self) -> Sequence[Line]:
        return [line for line in self.lines if any(line.missing)]

    @property
    def unready_alone(self) -> DaySheet:
        """The same day with nobody but those who are not ready."""
        return DaySheet(tuple(self.not_ready))


def _parted(lines: Iterable[Line], by: Callable[[Line], str]) -> Mapping[str, tuple[Line, ...]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(by(line), []).append(line)
    return {name: tuple(some) for name, some in found.items()}


def day_sheet(day: date, sites: Collection[int] | None = None) -> DaySheet:
    """The booked visits of a day at some *sites*, or at all, by time. One statement, whatever the
    number of visits.

    Each site has its own day: a visit is listed under the date that its site's clock shows.
    Only what a line shows is read, for a day may have hundreds: rows of whole tables cost more.
    """
    if sites is None:
        return DaySheet(lines(OF_A_DAY, {"day": day}))
    return DaySheet(lines(OF_A_DAY_AT, {"day": day, "sites": sorted(sites)}))


def lines(statement: Any, values: Mapping[str, object]) -> tuple[Line, ...]:
    """What one of `lines_where` finds, by time."""
    places = {site.id: site for site in every_site()}
    now = clock.now()
    rows = run(statement, values).all()
    named = names.of({actor_id for row in rows for actor_id in row[1:3] if actor_id is not None})
    return tuple([_line(row, named, places, now) for row in rows])


def lines_where(*conditions: ColumnElement[bool]) -> Any:
    """Each booked visit with when its patient sent a form and confirmed it, and whether its
    approval stands."""
    is_approved = exists().where(
        Approval.id == Appointment.approval_id, standing.stands_on(Appointment.starts_on)
    )
    visit, patient, service = table_of(Appointment), table_of(Patient), table_of(Service)
    return (
        select(
            visit.c.location_id,
            visits.actor_among(table_of(Practitioner)),
            visits.actor_among(table_of(Room)),
            visit.c.public_id,
            visit.c.starts_at,
            visit.c.ends_at,
            patient.c.name,
            service.c.name,
            visit.c.status,
            visit.c.status_at,
            visit.c.version,
            service.c.kind,
            service.c.step_minutes,
            confirmations.newest_sent_at(),
            confirmations.confirmed_at(),
            confirmations.has_been_here(),
            is_approved,
            _is_unreachable(patient),
        )
        .select_from(
            visit.join(patient, patient.c.id == visit.c.patient_id).join(
                service, service.c.id == visit.c.service_id
            )
        )
        .where(
            *conditions,
            visit.c.status.not_in([AppointmentStatus.PROPOSED, AppointmentStatus.CANCELLED]),
        )
        .order_by(visit.c.starts_at, visit.c.id)
    )


def _is_unreachable(patient: Table) -> ColumnElement[bool]:
    """SQL: no phone number, and no e-mail address that was proved."""
    unproved = or_(patient.c.email.is_(None), patient.c.email_proved_at.is_(None))
    return and_(patient.c.phone.is_(None), unproved)


_is_that_day = table_of(Appointment).c.starts_on == bindparam("day")
OF_A_DAY = lines_where(_is_that_day)
OF_A_DAY_AT = lines_where(
    _is_that_day, table_of(Appointment).c.location_id.in_(bindparam("sites", expanding=True))
)


def _line(
    row: Sequence[Any],
    named: Mapping[int, Named],
    places: Mapping[int, SiteCard],
    now: datetime,
) -> Line:
    """A row of `OF_A_DAY` as the desk reads it; taken apart at once, for there are hundreds."""
    (
        place_id, practitioner_id, room_id,
        public_id, starts_at, ends_at, patient_name, service, status, since, version,
        kind, step, sent_at, confirmed_at, had_visit, is_approved, unreachable,
    ) = row  # fmt: skip
    place = places[place_id]
    practitioner, room = named.get(practitioner_id, NOBODY), named.get(room_id, NOBODY)
    coming = status == AppointmentStatus.BOOKED
    return Line(
        public_id, starts_at, ends_at, patient_name, service,
        practitioner.name, practitioner.public_id, practitioner.colour, room.name, room.public_id,
        place.name, place.public_id, place.zone, status, coming and starts_at < now, since,
        readiness.form_is_missing(status, kind, sent_at),
        # Answers may change in the waiting room; what is paused then goes into no room.
        status in confirmations.ASKED_IN and kind in TREATMENTS and not is_approved,
        _answers(row, sent_at, confirmed_at, had_visit=had_visit, zone=place.zone, now=now),
        version, step, unreachable and status in readiness.BEFORE_THE_ROOM,
    )  # fmt: skip


def _answers(
    row: Sequence[Any],
    sent_at: datetime | None,
    confirmed_at: datetime | None,
    *,
    had_visit: bool,
    zone: str,
    now: datetime,
) -> Answers:
    starts_at, status, kind = row[4], row[8], row[11]
    if sent_at is None or status not in confirmations.ASKED_IN:
        return Answers.NOT_ASKED
    if confirmed_at is not None:
        day, today = (clock.local(at, zone).date() for at in (starts_at, now))
        counts = confirmation_counts(confirmed_at, day, today, zone)
        return Answers.CONFIRMED if counts else Answers.NOT_CONFIRMED
    asked = confirmations.is_asked(status, kind, starts_at, sent_at, had_visit)
    return Answers.NOT_CONFIRMED if asked else Answers.NOT_ASKED


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
    return standing.approved_until(patient_ids, clock.today(catalogue.site().zone))
