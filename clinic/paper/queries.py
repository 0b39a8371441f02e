"""The day as it goes on paper: who, when, where, which service, which state; nothing clinical.

The desk's sheets say how to reach and to recognise a patient, a physician's do not: they have the
fields of `permissions.FIELDS` for each.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import bindparam, select

from clinic import clock
from clinic.accounts.models import Patient
from clinic.clock import Period
from clinic.database import run, table_of
from clinic.frontdesk import queries as desk
from clinic.frontdesk.lines import Line
from clinic.paper.rules import free_hours
from clinic.scheduling import roster, working
from clinic.scheduling.models import Appointment
from clinic.scheduling.on_offer import Roster
from clinic.scheduling.rules import AppointmentStatus

_visit, _patient = table_of(Appointment).c, table_of(Patient).c
CONTACTS = (
    select(_visit.public_id, _patient.born_on, _patient.phone)
    .join_from(table_of(Appointment), table_of(Patient))
    .where(_visit.starts_on == bindparam("day"))
)


@dataclass(frozen=True)
class Entry:
    """A visit on paper."""

    starts_at: datetime
    ends_at: datetime
    patient_name: str
    born_on: date | None
    phone: str | None
    service: str
    practitioner: str
    room: str
    place: str
    status: AppointmentStatus
    missing: tuple[bool, ...]  # as `readiness_chips` draws it

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)


@dataclass(frozen=True)
class Block:
    """Sheets of one list, at one site's clock: of a *practitioner*, or of everybody by time.

    *free* are hours that nobody has; empty for everybody's.
    """

    practitioner: str
    place: str
    zone: str
    entries: Sequence[Entry]
    free: Sequence[Period] = ()

    @property
    def lines(self) -> Sequence[Entry | Period]:
        """Visits and free hours in order of time."""
        return sorted([*self.entries, *self.free], key=lambda line: line.starts_at)


@dataclass(frozen=True)
class Paper:
    """*printed_at* is when; each block says it by its own clock."""

    day: date
    printed_at: datetime
    blocks: Sequence[Block]

    @property
    def count(self) -> int:
        """How many visits are on it, each counted once."""
        by_time = [block for block in self.blocks if not block.practitioner]
        return sum(len(block.entries) for block in by_time or self.blocks)


def of_the_desk(
    day: date, practitioner: str | None = None, *, sites: Collection[int] | None = None
) -> Paper | None:
    """Everybody by time, then each physician; or one physician's; at some *sites* or at all. None
    where nobody there has the id."""
    known = _at(roster.since(day), sites)
    lines = desk.day_sheet(day, sites).lines
    people = {line.practitioner_id for line in lines} | {who.public_id for who in known.people}
    if practitioner is not None and practitioner not in people:
        return None
    contacts = {row[0]: (row[1], row[2]) for row in run(CONTACTS, {"day": day})}
    blocks = _by_physician(known, day, lines, contacts, practitioner)
    if practitioner is None:
        blocks = [*_by_time(lines, contacts), *blocks]
    return Paper(day, clock.now(), blocks)


def of_a_physician(day: date, practitioner: str, *, sites: Collection[int] | None = None) -> Paper:
    """Their own day: neither phone numbers nor dates of birth, which their list does not have."""
    known, lines = _at(roster.since(day), sites), desk.day_sheet(day, sites).lines
    return Paper(day, clock.now(), _by_physician(known, day, lines, {}, practitioner))


def _at(known: Roster, sites: Collection[int] | None) -> Roster:
    """The roster of some *sites*: these, and who works there."""
    if sites is None:
        return known
    here = {key: site for key, site in known.sites.items() if key in sites}
    people = [who for who in known.people if any(who.works_at(key) for key in here)]
    return replace(known, sites=here, people=people)


Contacts = Mapping[str, tuple[date, str | None]]


def _by_time(lines: Sequence[Line], contacts: Contacts) -> list[Block]:
    sites = {line.place_id: (line.place, line.zone) for line in lines}
    return [
        Block("", place, zone, [_entry(line, contacts) for line in lines if line.place_id == one])
        for one, (place, zone) in sorted(sites.items(), key=lambda site: site[1])
    ]


def _by_physician(
    known: Roster,
    day: date,
    lines: Sequence[Line],
    contacts: Contacts,
    only: str | None,
) -> list[Block]:
    """One for each physician and site at which they have a visit or work that day."""
    found = []
    for site in known.sites.values():
        here = [line for line in lines if line.place_id == site.public_id]
        gone = {line.practitioner_id: line.practitioner for line in here}
        at_work = [who for who in known.people if who.works_at(site.id)]
        names = {**{who.public_id: who.name for who in at_work}, **gone}
        for public_id, name in names.items():
            entries = [_entry(line, contacts) for line in here if line.practitioner_id == public_id]
            who = next((one for one in at_work if one.public_id == public_id), None)
            hours = working.of_person(who, site, day) if who else []
            if (entries or hours) and only in (None, public_id):
                free = free_hours(hours, [entry.period for entry in entries], site.zone)
                found.append(Block(name, site.name, site.zone, entries, free))
    return found


def _entry(line: Line, contacts: Contacts) -> Entry:
    born_on, phone = contacts.get(line.public_id, (None, None))
    return Entry(
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        patient_name=line.patient_name,
        born_on=born_on,
        phone=phone,
        service=line.service,
        practitioner=line.practitioner,
        room=line.room,
        place=line.place,
        status=line.status,
        missing=line.missing,
    )
