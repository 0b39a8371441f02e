"""Founding a clinic: from an empty database to the first bookable time."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from clinic.accounts import practitioners
from clinic.accounts import services as accounts
from clinic.accounts.models import ActorKind, User
from clinic.accounts.practitioners import COLOURS, Held, Newcomer
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.models import Clinic, Location, OpeningHours, Room, RoomHosts, Service
from clinic.database import db, transaction
from clinic.journey.clinic_file import ClinicFile, Person
from clinic.jurisdiction import services as jurisdiction
from clinic.permissions import Role, system
from clinic.scheduling.models import Schedule

HOURS_FROM = date(2000, 1, 1)
COMMAND = system("command")
FROM_FILE = "As the clinic's file says."


class ClinicExists(RuntimeError):
    """This database has a clinic already."""


def clinic(written: ClinicFile) -> list[User]:
    """Store everything the file says, or nothing. The staff's sign-ins have no password yet.

    Raises `ClinicExists`.
    """
    with transaction():
        if db.session.scalar(select(Clinic.id).limit(1)) is not None:
            raise ClinicExists
        location = _site(written)
        for name, kinds in written.rooms:
            room = Room(actor=accounts.new_actor(ActorKind.ROOM), location=location, name=name)
            room.hosts = [RoomHosts(kind=kind) for kind in kinds]
            db.session.add(room)
        for service in written.services:
            db.session.add(Service(location=location, **service))
        db.session.flush()
        _put_profile(written)
        users = [_person(person, location, place) for place, person in enumerate(written.staff)]
        audit.record(
            Event.CLINIC_MADE,
            actor=COMMAND,
            practitioners=sum(Role.PHYSICIAN in p.roles for p in written.staff),
            services=len(written.services),
            rooms=len(written.rooms),
        )
    return users


def _site(written: ClinicFile) -> Location:
    location = Location(clinic=Clinic(**written.clinic), **written.site)
    location.hours = [
        OpeningHours(weekday=weekday, opens_minute=opens, closes_minute=closes)
        for weekday, opens, closes in written.hours
    ]
    db.session.add(location)
    return location


def _put_profile(written: ClinicFile) -> None:
    shown = jurisdiction.shown()
    jurisdiction.put(written.profile, FROM_FILE, shown_before=shown, actor=COMMAND)


def _person(person: Person, location: Location, place: int) -> User:
    user = accounts.add_user(
        name=person.name, email=person.email, roles=set(person.roles), actor=COMMAND
    )
    if Role.PHYSICIAN not in person.roles:
        return user
    held = {c.kind: Held(c.reference, c.valid_from, c.valid_until) for c in person.credentials}
    newcomer = Newcomer(person.name, person.about, held)
    practitioner = practitioners.new(user, newcomer, place % len(COLOURS) + 1)
    for weekday, opens, closes in person.hours:
        db.session.add(
            Schedule(
                practitioner_id=practitioner.id,
                location_id=location.id,
                weekday=weekday,
                opens_minute=opens,
                closes_minute=closes,
                valid_from=HOURS_FROM,
            )
        )
    return user


def manager(name: str, email: str) -> User:
    """The first manager, or one more: a sign-in that waits for its one-time link."""
    with transaction():
        return accounts.add_user(name=name, email=email, roles={Role.MANAGER}, actor=COMMAND)
