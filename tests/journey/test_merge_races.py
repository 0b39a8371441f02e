"""Two managers, and a manager and a patient, at one moment, each in a process of their own."""

from __future__ import annotations

import pytest

from clinic.accounts.models import PatientLink
from clinic.database import db
from clinic.journey import merge
from clinic.scheduling.models import Appointment
from tests.factories import at, make_patient, make_visit, staff_actor
from tests.rush import Meeting, together

WAIT_IN_VAIN = 0.4  # behind a lock nobody else comes


@pytest.fixture
def twin(cast):
    return make_patient(name="Cal Ortega", email=None)


def putting(replaced, kept, manager):
    def work():
        merge.records(replaced, kept, "Came with a passport.", actor=manager)
        return "merged"

    return work


def in_force():
    db.session.rollback()
    links = db.select(PatientLink.replaced_id, PatientLink.kept_id).where(
        PatientLink.undone_at.is_(None)
    )
    return db.session.execute(links).all()


def test_of_two_managers_who_put_them_together_in_opposite_ways_one_is_told(
    cast, twin, monkeypatch
):
    """Both stand right before the lock when the other one does."""
    manager = staff_actor(cast.max)
    meeting = Meeting(2, WAIT_IN_VAIN)
    monkeypatch.setattr(merge, "lock_actors", meeting.after(lambda _actors: None))

    answers = together(putting(cast.cal, twin, manager), putting(twin, cast.cal, manager))

    assert sorted(answers) == ["NotMerged", "merged"]
    assert len(in_force()) == 1


def test_of_two_managers_who_do_the_same_one_is_told(cast, twin):
    manager = staff_actor(cast.max)

    answers = together(*[putting(cast.cal, twin, manager)] * 2)

    assert sorted(answers) == ["NotMerged", "merged"]
    assert in_force() == [(cast.cal.id, twin.id)]


def test_who_books_while_the_records_meet_is_never_left_on_the_replaced_one(cast, twin):
    manager = staff_actor(cast.max)

    def booking():
        make_visit(cast.cal, cast.ana, cast.service("consultation"), at(26, 10))
        return "booked"

    merged, booked = together(putting(cast.cal, twin, manager), booking)

    db.session.rollback()
    visits = db.session.scalars(db.select(Appointment.patient_id)).all()
    assert (merged == "merged") != (booked == "booked")
    assert len(in_force()) == (merged == "merged")
    assert visits.count(cast.cal.id) <= 1
