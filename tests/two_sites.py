"""A second site beside that of the cast, in another zone."""

from __future__ import annotations

from datetime import date

from clinic.accounts.models import ActorKind, ActorRow
from clinic.catalogue.models import Location, OpeningHours, Room, RoomHosts, Service
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, transaction
from clinic.scheduling.models import Schedule
from tests.factories import Cast

DAILY = range(7)


def make_mitte(cast: Cast) -> Service:
    """A site in Berlin, where Ana works on afternoons and at the first on mornings only.

    Gives the one service that it offers.
    """
    site = Location(
        clinic_id=cast.site.clinic_id,
        name="Mitte",
        address="5 Lindenhof, Berlin",
        zone="Europe/Berlin",
        phone="030 5555 0101",
        email="mitte@halden.example",
    )
    room = Room(name="Raum 1", location=site, actor=ActorRow(kind=ActorKind.ROOM))
    room.hosts = [RoomHosts(kind=ServiceKind.CONSULTATION)]
    first = cast.service("consultation")
    service = Service(
        location=site,
        kind=ServiceKind.CONSULTATION,
        name="Consultation in Mitte",
        price_pence=first.price_pence,
        duration_minutes=30,
        notice_hours=1,
        step_minutes=20,
    )
    with transaction():
        db.session.add_all([site, room, service])
        db.session.flush()
        db.session.execute(
            db.update(Schedule)
            .where(Schedule.practitioner_id == cast.ana.id)
            .values(opens_minute=9 * 60, closes_minute=12 * 60)
        )
        for weekday in DAILY:
            db.session.add(
                OpeningHours(
                    location_id=site.id, weekday=weekday, opens_minute=480, closes_minute=1200
                )
            )
            db.session.add(
                Schedule(
                    practitioner_id=cast.ana.id,
                    location_id=site.id,
                    weekday=weekday,
                    opens_minute=13 * 60,
                    closes_minute=17 * 60,
                    valid_from=date(2020, 1, 1),
                )
            )
    return service


def move_first_site(cast: Cast, zone: str) -> None:
    """The cast's own site lies in *zone*: its hours are wall time there."""
    with transaction():
        db.session.execute(db.update(Location).where(Location.id == cast.site.id).values(zone=zone))
    db.session.expire_all()
