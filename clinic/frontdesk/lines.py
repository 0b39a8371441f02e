"""A visit as the desk's lists and its calendar read it, in one statement. No clinical content.

What was read is kept with the lines that were made of it: an open calendar asks every half minute,
and most often finds the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    case,
    exists,
    false,
    or_,
    select,
)

from clinic import clock
from clinic.accounts.models import Patient
from clinic.catalogue.models import Service
from clinic.catalogue.rules import TREATMENTS, ServiceKind
from clinic.catalogue.sites import SiteCard, every_site
from clinic.database import run, table_of
from clinic.frontdesk import readiness
from clinic.intake import confirmations
from clinic.intake.models import Intake
from clinic.intake.rules import confirmation_counts
from clinic.scheduling import names
from clinic.scheduling.models import Appointment
from clinic.scheduling.names import Named
from clinic.scheduling.rules import AppointmentStatus
from clinic.treatment import standing
from clinic.treatment.models import Approval


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


Lines = tuple[Line, ...]


class _Kept(NamedTuple):
    """*found* as it was made of rows that *said* so in *minute*, with what all were called then."""

    said: list[Any]
    actors: frozenset[int]
    minute: datetime
    named: Mapping[int, Named]
    sites: Sequence[SiteCard]
    found: Lines


MOST_KEPT = 128
_kept: dict[tuple[object, ...], _Kept] = {}


def lines(statement: Any, values: Mapping[str, object]) -> Lines:
    """What one of `lines_where` finds, by time. The very same tuple as long as it says the same.

    Visits begin on whole minutes, so nobody is late only from the middle of one on.
    """
    sites, now = every_site(), clock.now()
    rows = run(statement, values).all()
    said = list(chain.from_iterable(rows))
    key, minute = (statement, *values.values()), now.replace(second=0, microsecond=0)
    kept = _kept.get(key)
    if kept is not None and kept.said == said:
        actors, was = kept.actors, kept
    else:
        actors, was = frozenset(a for row in rows for a in names.numbers(row[1])), None
    named = names.of(actors)
    if was and (was.minute, was.named, was.sites) == (minute, named, sites):
        return was.found
    places = {site.id: site for site in sites}
    found = tuple([_line(row, named, places, now) for row in rows])
    if kept is not None and kept.found == found:
        found = kept.found
    if now != minute:  # at the one moment at which the minutes before and after it may differ
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = _Kept(said, actors, minute, named, sites, found)
    return found


def lines_where(*conditions: ColumnElement[bool]) -> Any:
    """Each booked visit with when its patient sent a form and confirmed it, and whether its
    approval stands."""
    visit, patient, service = table_of(Appointment), table_of(Patient), table_of(Service)
    return (
        select(
            visit.c.location_id,
            names.actors_of_it(patient.c.actor_id),
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
            _has_been_here(service),
            _is_approved(),
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


def _is_open() -> ColumnElement[bool]:
    """SQL: what is missing could still be had."""
    return Appointment.status.in_(confirmations.ASKED_IN)


def _has_been_here(service: Table) -> ColumnElement[bool]:
    """SQL, looked for where `confirmations.is_asked` wants to know: it costs much."""
    has_form = exists().where(Intake.patient_id == Appointment.patient_id).correlate(Appointment)
    wanted = and_(_is_open(), service.c.kind == ServiceKind.CONSULTATION, has_form)
    return case((wanted, confirmations.has_been_here()), else_=false())


def _is_approved() -> ColumnElement[bool]:
    """SQL, looked for where a line says it."""
    approved = exists().where(
        Approval.id == Appointment.approval_id, standing.stands_on(Appointment.starts_on)
    )
    wanted = and_(_is_open(), Appointment.approval_id.is_not(None))
    return case((wanted, approved), else_=false())


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
        place_id, actors,
        public_id, starts_at, ends_at, patient_name, service, status, since, version,
        kind, step, sent_at, confirmed_at, had_visit, is_approved, unreachable,
    ) = row  # fmt: skip
    place = places[place_id]
    practitioner, room = names.who_and_where(actors, named)
    coming = status == AppointmentStatus.BOOKED
    return Line(
        public_id, starts_at, ends_at, patient_name, service,
        practitioner.name, practitioner.public_id, practitioner.colour, room.name, room.public_id,
        place.name, place.public_id, place.zone, status, coming and starts_at < now, since,
        readiness.form_is_missing(status, kind, sent_at),
        # Answers may change in the waiting room; what is paused then goes into no room.
        status in confirmations.ASKED_IN and kind in TREATMENTS and not is_approved,
        _answers(
            status, kind, starts_at, sent_at, confirmed_at,
            had_visit=had_visit, zone=place.zone, now=now,
        ),
        version, step, unreachable and status in readiness.BEFORE_THE_ROOM,
    )  # fmt: skip


def _answers(
    status: AppointmentStatus,
    kind: ServiceKind,
    starts_at: datetime,
    sent_at: datetime | None,
    confirmed_at: datetime | None,
    *,
    had_visit: bool,
    zone: str,
    now: datetime,
) -> Answers:
    if sent_at is None or status not in confirmations.ASKED_IN:
        return Answers.NOT_ASKED
    if confirmed_at is not None:
        day, today = (clock.local(at, zone).date() for at in (starts_at, now))
        counts = confirmation_counts(confirmed_at, day, today, zone)
        return Answers.CONFIRMED if counts else Answers.NOT_CONFIRMED
    asked = confirmations.is_asked(status, kind, starts_at, sent_at, had_visit)
    return Answers.NOT_CONFIRMED if asked else Answers.NOT_ASKED
