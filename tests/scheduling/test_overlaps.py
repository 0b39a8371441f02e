"""C2: past every service, the database itself refuses a second visit of anybody at one time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from clinic.database import db, new_public_id, transaction
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import AppointmentStatus as S
from tests.factories import at, make_visit
from tests.scheduling.presses import ELEVEN

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def visit(cast):
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)


def store_by_hand(visit, patient, actor_id, starts_at):
    """A visit of *patient* that takes up *actor_id*, as somebody writes it who asks no service."""
    period = {"starts_at": starts_at, "ends_at": starts_at + HALF_AN_HOUR}
    with transaction():
        made = db.session.execute(
            insert(Appointment).values(
                public_id=new_public_id(),
                service_id=visit.service_id,
                location_id=visit.location_id,
                patient_id=patient.id,
                starts_on=starts_at.date(),
                status=S.BOOKED,
                status_by="by hand",
                **period,
            )
        )
        (appointment_id,) = made.inserted_primary_key
        db.session.execute(
            insert(Participant).values(appointment_id=appointment_id, actor_id=actor_id, **period)
        )


@pytest.mark.parametrize("place", [0, 1, 2], ids=["physician", "room", "patient"])
@pytest.mark.parametrize("minute", [0, 29], ids=["at the same time", "in the last minute"])
def test_C2_a_row_stored_by_hand_over_a_visit_is_refused(cast, visit, place, minute):
    taken = sorted(visit.participants, key=lambda p: p.id)[place].actor_id

    with pytest.raises(IntegrityError, match=r"truth 1: overlapping|participant_no_overlap"):
        store_by_hand(visit, cast.dee, taken, at(24, 11, minute))

    assert db.session.scalars(db.select(Appointment)).all() == [visit]


def test_C2_a_row_stored_by_hand_after_the_visit_and_its_buffer_is_kept(cast, visit):
    store_by_hand(visit, cast.dee, cast.ana.actor_id, at(24, 11, 40))

    assert len(db.session.scalars(db.select(Appointment)).all()) == 2
