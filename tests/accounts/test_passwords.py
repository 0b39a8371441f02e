"""New passwords: what is refused, what is not, and changing one's own.

Shows S10, S15 and S16 of the security checklist.
"""

from __future__ import annotations

import pytest

from clinic.accounts.models import Patient
from clinic.accounts.signin.passwords import COMMON, PasswordRules, is_common
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.notices.models import Message, MessageKind
from tests import factories
from tests.accounts.doors import NEW, signed_in_with
from tests.factories import PASSWORD
from tests.newcomer import newest_code
from tests.visitor import Page, Person


@pytest.mark.parametrize(
    "password",
    ["passwordpassword", "password123456789", "qwertyuiop123456", "123456789012", "abcabcabcabc"],
)
def test_S10_what_everybody_tries_first_is_refused(password):
    assert is_common(password)


def test_S10_the_list_holds_more_than_three_thousand():
    assert len(COMMON) > 3000


@pytest.mark.parametrize(
    "password",
    ["four plain long words", "Tr0ub4dor&3 horse", "ünïcödé wörds here", "            x  y  z q"],
)
def test_S10_no_signs_digits_or_capitals_are_demanded(password):
    assert not is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "cal ortega 1990",
        "Ortega-Ortega-1",
        "halden clinic 1",
        "botox botox botox",
        "CÁL ÖRTEGA cal",
    ],
)
def test_S10_ones_own_name_and_the_clinics_words_are_refused(app, cast, password):
    problems, _plain = PasswordRules(app).validate(password, False, person=cast.cal)

    assert problems is not None
    assert "mostly your name" in str(problems[0])


def test_S10_a_name_among_other_words_is_no_reason(app, cast):
    problems, _plain = PasswordRules(app).validate("my cal likes sour plums", False, user=cast.cal)

    assert problems is None


def test_a_refused_password_says_so_where_it_is_typed(app, cast):
    from tests.full_record import by_code

    form = by_code(app, cast.cal).get("/account/password").form("password")

    page = form.set(password="cal ortega 1990").press(status=422)

    assert "mostly your name" in page.text


def changed(person: Person, *, now: str = PASSWORD, new: str = NEW, status: int = 200) -> Page:
    form = person.get("/account/new-password").form("new_password")
    form.set(password=now, new_password=new, new_password_confirm=new)
    return form.press(status=status)


def test_a_password_is_changed_and_every_other_session_ends(app, cast, signed_in):
    user = factories.make_account(cast.cal)
    elsewhere, here = signed_in(user), signed_in(user)

    page = changed(here)

    assert page.heading == "Sign-in and security"
    assert "Your new password is set. Everywhere else you are signed out." in page.text
    assert elsewhere.send("GET", "/visits").status_code == 303
    assert here.send("GET", "/visits").status_code == 200
    signed_in_with(Person(app), user.email, PASSWORD, status=422)
    assert signed_in_with(Person(app), user.email, NEW).path == "/visits"


def test_S15_the_owner_is_told_of_a_changed_password(cast, signed_in):
    user = factories.make_account(cast.cal)
    before = len(told(MessageKind.PASSWORD_SET))

    changed(signed_in(user))

    assert [m.to for m in told(MessageKind.PASSWORD_SET)[before:]] == [user.email]
    [row] = db.session.scalars(db.select(AuditEvent).filter_by(event=Event.PASSWORD_CHANGED))
    assert row.actor == f"user:{user.public_id}"


def told(kind: MessageKind) -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Message).filter_by(kind=kind).order_by(Message.id)))


@pytest.mark.parametrize(
    ("now", "new", "says"),
    [
        ("not my password", NEW, "That is not your password"),
        ("", NEW, "That is not your password"),
        (PASSWORD, "short", "at least 12"),
        (PASSWORD, "x" * 129, "at most 128"),
        (PASSWORD, "passwordpassword", "Many people use this"),
    ],
)
def test_a_password_that_does_not_fit_changes_nothing(app, cast, signed_in, now, new, says):
    user = factories.make_account(cast.cal)
    before = user.password

    page = changed(signed_in(user), now=now, new=new, status=422)

    assert says in page.text
    db.session.refresh(user)
    assert user.password == before


def new_address(person: Person, email: str) -> Page:
    return person.get("/account/new-address").form("email").set(email=email).press()


def test_a_new_address_counts_once_its_code_was_typed(app, cast, signed_in):
    user = factories.make_account(cast.cal)
    person = signed_in(user)
    page = new_address(person, "cal.new@example.org")
    assert user.email == "cal@example.org"

    page = page.form("code").set(code=newest_code()).press()

    assert page.heading == "Sign-in and security"
    assert signed_in_with(Person(app), "cal.new@example.org", PASSWORD).path == "/visits"
    assert reread(cast.cal).email == "cal.new@example.org"


def reread(patient: Patient) -> Patient:
    db.session.rollback()
    db.session.refresh(patient)
    return patient


def test_S15_both_addresses_are_told_and_other_sessions_end(cast, signed_in):
    user = factories.make_account(cast.cal)
    elsewhere, here = signed_in(user), signed_in(user)

    new_address(here, "cal.new@example.org").form("code").set(code=newest_code()).press()

    assert {m.to for m in told(MessageKind.EMAIL_CHANGED)} == {
        "cal@example.org",
        "cal.new@example.org",
    }
    assert elsewhere.send("GET", "/visits").status_code == 303


def test_S14_an_address_that_somebody_has_is_told_only_to_who_reads_its_mail(cast, signed_in):
    user = factories.make_account(cast.cal)
    person = signed_in(user)
    free, taken = (new_address(person, e).heading for e in ("free@example.org", cast.bea.email))

    page = person.get("/account/new-address/code").form("code").set(code=newest_code())
    answer = page.press(status=422)

    assert free == taken == "Enter the code"
    assert "Somebody signs in with this address already" in answer.text


def test_a_wrong_code_changes_no_address(cast, signed_in):
    user = factories.make_account(cast.cal)
    person = signed_in(user)
    new_address(person, "cal.new@example.org")
    wrong = f"{(int(newest_code()) + 1) % 1_000_000:06d}"

    person.get("/account/new-address/code").form("code").set(code=wrong).press(status=422)

    assert reread(cast.cal).email == "cal@example.org"
