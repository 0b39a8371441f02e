"""What people press in a race for eleven o'clock with Ana, ready to be pressed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from clinic.accounts.models import Patient
from clinic.database import db
from clinic.journey import book
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from tests.factories import TESTER, Cast, at, make_visitor

ELEVEN = at(24, 11)


def visits_at(moment: datetime, *states: AppointmentStatus) -> list[Appointment]:
    """The visits that begin then, in one of *states*."""
    db.session.rollback()
    wanted = Appointment.status.in_(states)
    query = db.select(Appointment).where(Appointment.starts_at == moment, wanted)
    return list(db.session.scalars(query))


def hold_at_eleven(cast: Cast, patient: Patient | None = None) -> Appointment:
    return book.hold(
        cast.service("consultation"),
        cast.ana.actor_id,
        ELEVEN,
        visitor=make_visitor(),
        actor=TESTER,
        patient=patient,
    )


def new_hold(cast: Cast) -> Callable[[], str]:
    """What one more browser does: hold the time."""
    visitor = make_visitor()

    def press() -> str:
        book.hold(
            cast.service("consultation"), cast.ana.actor_id, ELEVEN, visitor=visitor, actor=TESTER
        )
        return "held"

    return press


def booking(hold: Appointment, patient: Patient) -> Callable[[], str]:
    """What one press on "Book" does."""

    def press() -> str:
        book.confirm(hold, patient, actor=TESTER)
        return "booked"

    return press
