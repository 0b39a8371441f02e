"""The second step: staff always, a code once, recovery codes once, nothing by mail.

Shows S11, S12, S13 (second step) and S15 (the owner is told) of the security checklist.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from clinic.accounts import factors
from clinic.accounts.models import User
from clinic.accounts.signin.second_step import OneTimeCodes, seed
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.notices import letters
from clinic.notices.models import Message, MessageKind
from tests import factories
from tests.accounts.doors import BEA, app_code, code_shown, set_by_link, signed_in_with
from tests.factories import PASSWORD
from tests.rows import everything_stored
from tests.visitor import Page, Person


def at_code_page(person: Person, email: str = BEA) -> Page:
    """The password was right; nothing else was shown yet."""
    form = person.get("/sign-in").form("password").set(email=email, password=PASSWORD)
    return form.press()


def typed(page: Page, code: str, *, status: int = 200) -> Page:
    return page.form("code").set(code=code).press(status=status)


def codes_of(user: User) -> OneTimeCodes:
    from flask import current_app

    return current_app.extensions["security"].totp_factory


def is_in(person: Person, path: str = "/desk/") -> bool:
    return person.send("GET", path).status_code == 200


def events(event: Event) -> list[AuditEvent]:
    db.session.rollback()
    return list(
        db.session.scalars(db.select(AuditEvent).filter_by(event=event).order_by(AuditEvent.id))
    )


def test_S11_staff_with_the_right_password_alone_are_nobody_yet(bea, anyone):
    page = at_code_page(anyone)

    assert page.heading == "Second step"
    assert not is_in(anyone)


def test_S11_the_code_of_the_app_signs_staff_in(bea, anyone):
    page = at_code_page(anyone)

    assert typed(page, code_shown(page)).path == "/desk/calendar"


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "000000", "1" * 11])
def test_a_wrong_code_says_what_to_do_and_lets_nobody_in(bea, anyone, code):
    page = typed(at_code_page(anyone), code, status=422)

    assert page.root.find(".//*[@role='alert']") is not None
    assert not is_in(anyone)


def test_a_code_may_be_typed_with_a_space(bea, anyone):
    page = at_code_page(anyone)
    code = code_shown(page)

    assert typed(page, f"{code[:3]} {code[3:]}").path == "/desk/calendar"


def test_S12_a_code_works_once(app, bea):
    first, second = at_code_page(Person(app)), at_code_page(Person(app))
    code = code_shown(first)
    typed(first, code)

    typed(second, code, status=422)

    assert not is_in(second.person)


def test_S12_of_two_at_the_same_moment_one_comes_in(app, cast, engine):
    with transaction():
        cast.bea.tf_totp_secret = seed()
    user_id, sealed = cast.bea.id, cast.bea.tf_totp_secret
    code = codes_of(cast.bea).generate_totp_password(sealed)

    def try_it(_number: int) -> bool:
        with app.app_context():
            user = db.session.get(User, user_id)
            return codes_of(user).verify_totp(code, sealed, user, 30)

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(try_it, range(6)))

    assert sorted(outcomes) == [False] * 5 + [True]


def test_S12_a_code_seen_earlier_is_refused_after_a_later_one_was_used(
    app, cast, bea, travel, today
):
    factory, sealed = codes_of(cast.bea), cast.bea.tf_totp_secret
    earlier = factory.generate_totp_password(sealed)
    travel(today + timedelta(seconds=30))
    page = at_code_page(Person(app))
    typed(page, code_shown(page))

    typed(at_code_page(Person(app)), earlier, status=422)


@pytest.mark.parametrize(("seconds", "status"), [(25, 200), (95, 422)])
def test_a_code_is_good_for_its_half_minute_and_the_one_after(
    app, cast, bea, travel, today, seconds, status
):
    code = codes_of(cast.bea).generate_totp_password(cast.bea.tf_totp_secret)
    page = at_code_page(Person(app))

    travel(today + timedelta(seconds=seconds))

    typed(page, code, status=status)


def test_S12_seed_and_recovery_codes_are_stored_in_no_readable_place(cast, signed_in):
    bea = signed_in(cast.bea)
    page = bea.get("/account/app").form("setup").press()
    key = re.search(r"[A-Z2-7]{4}( [A-Z2-7]{4}){3,}", page.text)[0].replace(" ", "")
    typed(page, app_code(page))
    shown = bea.get("/account/recovery-codes").form("Make ten codes").press()
    codes = re.findall(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", shown.text)

    stored = repr(everything_stored(besides=()))

    assert len(set(codes)) == 10
    assert not [secret for secret in [key, *codes] if secret in stored]


def test_S11_staff_without_a_second_step_set_one_up_before_they_come_in(app, cast):
    set_by_link(Person(app), letters.reset_link(cast.bea), PASSWORD)
    person = Person(app)
    page = at_code_page(person)
    assert page.heading == "A second step"
    assert not is_in(person)

    page = page.form("setup").press()
    desk = typed(page, app_code(page))

    assert desk.path == "/desk/calendar"
    assert cast.bea.totp_sealed is not None


def test_a_wrong_code_while_setting_up_sets_nothing_up(app, cast):
    set_by_link(Person(app), letters.reset_link(cast.bea), PASSWORD)
    page = at_code_page(Person(app)).form("setup").press()

    typed(page, "000000", status=422)

    assert cast.bea.totp_sealed is None


def test_S11_somebody_who_knows_the_password_cannot_set_up_an_app_of_their_own(app, bea, cast):
    before = cast.bea.totp_sealed
    person = Person(app)
    at_code_page(person)

    page = person.get("/account/app")

    assert page.path == "/sign-in"
    assert cast.bea.totp_sealed == before


def test_S11_a_patient_comes_in_by_password_until_a_second_step_is_set_up(app, cast):
    user = factories.make_account(cast.cal)
    assert signed_in_with(Person(app), user.email, PASSWORD).path == "/visits"

    with transaction():
        user.tf_totp_secret = seed()

    assert at_code_page(Person(app), user.email).heading == "Second step"


def test_S11_a_lost_app_is_rescued_by_no_mail(app, bea):
    person = Person(app)
    token = dict(at_code_page(person).form("code").fields)["csrf_token"]
    before = len(list(db.session.scalars(db.select(Message))))

    answer = (
        person.raw_post("/two-factor-rescue", {"csrf_token": token, "help_setup": "email"}),
        person.raw_post("/tf-rescue", {"csrf_token": token, "help_setup": "email"}),
    )

    assert {a.status_code for a in answer} == {404}
    assert len(list(db.session.scalars(db.select(Message)))) == before


def recovery_codes(user: User) -> list[str]:
    codes = [f"aaaa-bbbb-{n:04d}" for n in range(3)]
    factors_of = user
    with transaction():
        factors_of.mf_recovery_codes = codes
    return codes


def by_recovery(person: Person, code: str, *, status: int = 200) -> Page:
    at_code_page(person)
    return person.get("/sign-in/recovery").form("code").set(code=code).press(status=status)


@pytest.mark.parametrize("as_typed", ["aaaa-bbbb-0001", "AAAA BBBB 0001", "aaaabbbb0001"])
def test_a_recovery_code_stands_in_for_the_app(app, cast, bea, as_typed):
    recovery_codes(cast.bea)

    assert by_recovery(Person(app), as_typed).path == "/desk/calendar"
    assert len(cast.bea.mf_recovery_codes) == 2


def test_S12_a_recovery_code_works_once(app, cast, bea):
    [code, *_rest] = recovery_codes(cast.bea)
    by_recovery(Person(app), code)

    by_recovery(Person(app), code, status=422)

    assert [row.subject for row in events(Event.RECOVERY_USED)] == [f"user:{cast.bea.public_id}"]


def test_S12_of_two_presses_with_one_recovery_code_one_counts(app, cast):
    [code, *_rest] = recovery_codes(cast.bea)
    user_id = cast.bea.id

    def use(_number: int) -> bool:
        with app.app_context():
            return factors.use_recovery_code(db.session.get(User, user_id), code)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(use, range(4)))

    assert sorted(outcomes) == [False] * 3 + [True]


def test_new_recovery_codes_end_the_old_ones(cast, signed_in):
    old = recovery_codes(cast.bea)

    signed_in(cast.bea).get("/account/recovery-codes").form("Make ten codes").press()

    assert not set(old) & set(cast.bea.mf_recovery_codes)


def test_recovery_codes_are_shown_when_they_are_made_and_never_again(cast, signed_in):
    codes = recovery_codes(cast.bea)

    page = signed_in(cast.bea).get("/account/recovery-codes?show_codes=y")

    assert not [code for code in codes if code in page.html]


def wrong_codes(app: Flask, times: int) -> None:
    for _time in range(times):
        typed(at_code_page(Person(app)), "000000", status=422)


def test_S13_five_wrong_codes_close_the_second_step_for_the_right_one_too(app, cast, bea):
    recovery_codes(cast.bea)
    page = at_code_page(Person(app))
    wrong_codes(app, 5)

    answer = typed(page, code_shown(page), status=429)
    by_recovery(Person(app), "aaaa-bbbb-0001", status=429)

    assert 0 < int(answer.response.headers["Retry-After"]) <= 30
    assert len(events(Event.FACTOR_REFUSED)) == 5


def test_S13_the_owner_is_told_once_that_codes_were_guessed(app, bea):
    wrong_codes(app, 5)

    told = db.session.scalars(db.select(Message).filter_by(kind=MessageKind.LOCKED)).all()
    assert [message.to for message in told] == [BEA]


def test_a_second_step_that_changes_is_written_down_told_and_ends_other_sessions(cast, signed_in):
    elsewhere, here = signed_in(cast.bea), signed_in(cast.bea)
    page = here.get("/account/app").form("setup").press()

    typed(page, app_code(page))

    assert is_in(here)
    assert not is_in(elsewhere)
    assert [row.facts for row in events(Event.FACTOR_ADDED)] == [{"kind": "app"}]
    told = db.session.scalars(db.select(Message).filter_by(kind=MessageKind.FACTOR_CHANGED)).one()
    assert told.to == cast.bea.email


def test_S11_staff_cannot_take_their_only_second_step_away(cast, signed_in):
    with transaction():
        cast.bea.tf_totp_secret = seed()
    bea = signed_in(cast.bea)
    form = bea.get("/account/app").form("setup")

    form.set(setup="disable").press(status=422)

    assert cast.bea.totp_sealed is not None


def test_a_patient_may_take_the_second_step_away_again(cast, signed_in):
    user = factories.make_account(cast.cal)
    with transaction():
        user.tf_totp_secret = seed()

    signed_in(user).get("/account/app").form("Remove the app").press()

    assert user.totp_sealed is None


def test_the_page_of_the_code_signs_nobody_out_who_is_in(cast, signed_in):
    bea = signed_in(cast.bea)

    assert bea.send("GET", "/sign-in/code").location == "/account/security"
    assert is_in(bea)


@pytest.mark.parametrize("state", ["ready", "setup_from_login", "validating_profile"])
def test_half_a_sign_in_opens_no_page_of_staff(app, cast, state):
    person = Person(app)
    with person.client.session_transaction(base_url=person.base) as session:
        session.update({"tf_user_id": cast.bea.fs_uniquifier, "tf_state": state})

    assert person.send("GET", "/desk/").location == "/sign-in?next=/desk/"
