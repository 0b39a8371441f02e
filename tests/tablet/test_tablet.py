"""The desk's tablet: one empty form, after the date of birth, and no way to anything else.

test_doors walks every address as a tablet; here are the way through the form and its ends.
Shows S2, S4 and S6 of the security checklist for the tablet.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask_security.utils import hash_password

from clinic import clock
from clinic.accounts import queries as people
from clinic.accounts.models import Visitor
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from tests import factories
from tests.accounts.doors import with_a_new_app
from tests.factories import PASSWORD, TESTER, at
from tests.full_record import CLINICAL, WHO, found_in, make_full_record, on_tablet
from tests.newcomer import answer_pages, born
from tests.visitor import Page, Person

OVER = "Please give the tablet back."


@pytest.fixture
def bea(cast, signed_in) -> Person:
    return signed_in(cast.bea)


@pytest.fixture
def tablet(cast, bea) -> Person:
    """The desk's own browser, handed over for Cal's form."""
    page = bea.get(f"/desk/patients/{cast.cal.public_id}").follow("Hand over the tablet")
    page.form("Sign out and").press("Sign out and hand over")
    return bea


def draft() -> Intake:
    db.session.rollback()
    newest = db.select(Intake).order_by(Intake.id.desc()).limit(1)
    return db.session.scalars(newest).one()


def begin(tablet: Person) -> Page:
    return tablet.get("/tablet").form("born_on").set(**born()).press("Begin")


def answer_all(page: Page) -> Page:
    return answer_pages(page)[-1]


def events(event: Event) -> list[AuditEvent]:
    db.session.rollback()
    return list(
        db.session.scalars(db.select(AuditEvent).filter_by(event=event).order_by(AuditEvent.id))
    )


def test_the_desk_reads_what_happens_before_it_hands_over(cast, bea):
    page = bea.get(f"/desk/patients/{cast.cal.public_id}/tablet")

    assert "You are signed out on this device." in page.text
    assert "answers the form of Cal Ortega and can open nothing else" in page.text
    assert "To use the tablet again, sign in." in page.text


def test_a_visit_without_a_form_offers_the_tablet_and_one_with_a_form_does_not(cast, bea):
    visit = factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    path = f"/desk/visits/{visit.public_id}"
    assert bea.get(path).follow("Hand over the tablet").heading == "Hand over the tablet"

    factories.make_intake(cast.cal)

    assert "Hand over the tablet" not in bea.get(path).text


def test_the_whole_form_is_answered_and_sent_and_the_tablet_is_over(cast, tablet):
    checked = answer_all(begin(tablet))
    assert checked.heading == "Check and send your form"
    thanks = checked.form("Send my form").press("Send my form")

    sent = draft()
    assert (sent.patient, sent.submitted_at is not None) == (cast.cal, True)
    assert OVER in thanks.text
    assert found_in(thanks.text, (*WHO, "Cal", "cross")) == []
    tablet.get(f"/intake/{sent.public_id}/words", status=404)
    assert tablet.send("GET", "/desk/").location == "/sign-in?next=/desk/"


def test_whoever_hands_over_is_signed_out_and_named_in_all_that_the_tablet_does(cast, tablet):
    begin(tablet).form("Continue").press("Stop and give the tablet back")

    (handed,) = events(Event.TABLET_HANDED)
    assert (handed.actor, handed.patient_id) == (f"user:{cast.bea.public_id}", cast.cal.id)
    (saved,), (ended,) = events(Event.INTAKE_SAVED), events(Event.TABLET_ENDED)
    tablets = (f"tablet:{cast.bea.public_id}", "tablet")
    assert (saved.actor, saved.roles) == (ended.actor, ended.roles) == tablets
    assert len(events(Event.SIGNED_OUT)) == 1


def test_before_the_date_of_birth_a_first_name_is_all_that_is_shown(cast, tablet):
    make_full_record(cast)

    page = tablet.get("/tablet")
    form = tablet.get(f"/intake/{draft().public_id}/health")

    assert page.heading == form.heading == "Hello Cal"
    assert found_in(page.html, (*WHO, *CLINICAL, "1990")) == []


def test_somebody_elses_date_of_birth_opens_nothing_and_five_wrong_ones_close_it(tablet):
    form = tablet.get("/tablet").form("born_on").set(**born(date(1990, 3, 3)))
    for _time in range(5):
        wrong = form.press("Begin", status=422)

    assert "That is not the date of birth we have." in wrong.text
    form.set(**born()).press("Begin", status=429)


def test_S4_the_form_begins_empty_whatever_was_answered_before(cast, app):
    """The desk knows the date of birth, and would read the answers on a tablet of its own."""
    make_full_record(cast)
    tablet = on_tablet(app, cast.cal, cast.bea)

    pages = [tablet.get(f"/intake/{draft().public_id}/{key}") for key in ("medicines", "words")]

    assert [found_in(page.html, (*WHO, *CLINICAL[:10])) for page in pages] == [[], []]
    assert draft().document == {}


@pytest.mark.parametrize("key", ["health", "where", "words", "leave", "send"])
def test_S2_no_other_form_opens_not_even_another_one_of_the_same_patient(cast, app, key):
    factories.make_intake(cast.cal)
    own = intakes.start_for(cast.cal, actor=TESTER)
    dees = intakes.start_for(cast.dee, actor=TESTER)
    tablet = on_tablet(app, cast.cal, cast.bea)

    for form in (own, dees):
        assert tablet.send("GET", f"/intake/{form.public_id}/{key}").location == "/tablet"


def test_no_page_of_the_tablet_links_to_anything_else(cast, tablet):
    pages = [tablet.get("/tablet"), *answer_pages(begin(tablet))]
    pages.append(tablet.get("/sign-in"))

    links = {link for page in pages[:-1] for link in page.links().values()}
    stays = ("/intake/", "#", "tel:")  # a number to call, beside the answer that needs one
    assert {link for link in links if not link.startswith(stays)} == {"/sign-in"}
    assert pages[-1].follow("Back to the form").heading == pages[-2].heading


@pytest.mark.parametrize("path", ["/", "/help", "/desk/", "/visits", "/demo/mail", "/no/such"])
def test_every_other_address_leads_back_to_the_form(tablet, path):
    page = begin(tablet)

    assert tablet.get(path).heading == page.heading
    assert tablet.send("POST", path).location == "/tablet"
    assert len(events(Event.DENIED)) == 2


def test_half_an_hour_alone_ends_it_for_good(cast, tablet, travel):
    page = begin(tablet)
    travel(clock.now() + timedelta(minutes=31))

    over = tablet.get(page.path)

    assert OVER in over.text
    assert len(events(Event.TABLET_ENDED)) == 1
    tablet.get(page.path, status=404)
    rows = db.session.scalars(db.select(Visitor).where(Visitor.tablet_patient_id.is_not(None)))
    assert rows.all() == []


def test_given_back_half_way_the_answers_are_the_patients_draft_and_the_tablet_is_closed(
    cast, tablet
):
    page = begin(tablet)
    path = page.path

    over = page.form("Continue").set(pregnancy="no").press("Stop and give the tablet back")

    assert OVER in over.text
    assert draft().document["answers"]["pregnancy"]["value"] == "no"
    assert draft().patient == cast.cal
    tablet.get(path, status=404)


def test_a_form_that_nobody_began_is_not_kept(cast, tablet):
    at_home = intakes.start_for(cast.dee, actor=TESTER)

    tablet.get("/tablet").form("/tablet/back").press("That is not me")

    db.session.rollback()
    assert db.session.scalars(db.select(Intake.id)).all() == [at_home.id]


def test_staff_who_sign_in_end_it(cast, tablet, app):
    with transaction():
        cast.bea.password = hash_password(PASSWORD)
    path = begin(tablet).path

    form = tablet.get("/sign-in").form("password").set(email=cast.bea.email, password=PASSWORD)
    day = with_a_new_app(form.press())

    assert day.heading == "Tuesday 24 November"
    assert len(events(Event.TABLET_ENDED)) == 1
    tablet.get(path, status=404)


def test_a_copied_cookie_of_the_tablet_is_dead_once_it_is_given_back(cast, app):
    tablet = on_tablet(app, cast.cal, cast.bea)
    with tablet.client.session_transaction(base_url=tablet.base) as kept:
        token = kept["visitor"]
    tablet.get("/tablet").form("Continue").press("Stop and give the tablet back")

    copied = Person(app)
    with copied.client.session_transaction(base_url=copied.base) as session:
        session["visitor"] = token

    assert copied.send("GET", "/tablet").location == "/sign-in?next=/tablet"


def test_S20_a_cookie_copied_before_the_date_of_birth_reads_no_answer(tablet):
    thief = tablet.copied()

    page = begin(tablet)

    assert page.path.startswith("/intake/")
    assert thief.send("GET", page.path).status_code == 404
    assert thief.send("GET", "/tablet").location == "/sign-in?next=/tablet"


def test_a_tablet_whose_row_goes_while_the_door_looks_is_a_stranger(tablet, monkeypatch):
    monkeypatch.setattr(people, "visitor_of", lambda _browser: None)

    answer = tablet.send("GET", "/visits")

    assert answer.status_code < 500
    assert answer.location != "/tablet"
    assert "Cal" not in answer.get_data(as_text=True)
