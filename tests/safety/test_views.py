"""Somebody writes that they feel unsafe (g7): help at once, a physician told, the desk never."""

import pytest

from clinic.accounts import services as accounts
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.catalogue.models import Clinic
from clinic.database import db, transaction
from clinic.door import guard_of
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.intake.questionnaire import CURRENT
from clinic.journey import book, safety, submit
from clinic.notices import letters
from clinic.notices.models import Message, MessageKind
from clinic.permissions import GRANTS, Permission, Role, readable
from clinic.screening import alerts
from clinic.screening.models import SafetyAlert
from tests import walk
from tests.factories import (
    ANSWERS,
    CALM,
    TESTER,
    at,
    make_account,
    make_intake,
    make_visit,
    staff_actor,
)
from tests.full_record import on_tablet, with_cookie
from tests.newcomer import calm_answers

UNSAFE = {**CALM, "unsafe": {"value": "yes", "asked": "Are you feeling unsafe?"}}
SAYS = ("unsafe", "self-harm", "needs to be read", "need to be read", "taken this on", "read now")


@pytest.fixture
def draft(cast):
    """Cal's form, not sent yet, with the answer saved."""
    begun = intakes.start_for(cast.cal, actor=TESTER)
    intakes.save(begun, "all", {**ANSWERS, "distress": UNSAFE}, actor=TESTER)
    return begun


@pytest.fixture
def cal(cast, signed_in):
    return signed_in(make_account(cast.cal))


@pytest.fixture
def unknown(app, cast):
    """A browser of nobody known, and its form with the answer in it."""
    visitor, token = accounts.greet_visitor()
    begun = intakes.start(visitor, cast.cal.born_on, actor=TESTER)
    intakes.save(begun, "all", {**ANSWERS, "distress": UNSAFE}, actor=TESTER)
    return with_cookie(app, token), begun


def raised():
    db.session.rollback()
    return db.session.scalars(db.select(SafetyAlert).order_by(SafetyAlert.id)).all()


def told():
    db.session.rollback()
    wanted = Message.kind == MessageKind.READ_TODAY
    return [m.to for m in db.session.scalars(db.select(Message).where(wanted).order_by(Message.id))]


def answer_the_last_page(person, begun, unsafe, button="Continue"):
    page = person.get(f"/intake/{begun.public_id}/wishes").form("Continue")
    return page.set(**{**calm_answers(CURRENT.page("wishes")), "unsafe": unsafe}).press(button)


@pytest.mark.parametrize("button", ["Continue", "Save and leave"])
def test_the_answer_leads_to_help_at_once_also_where_somebody_leaves(cast, unknown, button):
    browser, begun = unknown

    page = answer_the_last_page(browser, begun, "yes", button)

    assert page.heading == "You are not alone with this"


def test_the_answer_of_somebody_known_tells_a_physician_as_it_is_saved(cast, cal):
    begun = intakes.start_for(cast.cal, actor=TESTER)

    page = answer_the_last_page(cal, begun, "yes")

    assert page.heading == "You are not alone with this"
    assert [alert.patient_id for alert in raised()] == [cast.cal.id]


def test_help_and_the_alert_wait_for_no_other_answer_of_the_page(cast, cal):
    begun = intakes.start_for(cast.cal, actor=TESTER)
    form = cal.get(f"/intake/{begun.public_id}/wishes").form("Continue")

    helped = form.set(unsafe="yes", upset="a-lot").press("Continue")
    again = helped.follow("Go on with the form")
    last = cal.get(f"/intake/{begun.public_id}/wishes").form("Continue")
    refused = last.press("Continue", status=422)

    assert helped.heading == "You are not alone with this"
    assert len(raised()) == 1
    assert again.heading == "Your health"
    assert ("upset", "a-lot") in last.fields  # what was answered is kept
    assert "There is a problem" in refused.text  # and the second press names what is missing


@pytest.mark.parametrize("unsafe", ["no", "prefer-not-to-say"])
def test_any_other_answer_goes_on_with_the_form(cast, unknown, unsafe):
    browser, begun = unknown

    assert answer_the_last_page(browser, begun, unsafe).heading != "You are not alone with this"


# Who is told.


def test_a_saved_yes_of_somebody_known_raises_one_alert_at_once(cast, draft):
    assert safety.note_answer(draft, actor=TESTER)
    assert safety.note_answer(draft, actor=TESTER)
    submit.intake(draft, cast.cal, actor=TESTER)

    (alert,) = raised()
    assert (alert.patient_id, alert.intake_id, alert.seen_at) == (cast.cal.id, draft.id, None)


@pytest.mark.parametrize("value", ["no", "prefer-not-to-say"])
def test_any_other_answer_raises_none(cast, draft, value):
    intakes.save(draft, "all", {"distress": {"unsafe": {"value": value}}}, actor=TESTER)

    assert not safety.note_answer(draft, actor=TESTER)
    assert raised() == []


def test_the_physician_of_the_coming_consultation_is_told(cast, draft):
    make_visit(cast.cal, cast.eli, cast.service("consultation"), at(26, 11))
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(27, 11))

    safety.note_answer(draft, actor=TESTER)

    assert told() == ["eli@halden.example"]


def test_without_a_consultation_every_physician_is_told_and_nobody_else(draft):
    safety.note_answer(draft, actor=TESTER)

    assert told() == ["ana@halden.example", "eli@halden.example"]


def test_a_physician_who_is_the_patient_is_not_told(cast, draft):
    with transaction():
        cast.cal.user_id = cast.ana_user.id

    safety.note_answer(draft, actor=TESTER)

    assert told() == ["eli@halden.example"]


def test_nobody_is_told_of_somebody_unknown_until_the_form_is_sent(cast, unknown):
    _browser, begun = unknown
    assert safety.note_answer(begun, actor=TESTER)
    assert (raised(), told()) == ([], [])

    submit.intake(begun, cast.cal, actor=TESTER)

    assert len(raised()) == 1
    assert len(told()) == 2


def test_a_first_booking_tells_the_physician_who_is_booked(cast, unknown):
    _browser, begun = unknown
    held = book.hold(
        cast.service("consultation"),
        cast.eli.actor_id,
        at(26, 11),
        visitor=begun.visitor,
        actor=TESTER,
    )
    newcomer = book.Newcomer("Cal Ortega", "cal@example.org", None)

    book.first_consultation(held, begun, newcomer, begun.visitor, actor=TESTER)

    assert [alert.patient_id for alert in raised()] == [cast.cal.id]
    assert told() == ["eli@halden.example"]


def test_the_letter_names_nobody_and_no_reason(cast, draft):
    safety.note_answer(draft, actor=TESTER)

    message = db.session.scalars(db.select(Message).where(Message.kind == "read-today")).first()
    mail = letters.write(message)
    body = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "A form needs to be read today"
    assert "Cal" not in body
    assert "safe" not in body
    assert "http://localhost/reviews" in body
    assert message.patient_id is None


# The page of support.


def address(form):
    return f"/support/{form.public_id}"


def test_help_comes_first_and_says_who_knows(cal, draft):
    safety.note_answer(draft, actor=TESTER)

    page = cal.get(address(draft))

    assert "Call your local emergency number." in page.text
    assert "020 7946 0123" in page.text
    assert "A physician of the clinic has been told" in page.text
    assert page.follow("Go on with the form").heading == "Check and send your form"


def test_the_clinics_own_numbers_are_named(cal, draft):
    with transaction():
        clinic = db.session.scalars(db.select(Clinic)).one()
        clinic.emergency_number, clinic.helpline = "112", "The Listeners, by day and night"

    page = cal.get(address(draft))

    assert page.links()["112"] == "tel:112"
    assert "The Listeners, by day and night" in page.text
    assert "local emergency number" not in page.text


def test_a_visitor_is_told_honestly_that_nobody_knows_who_they_are(unknown):
    browser, begun = unknown

    page = browser.get(address(begun))

    assert "nobody knows yet who you are" in page.text
    assert "has been told" not in page.text
    assert page.follow("Go on with the form").path.startswith("/book/consultation")


def test_an_unfinished_form_goes_on_where_it_was_left(cal, draft):
    intakes.save(draft, "all", {"words": {}}, actor=TESTER)

    assert cal.get(address(draft)).follow("Go on").path.endswith("/words")


def test_a_form_that_says_nothing_of_the_kind_has_no_such_page(cal, draft):
    intakes.save(draft, "all", {"distress": CALM}, actor=TESTER)

    assert cal.get(address(draft)).heading == "Check and send your form"


def test_after_half_an_hour_away_the_birth_date_comes_first(app, cast, unknown, travel):
    browser, begun = unknown
    travel(at(24, 10))

    assert browser.get(address(begun)).path == "/intake/unlock"


def test_nobody_else_opens_it(cast, signed_in, draft):
    signed_in(make_account(cast.dee)).get(address(draft), status=404)
    signed_in(cast.bea).get(address(draft), status=404)


def test_the_tablet_shows_it_too(app, cast):
    tablet = on_tablet(app, cast.cal, cast.bea)
    begun = tablet.get("/tablet").path.split("/")[2]
    draft = db.session.scalars(db.select(Intake).where(Intake.public_id == begun)).one()
    intakes.save(draft, "all", {"distress": UNSAFE}, actor=TESTER)

    assert tablet.get(f"/support/{begun}").heading == "You are not alone with this"


# The alarm.


def test_every_physician_sees_it_until_one_takes_it_on(cast, signed_in, draft):
    safety.note_answer(draft, actor=TESTER)
    ana, eli = signed_in(cast.ana_user), signed_in(cast.eli_user)
    assert "1 form needs to be read now" in eli.get("/reviews").text

    record = ana.get("/my-day").form("I have taken this on").press()

    (alert,) = raised()
    assert (alert.seen_by_id, alert.seen_at is not None) == (cast.ana.id, True)
    assert record.path == f"/records/{cast.cal.public_id}"
    assert "Taken on by Dr Ana Silva" in record.text
    assert "020 7946 0555" in record.text
    assert "needs to be read now" not in eli.get("/reviews").text
    assert "needs to be read now" not in ana.get("/my-day").text


def test_the_second_to_press_is_told_so(cast, signed_in, draft):
    safety.note_answer(draft, actor=TESTER)
    eli = signed_in(cast.eli_user)
    form = eli.get("/my-day").form("I have taken this on")
    signed_in(cast.ana_user).get("/my-day").form("I have taken this on").press()

    after = form.press()

    assert "A colleague has taken that form on before you." in after.text
    assert [alert.seen_by_id for alert in raised()] == [cast.ana.id]


def test_taking_it_on_is_written_down_without_the_reason(cast, signed_in, draft):
    safety.note_answer(draft, actor=TESTER)
    signed_in(cast.ana_user).get("/my-day").form("I have taken this on").press()

    lines = db.session.scalars(
        db.select(AuditEvent)
        .where(AuditEvent.event.in_([Event.FORM_URGENT, Event.FORM_URGENT_TAKEN]))
        .order_by(AuditEvent.id)
    ).all()
    assert [line.event for line in lines] == ["form:urgent", "form:urgent-taken"]
    assert {line.subject for line in lines} == {f"intake:{draft.public_id}"}
    assert {line.patient_id for line in lines} == {cast.cal.id}


def test_a_physician_is_shown_none_about_themself(cast, signed_in, draft):
    with transaction():
        cast.cal.user_id = cast.ana_user.id
    safety.note_answer(draft, actor=TESTER)
    (alert,) = raised()

    ana = signed_in(cast.ana_user)

    assert "needs to be read" not in ana.get("/my-day").text
    assert alerts.alert_to_take(staff_actor(cast.ana_user, cast.ana), alert.public_id) is None


# Never the desk.


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PHYSICIAN])
def test_nobody_but_a_physician_may_read_or_take_one(role):
    assert Permission.SAFETY_ALERT_TAKE not in GRANTS[role]
    assert readable("safety alert", frozenset({role})) == frozenset()


@pytest.mark.parametrize("who", ["bea", "max"])
def test_no_page_of_desk_or_manager_shows_it(app, cast, signed_in, draft, who):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(26, 11))
    safety.note_answer(draft, actor=TESTER)
    (alert,) = raised()
    ids = {**walk.SAMPLE, "patient": cast.cal.public_id, "intake": draft.public_id}
    ids["visit"] = db.session.scalars(db.text("SELECT public_id FROM appointment")).first()
    person = signed_in(getattr(cast, who))
    addresses = [
        walk.address(rule, ids)
        for rule in walk.rules(app)
        if "GET" in rule.methods
        and guard_of(app, rule.endpoint)
        and not rule.endpoint.startswith(("security.", "api.", "demo.", "static"))
    ]

    answers = {path: person.send("GET", path).get_data() for path in addresses}
    shown = {path: body.decode(errors="replace") for path, body in answers.items()}

    assert len(shown) > 40
    assert [p for p, body in shown.items() if alert.public_id in body] == []
    assert [p for p, body in shown.items() if any(words in body for words in SAYS)] == []


def test_the_desks_search_and_day_look_the_same_with_and_without(cast, signed_in):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    make_intake(cast.cal)
    bea = signed_in(cast.bea)
    before = [bea.get(path).text for path in ("/desk/", "/desk/patients?q=Cal")]

    make_intake(cast.cal, distress=UNSAFE)

    assert len(raised()) == 1
    assert [bea.get(path).text for path in ("/desk/", "/desk/patients?q=Cal")] == before
