"""Somebody new whom patients can book: added with an invitation, or put behind an account."""

from __future__ import annotations

from datetime import date

import pytest

from clinic.accounts import practitioners, staff
from clinic.accounts.models import ActorRow, Practitioner, RoleRow, User
from clinic.database import db, transaction
from clinic.notices.models import Message, MessageKind
from clinic.permissions import Role
from tests.factories import TESTER, make_account, staff_actor

LICENCE = {
    "licence_reference": "GMC 7654321",
    "licence_from": "2020-01-01",
    "licence_until": "2029-12-31",
}
NOOR = {"name": "Dr Noor Rahimi", "email": "noor@example.org", "about": "Says no, too."}


@pytest.fixture
def max_(cast, signed_in):
    return signed_in(cast.max)


@pytest.fixture
def bea(cast):
    return f"/manage/staff/{cast.bea.public_id}/bookable"


def new(person):
    return person.get("/manage/people/new").form("email").set(**NOOR)


def named(name):
    db.session.rollback()
    found = db.select(Practitioner).where(Practitioner.name == name)
    return db.session.scalars(found).one_or_none()


def invited():
    return [
        m.to
        for m in db.session.scalars(
            db.select(Message).filter_by(kind=MessageKind.RESET).order_by(Message.id)
        )
    ]


def test_a_physician_is_added_invited_and_their_hours_come_next(cast, max_):
    page = max_.get("/manage/").follow("Add a physician").form("email").set(**NOOR, **LICENCE)

    page = page.press()

    assert page.heading == "Hours of Dr Noor Rahimi"
    assert "good for 30 minutes" in page.text
    noor = named("Dr Noor Rahimi")
    assert (noor.user.email, noor.user.password) == ("noor@example.org", None)
    assert staff.roles_of(noor.user) == {Role.PHYSICIAN}
    assert noor.about == "Says no, too."
    [licence] = noor.credentials
    assert (licence.reference, licence.valid_until) == ("GMC 7654321", date(2029, 12, 31))
    assert invited() == ["noor@example.org"]


@pytest.mark.parametrize(
    ("typed", "status", "message"),
    [
        ({"name": " "}, 422, "Enter the name that patients see"),
        ({"name": "N" * 201}, 422, "Use at most 200 characters"),
        ({"email": ""}, 422, "Enter the e-mail address; the link goes there"),
        ({"email": "noor@"}, 422, "Enter an e-mail address like"),
        ({"about": "x" * 1001}, 422, "Use at most 1000 characters"),
        ({"licence_from": "soon"}, 422, "That is not a date."),
        ({"licence_until": ""}, 422, "Enter the first and the last day"),
        ({"licence_until": "2019-12-31"}, 422, "The last day is before the first."),
        ({"toxin_reference": "Course"}, 422, "Enter the first and the last day"),
        ({"idempotency_key": None}, 422, "This page is out of date."),
        ({"email": " BEA@halden.example"}, 409, "Someone already signs in with this address."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(max_, typed, status, message):
    form = new(max_).set(**LICENCE).set(**typed)

    page = form.press(status=status)

    assert message in page.text
    again = dict(page.form("email").fields)
    sent = {name: value.strip() for name, value in form.fields}
    kept = {name for name in (*NOOR, *LICENCE) if name in sent}
    assert {name: again[name] for name in kept} == {name: sent[name] for name in kept}
    assert named("Dr Noor Rahimi") is None
    assert invited() == []


def test_what_is_wrong_is_summed_up_in_the_order_of_the_page(max_):
    page = max_.get("/manage/people/new").form("email").set(toxin_reference="x").press(status=422)

    said = [page.text.index(words) for words in ("Enter the name", "Enter the e-mail", "the last")]
    assert said == sorted(said)


def test_an_address_of_somebody_who_works_here_leads_to_making_them_bookable(cast, max_):
    page = new(max_).set(email="bea@halden.example").press(status=409)

    assert page.follow("Make Bea Lund bookable").heading == "Make Bea Lund bookable"


def test_P9_an_address_of_a_patient_leads_nowhere_and_names_nobody(cast, max_):
    make_account(cast.cal)

    page = new(max_).set(email="cal@example.org").press(status=409)

    assert "Ortega" not in page.text
    assert "bookable" not in page.html


def test_S4_what_the_form_does_not_ask_is_not_taken(max_):
    sent = [*new(max_).fields, ("roles", "manager"), ("active", ""), ("colour", "9")]

    max_.post("/manage/people/new", sent)

    noor = named("Dr Noor Rahimi")
    assert (noor.active, noor.colour) == (True, 3)
    assert staff.roles_of(noor.user) == {Role.PHYSICIAN}


def test_an_error_on_the_way_leaves_no_account_without_a_physician(max_, monkeypatch):
    form = new(max_)
    monkeypatch.setattr(practitioners, "_rarest_colour", lambda: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        form.press()

    db.session.rollback()
    noor = db.select(User).where(User.email == "noor@example.org")
    assert db.session.scalars(noor).all() == []
    assert invited() == []


def test_an_account_that_is_there_is_made_bookable_keeps_its_roles_and_gets_no_mail(
    cast, max_, signed_in, bea
):
    page = max_.get(f"/manage/staff/{cast.bea.public_id}").follow("Make bookable")
    assert dict(page.form("about").fields)["name"] == "Bea Lund"

    page = page.form("about").set(name="Dr Bea Lund", **LICENCE).press()

    assert page.heading == "Hours of Dr Bea Lund"
    assert named("Dr Bea Lund").user_id == cast.bea.id
    assert staff.roles_of(cast.bea) == {Role.FRONT_DESK, Role.PHYSICIAN}
    assert cast.bea.name == "Dr Bea Lund"
    assert invited() == []
    signed_in(cast.bea).get("/my-day")


def test_a_physicians_role_without_anybody_to_book_behind_it_gets_one(cast, max_, bea):
    """No page makes such an account; an older database or a command may have."""
    with transaction():
        role = db.select(RoleRow).filter_by(name="physician")
        cast.bea.roles = [db.session.scalars(role).one()]

    max_.get(bea).form("about").set(name="Dr Bea Lund").press()

    assert named("Dr Bea Lund").user_id == cast.bea.id
    assert staff.roles_of(cast.bea) == {Role.PHYSICIAN}


def test_somebody_has_one_agenda_whoever_presses(cast, max_, bea):
    form = max_.get(bea).form("about").set(name="Dr Bea Lund", **LICENCE)
    newcomer = practitioners.Newcomer("Dr B. Lund", "", {})
    staff.make_bookable(cast.bea, newcomer, actor=TESTER)

    page = form.press(status=409)

    assert "They can be booked already, so nothing of this was saved." in page.text
    assert dict(page.form("about").fields)["licence_reference"] == "GMC 7654321"
    assert page.follow("See what is on file").heading == "Dr B. Lund"
    assert max_.get(bea).heading == "Dr B. Lund"
    db.session.rollback()
    assert len(db.session.scalars(db.select(Practitioner)).all()) == 3
    agendas = db.session.scalars(db.select(ActorRow).filter_by(kind="practitioner")).all()
    assert len(agendas) == 3


def test_whoever_is_shut_out_is_let_in_first(cast, max_, bea):
    form = max_.get(bea).form("about").set(name="Dr Bea Lund")
    staff.shut_out(cast.bea, actor=TESTER)

    page = form.press(status=409)

    assert "The account is closed. Let the person in again first." in page.text
    assert named("Dr Bea Lund") is None
    assert "Make bookable" not in max_.get(f"/manage/staff/{cast.bea.public_id}").text


def test_nobody_makes_themself_bookable(cast, max_):
    own = f"/manage/staff/{cast.max.public_id}"

    assert "Make bookable" not in max_.get(own).text
    max_.get(f"{own}/bookable", status=404)
    with pytest.raises(staff.OwnAccount):
        actor = staff_actor(cast.max)
        staff.make_bookable(cast.max, practitioners.Newcomer("Dr Max", "", {}), actor=actor)


def test_P9_a_patients_account_is_none_of_staff(cast, max_):
    account = make_account(cast.cal)

    max_.get(f"/manage/staff/{account.public_id}/bookable", status=404)


@pytest.mark.parametrize("who", ["bea", "ana_user"])
def test_nobody_but_a_manager_adds_anybody(cast, signed_in, bea, who):
    person = signed_in(getattr(cast, who))

    person.get("/manage/people/new", status=403)
    person.get(bea, status=403)


def test_the_account_of_a_physician_leads_to_their_hours_and_back(cast, max_):
    page = max_.get(f"/manage/staff/{cast.ana_user.public_id}")
    assert "Make bookable" not in page.text

    page = page.follow("Hours, absences and credentials")

    assert page.heading == "Dr Ana Silva"
    assert page.follow("Account").path == f"/manage/staff/{cast.ana_user.public_id}"
