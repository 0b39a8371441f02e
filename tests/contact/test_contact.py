"""Contact data: who changes which field, what follows from a new address, two who edit at once.

Shows S4 and S15 of the security checklist and P4 of the known failures.
"""

from __future__ import annotations

from datetime import date

import pytest

from clinic.accounts import claims, contact
from clinic.accounts.models import Patient
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.notices import letters
from clinic.notices.models import Message
from clinic.permissions import FIELDS, WRITABLE, Actor, Role, writable
from tests import factories
from tests.factories import TESTER, at
from tests.full_record import PHONE, by_code
from tests.newcomer import newest_code
from tests.visitor import Page, Person

VALUES = {"name": "Cal Novak", "phone": "020 7946 0999", "email": "new@example.org"}


@pytest.fixture
def bea(cast, signed_in) -> Person:
    return signed_in(cast.bea)


def edit_page(person: Person, patient: Patient) -> Page:
    return person.get(f"/desk/patients/{patient.public_id}/edit")


def changes() -> list[AuditEvent]:
    db.session.rollback()
    return list(
        db.session.scalars(
            db.select(AuditEvent).filter_by(event=Event.CONTACT_CHANGED).order_by(AuditEvent.id)
        )
    )


def mails(kind: str) -> list[Message]:
    db.session.rollback()
    return list(
        db.session.scalars(db.select(Message).where(Message.kind == kind).order_by(Message.id))
    )


# Who may write what.


def test_S4_each_role_writes_these_fields_of_contact_data_and_no_others():
    assert {role: set(writable("contact", frozenset({role}))) for role in Role} == {
        Role.TABLET: set(),
        Role.PHONE: set(),
        Role.CODE: {"phone", "email"},
        Role.PATIENT: {"phone"},
        Role.FRONT_DESK: {"name", "phone", "email"},
        Role.PHYSICIAN: set(),
        Role.MANAGER: set(),
    }
    assert not {"approval", "refusal"} & set(WRITABLE) & set(FIELDS)


@pytest.mark.parametrize("field", ["name", "phone", "email", "born_on", "user_id", "created_at"])
@pytest.mark.parametrize("role", Role)
def test_S4_the_service_takes_no_field_that_is_not_the_roles(cast, role, field):
    actor = Actor("somebody", roles=frozenset({role}), patient_id=cast.cal.id)
    wanted = {field: VALUES.get(field, "1")}
    may = field in writable("contact", actor.roles)
    refused = None

    try:
        contact.change(cast.cal, wanted, shown=contact.fingerprint(cast.cal), actor=actor)
    except contact.FieldNotTheirs as error:
        refused = str(error)

    assert refused == (None if may else field)
    assert [row.facts for row in changes()] == ([{"fields": [field]}] if may else [])


# The desk.


def test_the_desk_changes_name_phone_and_address_and_finds_the_patient_by_them(cast, bea):
    page = edit_page(bea, cast.cal).form("name").set(**VALUES).press("Save")

    assert (page.heading, "Contact data saved." in page.text) == ("Cal Novak", True)
    assert "020 7946 0999" in page.text
    assert "Cal Novak" in bea.get("/desk/patients?q=novak").text
    assert "Cal Novak" in bea.get("/desk/patients?q=79460999").text
    (row,) = changes()
    assert row.facts == {"fields": ["name", "phone", "email"]}
    assert row.actor == f"user:{cast.bea.public_id}"


def test_nothing_changed_is_nothing_written_down(cast, bea):
    edit_page(bea, cast.cal).form("name").press("Save")

    assert changes() == []


def test_S15_a_new_address_ends_the_links_of_the_old_one_and_tells_it(cast, bea):
    claims.send(cast.cal, actor=TESTER)
    (link,) = mails("claim")

    edit_page(bea, cast.cal).form("name").set(email="New@Example.org ").press("Save")

    (told,) = mails("email-changed")
    assert told.to == "cal@example.org"
    assert "new@example.org" not in letters.write(told).as_string()
    assert (cast.cal.email, cast.cal.email_proved_at) == ("new@example.org", None)
    with pytest.raises(letters.NotWanted):
        letters.write(link)
    assert "Not invited yet" in bea.get(f"/desk/patients/{cast.cal.public_id}").text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": " "}, "Enter the patient’s full name"),
        ({"name": "x" * 201}, "Use at most 200 characters"),
        ({"phone": "call me"}, "Enter a phone number like"),
        ({"email": "nia@"}, "Enter an e-mail address like"),
        ({"phone": "", "email": ""}, "Enter a phone number or an e-mail address, or both"),
        ({"shown": None}, "This page is out of date"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(cast, bea, typed, message):
    page = edit_page(bea, cast.cal).form("name").set(**typed).press("Save", status=422)

    assert message in page.text
    assert changes() == []


def test_two_desks_do_not_overwrite_each_other_unseen(cast, bea, signed_in):
    other = signed_in(cast.bea)
    slow = edit_page(bea, cast.cal).form("name").set(phone="020 7946 0111")
    edit_page(other, cast.cal).form("name").set(phone="020 7946 0222").press("Save")

    both = slow.press("Save", status=409)

    assert "Somebody else changed this meanwhile" in both.text
    assert "Phone: 020 7946 0222" in both.text
    assert dict(both.form("name").fields)["phone"] == "020 7946 0111"
    both.form("name").press("Save")
    assert cast.cal.phone == "020 7946 0111"


def test_S4_a_field_that_the_page_does_not_have_is_left_alone_and_written_down(cast, bea):
    form = edit_page(bea, cast.cal).form("name")
    form.set(born_on="2001-01-01", user_id="1", phone="020 7946 0999")
    form.put("some text of mine", "x")

    form.press("Save")

    assert (cast.cal.born_on, cast.cal.user_id) == (date(1990, 3, 2), None)
    row = db.session.scalars(db.select(AuditEvent).filter_by(event=Event.FIELDS_IGNORED)).one()
    assert {"born_on", "user_id"} <= {*row.facts["fields"]}
    assert "some text of mine" not in str(row.facts)


# One's own.


def own_page(person: Person) -> Page:
    return person.get("/visits").follow("Contact data")


def test_without_an_account_a_code_proves_a_new_address_before_it_is_used(app, cast):
    person = by_code(app, cast.cal)
    asked = own_page(person).form("phone").set(phone="020 7946 0333", email="New@example.org")

    page = asked.press("Save")

    assert (cast.cal.phone, cast.cal.email) == ("020 7946 0333", "cal@example.org")
    done = page.form("code").set(code=newest_code()).press("Use this address")
    assert "From now on we write to new@example.org." in done.text
    assert cast.cal.email == "new@example.org"
    assert cast.cal.email_proved_at is not None
    assert [m.to for m in mails("email-changed")] == ["cal@example.org"]


def test_a_wrong_code_changes_no_address(app, cast):
    page = own_page(by_code(app, cast.cal)).form("phone").set(email="new@example.org").press()
    wrong = f"{(int(newest_code()) + 1) % 1_000_000:06d}"

    again = page.form("code").set(code=wrong).press("Use this address", status=422)

    assert "That is not the code we sent" in again.text
    assert cast.cal.email == "cal@example.org"


def test_S4_somebody_signed_in_changes_the_phone_and_no_posted_name_or_address(cast, signed_in):
    form = own_page(signed_in(factories.make_account(cast.cal))).form("phone")

    form.set(phone="020 7946 0333", email="new@example.org", name="Evil").press("Save")

    db.session.rollback()
    kept = (cast.cal.name, cast.cal.phone, cast.cal.email)
    assert kept == ("Cal Ortega", "020 7946 0333", "cal@example.org")
    row = db.session.scalars(db.select(AuditEvent).filter_by(event=Event.FIELDS_IGNORED)).one()
    assert "name" in row.facts["fields"]


def test_S11_a_code_for_an_account_opens_no_contact_data(app, cast):
    factories.make_account(cast.cal)

    page = by_code(app, cast.cal).get("/account/contact", status=404)

    assert "Ortega" not in page.html


def test_two_windows_of_ones_own_do_not_overwrite_each_other_unseen(app, cast):
    person = by_code(app, cast.cal)
    slow = own_page(person).form("phone").set(phone="020 7946 0111")
    own_page(person).form("phone").set(phone="020 7946 0222").press("Save")

    both = slow.press("Save", status=409)

    assert "On file now: phone 020 7946 0222" in both.text
    assert dict(both.form("phone").fields)["phone"] == "020 7946 0111"


# P4: the page of one visit.


@pytest.mark.parametrize("page", ["", "/cancel"])
def test_P4_the_page_of_a_visit_holds_that_visit_and_nothing_else_of_anybody(
    app, cast, record, page
):
    factories.make_visit(cast.dee, cast.eli, cast.service("consultation"), at(26, 15))

    html = by_code(app, cast.cal).get(f"/visits/{record.second.public_id}{page}").html

    others = ("Ortega", "cal@example.org", PHONE, "1990", "Dee", "Novak", "bea@", "Bea", "Max")
    assert [word for word in others if word in html] == []
    ids = [record.treatment, record.consultation, record.note, cast.cal, cast.ana_user]
    assert [row for row in ids if row.public_id in html] == []
    assert "27 November" not in html
