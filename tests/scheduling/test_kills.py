"""A process killed in the middle of a first booking: all of it is stored, or nothing (S80)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic.accounts.models import Patient
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.notices.models import Message, MessageKind
from clinic.scheduling.rules import AppointmentStatus as S
from tests import rush
from tests.factories import at
from tests.newcomer import ask_for_a_code, at_the_last_page, newest_code
from tests.rows import count, everything_stored
from tests.scheduling.presses import ELEVEN, hold_at_eleven, visits_at

ONE = at(25, 13)
# What a first booking writes, in its order; each is a moment to die in.
WRITES = (
    "UPDATE email_code",
    "INSERT INTO patient",
    "UPDATE intake",
    "UPDATE appointment",
    "INSERT INTO message",
    "INSERT INTO idempotency_key",
)
EVERY_STEP = range(1, 50)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "step" in metafunc.fixturenames:
        soak = metafunc.config.getoption("--soak")
        metafunc.parametrize("step", EVERY_STEP if soak else [12])


@pytest.fixture
def code_form(cast, app):
    """The last form of somebody new, filled in: one press books."""
    person = at_the_last_page(cast, app)
    return ask_for_a_code(person).form("code").set(code=newest_code())


def press_and_die(form, die, moment):
    """Press the button in a process that dies on the way; what it answered, or that it died."""

    def work():
        die(moment)
        return form.person.raw_post(form.action, form.fields).status_code

    answer = rush.alone(work)
    rush.wait_until_alone()
    return answer


def booked():
    """Visits, records, mails and audit rows of the booking."""
    visits = visits_at(ONE, S.BOOKED)
    queries = (
        select(Patient).filter_by(name="Kim Larsen"),
        select(Message).filter_by(kind=MessageKind.BOOKED),
        select(AuditEvent).filter_by(event=Event.APPOINTMENT_BOOKED),
    )
    return [len(visits), *(len(db.session.scalars(query).all()) for query in queries)]


@pytest.mark.parametrize("beginning", WRITES)
def test_a_kill_before_the_commit_leaves_nothing_and_the_next_press_books(code_form, beginning):
    before = everything_stored()
    audited = count("audit_event")

    answer = press_and_die(code_form, rush.die_after, beginning)

    assert answer == rush.KILLED
    assert everything_stored() == before
    assert count("audit_event") == audited
    code_form.press()
    assert booked() == [1, 1, 1, 1]


def test_after_a_kill_somebody_else_can_hold_the_time_that_was_being_held(cast):
    def hold_and_die():
        rush.die_after("INSERT INTO participant")
        hold_at_eleven(cast)

    answer = rush.alone(hold_and_die)

    rush.wait_until_alone()
    assert answer == rush.KILLED
    assert visits_at(ELEVEN, S.PROPOSED) == []
    assert hold_at_eleven(cast).status == S.PROPOSED


def test_a_kill_after_the_commit_leaves_all_of_it_and_the_next_press_books_no_second(
    code_form,
):
    answer = press_and_die(code_form, rush.die_after_commit_of, "INSERT INTO idempotency_key")

    assert answer == rush.KILLED
    assert booked() == [1, 1, 1, 1]
    code_form.press()
    assert booked() == [1, 1, 1, 1]


def test_a_kill_at_any_step_leaves_all_or_nothing_and_the_next_press_books(code_form, step):
    press_and_die(code_form, rush.die_at, step)

    assert booked() in ([0, 0, 0, 0], [1, 1, 1, 1])
    code_form.press()
    assert booked() == [1, 1, 1, 1]
