"""The roster in memory: who works when and where, which rooms and devices, what is offered.

A process keeps it from one request to the next. The stamp that the database renews with every
change (`clinic/guards`) is read first each time; the roster is read again when it is another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select

from clinic import clock
from clinic.accounts.models import Credential, CredentialKind, Practitioner
from clinic.catalogue import sites
from clinic.catalogue.models import (
    ClosedDay,
    Device,
    Location,
    OpeningHours,
    Room,
    RoomHosts,
    Service,
)
from clinic.catalogue.rules import ServiceKind
from clinic.database import db
from clinic.scheduling.models import Absence, ExtraHours, Schedule
from clinic.scheduling.on_offer import Dates, Offered, Person, Roster, Site, Thing
from clinic.scheduling.rules import Away, DayHours, Hours, ServiceFacts

__all__ = [
    "KEPT_BACK",
    "Offered",
    "Person",
    "Roster",
    "Site",
    "Thing",
    "as_written",
    "current",
    "offered",
    "since",
    "under",
]

KEPT_BACK = timedelta(days=2)  # a date that is over here may not be over at another site

OfSites = Mapping[int, tuple[DayHours, ...]]

_kept: tuple[tuple[str, date], Roster] | None = None


def current() -> Roster:
    """The roster as it is now: one statement, and a dozen more after a change."""
    return under(sites.stamp())


def under(stamp: str | None) -> Roster:
    """The roster of a *stamp* that was just read; read now, and not kept, where there is none."""
    global _kept
    today = clock.now().date()
    if stamp is not None and _kept is not None and _kept[0] == (stamp, today):
        return _kept[1]
    found = _read(today - KEPT_BACK, stamp)
    if stamp is not None:
        # What was read after the stamp may be newer than it, never older: it is read again then.
        _kept = (stamp, today), found
    return found


def since(day: date) -> Roster:
    """The roster with absences, closed days and extra hours from *day* on, read now; never kept.

    The one that is kept forgets those of days that are over. Of *day* itself and later it will do.
    """
    if day >= clock.now().date() - KEPT_BACK:
        return current()
    return _read(day)


def as_written() -> Roster:
    """The roster as this transaction has written it so far; never kept."""
    return _read(clock.now().date() - KEPT_BACK)


def _read(since: date, stamp: str | None = None) -> Roster:
    away, extra = _away(since), _extra(since)
    return Roster(
        sites=_sites(since, extra.get(None, {})),
        people=_people(away, extra),
        rooms=_rooms(away),
        devices=_devices(away),
        services=_services(),
        stamp=stamp,
    )


def _away(since: date) -> Mapping[int, tuple[Away, ...]]:
    found: dict[int, list[Away]] = defaultdict(list)
    for row in db.session.scalars(select(Absence).where(Absence.ends_on >= since)):
        found[row.actor_id].append(
            Away(
                row.starts_on,
                row.starts_minute,
                row.ends_on,
                row.ends_minute,
                row.starts_second,
                row.ends_second,
            )
        )
    return {actor_id: tuple(stretches) for actor_id, stretches in found.items()}


def _sites(since: date, extra: OfSites) -> Mapping[int, Site]:
    opening: dict[int, list[Hours]] = defaultdict(list)
    for row in db.session.scalars(select(OpeningHours)):
        opening[row.location_id].append(
            Hours(
                row.weekday,
                row.opens_minute,
                row.closes_minute,
                row.valid_from or date.min,
                row.valid_until,
            )
        )
    closed: dict[int, set[date]] = defaultdict(set)
    for one in db.session.scalars(select(ClosedDay).where(ClosedDay.day >= since)):
        closed[one.location_id].add(one.day)
    return {
        site.id: Site(
            id=site.id,
            public_id=site.public_id,
            name=site.name,
            zone=site.zone,
            opening=tuple(opening[site.id]),
            closed=frozenset(closed[site.id]),
            extra_opening=extra.get(site.id, ()),
        )
        for site in db.session.scalars(select(Location).order_by(Location.id))
    }


def _extra(since: date) -> Mapping[int | None, OfSites]:
    """Extra hours by practitioner (None: the site itself), then by site."""
    found: dict[int | None, dict[int, tuple[DayHours, ...]]] = defaultdict(dict)
    for row in db.session.scalars(select(ExtraHours).where(ExtraHours.day >= since)):
        hours = DayHours(
            row.day, row.opens_minute, row.closes_minute, row.opens_second, row.closes_second
        )
        of = found[row.practitioner_id]
        of[row.location_id] = (*of.get(row.location_id, ()), hours)
    return found


def _people(
    away: Mapping[int, tuple[Away, ...]], extra: Mapping[int | None, OfSites]
) -> list[Person]:
    hours: dict[int, dict[int, tuple[Hours, ...]]] = defaultdict(dict)
    for row in db.session.scalars(select(Schedule)):
        of = hours[row.practitioner_id]
        stretch = Hours(
            row.weekday, row.opens_minute, row.closes_minute, row.valid_from, row.valid_until
        )
        of[row.location_id] = (*of.get(row.location_id, ()), stretch)
    credentials: dict[int, dict[CredentialKind, Dates]] = defaultdict(dict)
    for held in db.session.scalars(select(Credential)):
        kinds = credentials[held.practitioner_id]
        kinds[held.kind] = (*kinds.get(held.kind, ()), (held.valid_from, held.valid_until))
    return [
        Person(
            id=who.id,
            actor_id=who.actor_id,
            public_id=who.public_id,
            name=who.name,
            colour=who.colour,
            hours=hours[who.id],
            extra=extra.get(who.id, {}),
            away=away.get(who.actor_id, ()),
            credentials=credentials[who.id],
        )
        for who in db.session.scalars(
            select(Practitioner)
            .where(Practitioner.active)
            .order_by(Practitioner.colour, Practitioner.name)
        )
    ]


def _rooms(away: Mapping[int, tuple[Away, ...]]) -> list[Thing]:
    hosts: dict[int, set[str]] = defaultdict(set)
    for host in db.session.scalars(select(RoomHosts)):
        hosts[host.room_id].add(host.kind)
    return [
        Thing(
            actor_id=room.actor_id,
            public_id=room.public_id,
            name=room.name,
            location_id=room.location_id,
            serves=frozenset(hosts[room.id]),
            away=away.get(room.actor_id, ()),
        )
        for room in db.session.scalars(select(Room).where(Room.active).order_by(Room.name))
    ]


def _devices(away: Mapping[int, tuple[Away, ...]]) -> list[Thing]:
    return [
        Thing(
            actor_id=device.actor_id,
            public_id=device.public_id,
            name=device.name,
            location_id=device.location_id,
            serves=frozenset({device.kind}),
            away=away.get(device.actor_id, ()),
        )
        for device in db.session.scalars(select(Device).where(Device.active).order_by(Device.name))
    ]


def _services() -> list[Offered]:
    order = list(ServiceKind)
    found = db.session.scalars(select(Service).where(Service.active).order_by(Service.id)).all()
    return [offered(s) for s in sorted(found, key=lambda s: (order.index(s.kind), s.name))]


def offered(service: Service) -> Offered:
    """A service as it is stored now, retired ones too: a visit may outlive its service."""
    return Offered(
        id=service.id,
        public_id=service.public_id,
        name=service.name,
        location_id=service.location_id,
        device_kind=service.device_kind,
        facts=ServiceFacts(
            kind=service.kind,
            duration=service.duration,
            buffer_before=timedelta(minutes=service.buffer_before_minutes),
            buffer_after=timedelta(minutes=service.buffer_after_minutes),
            notice=timedelta(hours=service.notice_hours),
            horizon=timedelta(days=service.horizon_days),
            step=timedelta(minutes=service.step_minutes),
        ),
    )
