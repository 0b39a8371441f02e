"""S72: a busy database is asked again, three times at most, then 503: never a 500, nothing half."""

from __future__ import annotations

import sqlite3
import time

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from clinic import database, idempotency
from clinic.database import db, retried, transaction
from clinic.journey import book
from clinic.scheduling import services
from clinic.scheduling.models import Appointment
from clinic.scheduling.services import holds, places
from clinic.scheduling.services import visits as visit_services
from tests import keyed
from tests.factories import TESTER, at, make_visit, make_visitor
from tests.rows import everything_stored
from tests.scheduling.times_page import for_patient, offered, press

LOCKED = sqlite3.OperationalError("database is locked")
PASSING = [
    LOCKED,
    sqlite3.OperationalError("database table is locked"),
    psycopg.errors.SerializationFailure(),
    psycopg.errors.DeadlockDetected(),
    psycopg.errors.LockNotAvailable(),
]
LASTING = [
    sqlite3.OperationalError("no such table: visit"),
    psycopg.errors.ConnectionTimeout(),
    psycopg.errors.QueryCanceled(),
]


def busy(cause: Exception = LOCKED) -> OperationalError:
    return OperationalError("SELECT 1", {}, cause)


@pytest.fixture
def slept(monkeypatch) -> list[float]:
    """How long was waited, without waiting."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    return pauses


def failing(times: int, work=lambda: "done", error: Exception | None = None):
    """*work*, before which the database is busy so many times."""
    left = [times]

    def done(*args, **kwargs):
        if left[0]:
            left[0] -= 1
            raise error or busy()
        return work(*args, **kwargs)

    done.left = left
    return done


# The mechanism.


@pytest.mark.parametrize("cause", PASSING, ids=repr)
def test_S72_work_that_met_somebody_is_done_again(app, slept, cause):
    assert retried(failing(1, error=busy(cause)))() == "done"
    assert len(slept) == 1


@pytest.mark.parametrize("times", [1, 2, 3])
def test_S72_it_is_tried_three_times_more_each_after_a_longer_pause(app, slept, times):
    assert retried(failing(times))() == "done"

    assert len(slept) == times
    assert [pause < 0.35 for pause in slept] == [True] * times


def test_S72_after_three_times_it_gives_up(app, slept):
    work = failing(9)

    with pytest.raises(OperationalError):
        retried(work)()

    assert (work.left, len(slept)) == ([5], 3)


def test_S72_two_who_met_wait_differently_long(app, slept):
    for _ in range(5):
        retried(failing(1))()

    assert len(set(slept)) == 5


@pytest.mark.parametrize("cause", LASTING, ids=repr)
def test_S72_what_would_fail_again_is_not_tried_again(app, slept, cause):
    with pytest.raises(OperationalError):
        retried(failing(1, error=busy(cause)))()

    assert slept == []


def test_S72_inside_a_transaction_nothing_is_tried_again(app, slept):
    with pytest.raises(OperationalError), transaction():
        retried(failing(1))()

    assert slept == []


def test_S72_whoever_waited_as_long_as_for_a_lock_does_not_wait_again(app, slept, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", -1)

    with pytest.raises(OperationalError):
        retried(failing(1))()

    assert slept == []


def test_S72_each_try_begins_with_nothing_of_the_one_before(app, slept):
    tried = []

    @retried
    def work():
        with transaction():
            visitor = make_visitor()
            tried.append(visitor.id)
            db.session.flush()
            if len(tried) < 3:
                raise busy()

    work()

    assert len(tried) == 3
    assert db.session.scalar(db.text("SELECT COUNT(*) FROM visitor")) == 1


# Where presses are made.


def hold(cast):
    return book.hold(
        cast.service("consultation"),
        cast.ana.actor_id,
        at(26, 11),
        visitor=make_visitor(),
        actor=TESTER,
    )


def test_S72_a_hold_is_made_though_the_database_was_busy(cast, slept, monkeypatch):
    monkeypatch.setattr(places, "free_slot", failing(3, places.free_slot))

    assert hold(cast).status == "proposed"
    assert len(db.session.scalars(db.select(Appointment)).all()) == 1


def test_S72_a_hold_is_extended_and_let_go_though_the_database_was_busy(cast, slept, monkeypatch):
    held = hold(cast)
    until = held.hold_until

    monkeypatch.setattr(holds, "lock_visit", failing(2, holds.lock_visit))
    services.extend(held, actor=TESTER)
    monkeypatch.setattr(holds, "move_status", failing(2, holds.move_status))
    services.release(held, actor=TESTER)

    assert (held.status, held.hold_until > until, len(slept)) == ("cancelled", True, 4)


def test_S72_one_press_has_one_effect_though_the_database_was_busy(cast, app, slept, monkeypatch):
    form = keyed.move(cast, app)
    monkeypatch.setattr(idempotency, "_claim", failing(1, idempotency._claim))
    monkeypatch.setattr(visit_services.places, "free_slot", failing(2, places.free_slot))

    page = form.press()

    assert page.heading == "Booked: Fri 27 November, 12:00 pm"
    [visit] = db.session.scalars(db.select(Appointment))
    assert (visit.starts_at, visit.version, len(slept)) == (at(27, 12), 2, 3)


@pytest.mark.parametrize("press_of", [keyed.move, keyed.desk_cancel, keyed.undo_cancel])
def test_S72_a_database_that_stays_busy_is_503_with_when_to_try_again_and_nothing_is_stored(
    cast, app, slept, monkeypatch, press_of
):
    form = press_of(cast, app)
    monkeypatch.setattr(idempotency, "_claim", failing(9))
    stored = everything_stored()

    page = form.press(status=503)

    assert int(page.response.headers["Retry-After"]) > 0
    assert "Nothing was stored; try again in a few seconds." in page.text
    assert everything_stored() == stored
    monkeypatch.undo()
    assert form.press().heading


def test_S72_a_time_pressed_while_the_database_stays_busy_is_503_and_not_held(
    cast, signed_in, slept, monkeypatch
):
    bea = signed_in(cast.bea)
    page = bea.get(for_patient(cast.cal, cast.service("consultation")))
    monkeypatch.setattr(places, "free_slot", failing(9))

    answer = press(page, offered(page)[0], status=503)

    assert int(answer.response.headers["Retry-After"]) > 0
    assert db.session.scalars(db.select(Appointment)).all() == []


def test_S72_a_booking_in_the_middle_of_which_the_database_is_busy_is_whole_or_not_there(
    cast, slept, monkeypatch
):
    def flush_then_fail(appointment):
        told(appointment)
        if len(slept) < 2:
            raise busy()

    told = places.store
    monkeypatch.setattr(places, "store", flush_then_fail)

    visit = retried(make_visit)(cast.cal, cast.ana, cast.service("consultation"), at(26, 11))

    assert (visit.status, len(slept)) == ("booked", 2)
    assert len(db.session.scalars(db.select(Appointment)).all()) == 1
