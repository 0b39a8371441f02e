"""The throttle of signing in: for the account, for the network address, alike for everybody.

Shows S13 and S14 of the security checklist.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from clinic.accounts import attempts, throttle
from clinic.accounts.attempts import Door
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.notices import worker
from clinic.notices.models import Message, MessageKind, MessageState
from tests.accounts.doors import BEA, NOBODY, TOKEN, signed_in_with
from tests.accounts.work import counted
from tests.factories import PASSWORD
from tests.visitor import Page, Person


def guess(app: Flask, email: str = BEA, *, status: int = 422) -> Page:
    form = Person(app).get("/sign-in").form("password")
    return form.set(email=email, password="a guess of mine").press(status=status)


def guesses(app: Flask, times: int, email: str = BEA) -> None:
    for _time in range(times):
        guess(app, email)


def mails(kind: MessageKind) -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Message).filter_by(kind=kind).order_by(Message.id)))


def test_S13_the_right_password_is_refused_while_the_account_waits(app, bea, anyone):
    guesses(app, 5)

    page = signed_in_with(anyone, bea, PASSWORD, status=429)

    assert 0 < int(page.response.headers["Retry-After"]) <= 30
    assert anyone.send("GET", "/desk/").status_code == 303


@pytest.mark.parametrize(("failures", "seconds"), [(5, 30), (6, 60), (7, 120), (11, 900)])
def test_S13_each_further_guess_doubles_the_wait_up_to_a_quarter_of_an_hour(
    app, bea, travel, today, failures, seconds
):
    guesses(app, 5)
    for number in range(failures - 5):
        travel(today + timedelta(minutes=16 * (number + 1)))
        guess(app)

    page = guess(app, status=429)

    assert seconds - 5 < int(page.response.headers["Retry-After"]) <= seconds


def test_S13_after_the_wait_the_right_password_signs_in(app, bea, anyone, travel, today):
    guesses(app, 5)

    travel(today + timedelta(seconds=40))

    assert signed_in_with(anyone, bea, PASSWORD).path == "/desk/calendar"


def test_S13_four_guesses_and_the_right_password_are_forgotten(app, bea):
    guesses(app, 4)
    signed_in_with(Person(app), bea, PASSWORD)
    guesses(app, 4)

    guess(app)


def test_S13_one_network_address_guesses_at_thirty_accounts_an_hour_at_most(
    app, bea, anyone, travel, today
):
    for number in range(30):
        guess(app, f"person{number}@example.org")

    page = signed_in_with(anyone, bea, PASSWORD, status=429)

    assert int(page.response.headers["Retry-After"]) > 3500
    travel(today + timedelta(hours=1, seconds=5))
    assert signed_in_with(anyone, bea, PASSWORD).path == "/desk/calendar"


def test_S13_the_count_is_in_the_database_and_outlives_a_process(app, bea):
    guesses(app, 5)

    assert throttle._row(Door.SIGN_IN, BEA).failures == 5


def test_S14_a_closed_door_is_the_same_page_and_work_for_known_and_unknown(app, bea):
    guesses(app, 5)
    guesses(app, 5, NOBODY)

    def closed(email: str) -> tuple[str, list[str], int]:
        form = Person(app).get("/sign-in").form("password").set(email=email, password=PASSWORD)
        with counted() as work:
            page = form.press(status=429)
        shown = TOKEN.sub(r"\1", page.html)
        return shown.split("Number of this request")[0], work.statements, work.hashes

    assert closed(BEA) == closed(NOBODY)


def test_S14_closing_a_door_makes_the_same_work_for_known_and_unknown(app, bea):
    works = []
    for email in ("somebody.else@example.org", BEA, NOBODY):
        guesses(app, 4, email)
        form = Person(app).get("/sign-in").form("password").set(email=email, password="a guess")
        with counted() as work:
            form.press(status=422)
        works.append((work.statements, work.hashes))

    assert works[1] == works[2]


def test_S13_the_owner_is_told_once_and_a_stranger_s_address_is_sent_nothing(app, bea):
    guesses(app, 5)
    guesses(app, 5, NOBODY)

    worker.work_once()

    assert {m.to: m.state for m in mails(MessageKind.LOCKED)} == {
        BEA: MessageState.SENT,
        NOBODY: MessageState.DROPPED,
    }
    events = db.session.scalars(
        db.select(AuditEvent).filter_by(event=Event.LOCKED).order_by(AuditEvent.id)
    ).all()
    assert [event.facts for event in events] == [{"kind": "sign-in"}] * 2


@pytest.mark.parametrize("email", [f"{'a' * 60}@{'b' * 300}.org", "a\x07b@example.org"])
def test_S13_what_nobody_could_have_as_an_address_is_told_nothing(app, email):
    form = Person(app).get("/sign-in").form("password").set(email=email, password="a guess")

    answers = [form.person.raw_post(form.action, form.fields).status_code for _time in range(5)]

    assert answers == [422] * 5
    assert mails(MessageKind.LOCKED) == []
    assert db.session.scalars(db.select(AuditEvent).filter_by(event=Event.LOCKED)).all()


def test_S13_five_wrong_passwords_close_confirming_too(cast, bea, signed_in):
    person = signed_in(cast.bea)
    form = person.get("/confirm").form("password")
    for _time in range(5):
        form.set(password="not it").press(status=422)

    form.set(password=PASSWORD).press(status=429)


def test_S13_nobody_is_sent_links_to_set_a_password_without_end(app, bea):
    for _time in range(5):
        Person(app).get("/forgotten-password").form("email").set(email=BEA).press()

    Person(app).get("/forgotten-password").form("email").set(email=BEA).press(status=429)

    assert len(mails(MessageKind.RESET)) == 5


def test_a_passkey_door_counts_for_the_network_address_alone(app, bea):
    with app.test_request_context():
        for _time in range(29):
            attempts.count(Door.PASSKEY)
        attempts.check(Door.PASSKEY)
        attempts.count(Door.PASSKEY)

        with pytest.raises(throttle.TooMany):
            attempts.check(Door.PASSKEY)
