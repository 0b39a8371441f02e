"""Sessions as rows: copied cookies die, doing nothing ends them, each rise in rights has a new id.

Shows S20, S16 (what asks again) and S24 (signing out) of the security checklist.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, before_render_template

from clinic.accounts import sessions
from clinic.accounts.identity import Known
from clinic.accounts.models import EndedBecause, User, UserSession
from clinic.accounts.rules import device_name
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.config import SECURITY_PAGE
from clinic.database import db, transaction
from clinic.notices import letters
from tests import factories, walk
from tests.accounts.doors import set_by_link, signed_in_with
from tests.factories import PASSWORD
from tests.rows import everything_stored
from tests.visitor import Person

IN, OUT = 200, 303


def in_the_cookie(person: Person, key: str) -> object:
    with person.client.session_transaction(base_url=person.base) as session:
        return session.get(key)


def rows() -> list[UserSession]:
    db.session.rollback()
    return list(db.session.scalars(db.select(UserSession).order_by(UserSession.id)))


@pytest.fixture
def at_desk(app: Flask, bea: str) -> Person:
    person = Person(app)
    signed_in_with(person, bea, PASSWORD)
    return person


def test_S20_a_copied_cookie_is_dead_once_its_owner_has_signed_out(at_desk):
    thief = at_desk.copied()
    assert thief.send("GET", "/desk/").status_code == IN

    at_desk.get("/desk/").form("/sign-out").press()

    assert thief.send("GET", "/desk/").status_code == OUT
    assert rows()[-1].ended_because == EndedBecause.SIGNED_OUT


def test_S20_a_cookie_that_names_no_session_opens_nothing_however_well_signed(app, cast):
    person = Person(app)
    with person.client.session_transaction(base_url=person.base) as session:
        session.update({"_user_id": cast.bea.fs_uniquifier, "_fresh": True, "sid": "x" * 43})

    assert person.send("GET", "/desk/").status_code == OUT


@pytest.mark.parametrize(("path", "kind"), [("/desk/", Known), (SECURITY_PAGE, User)])
def test_only_pages_of_the_sign_in_itself_are_given_the_persons_row(app, at_desk, path, kind):
    given = []

    def note(_app, context, **_more):
        given.append(type(context["current_user"]))

    with before_render_template.connected_to(note, app):
        at_desk.get(path)

    assert given == [kind]


def test_S20_the_id_of_a_session_is_stored_as_a_hash_alone(at_desk):
    token = str(in_the_cookie(at_desk, "sid"))

    assert len(token) >= 43  # 256 bits
    assert token not in repr(everything_stored(besides=()))


def test_S20_a_session_of_somebody_else_is_not_opened_by_ones_own_name(app, cast):
    bea, ana = factories.signed_in(cast.bea), factories.signed_in(cast.ana_user)
    person = Person(app)
    with person.client.session_transaction(base_url=person.base) as session:
        session.update({**ana, "sid": bea["sid"]})

    assert person.send("GET", "/my-day").status_code == OUT
    assert person.send("GET", "/desk/").status_code == OUT


@pytest.mark.parametrize(("minutes", "status"), [(14, IN), (16, OUT)])
def test_S20_staff_who_do_nothing_are_signed_out_after_15_minutes(
    cast, signed_in, travel, today, minutes, status
):
    bea = signed_in(cast.bea)

    travel(today + timedelta(minutes=minutes))

    assert bea.send("GET", "/desk/").status_code == status


@pytest.mark.parametrize(("minutes", "status"), [(29, IN), (31, OUT)])
def test_S20_a_patient_who_does_nothing_is_signed_out_after_30_minutes(
    cast, signed_in, travel, today, minutes, status
):
    cal = signed_in(factories.make_account(cast.cal))

    travel(today + timedelta(minutes=minutes))

    assert cal.send("GET", "/visits").status_code == status


@pytest.mark.parametrize(("whose", "hours"), [("bea", 10), ("cal", 24)])
def test_S20_nobody_stays_in_longer_than_the_longest_session_however_busy(
    cast, signed_in, travel, today, whose, hours
):
    user = cast.bea if whose == "bea" else factories.make_account(cast.cal)
    person, page = signed_in(user), "/desk/" if whose == "bea" else "/visits"
    row = rows()[-1]

    def busy_until(after: timedelta) -> int:
        travel(today + after)
        with transaction():
            row.seen_at = today + after - timedelta(minutes=1)
        return person.send("GET", page).status_code

    assert busy_until(timedelta(hours=hours, minutes=-1)) == IN
    assert busy_until(timedelta(hours=hours, minutes=1)) == OUT


def test_S20_being_at_work_keeps_a_session_and_is_written_once_a_minute(
    cast, signed_in, travel, today
):
    bea = signed_in(cast.bea)
    travel(today + timedelta(seconds=50))
    bea.get("/desk/")
    unwritten = rows()[-1].seen_at

    travel(today + timedelta(minutes=10))
    assert bea.send("GET", "/still-here").status_code == 204
    travel(today + timedelta(minutes=20))

    assert unwritten - today < timedelta(seconds=5)
    assert bea.send("GET", "/desk/").status_code == IN


def test_S20_signing_in_and_confirming_each_give_a_new_id(app, bea):
    person = Person(app)
    signed_in_with(person, bea, PASSWORD)
    first, thief = in_the_cookie(person, "sid"), person.copied()

    person.get("/confirm").form("password").set(password=PASSWORD).press()

    assert in_the_cookie(person, "sid") != first
    assert thief.send("GET", "/desk/").status_code == OUT
    assert person.send("GET", "/desk/").status_code == IN


def test_S20_a_second_sign_in_in_one_browser_ends_the_first_session(app, cast):
    person = Person(app).sign_in(factories.make_account(cast.cal))
    with person.client.session_transaction(base_url=person.base) as session:
        before = dict(session)
    page = person.get("/account/new-password").form("new_password")

    page.set(
        password=PASSWORD,
        new_password="another four plain words",
        new_password_confirm="another four plain words",
    ).press()

    assert before["sid"] != in_the_cookie(person, "sid")
    assert [row.ended_at is None for row in rows()] == [False, True]
    assert person.send("GET", "/visits").status_code == IN


def test_S20_own_sessions_are_listed_and_one_is_ended(cast, signed_in):
    here, there = signed_in(cast.bea), signed_in(cast.bea)
    other = rows()[-1]

    page = here.get("/account/security")
    page.form(f"/account/sessions/{other.public_id}/end").press()

    assert page.text.count("Firefox, Linux") == 3  # twice shown, once more for screen readers
    assert there.send("GET", "/desk/").status_code == OUT
    assert here.send("GET", "/desk/").status_code == IN


def test_S20_all_other_sessions_are_ended_at_once(cast, signed_in):
    here, there, elsewhere = (signed_in(cast.bea) for _ in range(3))

    here.get("/account/security").form("end-others").press()

    assert [p.send("GET", "/desk/").status_code for p in (here, there, elsewhere)] == [IN, OUT, OUT]
    [row] = db.session.scalars(db.select(AuditEvent).filter_by(event=Event.SESSION_ENDED))
    assert row.facts["count"] == 2


def test_a_session_of_somebody_else_cannot_be_ended(cast, signed_in):
    ana = signed_in(cast.ana_user)
    anas = rows()[-1]
    bea = signed_in(cast.bea)
    token = dict(bea.get("/account/security").form("/sign-out").fields)["csrf_token"]

    answer = bea.raw_post(f"/account/sessions/{anas.public_id}/end", {"csrf_token": token})

    assert answer.status_code == 404
    assert ana.send("GET", "/my-day").status_code == IN


def test_staff_whose_session_showed_no_second_factor_open_nothing(app, cast):
    person = Person(app)
    with person.client.session_transaction(base_url=person.base) as session:
        session.update(factories.signed_in(cast.bea, has_second_factor=False))

    assert person.send("GET", "/desk/").status_code == OUT


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/passkey"])
def test_S20_no_cookie_outlives_the_session_whatever_a_form_asks_for(app, bea, path):
    person = Person(app)
    form = person.get(path).form("csrf_token")
    form.set(email=bea, password=PASSWORD, remember="y")

    person.raw_post(path, form.fields)

    assert {cookie.key for cookie in person.client._cookies.values()} == {"__Host-clinic"}


def test_S24_signing_out_clears_what_the_browser_kept(at_desk):
    page = at_desk.get("/desk/").form("/sign-out")

    answer = at_desk.raw_post(page.action, page.fields)

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in at_desk.send("GET", "/").headers


def fresh_addresses(app: Flask) -> list[str]:
    """Every page that asks for the password again."""
    guards = [(rule, walk.guard_of(app, rule.endpoint)) for rule in walk.rules(app)]
    return [
        rule.rule
        for rule, guard in guards
        if guard and guard.fresh is True and "GET" in (rule.methods or ()) and not rule.arguments
    ]


def test_S16_what_is_delicate_asks_for_the_password_again_after_ten_minutes(
    app, cast, signed_in, travel, today
):
    paths = [path for path in fresh_addresses(app) if path.startswith("/account")]
    ana = signed_in(cast.ana_user)
    at_once = {path: ana.send("GET", path).status_code for path in paths}

    travel(today + timedelta(minutes=11))
    later = {path: ana.send("GET", path).location for path in paths}

    assert len(paths) >= 4
    assert not [path for path, status in at_once.items() if status == 303 and "code" not in path]
    assert later == {path: f"/confirm?next={path}" for path in paths}


FRESH_POSTS = {
    "audit.export": "max",
    "emergency.open_record": "eli_user",
    "screening.resume": "ana_user",
    "staff.change_roles": "max",
    "staff.change_sites": "max",
    "staff.reset_factor": "max",
}


@pytest.mark.parametrize(("endpoint", "who"), FRESH_POSTS.items())
def test_S16_what_is_delicate_is_not_done_by_a_sign_in_of_eleven_minutes_ago(
    app, cast, record, travel, today, endpoint, who
):
    person = Person(app).sign_in(getattr(cast, who))
    token = dict(person.get("/account/security").form("/sign-out").fields)["csrf_token"]
    rule = next(rule for rule in walk.rules(app) if rule.endpoint == endpoint)
    travel(today + timedelta(minutes=11))
    before = everything_stored()

    answer = person.raw_post(walk.address(rule, record.ids), {"csrf_token": token})

    assert answer.location.startswith("/confirm")
    after = everything_stored()
    assert {name for name in after if after[name] != before[name]} <= {"user_session"}


def test_S16_every_address_that_asks_again_is_known(app):
    """Those posts, signing (test_kept), pages of one's own account, of staff, of the log and of
    records that are put together."""
    asking = {
        rule.endpoint
        for rule in walk.rules(app)
        if (guard := walk.guard_of(app, rule.endpoint)) and guard.fresh
    }

    assert {"screening.save", *FRESH_POSTS} <= asking
    assert {e.split(".")[0] for e in asking} == {
        "accounts",
        "audit",
        "emergency",
        "merging",
        "rosters",
        "screening",
        "security",
        "staff",
    }


def test_S16_the_apps_page_asks_again_too(cast, signed_in, travel, today):
    ana = signed_in(cast.ana_user)

    travel(today + timedelta(minutes=11))

    assert ana.send("GET", "/account/app").location.startswith("/confirm?next=/account/app")


def test_S16_the_right_password_leads_on_and_counts_for_ten_minutes(app, cast, bea, travel, today):
    person = Person(app).sign_in(cast.bea)
    travel(today + timedelta(minutes=11))

    page = person.get("/account/new-address").form("password").set(password=PASSWORD).press()

    assert page.heading == "Change the address"
    travel(today + timedelta(minutes=20))
    assert person.send("GET", "/account/new-address").status_code == IN


def test_S16_a_wrong_password_confirms_nothing(app, cast, bea, travel, today):
    person = Person(app).sign_in(cast.bea)
    travel(today + timedelta(minutes=11))

    page = (
        person.get("/account/new-address").form("password").set(password="not it").press(status=422)
    )

    assert "That is not your password" in page.text
    assert person.send("GET", "/account/new-address").status_code == OUT


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) Version/18 Safari/604", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/130 Safari/537", "Chrome, Android"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_people_call_it(agent, name):
    assert device_name(agent) == name


def test_a_password_set_by_a_link_ends_every_row(cast, signed_in, app):
    signed_in(cast.bea)

    set_by_link(Person(app), letters.reset_link(cast.bea), PASSWORD)

    assert [row.ended_because for row in rows()] == [EndedBecause.PASSWORD]
    assert sessions.open_sessions(cast.bea.id) == []
