"""Writing what we offer and where: sites, their hours, rooms, devices, services.

Nothing is deleted that a visit points at: a room, a device or a service is taken out of use.
Every function says which fields it changed; nothing changed leaves no trace.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import exists, select

from clinic.accounts.models import ActorKind, ActorRow
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue import queries
from clinic.catalogue.models import (
    Clinic,
    ClosedDay,
    Device,
    Location,
    OpeningHours,
    Room,
    RoomHosts,
    Service,
)
from clinic.catalogue.rules import Minutes, ServiceKind, Together, together
from clinic.database import db, lock_row, transaction
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import Hours, Week, replaced
from clinic.stale import fingerprint, must_be

Row = Location | Room | Device | Service
R = TypeVar("R", Room, Device, Service)

FIELDS: Mapping[type[Row], tuple[str, ...]] = {
    Location: ("name", "address", "zone", "phone", "email"),
    Room: ("name", "active"),
    Device: ("name", "kind", "active"),
    Service: (
        "kind",
        "name",
        "price_pence",
        "duration_minutes",
        "buffer_before_minutes",
        "buffer_after_minutes",
        "notice_hours",
        "horizon_days",
        "step_minutes",
        "device_kind",
        "active",
    ),
}


class ZoneInUse(RuntimeError):
    """The site has visits: in another time zone they would be at another time."""


class NoConsultation(RuntimeError):
    """The last consultation on offer: without one nobody new can come."""


class TooLong(RuntimeError):
    """Filler and Botox together would take longer than any visit may."""


def values(row: Row) -> dict[str, Any]:
    """What a page shows of a row and may change."""
    found = {name: getattr(row, name) for name in FIELDS[type(row)]}
    if isinstance(row, Room):
        found["hosts"] = sorted(host.kind for host in row.hosts)
    return found


def shown(row: Row) -> str:
    """The fingerprint of a row as it is now."""
    return fingerprint(sorted(values(row).items()))


def change(row: Row, wanted: Mapping[str, Any], *, shown_before: str, actor: Actor) -> list[str]:
    """Put *wanted* in place of what is stored; the names of the fields that changed.

    Raises `ChangedMeanwhile`, `ZoneInUse`, `NoConsultation` and `TooLong`.
    """
    with transaction():
        lock_row(row)
        must_be(shown_before, shown(row))
        before = values(row)
        changed = [name for name, value in wanted.items() if before[name] != value]
        if "zone" in changed and has_visits(row):
            raise ZoneInUse
        _put(row, {name: wanted[name] for name in changed})
        if changed:
            _note(row, changed, actor)
        if isinstance(row, Service) and changed:
            _keep_whole(row, actor)
    return changed


def add_site(wanted: Mapping[str, Any], *, actor: Actor) -> Location:
    with transaction():
        site = Location(clinic=db.session.scalars(select(Clinic)).one(), **wanted)
        db.session.add(site)
        db.session.flush()
        _note(site, ["added"], actor)
    return site


def add_room(site: Location, wanted: Mapping[str, Any], *, actor: Actor) -> Room:
    with transaction():
        room = Room(location_id=site.id, actor=ActorRow(kind=ActorKind.ROOM))
        return _add(room, wanted, actor)


def add_device(site: Location, wanted: Mapping[str, Any], *, actor: Actor) -> Device:
    with transaction():
        device = Device(location_id=site.id, actor=ActorRow(kind=ActorKind.DEVICE))
        return _add(device, wanted, actor)


def add_service(site: Location, wanted: Mapping[str, Any], *, actor: Actor) -> Service:
    """Raises `TooLong`."""
    with transaction():
        service = _add(Service(location_id=site.id), wanted, actor)
        _keep_whole(service, actor)
    return service


def put_opening(site: Location, week: Week, *, shown_before: str, actor: Actor) -> list[str]:
    """These opening hours from the week's first day to its last. Raises `ChangedMeanwhile`."""
    with transaction():
        lock_row(site)
        rows = queries.opening_rows(site)
        must_be(shown_before, opening_shown(rows))
        kept = {_hours(row): row for row in rows}
        wanted = set(replaced(kept, week))
        for hours, row in kept.items():
            if hours not in wanted:
                db.session.delete(row)
        for hours in wanted - kept.keys():
            db.session.add(_opening(site, hours))
        if wanted == kept.keys():
            return []
        db.session.flush()
        db.session.expire(site, ["hours"])
        _note(site, ["opening-hours"], actor)
    return ["opening-hours"]


def opening_shown(rows: Any) -> str:
    return fingerprint(sorted(repr(_hours(row)) for row in rows))


def opening_hours(rows: Any) -> list[Hours]:
    return [_hours(row) for row in rows]


def _hours(row: OpeningHours) -> Hours:
    first = row.valid_from or date.min
    return Hours(row.weekday, row.opens_minute, row.closes_minute, first, row.valid_until)


def _opening(site: Location, hours: Hours) -> OpeningHours:
    return OpeningHours(
        location_id=site.id,
        weekday=hours.weekday,
        opens_minute=hours.opens_minute,
        closes_minute=hours.closes_minute,
        valid_from=None if hours.valid_from == date.min else hours.valid_from,
        valid_until=hours.valid_until,
    )


def add_closed_day(site: Location, day: date, name: str, *, actor: Actor) -> list[str]:
    """Close a site on a date; a date that is closed already stays as it is."""
    with transaction():
        lock_row(site)
        if queries.closed_day(site, day) is not None:
            return []
        closed = ClosedDay(location_id=site.id, day=day, name=name)
        db.session.add(closed)
        db.session.flush()
        _note(closed, ["added"], actor)
    return ["closed-day"]


def remove_closed_day(closed: ClosedDay, *, actor: Actor) -> list[str]:
    with transaction():
        _note(closed, ["removed"], actor)
        db.session.delete(closed)
    return ["closed-day"]


def has_visits(row: Row) -> bool:
    return bool(db.session.scalar(select(exists().where(Appointment.location_id == row.id))))


def least(service: Service) -> Together | None:
    """What a combined service takes at least; None for any other, or while a part is missing."""
    if service.kind != ServiceKind.COMBINED:
        return None
    return together_at(queries.services_at(service.location_id)).get(service.location_id)


def together_at(offered: Iterable[Service]) -> Mapping[int, Together]:
    """What a combined visit takes at least, by the row number of each site that offers both."""
    parts: dict[int, dict[ServiceKind, list[Minutes]]] = defaultdict(lambda: defaultdict(list))
    for part in offered:
        if part.active:
            parts[part.location_id][part.kind].append(
                Minutes(
                    part.duration_minutes, part.buffer_before_minutes, part.buffer_after_minutes
                )
            )
    found = {key: together(at_site) for key, at_site in parts.items()}
    return {key: one for key, one in found.items() if one is not None}


def _keep_whole(saved: Service, actor: Actor) -> None:
    """A combined visit is filler, then Botox: its minutes follow theirs whenever one is saved."""
    db.session.flush()
    if saved.kind == ServiceKind.CONSULTATION and not any(
        s.active and s.kind == ServiceKind.CONSULTATION for s in queries.every_service()
    ):
        raise NoConsultation
    at_site = queries.services_at(saved.location_id)
    needs = together_at(at_site).get(saved.location_id)
    if needs is None or saved.kind not in (
        ServiceKind.COMBINED,
        ServiceKind.FILLER,
        ServiceKind.TOXIN,
    ):
        return
    if needs.duration > LONGEST:
        raise TooLong
    for service in at_site:
        if service.kind == ServiceKind.COMBINED:
            wanted = {
                "duration_minutes": needs.duration,
                "buffer_before_minutes": max(needs.before, service.buffer_before_minutes),
                "buffer_after_minutes": max(needs.after, service.buffer_after_minutes),
            }
            changed = [name for name, value in wanted.items() if getattr(service, name) != value]
            _put(service, {name: wanted[name] for name in changed})
            if changed:
                _note(service, changed, actor)


LONGEST = 600


def _add(row: R, wanted: Mapping[str, Any], actor: Actor) -> R:
    _put(row, wanted)
    db.session.add(row)
    db.session.flush()
    _note(row, ["added"], actor)
    return row


def _put(row: Row, wanted: Mapping[str, Any]) -> None:
    for name, value in wanted.items():
        if isinstance(row, Room) and name == "hosts":
            kept = {host.kind: host for host in row.hosts}
            row.hosts = [kept.get(kind) or RoomHosts(kind=kind) for kind in value]
        else:
            setattr(row, name, value)


def _note(row: Row | ClosedDay, fields: list[str], actor: Actor) -> None:
    audit.record(
        Event.ROSTER_CHANGED,
        actor=actor,
        subject=row,
        table=row.__tablename__,
        row=row.public_id,
        fields=fields,
    )
