"""Claim links: sent to the address on file, opened with the date of birth, once.

Shows P2 of the known failures, S14, S15, S42 and S82 of the security checklist.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from clinic import clock
from clinic.accounts import claims, contact
from clinic.accounts import queries as people
from clinic.accounts.models import ClaimLink, Patient
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.notices import letters
from clinic.notices.models import Message
from tests import factories
from tests.accounts.work import counted
from tests.factories import PASSWORD, TESTER, at
from tests.full_record import CLINICAL, found_in, make_full_record
from tests.newcomer import born, newest_code
from tests.rows import everything_stored
from tests.visitor import Page, Person

BORN = date(1990, 3, 2)
WRONG = born(date(1990, 3, 3))
NIA = {"name": "Nia Brandt", "phone": "", "email": "Nia@Example.org", **born()}
NOTHING_OPENS = "This link and date of birth open nothing."


def mails(kind: str = "claim") -> list[Message]:
    db.session.rollback()
    found = db.select(Message).where(Message.kind == kind).order_by(Message.id)
    return list(db.session.scalars(found))


def path_in(message: Message) -> str:
    body = letters.write(message).get_content()
    return re.search(r"http://localhost(/claim/\S+)", body)[1]


def link_of(patient: Patient) -> str:
    """A link just sent to the patient, as a path."""
    claims.send(patient, actor=TESTER)
    return path_in(mails()[-1])


def opened(person: Person, link: str, *, status: int = 200, **day: object) -> Page:
    form = person.get(link).form("born_on")
    return form.set(**(day or born())).press(status=status)


def asked_again(person: Person, link: str) -> Page:
    form = next(f for f in person.get(link).forms() if ("go", "again") in f.fields)
    return form.press()


@pytest.fixture
def bea(cast, signed_in) -> Person:
    return signed_in(cast.bea)


@pytest.fixture
def nia(cast, bea) -> Patient:
    """Somebody whom the desk entered at the phone."""
    bea.get("/desk/patients/new").form("name").set(**NIA).press("Save and book")
    return db.session.scalars(db.select(Patient).where(Patient.name == "Nia Brandt")).one()


def desk_page(bea: Person, patient: Patient) -> Page:
    return bea.get(f"/desk/patients/{patient.public_id}")


def test_whoever_the_desk_enters_gets_a_link_that_leads_to_a_password(nia, bea, anyone):
    (mail,) = mails()
    page = opened(anyone, path_in(mail))

    assert (mail.to, page.heading) == ("nia@example.org", "Choose a password")
    signed = page.form("password").set(password=PASSWORD).press()
    assert (signed.heading, "Nia Brandt" in signed.text) == ("My visits", True)
    assert "Signs in with nia@example.org" in desk_page(bea, nia).text


def test_not_now_leads_to_the_visits_without_a_password(nia, bea, anyone):
    page = opened(anyone, path_in(mails()[0])).follow("Not now")

    assert page.heading == "My visits"
    assert nia.email_proved_at is not None
    assert "Invitation opened Tue 24 November, no password yet" in desk_page(bea, nia).text


def test_nobody_is_invited_without_an_address(cast, bea):
    typed = {**NIA, "email": "", "phone": "020 7946 0888"}
    bea.get("/desk/patients/new").form("name").set(**typed).press("Save and book")
    entered = db.session.scalars(db.select(Patient).where(Patient.name == "Nia Brandt")).one()

    assert mails() == []
    assert "Send" not in desk_page(bea, entered).text


def test_P2_two_patients_with_one_address_each_open_their_own_record(cast, app, anyone):
    make_full_record(cast)
    twin = factories.make_patient(name="Cal Ortega", email=cast.cal.email, born_on=BORN)
    factories.make_visit(twin, cast.eli, cast.service("consultation"), at(25, 15))
    for_cal, for_twin = link_of(cast.cal), link_of(twin)

    of_twin = opened(anyone, for_twin).follow("Not now")
    of_cal = opened(Person(app), for_cal).follow("Not now")

    assert "3:00 pm" in of_twin.text
    assert found_in(of_twin.html, CLINICAL) == []
    assert "3:00 pm" not in of_cal.text
    assert found_in(of_cal.follow("Read the decision").html, CLINICAL) != []


def test_P2_the_second_of_two_relatives_signs_in_with_an_address_of_their_own(cast, anyone):
    factories.make_account(cast.cal)
    pia = factories.make_patient(name="Pia Ortega", email=cast.cal.email, born_on=BORN)
    page = opened(anyone, link_of(pia)).form("password").set(password=PASSWORD)

    refused = page.press(status=409)
    asked = refused.follow("Use another e-mail address").form("email").set(email="pia@example.org")
    choose = asked.press().form("code").set(code=newest_code()).press()
    done = choose.form("password").set(password=PASSWORD).press()

    assert "You sign in with pia@example.org" in choose.text
    assert "Pia Ortega" in done.text
    assert (pia.user.email, pia.email) == ("pia@example.org", cast.cal.email)


def test_S14_a_free_and_a_taken_address_are_answered_alike_until_the_code_is_typed(app, cast):
    factories.make_account(cast.dee)
    works, pages = [], []
    for email in ("zoe@example.org", "free@example.org", cast.dee.email):  # the first one warms up
        person = Person(app)
        opened(person, link_of(cast.cal))
        form = person.get("/account/address").form("email").set(email=email)
        with counted() as work:
            page = form.press()
        works.append(len(work.statements))
        pages.append(re.sub(r'value="[^"]*"', "", page.html).replace(email, "ADDRESS"))

    assert pages[1] == pages[2]
    assert works[1] == works[2]
    taken = page.form("code").set(code=newest_code()).press(status=409)
    assert "Someone already signs in with this address. Enter another one." in taken.text


def test_what_somebody_else_proved_in_this_browser_is_not_the_next_persons_address(cast, anyone):
    opened(anyone, link_of(cast.cal))
    asked = anyone.get("/account/address").form("email").set(email="cals@example.org").press()
    asked.form("code").set(code=newest_code()).press()

    page = opened(anyone, link_of(cast.dee))

    assert "You sign in with dee@example.org" in page.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_M6_looking_at_the_link_changes_nothing_and_says_nothing(cast, anyone, method):
    link = link_of(cast.cal)
    before = everything_stored()

    answers = [anyone.send(method, path) for path in (link, "/claim/made-up")]

    assert everything_stored() == before
    assert {answer.status_code for answer in answers} == {200}
    assert "Ortega" not in answers[0].get_data(as_text=True)


def test_S15_a_link_is_used_once(cast, app, anyone):
    link = link_of(cast.cal)
    opened(anyone, link)

    again = opened(Person(app), link, status=422)

    assert NOTHING_OPENS in again.text


def test_S15_of_two_browsers_that_both_typed_the_date_one_is_let_in(cast):
    claims.send(cast.cal, actor=TESTER)
    link = people.newest_claim(cast.cal.id)
    claims.use_up(link, factories.make_visitor(), actor=TESTER)
    slower = factories.make_visitor()

    with pytest.raises(claims.DeadLink):
        claims.use_up(link, slower, actor=TESTER)

    assert slower.patient_id is None


def after_a_day(cast, travel):
    link = link_of(cast.cal)
    travel(clock.now() + timedelta(hours=24, minutes=1))
    return link


def replaced_by_a_newer_one(cast, _travel):
    link = link_of(cast.cal)
    link_of(cast.cal)
    return link


def the_address_has_changed(cast, _travel):
    link = link_of(cast.cal)
    desk, shown = factories.staff_actor(cast.bea), contact.fingerprint(cast.cal)
    contact.change(cast.cal, {"email": "new@example.org"}, shown=shown, actor=desk)
    return link


def that_was_never_sent(_cast, _travel):
    return "/claim/made-up"


@pytest.mark.parametrize(
    "dead", [after_a_day, replaced_by_a_newer_one, the_address_has_changed, that_was_never_sent]
)
def test_S15_a_link_that_is_over_is_one_page_that_reveals_nothing(cast, app, anyone, travel, dead):
    link = dead(cast, travel)
    shape = re.compile(r'value="[^"]*"')

    page = opened(anyone, link, status=422)

    other = opened(Person(app), "/claim/never-sent", status=422)
    assert shape.sub("", page.html) == shape.sub("", other.html)
    assert NOTHING_OPENS in page.text
    assert "Ortega" not in page.html
    assert anyone.send("GET", "/visits").status_code == 303


def test_a_wrong_date_of_birth_opens_nothing_and_five_close_the_link_for_a_while(
    cast, app, anyone, travel
):
    link = link_of(cast.cal)
    for _time in range(5):
        opened(anyone, link, status=422, **WRONG)

    closed = opened(Person(app), link, status=429)
    newer = opened(Person(app), link_of(cast.cal), status=429)
    travel(clock.now() + timedelta(minutes=16))
    let_in = opened(Person(app), path_in(mails()[-1]))

    assert closed.response.headers["Retry-After"]
    assert newer.heading == "Too many tries"
    assert let_in.heading == "Choose a password"
    refused = db.session.scalars(
        db.select(AuditEvent).filter_by(event=Event.CLAIM_REFUSED).order_by(AuditEvent.id)
    ).all()
    assert {row.patient_id for row in refused} == {cast.cal.id}


def test_a_link_of_somebody_with_an_account_leads_to_signing_in(cast, anyone):
    link = link_of(cast.cal)
    factories.make_account(cast.cal)

    page = opened(anyone, link)

    assert (page.heading, "You have a password already" in page.text) == ("Sign in", True)
    assert anyone.send("GET", "/visits").status_code == 303


def test_whoever_was_signed_in_on_this_device_is_so_no_longer(cast, signed_in):
    relative = signed_in(factories.make_account(cast.dee))
    page = opened(relative, link_of(cast.cal)).follow("Not now")

    assert "Cal Ortega" in page.text
    assert "Dee Novak" not in page.text


def test_a_new_link_is_asked_for_with_the_same_answer_for_every_token(cast, app, anyone, travel):
    link = link_of(cast.cal)
    travel(clock.now() + timedelta(hours=30))

    known, unknown = asked_again(anyone, link), asked_again(Person(app), "/claim/made-up")

    assert known.html == unknown.html
    assert [mail.to for mail in mails()] == ["cal@example.org"] * 2
    assert opened(anyone, path_in(mails()[-1])).heading == "Choose a password"


def test_no_new_link_goes_to_an_address_that_is_no_longer_on_file(cast, anyone):
    link = the_address_has_changed(cast, None)

    asked_again(anyone, link)

    assert len(mails()) == 1


def test_asking_again_and_again_is_stopped(cast, anyone):
    link = link_of(cast.cal)
    for _time in range(5):
        asked_again(anyone, link)

    form = next(f for f in anyone.get(link).forms() if ("go", "again") in f.fields)
    form.press(status=429)

    assert len(mails()) == 6


def test_the_desk_sends_it_again_while_there_is_no_account(cast, nia, bea, at_work):
    assert "Invitation sent Tue 24 November, not used yet" in desk_page(bea, nia).text
    at_work(clock.now() + timedelta(days=2))
    assert "over without being used" in desk_page(bea, nia).text

    page = desk_page(bea, nia).form("/invite").press()

    assert "A new link is on its way to nia@example.org." in page.text
    assert "Invitation sent Thu 26 November, not used yet" in page.text
    form = page.form("/invite")
    factories.make_account(nia)
    form.press(status=409)
    assert "Send the invitation" not in desk_page(bea, nia).text


def test_the_desk_is_stopped_from_filling_a_mailbox(cast, bea):
    for _time in range(5):
        desk_page(bea, cast.cal).form("/invite").press()

    desk_page(bea, cast.cal).form("/invite").press(status=429)

    assert len(mails()) == 5


def test_a_link_that_would_open_nothing_is_not_mailed(cast):
    link_of(cast.cal)
    claims.end(cast.cal)

    with pytest.raises(letters.NotWanted):
        letters.write(mails()[0])


def test_S15_the_link_is_built_from_the_base_url_and_never_from_the_host(app, cast, monkeypatch):
    claims.send(cast.cal, actor=TESTER)
    monkeypatch.setitem(app.config, "BASE_URL", "https://clinic.example")
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["clinic.example", "evil.example"])

    with app.test_request_context(base_url="http://evil.example"):
        body = letters.write(mails()[0]).get_content()

    assert "https://clinic.example/claim/" in body
    assert "evil" not in body


def test_S82_the_mail_names_no_treatment_and_nobody(cast):
    make_full_record(cast)
    claims.send(cast.cal, actor=TESTER)

    raw = letters.write(mails()[0]).as_string()

    assert found_in(raw, [*CLINICAL, "Ortega", "Botox", "filler", "onsultation", "form"]) == []


def test_S42_the_token_is_stored_as_a_hash_and_stands_on_no_page(cast, anyone, caplog):
    link = link_of(cast.cal)
    token = link.rpartition("/")[2]

    pages = [anyone.get(link), opened(anyone, link, status=422, **WRONG), asked_again(anyone, link)]

    assert [token in page.html for page in pages] == [False] * 3
    assert token not in caplog.text
    audit = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.id)).all()
    assert not [row for row in audit if token in repr((row.subject, row.facts, row.actor))]
    kept = db.session.scalars(db.select(ClaimLink).order_by(ClaimLink.id)).first()
    assert kept.token_hash == people.token_hash(token)
