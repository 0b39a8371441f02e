"""The manager's pages about staff: what they show, what they change, and for whom (P5, P9, S6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.accounts import staff
from clinic.accounts.models import RoleRow, UserSession
from clinic.database import db, transaction
from clinic.door import guard_of
from clinic.notices import letters
from clinic.notices.models import Message, MessageKind
from clinic.permissions import Role
from tests import walk
from tests.factories import TESTER, at, make_account


@pytest.fixture
def manager(cast, signed_in):
    return signed_in(cast.max)


@pytest.fixture
def bea(cast):
    return f"/manage/staff/{cast.bea.public_id}"


def press(person, path, button, status=200):
    return person.get(path).form(button).press(button, status=status)


def test_each_name_on_the_managers_page_leads_to_their_own(manager):
    page = manager.get("/manage/").follow("Bea Lund")

    assert page.heading == "Bea Lund"
    for words in ("bea@halden.example", "Front desk", "Passwordnot set yet", "Last seennever"):
        assert words in page.text


def test_the_page_counts_the_sessions_that_are_open_and_shows_none(cast, manager, bea):
    ages = [timedelta(minutes=14), timedelta(minutes=16), timedelta(hours=11)]
    with transaction():
        for number, age in enumerate(ages):
            seen = at(24, 9) - age
            token = bytes([number]) * 32
            db.session.add(
                UserSession(user_id=cast.bea.id, token_hash=token, started_at=seen, seen_at=seen)
            )

    page = manager.get(bea)

    assert "in 1 browser" in page.text
    assert "Last seenTue 24 November, 8:46 am" in page.text


def test_P4_no_secret_stands_on_the_page_only_whether_there_is_one(cast, manager, bea):
    with transaction():
        cast.bea.totp_sealed, cast.bea.password = b"sealed-seed", "hash-of-a-password"

    page = manager.get(bea)

    assert "Second stepset up" in page.text
    for secret in ("seed", "hash-of", cast.bea.fs_uniquifier):
        assert secret not in page.html


def test_S6_roles_changed_on_the_page_act_on_the_next_request(cast, manager, signed_in, bea):
    at_desk = signed_in(cast.bea)
    at_desk.get("/desk/")

    manager.get(bea).form("/roles").set(roles=["manager"]).press()

    at_desk.get("/desk/", status=403)
    at_desk.get("/manage/")


def test_S6_shutting_out_acts_on_the_next_request_and_letting_in_opens_it(
    cast, manager, signed_in, bea
):
    at_desk = signed_in(cast.bea)
    at_desk.get("/desk/")

    page = press(manager, bea, "Shut out")
    assert at_desk.send("GET", "/desk/").location == "/sign-in?next=/desk/"

    page.form("/let-in").press()
    signed_in(cast.bea).get("/desk/")
    assert at_desk.send("GET", "/desk/").location == "/sign-in?next=/desk/"


def test_S20_a_manager_ends_all_sessions_of_somebody(cast, manager, signed_in, bea):
    at_desk = signed_in(cast.bea)
    at_desk.get("/desk/")

    press(manager, bea, "Sign out everywhere")

    assert at_desk.send("GET", "/desk/").location == "/sign-in?next=/desk/"


def test_S17_a_reset_mails_a_link_that_nobody_else_sees(cast, manager, bea):
    page = press(manager, bea, "Send a new link")

    mail = db.session.scalars(db.select(Message).filter_by(kind=MessageKind.RESET)).one()
    assert mail.to == cast.bea.email
    assert "/reset/" not in page.html
    assert not [name for form in page.forms() for name, _v in form.fields if "password" in name]


def test_a_lost_second_step_is_reset_and_the_mail_says_what_to_do(cast, manager, bea):
    with transaction():
        cast.bea.totp_sealed = b"sealed-seed"

    page = press(manager, bea, "Reset the second step")

    mail = db.session.scalars(db.select(Message).filter_by(kind=MessageKind.FACTOR_CHANGED)).one()
    written = letters.write(mail)
    assert written["Subject"] == "Your second step was changed"
    assert "call us at once" in written.get_content()
    assert "Second stepnot set up yet" in page.text


def test_somebody_new_is_added_and_their_page_follows(cast, manager):
    form = manager.get("/manage/staff/new").form("email")
    page = form.set(name="Noa Lind", email="noa@example.org", roles=["front-desk"]).press()

    assert page.heading == "Noa Lind"
    assert "good for 30 minutes" in page.text


@pytest.mark.parametrize(
    ("typed", "status", "message"),
    [
        ({"name": ""}, 422, "Enter the full name"),
        ({"email": "noa@"}, 422, "Enter an e-mail address like"),
        ({"roles": []}, 422, "Choose at least one role"),
        ({"roles": ["physician"]}, 422, "roles"),
        ({"email": "bea@halden.example"}, 409, "Someone already signs in with this address"),
    ],
)
def test_what_is_wrong_about_somebody_new_is_said_and_the_rest_stays(
    manager, typed, status, message
):
    right = {"name": "Noa Lind", "email": "noa@example.org", "roles": ["front-desk"]}
    form = manager.get("/manage/staff/new").form("email")

    page = form.set(**{**right, **typed}).press(status=status)

    assert message in page.html
    assert "name" in typed or 'value="Noa Lind"' in page.html


def test_S4_a_role_that_is_not_offered_is_not_given_whatever_is_sent(cast, manager, bea):
    manager.get(bea).form("/roles").set(roles=["front-desk", "physician"]).press(status=422)

    assert staff.roles_of(cast.bea) == {Role.FRONT_DESK}


def test_the_own_page_has_no_action_and_its_addresses_are_not_there(cast, manager):
    own = f"/manage/staff/{cast.max.public_id}"
    page = manager.get(own)
    token = dict(page.forms()[-1].fields)["csrf_token"]

    assert [form.action for form in page.forms()] == ["/sign-out"]
    for action in ("roles", "shut-out", "end-sessions", "reset", "reset-factor"):
        answer = manager.raw_post(f"{own}/{action}", {"csrf_token": token, "roles": "front-desk"})
        assert answer.status_code == 404
    assert staff.roles_of(cast.max) == {Role.MANAGER}


def test_P9_a_patients_sign_in_is_no_staff_account(cast, manager):
    account = make_account(cast.cal)

    page = manager.get(f"/manage/staff/{account.public_id}", status=404)

    assert "Ortega" not in page.html


def test_P9_somebody_of_staff_who_is_a_patient_too_stays_one(cast, manager, bea):
    """Two authorities of one sign-in: changing one leaves the other as it was."""
    with transaction():
        patient = db.session.scalars(db.select(RoleRow).filter_by(name="patient")).one()
        cast.bea.roles.append(patient)

    manager.get(bea).form("/roles").set(roles=["manager"]).press()

    assert staff.roles_of(cast.bea) == {Role.MANAGER, Role.PATIENT}


@pytest.mark.parametrize("action", ["/roles", "/shut-out"])
def test_the_last_manager_is_told_why_not(cast, manager, bea, monkeypatch, action):
    """Two managers at once: the other has just shut out whoever asks, but for this request."""
    staff.change_roles(cast.bea, frozenset({Role.MANAGER}), actor=TESTER)
    form = manager.get(bea).form(action)
    monkeypatch.setattr(staff, "_somebody_else_manages", lambda _user: False)

    page = form.set(roles=["front-desk"]).press(status=409)

    assert "This is the last manager whose account is open." in page.text


# P5: every role against everybody's account.


@pytest.mark.parametrize("owner", ["ana_user", "eli_user", "bea"])
@pytest.mark.parametrize(("who", "status"), [("max", 200), ("bea", 403), ("ana_user", 403)])
def test_P5_only_a_manager_opens_an_account_of_staff(cast, signed_in, who, owner, status):
    path = f"/manage/staff/{getattr(cast, owner).public_id}"

    page = signed_in(getattr(cast, who)).get(path, status=status)

    assert (getattr(cast, owner).email in page.html) is (status == 200)


def test_S16_every_change_of_an_account_asks_for_the_password_again(app):
    changing = {
        rule.endpoint
        for rule in walk.rules(app)
        if rule.endpoint.startswith("staff.") and "POST" in (rule.methods or ())
    } | {"rosters.add_physician", "rosters.make_bookable"}

    assert len(changing) == 10
    assert all(guard_of(app, endpoint).fresh for endpoint in changing)
