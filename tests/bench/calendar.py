"""Figures of the calendar: the day as a grid with few columns and with many, the week of one."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, update

from clinic.accounts.models import Practitioner
from clinic.database import db, transaction
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import AppointmentStatus
from tests.bench import clinic, people
from tests.bench.databases import Database, Place
from tests.bench.load import get
from tests.bench.pages import DAY, in_turns, inside, least_for_staff, rows_of, turn
from tests.bench.report import Line, at_least
from tests.bench.servers import FLOOR, OURS, serving

COLUMNS = (20, 10, 3)  # each fewer than the one before: the others leave


def figures(place: Place, name: str, seconds: float) -> Iterator[Line]:
    """The calendar against the floor's list of as many rows, over a copy of database *name*."""
    place.copy(name, "run")
    database = place.database("run")
    for columns in COLUMNS:
        _leave(database, columns)
        yield from _lines(database, f"calendar day ({columns} columns)", "", seconds)
    yield from _lines(database, "calendar week", "&view=week", seconds)
    place.drop("run")


def _lines(database: Database, what: str, view: str, seconds: float) -> Iterator[Line]:
    with inside(database) as app:
        question = get(f"/desk/calendar?day={DAY}{view}", people.desk(app))
        cookie = people.on_the_floor(app)
    with serving(database, OURS) as ours, serving(database, FLOOR) as floor:
        rows = rows_of(ours.port, question)
        bare = get(f"/list?day={DAY}&rows={rows}", cookie)
        best = in_turns(turn(ours.port, question, seconds), turn(floor.port, bare, seconds))
        name = f"{what} ({rows} rows), {database.engine}"
        yield at_least(name, best[0].rate, best[1].rate, 0.5)
        yield least_for_staff(database.engine, floor.port, rows, cookie, seconds)


def _leave(database: Database, columns: int) -> None:
    """All but the first *columns* physicians leave, and their visits to come are cancelled: they
    would fall outside the roster, which every look at the calendar says."""
    with inside(database), transaction():
        every = db.session.execute(
            select(Practitioner.id, Practitioner.actor_id).order_by(Practitioner.id)
        ).all()
        gone = every[columns:]
        db.session.execute(
            update(Practitioner)
            .where(Practitioner.id.in_([row.id for row in gone]))
            .values(active=False)
        )
        theirs = select(Participant.appointment_id).where(
            Participant.actor_id.in_([row.actor_id for row in gone])
        )
        db.session.execute(
            update(Appointment)
            .where(
                Appointment.starts_on >= clinic.NOW.date(),
                Appointment.status == AppointmentStatus.BOOKED,
                Appointment.id.in_(theirs),
            )
            .values(status=AppointmentStatus.CANCELLED)
            .execution_options(synchronize_session=False)
        )
