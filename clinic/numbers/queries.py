"""What is counted, as rows of a few columns: sums where both databases can make them.

As many statements for two years as for a week. No row names a patient or says what was found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    and_,
    case,
    extract,
    func,
    select,
    type_coerce,
)

from clinic import clock
from clinic.accounts import same_person
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.clock import Period
from clinic.columns import as_text
from clinic.database import dialect_name, run, table_of
from clinic.intake.models import Intake
from clinic.numbers.facts import Cancelled, Day, Decided, Facts, Lead, Taken, Times, Waited
from clinic.numbers.measures import Of
from clinic.numbers.rules import Weeks, monday_of
from clinic.scheduling import roster, working
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.models import Decision, ScreeningNote

_visit, _part = table_of(Appointment).c, table_of(Participant).c
_event, _note, _form = table_of(AuditEvent).c, table_of(ScreeningNote).c, table_of(Intake).c
DAY = timedelta(days=1)
Sites = Collection[int] | None  # row numbers; None is every one
# Part of the statement's text: SQLite then takes the index that holds such rows alone.
MOVED_ON = _event.event == as_text(Event.APPOINTMENT_STATUS)


def facts(weeks: Weeks, sites: Sites, wanted: Collection[Of] = tuple(Of)) -> Facts:
    """All that the *wanted* numbers of some weeks are made of, at some *sites* or at every one.

    What physicians decide is counted for all sites together: what is left of the whole would
    tell of a site at which there was little.
    """
    physicians, rooms = Of.PHYSICIANS in wanted, Of.ROOMS in wanted
    hours = _Hours(weeks, sites) if physicians or rooms else None
    return Facts(
        physicians=hours.of_physicians() if hours and physicians else (),
        rooms=hours.of_rooms() if hours and rooms else (),
        taken=_taken(weeks, sites) if hours else (),
        days=_days(weeks, sites) if {Of.MISSED, Of.CANCELLED} & {*wanted} else (),
        leads=_leads(weeks, sites) if Of.LEAD in wanted else (),
        cancelled=_cancelled(weeks, sites) if {Of.CANCELLED, Of.REASONS} & {*wanted} else (),
        waited=_waited(weeks, sites) if Of.WAITING in wanted else (),
        decided=_decided(weeks) if {Of.APPROVAL_TIME, Of.APPROVAL_RATE} & {*wanted} else (),
    )


def _in(weeks: Weeks, sites: Sites) -> ColumnElement[bool]:
    """Visits that were booked, whatever became of them; a hold that ran out never was."""
    booked = and_(
        _visit.starts_on.between(weeks.first, weeks.last),
        _visit.booked_at.is_not(None),
    )
    return booked if sites is None else and_(booked, _visit.location_id.in_(sorted(sites)))


class _Hours:
    """For how long people work and rooms can be used, by week; the site's own hours once."""

    def __init__(self, weeks: Weeks, sites: Sites) -> None:
        self.known, self.days = roster.since(weeks.first), weeks.days
        self.sites = [s for s in self.known.sites.values() if sites is None or s.id in sites]
        self.opened = {
            (site.id, day): working.opening(site, day) for site in self.sites for day in self.days
        }

    def of_physicians(self) -> Sequence[Times]:
        """Of those who have hours there at all."""
        found = []
        for who in self.known.people:
            here = [site for site in self.sites if who.works_at(site.id)]
            if here:
                hours = (
                    (day, working.of_person(who, site, day, self.opened[site.id, day]))
                    for site in here
                    for day in self.days
                )
                found.append(Times(who.actor_id, who.name, _by_week(hours)))
        return found

    def of_rooms(self) -> Sequence[Times]:
        found = []
        for room in self.known.rooms:
            site = next((one for one in self.sites if one.id == room.location_id), None)
            if site is not None:
                hours = (
                    (day, working.of_room(room, site, day, self.opened[site.id, day]))
                    for day in self.days
                )
                found.append(Times(room.actor_id, room.name, _by_week(hours)))
        return found


def _by_week(hours: Iterable[tuple[date, Sequence[Period]]]) -> Mapping[date, int]:
    found: dict[date, int] = defaultdict(int)
    for day, periods in hours:
        found[monday_of(day)] += working.minutes(periods)
    return found


def _taken(weeks: Weeks, sites: Sites) -> Sequence[Taken]:
    """For how long visits took somebody or something up, buffers included; a missed one too."""
    rows = run(
        select(_part.actor_id, _visit.starts_on, _seconds_taken())
        .join_from(table_of(Participant), table_of(Appointment))
        .where(_in(weeks, sites), _visit.status != S.CANCELLED)
        .group_by(_part.actor_id, _visit.starts_on)
    )
    return [Taken(actor_id, day, round(float(seconds) / 60)) for actor_id, day, seconds in rows]


def _seconds_taken() -> ColumnElement[Any]:
    """SQLite counts microseconds, PostgreSQL subtracts instants."""
    ends, starts = _part.ends_at, _part.starts_at
    if dialect_name() == "sqlite":
        return func.sum(type_coerce(ends, BigInteger) - type_coerce(starts, BigInteger)) / 1_000_000
    return func.sum(extract("epoch", type_coerce(ends, DateTime) - type_coerce(starts, DateTime)))


def _days(weeks: Weeks, sites: Sites) -> Sequence[Day]:
    """How many visits of each day were booked, were due by now, and were missed."""
    stands = _visit.status != S.CANCELLED
    is_due = and_(stands, _visit.starts_at <= clock.now())
    rows = run(
        select(
            _visit.starts_on,
            func.count(),
            func.sum(case((is_due, 1), else_=0)),
            func.sum(case((_visit.status == S.NOSHOW, 1), else_=0)),
        )
        .where(_in(weeks, sites))
        .group_by(_visit.starts_on)
    )
    return [Day(*row) for row in rows]


def _leads(weeks: Weeks, sites: Sites) -> Sequence[Lead]:
    """From booking to visit, for each visit that was not cancelled."""
    rows = run(
        select(_visit.starts_on, _visit.booked_at, _visit.starts_at).where(
            _in(weeks, sites), _visit.status != S.CANCELLED
        )
    )
    return [Lead(day, (starts_at - booked_at) / DAY) for day, booked_at, starts_at in rows]


def _cancelled(weeks: Weeks, sites: Sites) -> Sequence[Cancelled]:
    rows = run(
        select(_visit.starts_on, _visit.cancel_reason, func.count())
        .where(_in(weeks, sites), _visit.status == S.CANCELLED)
        .group_by(_visit.starts_on, _visit.cancel_reason)
    )
    return [Cancelled(day, reason or "other", count) for day, reason, count in rows]


def _waited(weeks: Weeks, sites: Sites) -> Sequence[Waited]:
    """From arriving to the room, by the log: the visit itself keeps only its newest state.

    Who was called in and sent back to wait has been there since they came; who was marked by
    mistake and came later has not.
    """
    was, now = (_event.facts[name].as_string() for name in ("was", "now"))
    arrived = func.max(case((and_(now == S.ARRIVED, was != S.IN_ROOM), _event.at)))
    called = func.max(case((now == S.IN_ROOM, _event.at)))
    rows = run(
        select(_visit.starts_on, arrived, called)
        .select_from(table_of(AuditEvent))
        .join(table_of(Appointment), _visit.public_id == func.substr(_event.subject, 13))
        .where(
            MOVED_ON,
            # nowhere is a day of the range more than a day away from the one of universal time
            _event.at >= clock.instant(weeks.first - DAY, 0, "UTC"),
            _event.at < clock.instant(weeks.last + 2 * DAY, 0, "UTC"),
            _in(weeks, sites),
        )
        .group_by(_visit.id, _visit.starts_on)
    )
    return [
        Waited(day, (called - arrived) / timedelta(minutes=1))
        for day, arrived, called in rows
        if arrived is not None and called is not None and called >= arrived
    ]


def _decided(weeks: Weeks) -> Sequence[Decided]:
    """Each signed decision: whether it approves, and how long after its form was sent."""
    rows = run(
        select(
            _note.signed_on,
            same_person.kept_id_of(_note.patient_id),
            _note.decision == Decision.APPROVE,
            _note.signed_at,
            _form.submitted_at,
        )
        .select_from(table_of(ScreeningNote).outerjoin(table_of(Intake)))
        .where(_note.signed_on.between(weeks.first, weeks.last))
    )
    return [
        Decided(day, patient_id, bool(approves), (signed_at - sent_at) / DAY if sent_at else None)
        for day, patient_id, approves, signed_at, sent_at in rows
    ]
