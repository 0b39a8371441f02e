"""A password forgotten, a link by mail, a new password."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.notices import letters, worker
from clinic.notices.models import Message, MessageKind, MessageState
from tests.accounts.doors import (
    BEA,
    NEW,
    NOBODY,
    TOKEN,
    deactivated,
    path_of,
    set_by_link,
    signed_in_with,
)
from tests.accounts.work import Work, counted
from tests.factories import PASSWORD
from tests.visitor import Person


def forgotten(app: Flask, email: str) -> tuple[str, Work]:
    form = Person(app).get("/forgotten-password").form("email").set(email=email)
    with counted() as work:
        page = form.press()
    return TOKEN.sub(r"\1", page.html).replace(email, "ADDRESS"), work


def test_S14_a_forgotten_password_is_the_same_page_and_work_for_every_address(app, cast):
    forgotten(app, "somebody.else@example.org")  # the network address is known to the throttle
    known, work_for_known = forgotten(app, BEA)
    unknown_to_us, work_for_unknown = forgotten(app, NOBODY)

    assert known == unknown_to_us
    assert work_for_known.statements == work_for_unknown.statements
    assert work_for_known.hashes == work_for_unknown.hashes


@pytest.mark.parametrize(
    ("typed", "says"),
    [("", "Enter your e-mail address"), ("bea at the desk", "Enter an e-mail address like")],
)
def test_what_is_no_address_at_all_is_said_and_sends_nothing(anyone, typed, says):
    form = anyone.get("/forgotten-password").form("email").set(email=typed)

    page = form.press(status=422)

    assert says in page.text
    assert dict(page.form("email").fields)["email"] == typed
    assert db.session.scalars(db.select(Message)).all() == []


def test_S14_the_worker_writes_to_the_known_address_and_to_no_other(app, cast):
    forgotten(app, BEA)
    forgotten(app, NOBODY)

    worker.work_once()

    resets = db.session.scalars(
        db.select(Message).filter_by(kind=MessageKind.RESET).order_by(Message.id)
    )
    assert {message.to: message.state for message in resets} == {
        BEA: MessageState.SENT,
        NOBODY: MessageState.DROPPED,
    }


def test_S14_nobody_deactivated_is_sent_a_link(app, cast):
    forgotten(app, deactivated(cast))

    worker.work_once()

    assert db.session.scalars(db.select(Message)).one().state == MessageState.DROPPED


def link_in_the_mail(app: Flask, **asked: object) -> str:
    """The link that somebody gets who forgot Bea's password, asking with *asked*."""
    person = Person(app)
    form = person.get("/forgotten-password").form("email").set(email=BEA)
    person.send("POST", form.action, data=dict(form.fields), **asked)
    message = db.session.scalars(db.select(Message).filter_by(kind=MessageKind.RESET)).one()
    body = letters.write(message).get_content()
    return str(re.search(r"https?://\S+", body)[0])


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"Forwarded": "host=evil.example"},
        {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "evil.example"},
    ],
)
def test_S15_the_link_is_built_from_our_own_address_whatever_the_request_says(app, cast, headers):
    link = link_in_the_mail(app, headers={"Referer": "https://localhost/", **headers})

    assert link.startswith("http://localhost/forgotten-password/")


def test_S15_a_link_works_once(cast, app):
    link = letters.reset_link(cast.bea)
    set_by_link(Person(app), link, PASSWORD)

    again = Person(app).get(path_of(link))

    assert again.path == "/forgotten-password"


def test_S15_a_link_opened_before_another_was_used_sets_nothing(cast, app):
    first, second = Person(app), Person(app)
    form = first.get(path_of(letters.reset_link(cast.bea))).form("password_confirm")
    set_by_link(second, letters.reset_link(cast.bea), PASSWORD)

    form.set(password=NEW, password_confirm=NEW).press()

    assert signed_in_with(Person(app), BEA, PASSWORD).heading == "A second step"


@pytest.mark.parametrize(
    ("minutes", "leads_to"), [(29, "Choose a new password"), (31, "Forgotten your password?")]
)
def test_S15_a_link_is_good_for_half_an_hour(cast, anyone, minutes, leads_to):
    link = letters.reset_link(cast.bea)

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes)):
        page = anyone.get(path_of(link))

    assert page.heading == leads_to


# Not the last letter: some of its bits stand for nothing.
@pytest.mark.parametrize("place", [0, 10, -2])
def test_a_changed_link_sets_nothing(cast, anyone, place):
    link = path_of(letters.reset_link(cast.bea))
    head, token = link.rsplit("/", 1)
    letter = "A" if token[place] != "A" else "B"
    broken = f"{token[:place]}{letter}{token[place:][1:]}"

    page = anyone.get(f"{head}/{broken}")

    assert page.path == "/forgotten-password"


def test_S15_a_reset_signs_nobody_in(cast, anyone):
    set_by_link(anyone, letters.reset_link(cast.bea), PASSWORD)

    assert anyone.send("GET", "/desk/").status_code == 303


def test_S15_a_new_password_signs_everybody_out(cast, app, bea):
    at_home, at_work = Person(app), Person(app)
    signed_in_with(at_home, bea, PASSWORD)
    signed_in_with(at_work, bea, PASSWORD)

    set_by_link(Person(app), letters.reset_link(cast.bea), NEW)

    assert at_home.send("GET", "/desk/").status_code == 303
    assert at_work.send("GET", "/desk/").status_code == 303
    signed_in_with(Person(app), bea, PASSWORD, status=422)


def test_S15_the_owner_is_told_of_a_new_password(cast, anyone):
    set_by_link(anyone, letters.reset_link(cast.bea), PASSWORD)

    [told] = db.session.scalars(db.select(Message))
    assert (told.kind, told.to) == (MessageKind.PASSWORD_SET, BEA)
    [row] = db.session.scalars(db.select(AuditEvent).filter_by(event=Event.PASSWORD_CHANGED))
    assert row.actor == f"user:{cast.bea.public_id}"
