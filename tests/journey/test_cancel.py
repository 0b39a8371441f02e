"""Cancelling: by the patient inside the policy, by the desk with a reason; told once."""

from datetime import timedelta

import pytest

from clinic.database import db
from clinic.journey import cancel
from clinic.notices.models import Message
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import Changed
from tests.factories import TESTER, at, make_patient, make_visit, walk

TOMORROW = at(25, 11)


@pytest.fixture
def visit(cast):
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), TOMORROW)


def test_a_patient_may_cancel_until_a_day_before(visit):
    assert cancel.free_until(visit) == at(24, 11)


@pytest.mark.parametrize("before", [timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=5)])
def test_a_patient_cancels_up_to_the_last_minute_of_the_policy(visit, travel, before):
    travel(at(24, 11) - before)

    cancel.by_patient(visit, actor=TESTER)

    assert (visit.status, visit.cancel_reason) == (S.CANCELLED, "patient")


@pytest.mark.parametrize("after", [timedelta(0), timedelta(minutes=1), timedelta(hours=23)])
def test_a_patient_is_too_late_after_it_and_the_visit_stays(visit, travel, after):
    travel(at(24, 11) + after)

    with pytest.raises(cancel.TooLate):
        cancel.by_patient(visit, actor=TESTER)

    db.session.refresh(visit)
    assert visit.status == S.BOOKED


def test_the_policy_is_the_clinics(cast, visit, travel):
    db.session.execute(db.text("UPDATE clinic SET cancel_notice_hours = 2"))
    db.session.commit()
    travel(at(25, 8, 59))

    cancel.by_patient(visit, actor=TESTER)

    assert visit.status == S.CANCELLED


@pytest.mark.parametrize("reason", cancel.DESK_REASONS)
def test_the_desk_cancels_at_any_time_with_a_reason(visit, travel, reason):
    travel(at(25, 11, 10))

    cancel.by_staff(visit, reason, actor=TESTER)

    assert (visit.status, visit.cancel_reason) == (S.CANCELLED, reason)


def test_L7_what_is_cancelled_is_not_cancelled_again(visit):
    cancel.by_patient(visit, actor=TESTER)

    with pytest.raises(Changed):
        cancel.by_patient(visit, actor=TESTER)
    with pytest.raises(Changed):
        cancel.by_staff(visit, "ill", actor=TESTER)

    assert visit.cancel_reason == "patient"


def test_somebody_in_the_room_is_not_cancelled(visit, travel):
    travel(TOMORROW)
    walk(visit, S.ARRIVED, S.IN_ROOM)

    with pytest.raises(Changed):
        cancel.by_staff(visit, "ill", actor=TESTER)


def test_cancelling_is_told_once_beside_the_confirmation(visit):
    cancel.by_patient(visit, actor=TESTER)

    told = db.session.scalars(db.select(Message).order_by(Message.id)).all()
    assert [(m.kind, m.version) for m in told] == [("booked", 1), ("cancelled", 2)]


def test_cancelling_for_somebody_without_an_address_tells_nobody(cast):
    visit = make_visit(make_patient(email=None), cast.ana, cast.service("consultation"), TOMORROW)

    cancel.by_staff(visit, "patient-asked", actor=TESTER)

    assert db.session.scalars(db.select(Message)).all() == []
