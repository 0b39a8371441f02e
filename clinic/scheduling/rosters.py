"""Writing who works when: weekly hours, extra hours, absences of people, rooms and devices.

No visit is moved by any of it: which ones fall outside is a question of its own (`outside`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from clinic import clock
from clinic.accounts.models import Practitioner
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.models import Device, Location, Room
from clinic.database import db, lock_row, transaction
from clinic.permissions import Actor
from clinic.scheduling.models import Absence, ExtraHours, Schedule
from clinic.scheduling.rules import AbsenceKind, Away, DayHours, Hours, Week, replaced
from clinic.stale import fingerprint, must_be

HasActor = Practitioner | Room | Device


def hours_of(practitioner: Practitioner) -> Sequence[Schedule]:
    """All rows of somebody's weekly hours, at every site."""
    return db.session.scalars(
        select(Schedule).where(Schedule.practitioner_id == practitioner.id)
    ).all()


def as_hours(rows: Iterable[Schedule]) -> list[Hours]:
    return [_hours(row) for row in rows]


def hours_shown(rows: Iterable[Schedule]) -> str:
    return fingerprint(sorted((row.location_id, *_key(_hours(row))) for row in rows))


def put_hours(
    practitioner: Practitioner, site: Location, week: Week, *, shown_before: str, actor: Actor
) -> list[str]:
    """These hours at *site* from the week's first day to its last. Raises `ChangedMeanwhile`."""
    with transaction():
        lock_row(practitioner)
        everywhere = hours_of(practitioner)
        must_be(shown_before, hours_shown(everywhere))
        kept = {_hours(row): row for row in everywhere if row.location_id == site.id}
        wanted = set(replaced(kept, week))
        for hours, row in kept.items():
            if hours not in wanted:
                db.session.delete(row)
        for hours in wanted - kept.keys():
            db.session.add(_row(practitioner, site, hours))
        if wanted == kept.keys():
            return []
        db.session.flush()
        _note("schedule", practitioner, ["hours"], actor)
    return ["hours"]


def _row(practitioner: Practitioner, site: Location, hours: Hours) -> Schedule:
    return Schedule(
        practitioner_id=practitioner.id,
        location_id=site.id,
        weekday=hours.weekday,
        opens_minute=hours.opens_minute,
        closes_minute=hours.closes_minute,
        valid_from=hours.valid_from,
        valid_until=hours.valid_until,
    )


def _hours(row: Schedule) -> Hours:
    return Hours(row.weekday, row.opens_minute, row.closes_minute, row.valid_from, row.valid_until)


def _key(hours: Hours) -> tuple[object, ...]:
    until = hours.valid_until.isoformat() if hours.valid_until else ""
    return hours.weekday, hours.opens_minute, hours.closes_minute, hours.valid_from, until


def add_absence(who: HasActor, away: Away, kind: AbsenceKind, *, actor: Actor) -> list[str]:
    """Somebody or something is away; the same absence again changes nothing."""
    with transaction():
        lock_row(who)
        wanted = {
            "actor_id": who.actor_id,
            "starts_on": away.starts_on,
            "starts_minute": away.starts_minute,
            "ends_on": away.ends_on,
            "ends_minute": away.ends_minute,
            "starts_second": away.starts_second,
            "ends_second": away.ends_second,
            "kind": kind,
        }
        if db.session.scalar(select(Absence.id).filter_by(**wanted).limit(1)) is not None:
            return []
        absence = Absence(**wanted)
        db.session.add(absence)
        db.session.flush()
        _note("absence", absence, ["added"], actor)
    return ["absence"]


def add_extra(
    site: Location, practitioner: Practitioner | None, hours: DayHours, *, actor: Actor
) -> list[str]:
    """Hours on one date, of the site itself without *practitioner*."""
    with transaction():
        lock_row(site)
        wanted = {
            "location_id": site.id,
            "practitioner_id": practitioner.id if practitioner else None,
            "day": hours.day,
            "opens_minute": hours.opens_minute,
            "closes_minute": hours.closes_minute,
            "opens_second": hours.opens_second,
            "closes_second": hours.closes_second,
        }
        if db.session.scalar(select(ExtraHours.id).filter_by(**wanted).limit(1)) is not None:
            return []
        extra = ExtraHours(**wanted)
        db.session.add(extra)
        db.session.flush()
        _note("extra_hours", extra, ["added"], actor)
    return ["extra-hours"]


def remove(row: Absence | ExtraHours, *, actor: Actor) -> list[str]:
    """Take an absence or extra hours back; no visit points at either."""
    with transaction():
        _note(row.__tablename__, row, ["removed"], actor)
        db.session.delete(row)
    return [row.__tablename__]


def absences_of(actor_ids: Iterable[int]) -> Sequence[Absence]:
    """Absences that are not over, of people, rooms and devices, in order of time."""
    return db.session.scalars(
        select(Absence)
        .where(Absence.actor_id.in_(list(actor_ids)), Absence.ends_on >= clock.now().date())
        .order_by(Absence.starts_on, Absence.starts_minute, Absence.id)
    ).all()


def extra_of(practitioner: Practitioner) -> Sequence[ExtraHours]:
    """Extra hours to come, at every site."""
    return db.session.scalars(
        select(ExtraHours)
        .where(ExtraHours.practitioner_id == practitioner.id, ExtraHours.day >= clock.now().date())
        .order_by(ExtraHours.day, ExtraHours.opens_minute)
    ).all()


def extra_opening(site: Location) -> Sequence[ExtraHours]:
    return db.session.scalars(
        select(ExtraHours)
        .where(
            ExtraHours.location_id == site.id,
            ExtraHours.practitioner_id.is_(None),
            ExtraHours.day >= clock.now().date(),
        )
        .order_by(ExtraHours.day, ExtraHours.opens_minute)
    ).all()


def _note(
    table: str, row: Practitioner | Absence | ExtraHours, fields: list[str], actor: Actor
) -> None:
    audit.record(
        Event.ROSTER_CHANGED,
        actor=actor,
        subject=row,
        table=table,
        row=row.public_id,
        fields=fields,
    )
