"""The rows that the manager's pages are about: those of the sites that the manager works at.

A person who has hours at one of these is found for those hours. What holds of them everywhere
(name, credentials) is changed by a manager of every site that they work at.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, exists, or_, select, true

from clinic.accounts import site_rights
from clinic.accounts.models import Practitioner
from clinic.catalogue.models import Clinic, ClosedDay, Device, Location, Room, Service
from clinic.catalogue.own_sites import at_own_sites
from clinic.database import db
from clinic.permissions import Actor
from clinic.scheduling.models import Absence, ExtraHours, Schedule

R = TypeVar("R", Location, Room, Device, Service, ClosedDay)


def _at(actor: Actor, table: type[R], site: Any, public_id: str) -> R | None:
    """The row of *table* whose *site* is one that the manager works at."""
    return db.session.scalar(
        select(table).where(table.public_id == public_id, at_own_sites(actor, site))
    )


def whole_clinic(actor: Actor, _public_id: str = "") -> Clinic | None:
    """What every site shares, for whoever manages every site."""
    return None if actor.sites is not None else db.session.scalar(select(Clinic))


def site_to_edit(actor: Actor, public_id: str) -> Location | None:
    return _at(actor, Location, Location.id, public_id)


def person_to_edit(actor: Actor, public_id: str) -> Practitioner | None:
    """A physician who has hours at one of the manager's sites, or works at no other."""
    return db.session.scalar(
        select(Practitioner).where(Practitioner.public_id == public_id, has_hours_there(actor))
    )


def whole_person_to_edit(actor: Actor, public_id: str) -> Practitioner | None:
    """The same, but only one who works at no other site."""
    return db.session.scalar(
        select(Practitioner).where(Practitioner.public_id == public_id, _works_nowhere_else(actor))
    )


def has_hours_there(actor: Actor) -> ColumnElement[bool]:
    """SQL of a physician: whether they have hours at one of the actor's sites, or work at no
    other."""
    if actor.sites is None:
        return true()
    weekly = exists().where(
        Schedule.practitioner_id == Practitioner.id, at_own_sites(actor, Schedule.location_id)
    )
    extra = exists().where(
        ExtraHours.practitioner_id == Practitioner.id, at_own_sites(actor, ExtraHours.location_id)
    )
    return or_(weekly, extra, _works_nowhere_else(actor))


def _works_nowhere_else(actor: Actor) -> ColumnElement[bool]:
    if actor.sites is None:
        return true()
    return Practitioner.user.has(site_rights.is_within(actor))


def room_to_edit(actor: Actor, public_id: str) -> Room | None:
    return _at(actor, Room, Room.location_id, public_id)


def device_to_edit(actor: Actor, public_id: str) -> Device | None:
    return _at(actor, Device, Device.location_id, public_id)


def service_to_edit(actor: Actor, public_id: str) -> Service | None:
    """Retired ones too: they can be offered again."""
    return _at(actor, Service, Service.location_id, public_id)


def closed_day_to_remove(actor: Actor, public_id: str) -> ClosedDay | None:
    return _at(actor, ClosedDay, ClosedDay.location_id, public_id)


def absence_to_remove(actor: Actor, public_id: str) -> Absence | None:
    """Of somebody, or something, that the manager may write one down for."""
    found = db.session.scalar(select(Absence).where(Absence.public_id == public_id))
    about = of_actor(found.actor_id) if found is not None else None
    if about is None:
        return None
    if isinstance(about, Practitioner):
        return found if person_to_edit(actor, about.public_id) is not None else None
    return found if actor.works_at(about.location_id) else None


def extra_to_remove(actor: Actor, public_id: str) -> ExtraHours | None:
    return db.session.scalar(
        select(ExtraHours).where(
            ExtraHours.public_id == public_id, at_own_sites(actor, ExtraHours.location_id)
        )
    )


def of_actor(actor_id: int) -> Practitioner | Room | Device | None:
    """Whom or what an absence is about."""
    return (
        db.session.scalar(select(Practitioner).where(Practitioner.actor_id == actor_id))
        or db.session.scalar(select(Room).where(Room.actor_id == actor_id))
        or db.session.scalar(select(Device).where(Device.actor_id == actor_id))
    )


def practitioners() -> list[Practitioner]:
    """On offer or not, in the order of the calendar."""
    return list(
        db.session.scalars(select(Practitioner).order_by(Practitioner.colour, Practitioner.name))
    )
