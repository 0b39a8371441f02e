"""What a country sets for public pages: may they name the medicine, and who the regulator is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.models import Clinic
from clinic.catalogue.queries import NoClinic
from clinic.database import db, lock_row, transaction
from clinic.permissions import Actor


def change(wanted: Mapping[str, Any], *, actor: Actor) -> list[str]:
    """Put *wanted* (`names_brand`, `regulator`) in place; the names of what changed.

    Raises `NoClinic`.
    """
    with transaction():
        clinic = db.session.scalar(select(Clinic))
        if clinic is None:
            raise NoClinic
        lock_row(clinic)
        changed = [name for name, value in wanted.items() if getattr(clinic, name) != value]
        for name in changed:
            setattr(clinic, name, wanted[name])
        if changed:
            audit.record(
                Event.ROSTER_CHANGED, actor=actor, table="clinic", row="public", fields=changed
            )
    return changed
