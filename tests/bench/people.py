"""Who asks: cookies of people who are signed in, and browsers that hold a time."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask_security.utils import hash_password
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Select, exists, insert, select

from clinic import clock
from clinic.accounts import services as accounts
from clinic.accounts.models import Patient, Practitioner, User, Visitor
from clinic.accounts.queries import token_hash
from clinic.catalogue import sites
from clinic.catalogue.models import Room, Service
from clinic.catalogue.rules import ServiceKind
from clinic.columns import new_public_id
from clinic.database import db, transaction
from clinic.intake.models import Intake
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import AppointmentStatus
from tests.bench import clinic, visits
from tests.bench.load import post
from tests.engines import SETTINGS
from tests.factories import TESTER, signed_in

VISIT, RESERVED = timedelta(minutes=30), timedelta(minutes=40)
FIRST_HELD = 22  # days from today
OURS, FLOOR = "__Host-clinic", "session"


def cookie(app: Flask, name: str, **values: Any) -> str:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{name}={serializer.dumps(values)}"


# What the sign-in library knows a browser by: the address, as bytes, and no name of a program.
MARK = hashlib.sha512(f"{b'127.0.0.1'!r}|{None}".encode()).hexdigest()


def after_a_page(app: Flask, user: User) -> str:
    """The cookie of somebody who is signed in, as after the pages before this one: the sign-in has
    left the browser's mark there and a form the secret of its token, or each answer would."""
    return cookie(app, OURS, **signed_in(user), _id=MARK, csrf_token=secrets.token_hex(20))


def desk(app: Flask) -> str:
    user = db.session.scalars(select(User).where(User.email == clinic.DESK)).one()
    return after_a_page(app, user)


def patient(app: Flask) -> str:
    """The cookie of a patient with an account."""
    found = db.session.scalars(select(Patient).order_by(Patient.id).limit(1)).one()
    if found.user is None:
        accounts.open_account(found, hash_password(clinic.PASSWORD), actor=TESTER)
    user = db.session.get(User, found.user_id)
    assert user is not None
    return after_a_page(app, user)


def on_the_floor(app: Flask) -> str:
    user = db.session.scalars(select(User).where(User.email == clinic.DESK)).one()
    values = {**signed_in(user), "_user_id": str(user.id)}
    return cookie(app, FLOOR, **values, _id=MARK)


def token_for(secret: str) -> str:
    """What a form of a session with *secret* carries."""
    signer = URLSafeTimedSerializer(str(SETTINGS["SECRET_KEY"]), salt="wtf-csrf-token")
    return str(signer.dumps(secret))


@dataclass(frozen=True)
class Place:
    """A free time of a physician, with the room that is theirs."""

    practitioner: int
    room: int
    starts_at: datetime


def free_places() -> Iterator[Place]:
    """Places of the seeds' grid that nobody has, in weeks that no page of a run shows."""
    physicians = db.session.scalars(select(Practitioner.actor_id).order_by(Practitioner.id)).all()
    rooms = db.session.scalars(select(Room.actor_id).order_by(Room.id)).all()
    since = clinic.NOW.replace(hour=8) + timedelta(days=FIRST_HELD)
    taken = {
        tuple(row)
        for row in db.session.execute(
            select(Participant.actor_id, Participant.starts_at).where(
                Participant.actor_id.in_(physicians), Participant.starts_at >= since
            )
        )
    }
    for day in range(visits.COMING_DAYS - 1 - FIRST_HELD):
        for place in range(visits.PLACES):
            starts_at = since + timedelta(days=day, minutes=40 * place)
            for physician, room in zip(physicians, rooms, strict=True):
                if (physician, starts_at) not in taken:
                    yield Place(physician, room, starts_at)


def with_nothing_coming() -> Select[tuple[Patient]]:
    """Patients whom no visit of theirs keeps from any time."""
    coming = exists().where(
        Appointment.patient_id == Patient.id, Appointment.starts_at >= clinic.NOW
    )
    return select(Patient).where(~coming).order_by(Patient.id)


def holders(app: Flask, count: int) -> list[bytes]:
    """Presses of *count* known patients, each of whom holds a time: what books it."""
    free = free_places()
    places = [next(free) for _ in range(count)]
    tokens = [secrets.token_urlsafe(32) for _ in places]
    with transaction():
        _store(places, tokens)
    db.session.rollback()
    return [_press(app, token) for token in tokens]


def _store(places: list[Place], tokens: list[str]) -> None:
    patients = db.session.scalars(with_nothing_coming().limit(len(places))).all()
    now = clock.now()
    service = db.session.scalars(select(Service).filter_by(kind=ServiceKind.CONSULTATION)).one()
    hashes = [token_hash(token) for token in tokens]
    db.session.execute(
        insert(Visitor),
        [
            {
                "token_hash": h,
                "patient_id": p.id,
                "proved_at": now,
                "created_at": now,
                "seen_at": now,
            }
            for h, p in zip(hashes, patients, strict=True)
        ],
    )
    db.session.execute(insert(Intake), [_sent_form(p) for p in patients])
    rows = db.session.execute(select(Visitor.token_hash, Visitor.id))
    ids = {bytes(row[0]): row[1] for row in rows}
    db.session.execute(
        insert(Appointment),
        [
            _hold(service, place, ids[h], patient)
            for place, h, patient in zip(places, hashes, patients, strict=True)
        ],
    )
    held = dict(
        db.session.execute(
            select(Appointment.held_by_id, Appointment.id).where(
                Appointment.held_by_id.in_(ids.values())
            )
        )
        .tuples()
        .all()
    )
    db.session.execute(
        insert(Participant),
        [
            row
            for place, h, patient in zip(places, hashes, patients, strict=True)
            for row in _participants(place, held[ids[h]], patient)
        ],
    )


def _sent_form(patient: Patient) -> Mapping[str, Any]:
    """Somebody known has sent a form before: booking asks for none."""
    moment = clinic.NOW - timedelta(days=90)
    return {
        "public_id": new_public_id(),
        "patient_id": patient.id,
        "data_key_id": patient.data_key_id,
        "questionnaire_version": "bench",
        "submitted_at": moment,
        "created_at": moment,
        "changed_at": moment,
    }


def _hold(service: Service, place: Place, visitor_id: int, patient: Patient) -> Mapping[str, Any]:
    """As the page of times keeps it for somebody known: it takes the patient up already."""
    now = clock.now()
    return {
        "patient_id": patient.id,
        "held_under": sites.stamp(),
        "public_id": new_public_id(),
        "service_id": service.id,
        "location_id": service.location_id,
        "starts_at": place.starts_at,
        "ends_at": place.starts_at + VISIT,
        "starts_on": place.starts_at.date(),
        "status": AppointmentStatus.PROPOSED,
        "version": 0,
        "hold_until": now + timedelta(minutes=30),
        "held_by_id": visitor_id,
        "status_at": now,
        "status_by": "system:bench",
    }


def _participants(place: Place, visit: int, patient: Patient) -> Iterator[Mapping[str, Any]]:
    taken = {place.practitioner: RESERVED, place.room: RESERVED, patient.actor_id: VISIT}
    for actor, lasts in taken.items():
        yield {
            "appointment_id": visit,
            "actor_id": actor,
            "starts_at": place.starts_at,
            "ends_at": place.starts_at + lasts,
            "active": True,
        }


def _press(app: Flask, token: str) -> bytes:
    secret = secrets.token_hex(20)
    fields = {"csrf_token": token_for(secret), "idempotency_key": new_public_id()}
    # As after the pages before it: the sign-in library has noted that nobody is signed in.
    values = {"visitor": token, "csrf_token": secret, "_fresh": False}
    return post("/book/check", fields, cookie(app, OURS, **values))


def bare_presses(app: Flask, count: int) -> list[bytes]:
    """The floor's form, for as many free times."""
    free = free_places()
    presses = []
    for _ in range(count):
        place, secret = next(free), secrets.token_hex(20)
        fields = {
            "csrf_token": token_for(secret),
            "actor": str(place.practitioner),
            "start": place.starts_at.isoformat(),
        }
        presses.append(post("/form", fields, cookie(app, FLOOR, csrf_token=secret)))
    return presses
