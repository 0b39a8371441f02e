"""Reading what we offer and where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

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
from clinic.catalogue.sites import SiteCard, every_site, stamp_of_request
from clinic.database import db


class NoClinic(LookupError):
    """The database is empty: no clinic was made yet."""


def site() -> SiteCard:
    """The clinic's first site: its zone is the clinic's own where no visit says another.

    Raises `NoClinic` in an empty database.
    """
    if not every_site():
        raise NoClinic
    return every_site()[0]


def page_is_about(location: Location) -> None:
    """Header, footer and phone numbers of this page are those of *location*.

    For pages whose address names no row of a site; where it does, the row says it
    (`clinic/pages.py`).
    """
    g.here = location


def services() -> Sequence[Service]:
    """What is on offer, in the order of the kinds."""
    found = db.session.scalars(select(Service).where(Service.active).order_by(Service.id)).all()
    order = list(ServiceKind)
    return sorted(found, key=lambda service: (order.index(service.kind), service.name))


def service(public_id: str) -> Service | None:
    return db.session.scalar(select(Service).where(Service.public_id == public_id, Service.active))


def service_ever(public_id: str) -> Service | None:
    """A service, retired ones too: whoever has its address is told that it is."""
    return db.session.scalar(select(Service).where(Service.public_id == public_id))


CONSULTATIONS = (
    select(Service)
    .options(joinedload(Service.location))
    .where(Service.kind == ServiceKind.CONSULTATION, Service.active)
    .order_by(Service.location_id, Service.id)
)


def consultations() -> Sequence[Service]:
    """What a first visit is, at each site that offers one. Raises `NoClinic` when none does."""
    return _first_of_each_site(db.session.scalars(CONSULTATIONS).all())


def _first_of_each_site(found: Sequence[Service]) -> Sequence[Service]:
    if not found:
        raise NoClinic
    of_site: dict[int, Service] = {}
    for service in found:
        of_site.setdefault(service.location_id, service)
    return list(of_site.values())


_shown: tuple[str, Sequence[Service]] | None = None


def consultations_to_show() -> Sequence[Service]:
    """The same for a page that only shows them, kept under the roster's stamp: as rows of the
    request's session they were a twelfth of the page of times. These are of no session, so nothing
    of them can be written, and nothing more of them is read than their columns and their site.
    """
    global _shown
    now = stamp_of_request()
    if _shown is None or now is None or _shown[0] != now:
        # What was read after the stamp may be newer than it, never older.
        with Session(db.engine) as apart:
            found = _first_of_each_site(apart.scalars(CONSULTATIONS).all())
            apart.expunge_all()
        _shown = now or "", found
    return _shown[1]


def consultation() -> Service:
    """The first of them."""
    return consultations()[0]


def rooms_for(service: Service) -> Sequence[Room]:
    """Rooms of the service's site that can host it, by name."""
    return db.session.scalars(
        select(Room)
        .join(RoomHosts, RoomHosts.room_id == Room.id)
        .where(Room.location_id == service.location_id, RoomHosts.kind == service.kind)
        .order_by(Room.name)
    ).all()


def rooms(location: Location) -> Sequence[Room]:
    return db.session.scalars(
        select(Room)
        .options(selectinload(Room.hosts))
        .where(Room.location_id == location.id)
        .order_by(Room.name)
    ).all()


def sites() -> Sequence[Location]:
    return db.session.scalars(select(Location).order_by(Location.id)).all()


def opening_rows(location: Location) -> Sequence[OpeningHours]:
    return db.session.scalars(
        select(OpeningHours)
        .where(OpeningHours.location_id == location.id)
        .order_by(OpeningHours.weekday, OpeningHours.opens_minute, OpeningHours.valid_from)
    ).all()


def closed_day(location: Location, day: date) -> ClosedDay | None:
    return db.session.scalar(
        select(ClosedDay).where(ClosedDay.location_id == location.id, ClosedDay.day == day)
    )


def closed_days(location: Location, since: date) -> Sequence[ClosedDay]:
    return db.session.scalars(
        select(ClosedDay)
        .where(ClosedDay.location_id == location.id, ClosedDay.day >= since)
        .order_by(ClosedDay.day)
    ).all()


def every_service() -> Sequence[Service]:
    """Retired ones too, in the order of the kinds."""
    order = list(ServiceKind)
    found = db.session.scalars(select(Service).order_by(Service.id)).all()
    return sorted(found, key=lambda s: (s.location_id, order.index(s.kind), s.name))


def services_at(location_id: int) -> Sequence[Service]:
    return [service for service in every_service() if service.location_id == location_id]


def every_room() -> Sequence[Room]:
    """Of every site, out of use or not."""
    return db.session.scalars(
        select(Room).options(selectinload(Room.hosts)).order_by(Room.location_id, Room.name)
    ).all()


def every_device() -> Sequence[Device]:
    return db.session.scalars(select(Device).order_by(Device.location_id, Device.name)).all()
