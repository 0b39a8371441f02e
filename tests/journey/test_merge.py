"""Two records of one person: what follows the link, and what stands against it (truth 7)."""

import pytest
from sqlalchemy import select

from clinic import clock
from clinic.accounts import lookup, same_person, sessions
from clinic.accounts import queries as people
from clinic.accounts.finding import Identity
from clinic.accounts.models import Patient, User, Visitor
from clinic.database import db, transaction
from clinic.intake import queries as intakes
from clinic.journey import book, cancel, enter, merge
from clinic.merging.rules import Against
from clinic.notices.models import Message, MessageKind
from clinic.records import queries as records
from clinic.scheduling import queries as visits
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import SlotTaken, UndoOver
from clinic.screening import care
from tests.factories import (
    TESTER,
    at,
    make_account,
    make_approval,
    make_patient,
    make_visit,
    make_visitor,
    staff_actor,
)

MOMENT = at(26, 10)


# What follows the link.


def test_whose_records_they_are_is_asked_of_all_three(cast, twin, merged):
    third = make_patient(name="Cal Ortega", email=None)
    merged(cast.cal, twin)
    merged(third, twin)

    everybody = [twin, cast.cal, third]
    found = [set(db.session.scalars(same_person.ids_of(one.id))) for one in everybody]
    assert found == [{one.id for one in everybody}] * 3
    assert same_person.kept(third) == twin
    assert set(db.session.scalars(same_person.ids_of(cast.dee.id))) == {cast.dee.id}


def test_visits_forms_and_history_are_read_from_both(cast, twin, merged):
    note = make_approval(cast)
    merged(cast.cal, twin)
    history = records.history(twin, at(24, 9).date())

    assert [visit.patient_id for visit in visits.own_visits(twin.id)] == [cast.cal.id]
    assert intakes.latest_submitted(twin.id).patient_id == cast.cal.id
    assert intakes.submitted_by([twin.id, cast.cal.id]) == {twin.id, cast.cal.id}
    assert history.notes == [note]
    assert [approval.patient_id for approval, _state in history.approvals] == [cast.cal.id]


def test_the_physician_of_one_record_cares_for_the_person(cast, twin, merged):
    make_approval(cast)
    ana = staff_actor(cast.ana_user, cast.ana)
    before = care.patient_in_care(ana, twin.public_id)
    merged(cast.cal, twin)

    assert before is None
    assert care.patient_in_care(ana, twin.public_id) == twin
    assert care.patient_in_care(ana, cast.cal.public_id) == twin
    assert care.patients_in_care(ana) == [twin]


def test_a_search_finds_the_replaced_record_and_says_whose_it_is_now(cast, twin, merged):
    with transaction():
        twin.name = "Calvin Ortega"
    merged(cast.cal, twin)
    from clinic.accounts import finding

    found = {one.name: one.goes_on for one in lookup.found(finding.wanted("ortega")).shown}
    assert found == {"Cal Ortega": "Calvin Ortega", "Calvin Ortega": None}
    assert people.patient_for_desk(TESTER, cast.cal.public_id) == twin


def test_somebody_entered_again_is_compared_with_both_and_marked_beside_the_kept(
    cast, twin, merged
):
    merged(cast.cal, twin)
    like = Identity(cast.cal.name, cast.cal.born_on, None, None)
    seen = [one.public_id for one in lookup.doubles(like)]

    added = enter.patient(
        name=cast.cal.name,
        born_on=cast.cal.born_on,
        email=None,
        phone="1",
        seen=seen,
        actor=TESTER,
    )

    assert set(seen) >= {cast.cal.public_id, twin.public_id}
    assert added.possible_duplicate_of == twin


def test_nobody_is_in_two_places_at_once_on_two_records(cast, twin, merged):
    make_approval(cast)
    make_visit(cast.cal, cast.ana, cast.service("toxin"), MOMENT)
    merged(cast.cal, twin)

    with pytest.raises(SlotTaken):
        make_visit(twin, cast.eli, cast.service("consultation"), MOMENT)


def test_two_people_may_be_in_two_places_at_once(cast, twin):
    """The control: without the link it is one visit of each."""
    make_approval(cast)
    make_visit(cast.cal, cast.ana, cast.service("toxin"), MOMENT)

    assert make_visit(twin, cast.eli, cast.service("consultation"), MOMENT).status == S.BOOKED


# Signing in.


def test_a_sign_in_of_the_replaced_record_is_closed_told_and_opened_by_undoing(
    cast, twin, merged, manager
):
    closed, other = make_account(cast.cal), make_account(twin)
    sessions.open_for(closed, has_second_factor=False, address="1", agent="")

    link = merged(cast.cal, twin)

    assert (closed.active, other.active) == (False, True)
    assert sessions.open_sessions(closed.id) == []
    letters = select(Message.to).where(Message.kind == MessageKind.ACCOUNT_CLOSED)
    assert db.session.scalars(letters).all() == [closed.email]

    merge.undo(link, actor=manager)

    assert closed.active
    letters = select(Message.to).where(Message.kind == MessageKind.ACCOUNT_OPENED)
    assert db.session.scalars(letters).all() == [closed.email]


def test_a_sign_in_that_was_shut_before_stays_shut_by_undoing(cast, twin, merged, manager):
    shut = make_account(cast.cal)
    with transaction():
        shut.active = False

    merge.undo(merged(cast.cal, twin), actor=manager)

    assert not db.session.get_one(User, shut.id).active


def test_without_an_account_nobody_is_written_to(cast, twin, merged, manager):
    before = db.session.scalar(select(db.func.count()).select_from(Message))

    merge.undo(merged(cast.cal, twin), actor=manager)

    assert db.session.scalar(select(db.func.count()).select_from(Message)) == before


def test_the_only_sign_in_is_never_closed(cast, twin, merged):
    make_account(cast.cal)

    with pytest.raises(merge.NotMerged) as refused:
        merged(cast.cal, twin)

    assert refused.value.against == [Against.HAS_THE_SIGN_IN]


def test_a_browser_that_proved_the_replaced_record_proves_it_anew_and_opens_the_kept(
    cast, twin, merged
):
    visitor = make_visitor()
    with transaction():
        visitor.patient_id, visitor.proved_at = cast.cal.id, clock.now()

    merged(cast.cal, twin)

    assert db.session.get_one(Visitor, visitor.id).patient_id is None
    assert people.patients_at("cal@example.org", cast.cal.born_on) == [twin]


def test_the_code_to_one_address_proves_nothing_of_the_other(cast, merged):
    from clinic.accounts import services as accounts

    other = make_patient(name="Cal Ortega", email="unproved@example.org", proved=False)
    merged(cast.cal, other)
    accounts.prove_visitor(make_visitor(), other, "cal@example.org")
    assert db.session.get_one(Patient, other.id).email_proved_at is None

    accounts.prove_visitor(make_visitor(), other, "unproved@example.org")
    assert db.session.get_one(Patient, other.id).email_proved_at is not None


# What stands against it.


def test_a_consultation_that_is_not_decided_stands_against_closing_its_record(cast, twin, merged):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), MOMENT)

    with pytest.raises(merge.NotMerged) as refused:
        merged(cast.cal, twin)

    assert refused.value.against == [Against.HAS_CONSULTATION]
    assert merged(twin, cast.cal).kept == cast.cal


def test_a_physician_never_becomes_the_patient_of_their_own_note(cast, twin, merged):
    make_approval(cast)
    with transaction():
        twin.user_id = cast.ana_user.id

    with pytest.raises(merge.NotMerged) as refused:
        merged(cast.cal, twin)

    assert refused.value.against == [Against.OWN_NOTE]


def test_a_held_time_of_the_replaced_record_is_let_go(cast, twin, merged):
    held = book.hold(
        cast.service("consultation"),
        cast.ana.actor_id,
        MOMENT,
        visitor=make_visitor(),
        actor=TESTER,
        patient=cast.cal,
    )

    merged(cast.cal, twin)

    assert db.session.get_one(type(held), held.id).status == S.CANCELLED


def test_a_visit_cancelled_just_before_is_not_brought_back_on_the_replaced_record(
    cast, twin, merged, manager
):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), MOMENT)
    cancel.by_staff(visit, "mistake", actor=manager)
    link = merged(cast.cal, twin)

    with pytest.raises(UndoOver):
        cancel.undo(visit, actor=manager)

    merge.undo(link, actor=manager)
    cancel.undo(visit, actor=manager)
    assert visit.status == S.BOOKED
