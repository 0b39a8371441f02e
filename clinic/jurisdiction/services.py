"""Putting a profile in force: a version is added, none is ever changed."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select

from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.models import Clinic
from clinic.catalogue.queries import NoClinic
from clinic.database import db, lock_row, transaction
from clinic.jurisdiction import queries
from clinic.jurisdiction.models import ProfileVersion
from clinic.jurisdiction.rules import Profile, broken_limits, differing
from clinic.permissions import Actor
from clinic.stale import fingerprint, must_be


class OutOfLimits(ValueError):
    """No profile may have these values; the text names them."""


def shown() -> str:
    """The fingerprint of the profile in force."""
    return fingerprint(queries.profile())


def put(wanted: Profile, because: str, *, shown_before: str | None, actor: Actor) -> list[str]:
    """Put *wanted* in force from now on; the names of the values that changed.

    *because* says where the law is written. Without a change nothing is stored. Raises
    `OutOfLimits`, `NoClinic`, and `ChangedMeanwhile` where another profile is in force than was
    shown.
    """
    broken = broken_limits(wanted)
    if broken:
        raise OutOfLimits(", ".join(broken))
    with transaction():
        clinic = db.session.scalar(select(Clinic))
        if clinic is None:
            raise NoClinic
        lock_row(clinic)  # two managers at once: one after the other
        must_be(shown_before, shown())
        changed = differing(queries.profile(), wanted)
        if changed:
            row = ProfileVersion(user_id=actor.user_id, because=because, **asdict(wanted))
            db.session.add(row)
            db.session.flush()
            audit.record(Event.PROFILE_CHANGED, actor=actor, version=row.id, fields=changed)
    return changed
