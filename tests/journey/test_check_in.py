"""The gate at the door: a treatment that nothing carries any more does not go on."""

import pytest

from clinic.database import db
from clinic.journey import check_in, resume, withdraw
from clinic.journey.book import GateClosed
from clinic.notices.models import Message
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import Changed
from clinic.treatment import queries as treatment
from clinic.treatment.rules import Reason
from tests.factories import (
    ANSWERS,
    TESTER,
    at,
    make_approval,
    make_intake,
    make_visit,
    sign,
    staff_actor,
    walk,
)

MOMENT = at(26, 10)


@pytest.fixture
def treated(cast):
    """Cal's treatment on Thursday at ten, booked on an approval."""
    make_approval(cast)
    return make_visit(cast.cal, cast.ana, cast.service("toxin"), MOMENT)


@pytest.fixture
def approval(cast, treated):
    return treatment.approvals_of(cast.cal.id)[0]


def test_a_treatment_in_order_goes_through_the_door(treated, travel):
    travel(MOMENT)

    check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)
    check_in.move(treated, S.ARRIVED, S.IN_ROOM, actor=TESTER)

    assert treated.status == S.IN_ROOM


def test_G5_a_withdrawn_approval_stops_the_visit_at_the_door(cast, treated, approval, travel):
    withdraw.approval(approval, cast.cal, "New medicine.", actor=TESTER)
    travel(MOMENT)

    with pytest.raises(GateClosed) as refused:
        check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)

    db.session.refresh(treated)
    assert (refused.value.reasons, treated.status) == ([Reason.WITHDRAWN], S.BOOKED)


def test_G5_it_stops_somebody_who_waits_already(cast, treated, approval, travel):
    travel(MOMENT)
    check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)
    withdraw.approval(approval, cast.cal, "New medicine.", actor=TESTER)

    with pytest.raises(GateClosed):
        check_in.move(treated, S.ARRIVED, S.IN_ROOM, actor=TESTER)


def test_a_step_back_opens_no_door_and_is_not_asked(cast, treated, approval, travel):
    travel(MOMENT)
    check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)
    withdraw.approval(approval, cast.cal, "New medicine.", actor=TESTER)

    check_in.move(treated, S.ARRIVED, S.BOOKED, actor=TESTER)

    assert treated.status == S.BOOKED


def test_somebody_who_was_missed_and_comes_all_the_same_is_asked_again(
    cast, treated, approval, travel
):
    travel(at(26, 10, 20))
    check_in.move(treated, S.BOOKED, S.NOSHOW, actor=TESTER)
    withdraw.approval(approval, cast.cal, "New medicine.", actor=TESTER)

    with pytest.raises(GateClosed):
        check_in.move(treated, S.NOSHOW, S.ARRIVED, actor=TESTER)


def test_an_approval_that_a_shorter_one_replaced_has_expired_for_this_visit(
    cast, treated, approval, travel
):
    again = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))
    travel(at(25, 11))
    sign(again, cast.ana_user, cast.ana, valid_until="2026-11-25")
    travel(MOMENT)

    with pytest.raises(GateClosed) as refused:
        check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)

    assert refused.value.reasons == [Reason.SUPERSEDED]


def test_a_paused_approval_stops_and_a_resumed_one_does_not(cast, treated, approval, travel):
    travel(MOMENT)
    form = make_intake(cast.cal, answers={"blood-thinners": {"value": "yes"}})
    with pytest.raises(GateClosed, match="suspended"):
        check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)

    ana = staff_actor(cast.ana_user, cast.ana)
    resume.approval(approval, cast.cal, form.public_id, "Aspirin.", actor=ana)
    check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)

    assert treated.status == S.ARRIVED


def test_S73_answers_changed_since_the_approval_stop_the_visit(cast, treated, travel):
    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})
    travel(MOMENT)

    with pytest.raises(GateClosed) as refused:
        check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)

    assert refused.value.reasons == [Reason.SUSPENDED, Reason.INTAKE_CHANGED]


def test_own_words_written_anew_stop_no_visit(cast, treated, travel):
    make_intake(cast.cal, words={**ANSWERS["words"], "change": "Said in other words."})
    travel(MOMENT)

    check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)

    assert treated.status == S.ARRIVED


def test_a_toxin_session_meanwhile_stops_the_next_one(cast, treated, travel):
    later = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(27, 10))
    travel(MOMENT)
    walk(treated, S.ARRIVED, S.IN_ROOM, S.FULFILLED)
    travel(at(27, 10))

    with pytest.raises(GateClosed) as refused:
        check_in.move(later, S.BOOKED, S.ARRIVED, actor=TESTER)

    assert refused.value.reasons == [Reason.TOXIN_INTERVAL]


def test_a_consultation_is_not_asked_at_the_door(cast, travel):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))

    check_in.move(visit, S.BOOKED, S.ARRIVED, actor=TESTER)

    assert visit.status == S.ARRIVED


def test_a_stale_step_is_told_from_a_closed_gate(treated, travel):
    travel(MOMENT)
    check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)

    with pytest.raises(Changed):
        check_in.move(treated, S.BOOKED, S.ARRIVED, actor=TESTER)


def test_G5_withdrawing_deletes_nothing_and_tells_the_patient_that_there_is_news(
    cast, treated, approval
):
    withdraw.approval(approval, cast.cal, "New medicine.", actor=TESTER)

    assert treated.status == S.BOOKED
    kinds = db.session.scalars(db.select(Message.kind).order_by(Message.id)).all()
    assert kinds[-1] == "decided"
