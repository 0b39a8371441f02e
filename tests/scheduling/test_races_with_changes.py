"""What changes while somebody books: a cancellation, a withdrawal, another one's signature."""

from __future__ import annotations

import time

import pytest

from clinic.database import db, transaction
from clinic.journey import book, withdraw
from clinic.journey import cancel as cancelling
from clinic.notices.models import Message, MessageKind
from clinic.scheduling import services
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import SlotTaken
from clinic.screening import queries as screening
from clinic.screening.models import ScreeningNote
from clinic.treatment.models import Approval
from tests import factories, rush
from tests.factories import TESTER, at, make_visit, make_visitor, staff_actor
from tests.rush import Meeting, together
from tests.scheduling.presses import ELEVEN, booking, visits_at

WAIT_IN_VAIN = 0.4  # behind a lock nobody else comes


@pytest.fixture
def rounds(request) -> int:
    return 1000 if request.config.getoption("--soak") else 8


# A cancellation.


def cancel_over_and_over(cast, rounds, meeting):
    """In each round, cancel whoever is booked with Ana at eleven."""

    def work():
        for _ in range(rounds):
            meeting.wait()
            cancelling.by_staff(_booked_with(cast.ana), "ill", actor=TESTER)
            meeting.wait()
            meeting.wait()
        return f"{rounds} cancelled"

    return work


def _booked_with(practitioner):
    db.session.rollback()
    return db.session.scalars(
        db.select(Appointment)
        .join(Participant)
        .where(
            Participant.actor_id == practitioner.actor_id,
            Appointment.starts_at == ELEVEN,
            Appointment.status == S.BOOKED,
        )
    ).one()


def book_over_and_over(cast, rounds, meeting):
    """In each round, book the same time; once more after the cancellation if that came too late."""

    def work():
        for _ in range(rounds):
            meeting.wait()
            booked = _try_to_book(cast)
            meeting.wait()
            if not booked:
                _book(cast)
            meeting.wait()
        return f"{rounds} booked"

    return work


def _book(cast):
    make_visit(cast.dee, cast.ana, cast.service("consultation"), ELEVEN)


def _try_to_book(cast):
    try:
        _book(cast)
    except SlotTaken:
        return False
    return True


def neighbours():
    """Every visit and participant that is not Ana's at eleven, as it is stored."""
    db.session.rollback()
    tables = [Appointment.__table__, Participant.__table__]
    elsewhere = db.select(Participant.appointment_id).where(Participant.starts_at != ELEVEN)
    ids = set(db.session.scalars(elsewhere))
    keys = [tables[0].c.id, tables[1].c.appointment_id]
    return [
        db.session.execute(db.select(table).where(key.in_(ids)).order_by(table.c.id)).all()
        for table, key in zip(tables, keys, strict=True)
    ]


def test_C11_a_cancellation_in_a_race_with_bookings_changes_only_its_own_visit(cast, rounds):
    service = cast.service("consultation")
    make_visit(cast.dee, cast.ana, service, ELEVEN)
    make_visit(cast.cal, cast.ana, service, at(24, 10, 20))
    make_visit(cast.cal, cast.ana, service, at(24, 11, 40))
    before = neighbours()
    meeting = Meeting(2, rush.LONGEST)

    answers = together(
        cancel_over_and_over(cast, rounds, meeting),
        book_over_and_over(cast, rounds, meeting),
        longest=rush.LONGEST + rounds,
    )

    assert answers == [f"{rounds} cancelled", f"{rounds} booked"]
    assert len(visits_at(ELEVEN, S.BOOKED)) == 1
    assert len(visits_at(ELEVEN, S.CANCELLED)) == rounds
    assert neighbours() == before


def cancellation(visit, reason):
    def press():
        cancelling.by_staff(visit, reason, actor=TESTER)
        return "cancelled"

    return press


def missed(visit):
    def press():
        services.change_status(visit, S.BOOKED, S.NOSHOW, actor=TESTER)
        return "missed"

    return press


def test_a_visit_cancelled_twice_in_a_race_is_cancelled_once_and_told_once(cast):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)

    answers = together(*[cancellation(visit, "ill")] * 4)

    assert sorted(answers) == ["Changed"] * 3 + ["cancelled"]
    told = db.session.scalars(db.select(Message).filter_by(kind=MessageKind.CANCELLED)).all()
    assert len(told) == 1


def test_in_a_race_of_a_cancellation_with_a_no_show_one_is_told_that_it_changed(cast, travel):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)
    travel(at(24, 11, 10))

    answers = together(cancellation(visit, "ill"), missed(visit))

    db.session.rollback()
    assert sorted(answers) in (["Changed", "cancelled"], ["Changed", "missed"])
    assert {visit.status} <= {S.CANCELLED, S.NOSHOW}


# A withdrawal.


@pytest.fixture
def approval(cast):
    factories.make_approval(cast)
    return db.session.scalars(db.select(Approval)).one()


@pytest.fixture
def held(cast, approval):
    """A Botox time that Cal holds on the approval."""
    return book.hold(
        cast.service("toxin"),
        cast.ana.actor_id,
        at(26, 10),
        visitor=make_visitor(),
        actor=TESTER,
        patient=cast.cal,
    )


def test_a_booking_that_asked_before_the_withdrawal_of_its_approval_loses_the_race(
    cast, approval, held, engine, monkeypatch
):
    asked, withdrawn = Meeting(2, rush.LONGEST), Meeting(2, WAIT_IN_VAIN)
    told = services.confirm

    def confirm_later(*args, **kwargs):
        asked.wait()  # the gate has let the booking through …
        withdrawn.wait()  # … and before it is stored, the approval ends, where that is possible
        return told(*args, **kwargs)

    def withdrawal():
        asked.wait()
        withdraw.approval(approval, cast.cal, "Lumps.", actor=staff_actor(cast.ana_user, cast.ana))
        withdrawn.wait()
        return "withdrawn"

    monkeypatch.setattr(services, "confirm", confirm_later)

    answers = together(booking(held, cast.cal), withdrawal)

    # SQLite's one writer books before the withdrawal begins: that visit needs renewal.
    expected = {"sqlite": ("booked", S.BOOKED), "postgresql": ("IntegrityError", S.PROPOSED)}
    db.session.rollback()
    assert answers[1] == "withdrawn"
    assert (answers[0], held.status) == expected[engine.name]


def test_a_booking_in_a_race_with_a_withdrawal_not_yet_stored_waits_and_is_refused(
    cast, approval, held
):
    inside = Meeting(2, rush.LONGEST)

    def withdrawal():
        ana = staff_actor(cast.ana_user, cast.ana)
        with transaction():
            withdraw.approval(approval, cast.cal, "Lumps.", actor=ana)
            inside.wait()
            time.sleep(WAIT_IN_VAIN)  # the booking reads, and finds the approval in force
        return "withdrawn"

    def booking_meanwhile():
        inside.wait()
        return booking(held, cast.cal)()

    answers = together(withdrawal, booking_meanwhile)

    db.session.rollback()
    assert answers[0] == "withdrawn"
    assert answers[1] in ("GateClosed", "IntegrityError")
    assert held.status == S.PROPOSED


# Two signatures.


def signature(visit, user, practitioner):
    def press():
        factories.sign(visit, user, practitioner)
        return "signed"

    return press


def test_two_physicians_sign_one_consultation_in_a_race_and_one_signature_stays(cast, monkeypatch):
    factories.make_intake(cast.cal)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), ELEVEN)
    meeting = Meeting(2, WAIT_IN_VAIN)
    monkeypatch.setattr(screening, "note_version", meeting.after(screening.note_version))

    answers = together(
        signature(visit, cast.ana_user, cast.ana), signature(visit, cast.eli_user, cast.eli)
    )

    signed = db.session.scalars(db.select(ScreeningNote)).all()
    assert sorted(answers) == ["SomebodyElseSaved", "signed"]
    assert [note.is_signed for note in signed] == [True]
    assert len(db.session.scalars(db.select(Approval)).all()) == 1
    db.session.refresh(visit)
    assert visit.status == S.FULFILLED
