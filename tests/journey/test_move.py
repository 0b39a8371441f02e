"""Moving: by the patient inside the policy, by staff with a reason; the gate asked; told once."""

from datetime import date

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.journey import move, withdraw
from clinic.journey.book import GateClosed
from clinic.journey.cancel import DESK_REASONS, TooLate
from clinic.notices.models import Message, MessageKind, MessageState
from clinic.scheduling.queries import practitioner_of
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import Changed, SlotTaken
from clinic.scheduling.words import DESK_REASON_WORDS
from clinic.treatment import queries as treatment
from clinic.treatment.rules import Reason
from tests.factories import TESTER, at, make_approval, make_patient, make_visit, sign, walk

THURSDAY = at(26, 11)


@pytest.fixture
def visit(cast):
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), THURSDAY)


@pytest.fixture
def treated(cast):
    make_approval(cast, valid_until="2026-11-30")
    return make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))


def by_patient(visit, practitioner, starts_at, **over):
    more = {"shown": visit.version, "actor": TESTER, **over}
    move.by_patient(visit, practitioner.actor_id, starts_at, **more)


def by_staff(visit, practitioner, starts_at, **over):
    more = {"shown": visit.version, "actor": TESTER, "reason": "clinic", **over}
    move.by_staff(visit, practitioner.actor_id, starts_at, **more)


def letters():
    rows = db.session.scalars(db.select(Message).order_by(Message.id)).all()
    return [(m.kind, m.version, m.state) for m in rows if m.kind != "decided"]


def test_a_patient_moves_until_a_day_before(cast, visit, travel):
    travel(at(25, 10, 59))

    by_patient(visit, cast.eli, at(27, 9, 20))

    assert (visit.starts_at, practitioner_of(visit).name) == (at(27, 9, 20), "Dr Eli Stone")


def test_inside_the_notice_the_patient_calls_and_the_visit_stays(cast, visit, travel):
    travel(at(25, 11, 1))

    with pytest.raises(TooLate):
        by_patient(visit, cast.ana, at(27, 9, 20))

    db.session.refresh(visit)
    assert visit.starts_at == THURSDAY


def test_staff_move_inside_the_notice_with_a_reason_that_is_written_down(cast, visit, travel):
    travel(at(26, 8))

    by_staff(visit, cast.ana, at(27, 9, 20), reason="ill")

    moved = db.select(AuditEvent).where(AuditEvent.event == Event.APPOINTMENT_MOVED)
    [row] = db.session.scalars(moved)
    assert row.facts["reason"] == "ill"
    assert row.facts["was_starts_at"] == THURSDAY.isoformat()
    assert row.patient_id == cast.cal.id


def test_every_reason_of_the_desk_has_words():
    assert tuple(DESK_REASON_WORDS) == DESK_REASONS


def test_a_move_to_where_the_visit_is_already_is_none(cast, visit):
    with pytest.raises(move.SameTime):
        by_patient(visit, cast.ana, THURSDAY)


def test_the_same_time_with_another_physician_is_a_move(cast, visit):
    by_patient(visit, cast.eli, THURSDAY)

    assert practitioner_of(visit).name == "Dr Eli Stone"


def test_a_taken_time_leaves_the_visit_where_it_is(cast, visit):
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(27, 9, 20))

    with pytest.raises(SlotTaken):
        by_patient(visit, cast.ana, at(27, 9, 20))

    db.session.refresh(visit)
    assert (visit.starts_at, letters()[-1][0]) == (THURSDAY, "booked")


@pytest.mark.parametrize("path", [(S.ARRIVED,), (S.NOSHOW,), (S.CANCELLED,)])
def test_S75_what_has_begun_or_is_over_does_not_move(cast, visit, travel, path):
    travel(at(26, 11))
    walk(visit, *path)

    with pytest.raises(Changed):
        by_staff(visit, cast.ana, at(27, 9, 20))


# The gate.


def test_a_treatment_moves_inside_its_approval(cast, treated):
    by_patient(treated, cast.eli, at(27, 9, 15))

    assert treated.approval_id is not None


def test_a_treatment_does_not_move_out_of_its_approval(cast, treated):
    with pytest.raises(GateClosed) as refused:
        by_patient(treated, cast.ana, at(1, 9, 15, month=12))

    assert refused.value.reasons == [Reason.NOT_IN_FORCE]
    db.session.refresh(treated)
    assert treated.starts_at == at(26, 10)


def test_a_treatment_whose_approval_was_withdrawn_does_not_move(cast, treated):
    approval = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(approval, cast.cal, "New medicine.", actor=TESTER)

    with pytest.raises(GateClosed) as refused:
        by_staff(treated, cast.ana, at(27, 9, 15))

    assert refused.value.reasons == [Reason.WITHDRAWN]


def test_a_treatment_moves_onto_the_newer_approval_that_carries_it(cast, treated):
    old = treated.approval_id
    again = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 14))
    sign(again, cast.ana_user, cast.ana)

    by_staff(treated, cast.ana, at(1, 9, 15, month=12))

    assert treated.approval_id not in (None, old)


def test_nobody_moves_to_a_day_on_which_they_are_under_18(cast):
    young = make_patient(name="Yan Young", born_on=date(2008, 11, 26))
    visit = make_visit(young, cast.ana, cast.service("consultation"), THURSDAY)

    with pytest.raises(GateClosed) as refused:
        by_staff(visit, cast.ana, at(25, 11))

    assert refused.value.reasons == [Reason.UNDER_18]


# Told.


def test_a_move_is_told_once_with_the_version_of_the_visit(cast, visit):
    by_patient(visit, cast.ana, at(27, 9, 20))

    assert [(kind, version) for kind, version, _state in letters()] == [("booked", 1), ("moved", 2)]


def test_of_two_moves_in_a_row_one_letter_goes_out_from_the_time_that_was_told(cast, visit):
    by_patient(visit, cast.ana, at(27, 9, 20))
    by_patient(visit, cast.ana, at(30, 9, 20))

    newest = db.session.scalars(db.select(Message).order_by(Message.id.desc())).first()
    assert letters()[1:] == [
        (MessageKind.MOVED, 2, MessageState.DROPPED),
        (MessageKind.MOVED, 3, MessageState.QUEUED),
    ]
    assert newest.params["was"] == THURSDAY.isoformat()


def test_after_a_letter_that_went_out_the_next_move_begins_from_its_time(cast, visit):
    by_patient(visit, cast.ana, at(27, 9, 20))
    with transaction():
        db.session.execute(db.update(Message).values(state=MessageState.SENT))

    by_patient(visit, cast.ana, at(30, 9, 20))

    newest = db.session.scalars(db.select(Message).order_by(Message.id.desc())).first()
    assert newest.params["was"] == at(27, 9, 20).isoformat()


def test_a_move_for_somebody_without_an_address_tells_nobody(cast):
    visit = make_visit(make_patient(email=None), cast.ana, cast.service("consultation"), THURSDAY)

    by_staff(visit, cast.ana, at(27, 9, 20))

    assert letters() == []
