"""S80: a server that is killed (kill -9) while it books, again and again, over one database."""

from __future__ import annotations

import random
import secrets
from datetime import timedelta

import pytest
from sqlalchemy import text

from clinic.database import db
from clinic.scheduling.forms import slot_value
from tests import rush
from tests.factories import at
from tests.scheduling import truths

A_DAY = 24  # times of follow-ups with one physician
LONGEST_LIFE = 0.12  # seconds: a few bookings


@pytest.fixture
def kills(request) -> int:
    return 200 if request.config.getoption("--soak") else 20


@pytest.fixture
def desk(cast, signed_in):
    """Bea's browser and what its forms send besides the time."""
    person = signed_in(cast.bea)
    address = f"/patients/{cast.cal.public_id}/book/{cast.service('follow-up').public_id}"
    form = person.get(address).form("Dr ")
    return person, address, dict(form.fields)["csrf_token"]


def slots(*actors):
    """Times of many days, as their buttons send them."""
    starts = [
        at(25, 9) + timedelta(days=day, minutes=20 * n) for day in range(30) for n in range(A_DAY)
    ]
    return [slot_value(actor, start) for start in starts for actor in actors]


def booking_one_after_the_other(desk, times):
    """The desk books time after time, and says what each confirmed press was answered with."""
    person, address, token = desk

    def talk(say):
        db.session.rollback()
        for slot in times:
            person.raw_post(address, {"csrf_token": token, "slot": slot})
            press = {"csrf_token": token, "idempotency_key": secrets.token_hex(16)}
            answer = person.raw_post(f"{address}/confirm", press)
            if "/desk/visits/" in answer.headers.get("Location", ""):
                say(answer.headers["Location"].rsplit("/", 1)[1])

    return talk


def outcomes() -> set[str]:
    """What the kept presses were answered with: the visits that were booked."""
    kept = db.session.scalars(text("SELECT outcome FROM idempotency_key"))
    return {outcome.rsplit("/", 1)[1] for outcome in kept}


def booked() -> set[str]:
    return {public_id for public_id, visit in truths.stored().items() if visit.booked}


def test_S80_what_was_confirmed_before_a_kill_is_there_and_nothing_is_half_done(cast, desk, kills):
    chance = random.Random(80)
    times = slots(cast.ana.actor_id, cast.eli.actor_id)
    confirmed: set[str] = set()

    for number in range(kills):
        talk = booking_one_after_the_other(desk, times[7 * number :])
        said = rush.killed_while_it_speaks(talk, chance.uniform(0, LONGEST_LIFE))
        rush.wait_until_alone()
        confirmed |= set(said)

        assert truths.broken() == {}
        assert confirmed <= booked() == outcomes()

    assert len(confirmed) >= kills
