"""The rows that the manager's pages are about. Whose they are is nobody's: the clinic's."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import select

from clinic.accounts.models import Practitioner
from clinic.catalogue.models import ClosedDay, Device, Location, Room, Service
from clinic.database import db
from clinic.permissions import Actor
from clinic.scheduling.models import Absence, ExtraHours

R = TypeVar("R", Location, Practitioner, Room, Device, Service, ClosedDay, Absence, ExtraHours)


def _one(table: type[R], public_id: str) -> R | None:
    return db.session.scalar(select(table).where(table.public_id == public_id))


def site_to_edit(_actor: Actor, public_id: str) -> Location | None:
    return _one(Location, public_id)


def person_to_edit(_actor: Actor, public_id: str) -> Practitioner | None:
    return _one(Practitioner, public_id)


def room_to_edit(_actor: Actor, public_id: str) -> Room | None:
    return _one(Room, public_id)


def device_to_edit(_actor: Actor, public_id: str) -> Device | None:
    return _one(Device, public_id)


def service_to_edit(_actor: Actor, public_id: str) -> Service | None:
    """Retired ones too: they can be offered again."""
    return _one(Service, public_id)


def closed_day_to_remove(_actor: Actor, public_id: str) -> ClosedDay | None:
    return _one(ClosedDay, public_id)


def absence_to_remove(_actor: Actor, public_id: str) -> Absence | None:
    return _one(Absence, public_id)


def extra_to_remove(_actor: Actor, public_id: str) -> ExtraHours | None:
    return _one(ExtraHours, public_id)


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
