"""Weeks that are over in the demo, so that the numbers have a past: short visits of people who have
come for years, on Tuesdays. Nobody here needs an approval, and none has an address."""

from __future__ import annotations

import random  # habit: guessable, because a demo tells the same story each time
from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import select

from clinic import clock
from clinic.accounts import services as accounts
from clinic.accounts.models import Patient, Practitioner
from clinic.catalogue.models import Service
from clinic.catalogue.rules import ServiceKind
from clinic.database import db
from clinic.journey import book, cancel, check_in
from clinic.permissions import system
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S

DESK = system("demo-desk")
REGULARS = (
    "Agnes Thorne", "Bruno Keller", "Carys Vaughan", "Dorit Salomon", "Emre Aksoy",
    "Fiona Marsh", "Gwen Aldous", "Hugo Brandt", "Ilse Kramer", "Jan Novotný",
    "Karin Holt", "Lars Eriksen", "Moira Quinn", "Nils Petersen",
)  # fmt: skip
# Weeks before this one, and minutes after midnight on a Tuesday; the newest belong to the cast.
WEEKS = range(11, 2, -1)
TIMES = (540, 580, 620, 660, 700, 810, 850)
DAYS_BEFORE = (2, 3, 5, 9, 12, 16, 30)
REASONS = ("ill", "clinic", "other")


def play(go: Callable[[datetime], None], now: datetime, zone: str) -> None:
    """*go* moves the clock, *now* is the moment at which the story ends."""
    chance = random.Random(len(REGULARS))  # noqa: S311  (no secret is made of it)
    today = clock.local(now, zone).date()
    first = today - timedelta(weeks=WEEKS[0], days=today.weekday() + 60)
    go(clock.instant(first, 600, zone))
    patients = [_regular(name, n) for n, name in enumerate(REGULARS)]
    service = db.session.scalars(
        select(Service).where(Service.kind == ServiceKind.FOLLOW_UP).order_by(Service.id)
    ).first()
    physician = db.session.scalars(select(Practitioner).order_by(Practitioner.id)).first()
    assert service is not None
    assert physician is not None
    for week in WEEKS:
        tuesday = today - timedelta(weeks=week, days=today.weekday() - 1)
        some = patients[:7] if week % 2 else patients[7:]
        visits = _book(go, zone, tuesday, some, service, physician)
        _end(go, chance, week, visits)


def _regular(name: str, number: int) -> Patient:
    return accounts.add_patient(
        name=name,
        born_on=date(1955 + number * 3, 1 + number % 12, 3 + number),
        email=None,
        phone=f"020 7946 01{number:02}",
        actor=DESK,
    )


def _book(
    go: Callable[[datetime], None],
    zone: str,
    day: date,
    patients: list[Patient],
    service: Service,
    physician: Practitioner,
) -> list[Appointment]:
    """Whoever books earliest comes last, so that the clock goes on."""
    found = []
    for patient, minute, before in zip(patients, TIMES, reversed(DAYS_BEFORE), strict=True):
        go(clock.instant(day - timedelta(days=before), 600 + minute % 97, zone))
        visitor, _token = accounts.greet_visitor()
        starts_at = clock.instant(day, minute, zone)
        held = book.hold(
            service, physician.actor_id, starts_at, visitor=visitor, actor=DESK, patient=patient
        )
        found.append(book.confirm(held, patient, actor=DESK))
    return found


def _end(
    go: Callable[[datetime], None],
    chance: random.Random,
    week: int,
    visits: list[Appointment],
) -> None:
    """One or two a week are called off, every second week one is missed, the others wait."""
    first, second, *others = chance.sample(visits, len(visits))
    go(visits[0].starts_at - timedelta(days=1))
    cancel.by_staff(first, "patient-asked", actor=DESK)
    if week % 2:
        others.append(second)
    else:
        cancel.by_staff(second, REASONS[week % len(REASONS)], actor=DESK)
    missed = others[:1] if week % 2 else []
    for visit in sorted(others, key=lambda one: one.starts_at):
        if visit in missed:
            go(visit.ends_at)
            scheduling.change_status(visit, S.BOOKED, S.NOSHOW, actor=DESK)
            continue
        go(visit.starts_at - timedelta(minutes=chance.randrange(2, 12)))
        check_in.move(visit, S.BOOKED, S.ARRIVED, actor=DESK)
        go(visit.starts_at + timedelta(minutes=chance.randrange(0, 9)))
        check_in.move(visit, S.ARRIVED, S.IN_ROOM, actor=DESK)
        go(visit.ends_at)
        scheduling.change_status(visit, S.IN_ROOM, S.FULFILLED, actor=DESK)
