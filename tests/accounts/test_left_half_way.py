"""A browser that somebody left half-way: what was begun there serves nobody who comes later.

Shows S11, S13, S16 and S20 of the security checklist.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from clinic.accounts import factors, sessions
from clinic.accounts import services as accounts
from clinic.accounts.models import EndedBecause, Patient, User
from clinic.accounts.signin.second_step import seed
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.intake import services as intakes
from clinic.notices import letters
from clinic.notices.models import Message, MessageKind
from tests import factories, full_record
from tests.accounts.doors import app_code, path_of, set_by_link, signed_in_with, with_a_new_app
from tests.accounts.test_second_step import at_code_page, is_in
from tests.claiming.test_claim import link_of, opened
from tests.factories import PASSWORD
from tests.newcomer import born, newest_code
from tests.visitor import Page, Person


def reread(user: User) -> User:
    db.session.rollback()
    db.session.refresh(user)
    return user


@pytest.fixture
def begun(app: Flask, cast) -> tuple[Person, Page]:
    """Bea, who has no app yet, has typed her password and left at the page of the app."""
    set_by_link(Person(app), letters.reset_link(cast.bea), PASSWORD)
    with transaction():
        cast.bea.tf_totp_secret = None
    person = Person(app)
    page = at_code_page(person)
    assert page.form("setup")
    return person, page


def test_a_first_sign_in_may_take_a_quarter_of_an_hour(begun, travel, today):
    person, page = begun
    travel(today + timedelta(minutes=14))

    with_a_new_app(page)

    assert is_in(person)


def elsewhere(cast, _travel, _today):
    with transaction():
        cast.bea.tf_totp_secret = seed()


def shut_out(cast, _travel, _today):
    with transaction():
        cast.bea.active = False


def long_ago(_cast, travel, today):
    travel(today + timedelta(minutes=16))


@pytest.mark.parametrize("what", [elsewhere, shut_out, long_ago])
@pytest.mark.parametrize("press", ["setup", "code"])
def test_S11_a_sign_in_left_at_the_app_sets_up_nothing_later(
    cast, begun, travel, today, what, press
):
    person, page = begun
    if press == "code":
        page = page.form("setup").press()
    what(cast, travel, today)
    before = reread(cast.bea).totp_sealed
    form = page.form(press)
    typed = {"code": app_code(page)} if press == "code" else {}

    answer = person.raw_post(form.action, form.set(**typed).fields)

    assert answer.status_code in (302, 303)
    assert reread(cast.bea).totp_sealed == before
    assert not is_in(person)


def test_S11_a_sign_in_left_at_the_code_is_over_after_a_quarter_of_an_hour(
    bea, anyone, travel, today
):
    page = at_code_page(anyone)
    travel(today + timedelta(minutes=16))

    form = page.form("code").set(code="123456")

    assert anyone.raw_post(form.action, form.fields).status_code in (302, 303)
    assert not is_in(anyone)


def test_S11_signing_out_leaves_nothing_of_an_app_that_was_being_set_up(cast, signed_in):
    person = signed_in(factories.make_account(cast.cal))
    person.get("/account/app").form("setup").press()

    person.get("/visits").form("/sign-out").press()

    with person.client.session_transaction(base_url=person.base) as session:
        assert not [key for key in session if key.startswith("tf_")]


@pytest.mark.parametrize("begin", ["/account/app", "/account/passkeys"])
def test_S16_an_address_made_elsewhere_sets_up_nothing_without_the_password(
    app, cast, signed_in, travel, today, begin
):
    mallory = signed_in(factories.make_account(cast.cal))
    page = mallory.get(begin)
    page = (
        page.form("setup").press()
        if begin.endswith("app")
        else page.form("name").set(name="mine").press()
    )
    form = next(f for f in page.forms() if f.action.startswith(f"{begin}/"))
    typed = {"code": app_code(page)} if begin.endswith("app") else {"credential": "{}"}
    ana = Person(app).sign_in(cast.ana_user)
    token = dict(ana.get("/account/security").form("/sign-out").fields)["csrf_token"]
    before = reread(cast.ana_user).totp_sealed
    travel(today + timedelta(minutes=11))

    answer = ana.raw_post(form.action, {"csrf_token": token, **typed})

    assert answer.location.startswith("/confirm")
    assert reread(cast.ana_user).totp_sealed == before


def test_S13_the_spellings_of_one_domain_are_one_accounts_tries(app, bea):
    name, domain = bea.split("@")
    spelled = [f"{name}@{domain.replace(c, chr(ord(c) + 0xFEE0), 1)}" for c in "haldenx"]
    tries = [
        Person(app).get("/sign-in").form("password").set(email=email, password="not the right one")
        for email in spelled[:5]
    ]
    assert [form.person.raw_post(form.action, form.fields).status_code for form in tries] == [
        422
    ] * 5

    right = Person(app).get("/sign-in").form("password").set(email=spelled[5], password=PASSWORD)

    assert right.press(status=429)


def test_S20_a_link_to_ones_own_form_wakes_nobody_elses_visits(app, cast, travel, today):
    shared = full_record.by_code(app, cast.cal)
    travel(today + timedelta(days=9))
    stranger, _token = accounts.greet_visitor()
    draft = intakes.start(stranger, date(1991, 1, 1), actor=factories.TESTER)
    intakes.mail_resume_link(draft, "mal@example.net", actor=factories.TESTER)
    link = db.session.scalars(db.select(Message).filter_by(kind=MessageKind.RESUME)).one()

    page = shared.get(f"/intake/resume/{link.params['token']}").form("born_on-day")
    page.set(**{"born_on-day": 1, "born_on-month": 1, "born_on-year": 1991}).press()

    assert shared.send("GET", "/visits").location == "/sign-in?next=/visits"


def test_S20_what_a_code_opened_ends_after_a_day_however_busy(app, cast, travel, today):
    person = full_record.by_code(app, cast.cal)
    answers = []
    for step in range(1, 62):  # the sixtieth a moment before the day is over
        travel(today + timedelta(minutes=24 * step, seconds=-1))
        answers.append(person.send("GET", "/visits").status_code)

    assert answers == [200] * 60 + [303]


def test_S20_whoever_signs_in_closes_what_another_had_opened_by_code(app, cast, bea):
    person = full_record.by_code(app, cast.cal)
    signed_in_with(person, bea, PASSWORD)

    sessions.end_all(cast.bea, EndedBecause.ENDED_BY_MANAGER, actor=factories.TESTER)

    assert person.send("GET", "/visits").location == "/sign-in?next=/visits"


def test_a_patient_has_one_account_whatever_two_browsers_proved(cast):
    accounts.open_account(cast.cal, "x", actor=factories.TESTER, email="one@example.org")

    with pytest.raises(accounts.AddressHasAccount):
        accounts.open_account(cast.cal, "x", actor=factories.TESTER, email="two@example.org")


def test_S11_of_two_presses_that_remove_both_second_steps_one_is_refused(cast):
    with transaction():
        cast.bea.tf_totp_secret = seed()

    with pytest.raises(factors.LastSecondStep):
        factors.remove_app(cast.bea)

    assert reread(cast.bea).totp_sealed is not None
    db.session.rollback()
    events = db.select(AuditEvent).filter_by(event=Event.FACTOR_REMOVED)
    assert not db.session.scalars(events).all()


def type_the_code(person: Person, patient: Patient) -> Person:
    page = person.get("/visits/open").form("email").set(email=patient.email, **born()).press()
    thief = person.copied()
    assert page.form("code").set(code=newest_code()).press().path == "/visits"
    return thief


def use_the_link(person: Person, patient: Patient) -> Person:
    person.get("/visits/open").form("email").set(email="a@example.org", **born()).press()
    thief = person.copied()
    assert opened(person, link_of(patient)).path == "/account/password"
    return thief


@pytest.mark.parametrize("prove", [type_the_code, use_the_link])
def test_S20_a_cookie_copied_before_its_browser_showed_who_it_is_opens_nothing(anyone, cast, prove):
    thief = prove(anyone, cast.cal)

    assert anyone.send("GET", "/visits").status_code == 200
    assert thief.send("GET", "/visits").location == "/sign-in?next=/visits"


def test_S15_a_reset_link_in_the_old_mailbox_is_dead_after_a_new_address(app, cast, signed_in):
    user = factories.make_account(cast.cal)
    link = letters.reset_link(user)
    person = signed_in(user)
    page = person.get("/account/new-address").form("email").set(email="new@example.org").press()

    page.form("code").set(code=newest_code()).press()

    assert person.send("GET", "/visits").status_code == 200
    assert Person(app).send("GET", path_of(link)).status_code != 200
