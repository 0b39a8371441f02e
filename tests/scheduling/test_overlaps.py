"""Past every service, the database itself refuses a second visit of anybody at one time.

Each refusal has its control: with the overlap rule taken down (and put back by the rollback), the
same row is stored. So what refuses it is the rule, and not a mistake in the row.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from clinic import guards
from clinic.accounts.models import ActorKind, ActorRow
from clinic.columns import new_public_id
from clinic.database import db
from clinic.scheduling import queries
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import AppointmentStatus as S
from tests import rush
from tests.factories import at, make_visit
from tests.scheduling.clinics import undone
from tests.scheduling.presses import ELEVEN, hold_at_eleven

HALF_AN_HOUR = timedelta(minutes=30)
REFUSED = r"truth 1: overlapping|participant_no_overlap"
GUARD = pytest.mark.parametrize("guard", ["with the rule", "without it"])


@pytest.fixture
def visit(cast):
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)


def store_by_hand(service, patient, actor_ids, starts_at, lasts=HALF_AN_HOUR, status=S.BOOKED):
    """A visit that takes up *actor_ids*, as somebody writes it who asks no service."""
    period = {"starts_at": starts_at, "ends_at": starts_at + lasts}
    made = db.session.execute(
        insert(Appointment).values(
            public_id=new_public_id(),
            service_id=service.id,
            location_id=service.location_id,
            patient_id=patient.id,
            starts_on=starts_at.date(),
            status=status,
            hold_until=starts_at if status == S.PROPOSED else None,
            status_by="by hand",
            **period,
        )
    )
    (appointment_id,) = made.inserted_primary_key
    for actor_id in actor_ids:
        db.session.execute(
            insert(Participant).values(appointment_id=appointment_id, actor_id=actor_id, **period)
        )


def refused_while(guard: str):
    """What a row meets that overlaps: the refusal, or nothing once the rule is down."""
    if guard == "with the rule":
        return pytest.raises(IntegrityError, match=REFUSED)
    rush.let_visits_overlap(db.session.connection())
    return nullcontext()


def whom(visit, kind):
    return queries.participants_by_kind(visit)[kind].actor_id


@GUARD
@pytest.mark.parametrize("kind", ["practitioner", "room", "patient"])
def test_C2_a_row_stored_by_hand_at_the_same_time_is_refused(cast, visit, kind, guard):
    actor = whom(visit, kind)

    with undone(), refused_while(guard):
        store_by_hand(visit.service, cast.dee, [actor], ELEVEN)

    assert db.session.scalars(db.select(Appointment)).all() == [visit]


@GUARD
@pytest.mark.parametrize("minute", [0, 29], ids=["from its start", "in its last minute"])
@pytest.mark.parametrize("kind", ["practitioner", "room"])
def test_C3_a_row_stored_by_hand_that_overlaps_in_part_is_refused(cast, visit, kind, minute, guard):
    actor = whom(visit, kind)

    with undone(), refused_while(guard):
        store_by_hand(visit.service, cast.dee, [actor], at(24, 11, minute), 2 * HALF_AN_HOUR)


@GUARD
def test_C3_a_row_stored_by_hand_inside_the_buffer_is_refused(cast, visit, guard):
    with undone(), refused_while(guard):
        store_by_hand(visit.service, cast.dee, [cast.ana.actor_id], at(24, 11, 39))


def test_C3_a_row_stored_by_hand_after_the_visit_and_its_buffer_is_kept(cast, visit):
    with undone():
        store_by_hand(visit.service, cast.dee, [cast.ana.actor_id], at(24, 11, 40))


@GUARD
def test_C3_a_device_is_in_one_place_at_a_time(cast, visit, guard):
    with undone():
        device = ActorRow(kind=ActorKind.DEVICE)
        db.session.add(device)
        db.session.flush()
        store_by_hand(visit.service, cast.dee, [device.id], at(24, 14))

        with refused_while(guard):
            store_by_hand(visit.service, cast.cal, [device.id], at(24, 14, 15))


def test_C4_a_row_stored_by_hand_with_a_free_colleague_at_the_same_time_is_kept(cast, visit):
    with undone():
        store_by_hand(visit.service, cast.dee, [cast.eli.actor_id, cast.dee.actor_id], ELEVEN)


@GUARD
@pytest.mark.parametrize("status", [S.PROPOSED, S.BOOKED])
def test_C5_a_row_stored_by_hand_over_a_hold_is_refused(cast, status, guard):
    held = hold_at_eleven(cast)

    with undone(), refused_while(guard):
        store_by_hand(held.service, cast.dee, [cast.ana.actor_id], at(24, 11, 15), status=status)


@GUARD
@pytest.mark.parametrize(
    ("hour", "minute", "lasts"),
    [(10, 45, 30), (11, 29, 30), (11, 10, 10), (10, 0, 120)],
    ids=["over its start", "over its end", "inside it", "around it"],
)
def test_C7_a_row_stored_by_hand_of_a_patient_who_is_elsewhere_is_refused(
    cast, visit, hour, minute, lasts, guard
):
    start, lasts = at(24, hour, minute), timedelta(minutes=lasts)

    with undone(), refused_while(guard):
        store_by_hand(visit.service, cast.cal, [cast.cal.actor_id], start, lasts)


@GUARD
def test_C8_a_row_stored_by_hand_of_another_service_of_the_same_physician_is_refused(
    cast, visit, guard
):
    other = cast.service("follow-up")

    with undone(), refused_while(guard):
        store_by_hand(other, cast.dee, [cast.ana.actor_id], at(24, 11, 20))


@GUARD
def test_S71_a_visit_brought_back_or_moved_by_hand_onto_another_is_refused(cast, visit, guard):
    with undone():
        other = make_visit(cast.dee, cast.ana, visit.service, at(24, 14))

        with refused_while(guard):
            db.session.execute(
                db.update(Appointment)
                .where(Appointment.id == other.id)
                .values(starts_at=at(24, 11, 20), ends_at=at(24, 11, 50))
            )


def test_a_rule_taken_down_in_a_rollback_stands_again(visit):
    with undone():
        rush.let_visits_overlap(db.session.connection())

    with db.engine.connect() as connection:
        names = " ".join(guards.snapshot(connection))
    assert "no_overlap" in names
