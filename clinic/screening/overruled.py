"""How often stops were overruled: totals by month and physician, for the manager (G7).

Which stop, why, and whose it was is clinical and stays in the signed notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import extract, func, select

from clinic.accounts.models import Practitioner
from clinic.catalogue.own_sites import at_own_sites
from clinic.database import db
from clinic.permissions import Actor
from clinic.scheduling.models import Appointment
from clinic.screening.models import Flag, ScreeningNote
from clinic.screening.rules import Level

MONTHS = 12


@dataclass(frozen=True)
class Total:
    """One physician in one month: *raised* stops stood in notes they signed; *overruled* of them
    carry a written reason."""

    month: date
    physician: str
    raised: int
    overruled: int


def first_month(today: date) -> date:
    """The first day of the oldest month that is listed; this month is the newest."""
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def totals(today: date, actor: Actor) -> Sequence[Total]:
    """Of each month since, the newest first: who signed over at least one absolute flag, at a site
    that the actor works at."""
    year, month = (
        extract("year", ScreeningNote.signed_on),
        extract("month", ScreeningNote.signed_on),
    )
    overruled = func.count(Flag.overruled_because_sealed)
    rows = db.session.execute(
        select(year, month, Practitioner.name, func.count(), overruled)
        .select_from(Flag)
        .join(ScreeningNote, ScreeningNote.id == Flag.note_id)
        .join(Practitioner, Practitioner.id == ScreeningNote.practitioner_id)
        .join(Appointment, Appointment.id == ScreeningNote.appointment_id)
        .where(
            Flag.level == Level.ABSOLUTE,
            ScreeningNote.signed_on >= first_month(today),
            at_own_sites(actor, Appointment.location_id),
        )
        .group_by(year, month, Practitioner.id, Practitioner.name)
        .order_by(year.desc(), month.desc(), Practitioner.name)
    )
    return [
        Total(date(int(y), int(m), 1), name, raised, count) for y, m, name, raised, count in rows
    ]
