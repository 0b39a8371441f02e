"""Nothing typed is lost: what meets a closed door is kept, sealed, for its sender alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from clinic.accounts.kept import DELICATE, FOR_THE_MOMENT, WHOLE
from clinic.accounts.models import KeptForm
from clinic.accounts.views.kept_form import FORMS
from clinic.database import db, transaction
from clinic.notices import letters
from clinic.screening.models import Addendum
from clinic.treatment.models import Approval
from tests import factories, keyed, walk
from tests.accounts.doors import set_by_link, signed_in_with, with_a_new_app
from tests.factories import PASSWORD
from tests.full_record import by_code
from tests.newcomer import open_visits
from tests.rows import everything_stored
from tests.visitor import NS, Page, Person, words

LATER = "The patient called: a small bruise, no pain. Told to cool it."


def stored() -> list[KeptForm]:
    db.session.rollback()
    return list(db.session.scalars(db.select(KeptForm).order_by(KeptForm.id)))


@pytest.fixture
def password_of_ana(app, cast) -> str:
    set_by_link(Person(app), letters.reset_link(cast.ana_user), PASSWORD)
    return str(cast.ana_user.email)


@pytest.fixture
def late(app, cast, travel, today, password_of_ana) -> Page:
    """Ana wrote an addendum for too long: she is asked to sign in."""
    form = keyed.add_addendum(cast, app).set(text=LATER)
    travel(today + timedelta(minutes=16))
    return form.press()


def back_in(page: Page, email: str) -> Page:
    """Sign in on *page*, setting up the app that staff need."""
    page = page.form("password").set(email=email, password=PASSWORD).press()
    return with_a_new_app(page)


def test_a_form_sent_too_late_comes_back_after_signing_in_and_is_sent_with_one_press(late, cast):
    assert late.heading == "Sign in"

    page = back_in(late, cast.ana_user.email)
    if page.heading != "What you typed is still here":
        page = page.follow("Look at it")
    assert LATER in page.text
    page.form("Send it now").press()

    [addendum] = db.session.scalars(db.select(Addendum))
    assert addendum.text == LATER


def test_nothing_is_sent_before_the_press(late, cast):
    back_in(late, cast.ana_user.email)

    assert db.session.scalars(db.select(Addendum)).all() == []


def test_what_is_kept_is_sealed(late):
    assert LATER not in repr(everything_stored(besides=()))
    assert ("text", LATER) in stored()[0].fields


def test_somebody_else_who_signs_in_there_reads_nothing(late, cast, signed_in):
    [row] = stored()

    page = signed_in(cast.eli_user).get(f"/kept/{row.public_id}", status=404)

    assert LATER not in page.html


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 404)])
def test_it_is_kept_for_half_an_hour(late, cast, signed_in, travel, today, minutes, status):
    [row] = stored()

    travel(today + timedelta(minutes=16 + minutes))

    signed_in(cast.ana_user).get(f"/kept/{row.public_id}", status=status)


def test_a_form_without_a_good_token_is_not_kept(app, cast, travel, today):
    form = keyed.add_addendum(cast, app)
    travel(today + timedelta(minutes=16))

    form.set(text=LATER, csrf_token="made-up").press()

    assert stored() == []


def test_a_stranger_leaves_nothing_behind(app, cast):
    note = factories.make_approval(cast)
    person = Person(app)
    token = dict(person.get("/visits/open").form("email").fields)["csrf_token"]

    person.raw_post(f"/notes/{note.public_id}/addendum", {"csrf_token": token, "text": LATER})

    assert stored() == []


def test_a_session_that_was_ended_on_purpose_keeps_nothing(app, cast):
    form = keyed.add_addendum(cast, app).set(text=LATER)
    form.person.get("/my-day").form("/sign-out").press()

    form.press()

    assert stored() == []


def test_S16_signing_asks_for_the_password_and_the_decision_waits(
    app, cast, travel, today, password_of_ana
):
    form = keyed.sign(cast, app)
    form.set(text="Examined at length, all as usual.")
    travel(today + timedelta(minutes=11))

    page = form.press()
    assert page.heading == "Confirm that it is you"
    page = page.form("password").set(password=PASSWORD).press()
    assert "Examined at length" in page.text
    page.form("Send it now").press()

    signed = db.session.scalars(db.select(factories.ScreeningNote)).one()
    assert signed.is_signed
    assert signed.text == "Examined at length, all as usual."


def test_S16_an_approval_is_not_given_by_a_sign_in_of_eleven_minutes_ago(
    app, cast, travel, today, password_of_ana
):
    form = keyed.sign(cast, app)
    travel(today + timedelta(minutes=11))

    form.press()

    assert db.session.scalars(db.select(Approval)).all() == []
    assert not db.session.scalars(
        db.select(factories.ScreeningNote).where(factories.ScreeningNote.signed_at.is_not(None))
    ).all()


def test_a_draft_is_saved_without_asking(app, cast, travel, today):
    form = keyed.sign(cast, app).put("do", "save")
    travel(today + timedelta(minutes=11))

    assert form.press().heading != "Confirm that it is you"


def test_a_patient_by_code_finds_the_answer_again_after_a_new_code(app, cast, travel, today):
    form = keyed.reply(cast, app).set(text="Since the spring of last year, I think.")
    travel(today + timedelta(minutes=31))
    form.press()

    page = open_visits(form.person, cast.cal.email).follow("Look at it")
    page.form("Send it now").press()

    assert "Since the spring" in page.text
    assert stored()[0].patient_id == cast.cal.id


def test_no_password_is_ever_kept(app, cast, travel, today):
    person = Person(app).sign_in(factories.make_account(cast.cal))
    form = person.get("/account/new-password").form("new_password")
    form.set(password=PASSWORD, new_password=LATER, new_password_confirm=LATER)
    travel(today + timedelta(minutes=31))

    form.press()

    assert [value for row in stored() for _name, value in row.fields if value == LATER] == []


def test_a_kept_form_of_a_code_is_not_opened_by_another_patient(app, cast, travel, today):
    form = keyed.reply(cast, app).set(text="Since the spring of last year, I think.")
    travel(today + timedelta(minutes=31))
    form.press()
    [row] = stored()

    page = by_code(app, cast.dee).get(f"/kept/{row.public_id}", status=404)

    assert "Since the spring" not in page.html


def test_signing_in_in_between_leads_to_the_usual_page_and_a_word_of_what_waits(late, cast, bea):
    person = late.person

    signed_in_with(person, cast.ana_user.email, "wrong words of hers", status=422)

    assert stored()


def sent_late(person: Person, path: str, after: datetime, travel, **typed: str) -> None:
    """Somebody at the browser of *person*, whose session has run out, sends a form."""
    travel(after)
    token = dict(person.get("/sign-in").form("password").fields)["csrf_token"]
    person.raw_post(path, {"csrf_token": token, **typed})


@pytest.mark.parametrize("act", ["roles", "shut-out", "reset-factor"])
def test_a_manager_who_has_gone_leaves_no_change_of_rights_to_be_waved_through(
    cast, signed_in, travel, today, act
):
    manager = signed_in(cast.max)
    path = f"/manage/staff/{cast.bea.public_id}/{act}"

    sent_late(manager, path, today + timedelta(minutes=20), travel, roles="manager")

    assert stored() == []


@pytest.mark.parametrize(("minutes", "kept"), [(18 * 60, 1), (24 * 60 + 16, 0), (20 * 24 * 60, 0)])
def test_a_form_is_kept_within_a_day_of_the_sessions_end(
    app, cast, travel, today, password_of_ana, minutes, kept
):
    form = keyed.add_addendum(cast, app).set(text=LATER)

    travel(today + timedelta(minutes=minutes))
    form.press()

    assert len(stored()) == kept


def test_the_page_says_which_form_it_is_and_all_that_it_holds(late, cast):
    page = back_in(late, cast.ana_user.email)
    if page.heading != "What you typed is still here":
        page = page.follow("Look at it")

    assert "Addendum to a note" in page.text
    assert [words(dt) for dt in page.root.iter(f"{NS}dt")] == ["Text"]
    assert [words(dd) for dd in page.root.iter(f"{NS}dd")] == [LATER]


def test_S16_a_decision_of_a_session_that_ran_out_comes_back_as_a_draft(
    app, cast, travel, today, password_of_ana
):
    form = keyed.sign(cast, app).set(text="Examined at length, all as usual.")
    travel(today + timedelta(minutes=16))

    page = back_in(form.press(), cast.ana_user.email)
    if page.heading != "What you typed is still here":
        page = page.follow("Look at it")
    page.form("Send it now").press()

    note = db.session.scalars(db.select(factories.ScreeningNote)).one()
    assert (note.text, note.is_signed) == ("Examined at length, all as usual.", False)


def test_every_form_that_may_wait_has_a_name(app):
    """A signed-in person's form waits when it is delicate, one of a lapsed session when it is not.
    The tablet's browser is nobody's session, and neither is a phone that checks in."""
    guards = [
        (rule, walk.guard_of(app, rule.endpoint))
        for rule in walk.rules(app)
        if "POST" in (rule.methods or ()) and not rule.endpoint.startswith(("tablet.", "arriving."))
    ]
    waits = {
        rule.endpoint
        for rule, guard in guards
        if guard
        and guard.permission is not None
        and (guard.fresh or not rule.rule.startswith(DELICATE))
        and rule.endpoint not in FOR_THE_MOMENT
    }

    assert len(waits) > 20
    assert sorted(waits - FORMS.keys()) == [*WHOLE]


def test_a_manager_who_only_has_to_confirm_finds_the_change_again(cast, signed_in, travel, today):
    manager = signed_in(cast.max)
    form = manager.get(f"/manage/staff/{cast.bea.public_id}").form("/roles")
    travel(today + timedelta(minutes=11))

    page = form.put("roles", ["front-desk", "manager"]).press()

    assert page.heading == "Confirm that it is you"
    assert [row.user_id for row in stored()] == [cast.max.id]


def test_contact_data_do_not_wait_for_a_patient_whose_code_ran_out(app, cast, travel, today):
    form = by_code(app, cast.cal).get("/account/contact").form("email")
    travel(today + timedelta(minutes=31))

    form.set(email="somebody.else@example.org").press()

    assert stored() == []


def test_a_form_of_an_address_that_is_gone_is_shown_by_its_address(late, cast, signed_in):
    [row] = stored()
    with transaction():
        row.path = "/gone/for/good"

    page = signed_in(cast.ana_user).get(f"/kept/{row.public_id}")

    assert "A form of this clinic" in page.text
    assert "/gone/for/good" in page.text


def test_a_note_typed_when_the_rating_was_asked_too_late_is_not_lost(
    app, cast, travel, today, password_of_ana
):
    """With scripts each change asks for the rating anew, with all that the page holds."""
    form = keyed.sign(cast, app).set(text="Examined at length, all as usual.").put("do", None)
    travel(today + timedelta(minutes=16))
    asked = form.person.send(
        "POST",
        f"{form.action}/rating",
        data=MultiDict(form.fields),
        headers={"Referer": f"{form.person.base}/", "HX-Request": "true"},
    )

    page = back_in(form.person.get(asked.headers["HX-Redirect"]), cast.ana_user.email)
    if page.heading != "What you typed is still here":
        page = page.follow("Look at it")
    page.form("Send it now").press()

    note = db.session.scalars(db.select(factories.ScreeningNote)).one()
    assert (note.text, note.is_signed) == ("Examined at length, all as usual.", False)
