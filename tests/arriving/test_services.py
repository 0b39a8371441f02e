"""The letter with the link, and presses at one moment.

Shows S41, S75 and S80 of the security checklist and M1 of the known failures.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic import worker
from clinic.accounts import tablet
from clinic.accounts.models import Visitor
from clinic.arriving import queries
from clinic.arriving import services as arriving
from clinic.arriving.models import ArrivalLink
from clinic.database import db, transaction
from clinic.intake.models import Intake
from clinic.intake.services import start_for
from clinic.journey import arrive, cancel, check_in
from clinic.notices import letters
from clinic.notices import worker as outbox
from clinic.notices.models import MessageState
from clinic.scheduling import history
from clinic.scheduling.rules import AppointmentStatus as S
from tests.arriving.phone import letters_to_check_in, now_of
from tests.factories import TESTER, at, make_intake, make_visit, staff_actor, walk
from tests.rush import together

TEN = at(25, 10)


@pytest.fixture
def visit(cast):
    """Cal's consultation tomorrow at ten."""
    make_intake(cast.cal)
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), TEN)


@pytest.fixture
def phone(cast, visit, travel):
    """A phone that checks in for it at a quarter to ten."""
    travel(TEN - timedelta(minutes=15))
    with transaction():
        visitor, _token = tablet.open_phone(cast.cal)
        arrival = arriving.begin(visit, visitor, None, actor=tablet.actor_of(visitor))
    return arrival, tablet.actor_of(visitor)


def test_the_letter_is_written_two_hours_before_and_once(visit, travel):
    travel(TEN - timedelta(hours=2, seconds=5))
    arrive.send_links()
    before = len(letters_to_check_in())
    travel(TEN - timedelta(hours=2))
    arrive.send_links()
    arrive.send_links()

    (letter,) = letters_to_check_in()
    assert before == 0
    assert (letter.to, letter.appointment_id, letter.version) == (
        "cal@example.org",
        visit.id,
        visit.version,
    )


def test_S41_only_the_hash_of_the_link_is_stored(visit, travel):
    travel(TEN - timedelta(hours=1))
    arrive.send_links()

    (link,) = db.session.scalars(db.select(ArrivalLink))
    token = letters_to_check_in()[0].params["token"]
    assert len(token) == 43
    assert token.encode() not in link.token_hash
    assert queries.link_by_token(token) == link


def test_the_letter_says_when_in_the_sites_time_and_nothing_of_the_treatment(visit, travel):
    travel(TEN - timedelta(hours=1))
    arrive.send_links()

    mail = letters.write(letters_to_check_in()[0])
    text = mail.get_content()

    assert mail["Subject"] == "Check in for Wed 25 November, 10:00 am"
    assert "from 9:00 am until your visit ends" in text
    assert "All times are London time." in text
    assert [word for word in ("Consultation", "Botox", "Ortega", "Ana") if word in text] == []


@pytest.mark.parametrize("end", ["cancelled", "arrived", "over"])
def test_M1_a_letter_that_has_lost_its_cause_is_dropped(visit, cast, travel, end):
    travel(TEN - timedelta(hours=1))
    arrive.send_links()
    now = now_of(visit)
    if end == "cancelled":
        cancel.by_staff(now, "ill", actor=staff_actor(cast.bea))
    elif end == "arrived":
        walk(now, S.ARRIVED)
    else:
        travel(TEN + timedelta(hours=1))

    outbox.work_once()

    assert [letter.state for letter in letters_to_check_in()] == [MessageState.DROPPED]


def test_a_letter_that_still_says_something_goes_out(visit, travel):
    travel(TEN - timedelta(hours=1))
    arrive.send_links()

    outbox.work_once()

    assert [letter.state for letter in letters_to_check_in()] == [MessageState.SENT]


def test_the_worker_writes_it(visit, travel):
    travel(TEN - timedelta(hours=1))

    assert worker.send_check_in_links in worker.JOBS
    assert worker.send_check_in_links() is False
    assert len(letters_to_check_in()) == 1


def test_two_workers_in_a_race_write_one_letter(visit, travel):
    travel(TEN - timedelta(hours=1))

    answers = together(arrive.send_links, arrive.send_links)

    assert answers == ["False", "False"]
    assert len(letters_to_check_in()) == 1


def test_S75_phone_and_desk_in_a_race_mark_one_arrival(visit, cast, phone):
    arrival, actor = phone
    desk = staff_actor(cast.bea)

    answers = together(
        lambda: arrive.arrive(arrival, actor=actor),
        lambda: check_in.move(visit, S.BOOKED, S.ARRIVED, actor=desk),
    )

    assert sorted(answers) == ["Changed", "None"]
    assert now_of(visit).status == S.ARRIVED
    assert [step.state for step in history.of(visit) if step.state] == ["arrived"]


def test_S75_a_phone_and_a_cancellation_in_a_race_exclude_each_other(visit, cast, phone):
    arrival, actor = phone
    desk = staff_actor(cast.bea)
    shown = visit.version

    answers = together(
        lambda: arrive.arrive(arrival, actor=actor),
        lambda: cancel.by_staff(visit, "ill", actor=desk, shown=shown),
    )

    assert sorted(answers) == ["Changed", "None"]


def test_a_phone_that_was_put_away_is_closed_and_its_empty_form_goes(visit, cast, phone, travel):
    arrival, actor = phone
    at_home = start_for(cast.cal, actor=TESTER)
    visitor = db.session.get_one(Visitor, arrival.visitor_id)
    arrive.begin_form(arrival, visitor, actor=actor)
    travel(TEN + timedelta(minutes=14))
    assert worker.close_check_ins() is False
    before = db.session.scalar(db.select(db.func.count()).select_from(Intake))

    travel(TEN + timedelta(minutes=16))
    worker.close_check_ins()

    db.session.rollback()
    drafts = db.session.scalars(db.select(Intake).where(Intake.submitted_at.is_(None))).all()
    assert (before, [draft.id for draft in drafts]) == (3, [at_home.id])
    assert visitor.tablet_patient_id is None
