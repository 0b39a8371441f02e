"""Limiting at which sites somebody works: a physician's visits elsewhere are shown before they are
out of sight."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from clinic.accounts import staff
from clinic.accounts.models import User
from clinic.accounts.site_rights import Sites
from clinic.catalogue.models import Location
from clinic.database import db, transaction
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import COMING
from clinic.stale import fingerprint


class Left(NamedTuple):
    """How many visits of a physician wait at a site, and when the first begins."""

    site: str
    zone: str
    visits: int
    first_at: datetime


class LeavesVisits(RuntimeError):
    """Visits that the physician would no longer find. Nothing was saved."""

    def __init__(self, left: list[Left]) -> None:
        super().__init__(f"{len(left)} sites")
        self.left = left

    @property
    def token(self) -> str:
        """Stands for these visits: more or others are not agreed to."""
        return fingerprint([tuple(one) for one in self.left])


def carefully(user: User, wanted: Sites, *, agreed: str | None, actor: Actor) -> None:
    """Let *user* work at *wanted* sites alone. Raises `LeavesVisits` unless *agreed* is its token,
    and the errors of `staff.change_sites`.
    """
    with transaction():
        staff.change_sites(user, wanted, actor=actor)
        left = _left(user, wanted)
        if left and agreed != LeavesVisits(left).token:
            raise LeavesVisits(left)


def _left(user: User, wanted: Sites) -> list[Left]:
    if wanted is None or user.practitioner is None:
        return []
    rows = db.session.execute(
        select(Location.name, Location.zone, func.count(), func.min(Appointment.starts_at))
        .join(Appointment, Appointment.location_id == Location.id)
        .join(Participant, Participant.appointment_id == Appointment.id)
        .where(
            Participant.actor_id == user.practitioner.actor_id,
            Appointment.status.in_(COMING),
            Location.id.not_in(sorted(wanted)),
        )
        .group_by(Location.id, Location.name, Location.zone)
        .order_by(Location.id)
    )
    return [Left(*row) for row in rows]
