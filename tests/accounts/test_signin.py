"""Signing in and out with a password, and setting a new one.

Shows S10, S14, S15 and S26 of the security checklist.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.notices import letters
from tests import factories, full_record
from tests.accounts.doors import (
    BEA,
    NOBODY,
    TOKEN,
    code_shown,
    deactivated,
    past_the_code,
    set_by_link,
    signed_in_with,
    tried,
)
from tests.factories import PASSWORD
from tests.visitor import Person


def test_the_right_password_leads_to_the_first_page_of_the_role(bea, anyone):
    assert signed_in_with(anyone, bea, PASSWORD).path == "/desk/calendar"


def test_an_address_may_be_typed_in_capitals(bea, anyone):
    assert signed_in_with(anyone, bea.upper(), PASSWORD).path == "/desk/calendar"


def test_signing_out_ends_it(bea, anyone):
    desk = signed_in_with(anyone, bea, PASSWORD)

    desk.form("/sign-out").press()

    assert anyone.send("GET", "/desk/").location == "/sign-in?next=/desk/"


def test_signing_in_and_out_is_written_down(bea, anyone, cast):
    signed_in_with(anyone, bea, PASSWORD).form("/sign-out").press()

    who = f"user:{cast.bea.public_id}"
    rows = db.session.scalars(db.select(AuditEvent).filter_by(actor=who).order_by(AuditEvent.id))
    events = [row.event for row in rows]
    assert [e for e in events if e in (Event.SIGNED_IN, Event.SIGNED_OUT)] == [
        Event.SIGNED_IN,
        Event.SIGNED_OUT,
    ]


def test_a_wrong_password_keeps_the_address_and_says_what_to_do(bea, anyone):
    page = signed_in_with(anyone, bea, "not the right words", status=422)

    assert dict(page.form("password").fields)["email"] == bea
    assert dict(page.form("password").fields)["password"] == ""
    assert "do not fit together" in page.text
    [refused] = db.session.scalars(db.select(AuditEvent).filter_by(event=Event.SIGN_IN_REFUSED))
    assert refused.result == "refused"


def without_password(cast: factories.Cast) -> str:
    return cast.max.email


def unknown(cast: factories.Cast) -> str:
    return NOBODY


def no_address(cast: factories.Cast) -> str:
    return "not an address"


@pytest.mark.parametrize("who", [unknown, without_password, deactivated, no_address])
def test_S14_every_refusal_is_the_same_page(app, cast, bea, who):
    known, _work = tried(app, BEA)

    refused, _work = tried(app, who(cast))

    assert refused == known


@pytest.mark.parametrize("who", [unknown, without_password])
def test_S14_a_refusal_hashes_once_whoever_it_was(app, cast, bea, who):
    _page, known = tried(app, BEA)

    _page, refused = tried(app, who(cast))

    assert known.hashes == refused.hashes == 1


def test_somebody_deactivated_does_not_sign_in_with_the_right_password(cast, bea, anyone):
    signed_in_with(anyone, deactivated(cast), PASSWORD, status=422)

    assert anyone.send("GET", "/desk/").status_code == 303


@pytest.mark.parametrize("length", [129, 5_000])
def test_S10_a_password_longer_than_any_is_refused_before_it_is_hashed(app, cast, bea, length):
    page, work = tried(app, BEA, "x" * length)

    assert work.hashes == 0
    assert "do not fit together" in page


@pytest.mark.parametrize(("length", "status"), [(11, 422), (12, 200), (128, 200), (129, 422)])
def test_S10_a_new_password_has_12_to_128_characters(cast, anyone, length, status):
    typed = ("correct horse battery " * 6)[:length].replace(" ", "-")

    set_by_link(anyone, letters.reset_link(cast.bea), typed, status=status)

    assert (cast.bea.password is not None) == (status == 200)


@pytest.mark.parametrize("length", [12, 128])
def test_S10_a_password_of_any_allowed_length_signs_in(cast, bea, anyone, length):
    typed = ("üöä éèê ñõ ßæø " * 10)[:length]
    set_by_link(anyone, letters.reset_link(cast.bea), typed)

    assert signed_in_with(anyone, BEA, typed).path == "/desk/calendar"


@pytest.mark.parametrize(("length", "status"), [(11, 422), (12, 200), (128, 200), (129, 422)])
def test_S10_a_patient_chooses_12_to_128_characters_too(app, cast, length, status):
    person = full_record.by_code(app, cast.cal)
    form = person.get("/account/password").form("password")

    form.set(password=("plain words " * 11)[:length].replace(" ", "-")).press(status=status)

    assert (cast.cal.user is not None) == (status == 200)


LOCAL = ["/desk/patients", "/desk/?day=2026-11-25", "/desk/patients?q=a%20b"]
ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example/desk/",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    " //evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\x19//evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https:evil.example",
    "https:/evil.example",
    "http://localhost@evil.example/",
    "http://localhost:80@evil.example/",
]


def landed(person: Person, bea: str, address: str) -> str:
    """Where the answer to a good password leads, when the page was opened with next=*address*."""
    form = person.get(f"/sign-in?next={quote(address, safe='')}").form("password")
    page = form.set(email=bea, password=PASSWORD).press()
    second = page.form("code").set(code=code_shown(page))
    answer = person.raw_post(second.action, second.fields)
    assert answer.status_code in (302, 303)
    return str(answer.location)


@pytest.mark.parametrize("address", LOCAL)
def test_signing_in_leads_on_to_the_page_that_was_asked_for(bea, anyone, address):
    assert landed(anyone, bea, address) == address


@pytest.mark.parametrize("address", ELSEWHERE)
def test_S26_signing_in_never_leads_to_another_site(bea, anyone, address):
    assert landed(anyone, bea, address) == "/welcome"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_S26_a_form_that_was_changed_leads_back_to_the_sign_in_page(bea, anyone, address):
    form = anyone.get("/sign-in?next=/desk/patients").form("password")
    form.set(email=bea, password=PASSWORD, next=address)

    in_a_field = anyone.raw_post("/sign-in", form.fields)
    in_the_address = anyone.raw_post(f"/sign-in?next={quote(address, safe='')}", form.fields)

    assert in_a_field.location == in_the_address.location == "/sign-in"


def test_a_deep_link_survives_the_way_through_the_sign_in_page(bea, anyone):
    page = anyone.get("/desk/?day=2026-11-25&by=physician")

    at_desk = past_the_code(page.form("password").set(email=bea, password=PASSWORD).press())

    assert at_desk.path == "/desk/?day=2026-11-25&by=physician"


def test_a_copied_cookie_of_somebody_who_came_by_code_dies_when_they_leave(app, cast):
    person = full_record.by_code(app, cast.cal)
    page = person.get("/visits")
    thief = person.copied()

    page.form("/visits/close").press()

    assert thief.send("GET", "/visits").location == "/sign-in?next=/visits"


def test_signing_out_ends_what_a_code_opened_before_in_the_same_browser(app, cast):
    person = full_record.by_code(app, cast.cal)
    thief = person.copied()
    person.get("/account/password").form("password").set(password=PASSWORD).press()

    person.get("/visits").form("/sign-out").press()

    assert person.send("GET", "/visits").location == "/sign-in?next=/visits"
    assert thief.send("GET", "/visits").location == "/sign-in?next=/visits"


def test_a_phone_left_alone_for_half_an_hour_opens_no_visits(app, cast, travel, today):
    person = full_record.by_code(app, cast.cal)
    person.get("/visits")

    travel(today + timedelta(minutes=31))

    assert person.send("GET", "/visits").location == "/sign-in?next=/visits"


@pytest.mark.parametrize("path", ["/sign-in", "/forgotten-password"])
def test_S14_an_answer_to_a_machine_says_as_little(app, cast, bea, path):
    known, unknown_to_us = (in_json(app, path, email) for email in (BEA, NOBODY))

    assert known == unknown_to_us


def in_json(app: Flask, path: str, email: str) -> tuple[int, str]:
    person = Person(app)
    token = dict(person.get("/sign-in").form("password").fields)["csrf_token"]
    answer = person.send(
        "POST",
        path,
        json={"email": email, "password": "not the right words"},
        headers={"X-CSRFToken": token, "Referer": "https://localhost/"},
    )
    body = answer.get_data(as_text=True)
    return answer.status_code, TOKEN.sub(r"\1", body).replace(email, "ADDRESS")
