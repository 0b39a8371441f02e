"""The demo clinic as pages are shown on: its people by name, and browsers that stand somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask, url_for
from sqlalchemy import select, update

from clinic import clock
from clinic.accounts import services as accounts
from clinic.accounts.models import Patient, Practitioner, Throttle, User
from clinic.catalogue.models import Service
from clinic.database import db, transaction
from clinic.demo import story
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.notices.models import Message
from clinic.permissions import system
from clinic.photos.rules import Purpose, View
from clinic.photos.services import withdraw
from clinic.scheduling import availability, queries
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import free_slots
from clinic.screening.models import ScreeningNote
from tests.factories import (
    ANSWERS,
    make_account,
    make_intake,
    make_patient,
    make_visit,
    signed_in,
)
from tests.pictures import add_photos

# Tuesday, 24 November 2026, 1:40 pm in London: the morning is done, all three physicians work.
NOON = datetime(2026, 11, 24, 13, 40, tzinfo=UTC)
TESTER = system("test")
COOKIE = "__Host-clinic"

STAFF = {
    "physician": "amara.okafor@halden.example",
    "front-desk": "jonas.reed@halden.example",
    "manager": "carla.mendes@halden.example",
}


# Sixty characters and a word that does not break: names like these must not break a page.
LONG_NAME = "Maximiliana-Wilhelmine Wolfeschlegelsteinhausenbergerdorff"
NO_VISITS = "Nina Newcomer"
WITH_PHOTOS = "Petra Lind"
LONG_NAMES_DAY = 20


def fill(app: Flask) -> None:
    """Put the demo clinic into an empty database, as it stands at `NOON`, and three people more."""
    clock.shift(NOON - datetime.now(UTC))
    with app.app_context():
        story.load()
        _add_long_name()
        _add_without_visits()
        _add_with_photos()
        db.session.remove()


def _add_long_name() -> None:
    patient = make_patient(name=LONG_NAME, email="maximiliana.wilhelmine@example.org")
    words = "Ich möchte meine Donaudampfschifffahrtsgesellschaftskapitänsstirnfalten loswerden."
    asked_for = {
        "preferred_name": "Maxi",
        "interpreter": "yes",
        "language": "Plattdeutsch",
        "access": "Step-free way, please.",
        "chaperone": "yes",
    }
    make_intake(patient, words={**ANSWERS["words"], "change": words}, visit=asked_for)
    _book_consultation(patient)


def _book_consultation(patient: Patient) -> None:
    """The first time of a day that is far away, with the first physician."""
    service = db.session.scalars(select(Service).where(Service.kind == "consultation")).one()
    physician = db.session.scalars(select(Practitioner).order_by(Practitioner.id)).first()
    day = NOON.date() + timedelta(days=LONG_NAMES_DAY)
    slots = free_slots(availability.times(service, day, 1).facts, day, 1)
    first = next(slot for slot in slots if slot.practitioner_id == physician.actor_id)
    make_visit(patient, physician, service, first.starts_at)


def _add_without_visits() -> None:
    make_account(make_patient(name=NO_VISITS, email="nina@example.org"))


def _add_with_photos() -> None:
    """A form with five views, an earlier one whose photos are erased; nothing is decided."""
    patient = make_patient(name=WITH_PHOTOS, email="petra@example.org")
    alone = frozenset({Purpose.ASSESSMENT})
    earlier = make_intake(patient, lambda form: add_photos(form, purposes=alone))
    withdraw(earlier, Purpose.ASSESSMENT, actor=TESTER)
    make_intake(patient, lambda form: add_photos(form, list(View)[:5], frozenset(Purpose)))
    _book_consultation(patient)


def newest_mail(kind: str) -> Message:
    """The newest message of *kind* in the outbox, as the database has it now."""
    db.session.rollback()
    mails = select(Message).where(Message.kind == kind).order_by(Message.id.desc())
    return db.session.scalars(mails.limit(1)).one()


@dataclass(frozen=True)
class Arrival:
    """Where a browser stands: an address, and what its session cookie holds."""

    path: str
    session: dict[str, Any]


@dataclass(frozen=True)
class Demo:
    """Finds the demo's rows by the names of its cast."""

    app: Flask

    @contextmanager
    def open(self) -> Iterator[Demo]:
        """At noon, inside a request's context (addresses are built), with no throttle closed.

        All windows come from one address: what one holds must not count against the next (S74).
        """
        clock.shift(NOON - datetime.now(UTC))
        with self.app.test_request_context():
            with transaction():
                db.session.execute(Throttle.__table__.delete())
                held = Appointment.held_from.is_not(None)
                db.session.execute(update(Appointment).where(held).values(held_from=None))
            yield self
            db.session.remove()

    def patient(self, name: str) -> Patient:
        return db.session.scalars(select(Patient).where(Patient.name == name)).one()

    def visit(self, name: str, kind: str = "consultation") -> Appointment:
        """The newest visit of this kind that somebody has booked."""
        visits = select(Appointment).join(Service, Service.id == Appointment.service_id)
        of_theirs = visits.where(
            Appointment.patient_id == self.patient(name).id,
            Appointment.booked_at.is_not(None),
            Service.kind == kind,
        )
        newest = of_theirs.order_by(Appointment.id.desc()).limit(1)
        return db.session.scalars(newest).one()

    def note(self, name: str) -> ScreeningNote:
        notes = select(ScreeningNote).where(ScreeningNote.patient_id == self.patient(name).id)
        return db.session.scalars(notes.order_by(ScreeningNote.id.desc()).limit(1)).one()

    def service(self, kind: str) -> Service:
        return db.session.scalars(select(Service).where(Service.kind == kind)).one()

    def signed_in(self, email: str) -> dict[str, Any]:
        """The session of somebody who has signed in."""
        user = db.session.scalars(select(User).where(User.email == email)).one()
        return signed_in(user)

    def physician_of(self, name: str) -> dict[str, Any]:
        """The session of the physician with whom somebody has a consultation."""
        found = queries.practitioner_of(self.visit(name))
        assert found is not None
        user = db.session.get(User, found.user_id)
        return signed_in(user)

    def by_code(self, name: str) -> dict[str, Any]:
        """The session of a patient who typed a code that we mailed."""
        visitor, token = accounts.greet_visitor()
        accounts.prove_visitor(visitor, self.patient(name))
        return {"visitor": token}

    def draft(self, *parts: str) -> tuple[Intake, dict[str, Any]]:
        """A new browser's form with these parts of a complete one filled in, and its session."""
        visitor, token = accounts.greet_visitor()
        draft = intakes.start(visitor, date(1992, 5, 12), actor=TESTER)
        filled = {part: ANSWERS[part] for part in parts}
        if filled:
            intakes.save(draft, "all", filled, actor=TESTER)
        return draft, {"visitor": token}

    def changed_form(self, name: str) -> Intake:
        """The draft of somebody who changes a form that was sent."""
        return intakes.start_for(self.patient(name), actor=TESTER)

    def endpoint(self, path: str, method: str = "GET") -> str | None:
        """The route that an address leads to; None where there is nothing."""
        adapter, path = self.app.url_map.bind("localhost"), re.split("[?#]", path)[0]
        known = method in adapter.allowed_methods(path)
        return adapter.match(path, method=method)[0] if known else None

    def day(self, offset: int) -> str:
        return (NOON.date() + timedelta(days=offset)).isoformat()

    def cookie(self, session: dict[str, Any]) -> str:
        signer = self.app.session_interface.get_signing_serializer(self.app)
        return str(signer.dumps(session))

    def url(self, endpoint: str, **ids: Any) -> str:
        return str(url_for(endpoint, **ids))


@dataclass(frozen=True)
class Served:
    """The demo clinic and where it is served."""

    demo: Demo
    address: str
