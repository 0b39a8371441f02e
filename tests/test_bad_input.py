"""Bad input: 422, what to do about it in words, and everything typed still there.

The forms of the physician, the desk and the intake have tables of their own beside their views;
this file has the others, and asks every route that takes a form what it does with an empty one.
"""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests import walk
from tests.factories import PASSWORD
from tests.full_record import KINDS, by_code
from tests.newcomer import KIM, ask_for_a_code, at_the_last_page, born
from tests.visitor import Page

OPENING = {"email": "kim@example.org", **born()}


@pytest.fixture
def pages(cast, app, anyone):
    """The page of each form, with what is right for it typed in."""

    def check():
        return at_the_last_page(cast, app).get("/book/check").form("email").set(**KIM)

    def code():
        return ask_for_a_code(at_the_last_page(cast, app)).form("code")

    def opening():
        return anyone.get("/visits/open").form("email").set(**OPENING)

    def password():
        return by_code(app, cast.cal).get("/account/password").form("password")

    def signing_in():
        form = anyone.get("/sign-in").form("password")
        return form.set(email="cal@example.org", password=PASSWORD)

    return {f.__name__: f for f in (check, code, opening, password, signing_in)}


def kept(page: Page, name: str) -> str | None:
    """What a field of the page's main form holds."""
    held = [value for form in page.forms() for key, value in form.fields if key == name]
    return held[0] if held else None


@pytest.mark.parametrize(
    ("form", "name", "typed", "message"),
    [
        ("check", "name", "", "Enter your full name"),
        ("check", "name", "x" * 201, "Use at most 200 characters; these are 201."),
        ("check", "name", "Kim\x07", "It is taken out: check the text."),
        ("check", "email", "", "Enter your e-mail address; the code goes there"),
        ("check", "email", "kim@", "Enter an e-mail address like name@example.org"),
        ("check", "email", f"{'k' * 250}@example.org", "e-mail address"),
        ("check", "phone", "ring me", "Enter a phone number like 020 7946 0123"),
        ("check", "consent", None, "Tick the box, or call us"),
        ("code", "code", "", "Enter the six digits from the e-mail"),
        ("code", "code", "12345", "The code is six digits, for example 204816"),
        ("code", "code", "12345a", "The code is six digits, for example 204816"),
        ("code", "code", "١٢٣٤٥٦", "six digits"),
        ("opening", "email", "", "Enter the e-mail address that you gave us"),
        ("opening", "email", "kim.example.org", "Enter an e-mail address like"),
        ("opening", "born_on-day", "32", "That is not a date."),
        ("opening", "born_on-month", "May", "That is not a date."),
        ("opening", "born_on-year", "90", "Enter a year of four digits"),
    ],
)
def test_a_wrong_field_is_named_with_what_fits_and_all_others_stay(
    pages, form, name, typed, message
):
    page = pages[form]()
    sent = dict(page.set(**{name: typed}).fields)

    again = page.press(status=422)

    assert message in again.text
    assert again.root.find(".//*[@role='alert']") is not None
    held = {key: kept(again, key) for key in sent if not key.endswith(("token", "key"))}
    expected = {key: value.replace("\x07", "") for key, value in sent.items() if key in held}
    assert held == expected


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Choose a password"), ("short", "12"), ("x" * 129, "128")],
)
def test_a_password_that_does_not_fit_says_why_and_is_not_shown_again(pages, typed, message):
    again = pages["password"]().set(password=typed).press(status=422)

    assert message in again.text
    assert kept(again, "password") in ("", None)


def test_the_title_of_a_page_with_an_error_says_so_first(pages):
    again = pages["check"]().set(name="").press(status=422)

    assert "<title>Error: Check and send" in again.html


# Every route that takes a form, asked with an empty one.

NOBODY, HOLDER = "nobody", "browser that holds a time"
BY_CODE, CAL = "Cal by code, no account", "Cal signed in"
DESK, PHYSICIAN, MANAGER = "front desk", "physician in care", "manager"
TABLET = "tablet with Cal's form"
PHONE = "Cal's phone at the check-in"

# Who sends it, and what is answered: 422 where something has to be typed or chosen, 303 where the
# press is all there is or the page belongs to a way that this browser is not on.
EMPTY = {
    "accounts.end_other_sessions": (DESK, 303),
    "accounts.end_session": (DESK, 404),
    "accounts.new_address": (DESK, 422),
    "accounts.new_address_code": (DESK, 303),
    "accounts.set_password": (BY_CODE, 422),
    "emergency.close": (PHYSICIAN, 303),
    "emergency.open_record": (PHYSICIAN, 422),
    "emergency.search": (PHYSICIAN, 422),
    "arriving.at_desk": (NOBODY, 422),
    "arriving.here": (PHONE, 422),
    "arriving.link": (NOBODY, 422),
    "arriving.stop": (PHONE, 303),
    "audit.export": (MANAGER, 200),
    "changes.confirm": (CAL, 422),
    "claiming.address": (BY_CODE, 422),
    "claiming.address_code": (BY_CODE, 303),
    "claiming.claim": (NOBODY, 422),
    "contact.edit": (BY_CODE, 422),
    "contact.prove": (BY_CODE, 303),
    "frontdesk.cancel": (DESK, 422),
    "frontdesk.change_status": (DESK, 422),
    "frontdesk.edit_patient": (DESK, 422),
    "frontdesk.invite": (DESK, 303),
    "frontdesk.move_visit": (DESK, 422),
    "frontdesk.new_patient": (DESK, 422),
    "intake.birth": (NOBODY, 422),
    "intake.change": (CAL, 303),
    "intake.leave": (CAL, 422),
    "intake.page": (CAL, 422),
    "intake.photos": (CAL, 303),
    "intake.resume": (NOBODY, 422),
    "intake.send": (CAL, 422),
    "intake.unlock": (NOBODY, 303),
    "merging.part": (MANAGER, 404),
    "merging.put_together": (MANAGER, 404),
    "photos.withdraw": (CAL, 303),
    "rosters.accept": (DESK, 422),
    "rosters.add_absence": (MANAGER, 422),
    "rosters.add_closed_day": (MANAGER, 422),
    "rosters.add_extra": (MANAGER, 422),
    "rosters.add_opening": (MANAGER, 422),
    "rosters.add_physician": (MANAGER, 422),
    "rosters.credentials": (MANAGER, 422),
    "rosters.details": (MANAGER, 422),
    "rosters.device_out": (MANAGER, 404),
    "rosters.edit_device": (MANAGER, 404),
    "rosters.edit_room": (MANAGER, 422),
    "rosters.edit_service": (MANAGER, 422),
    "rosters.edit_site": (MANAGER, 422),
    "rosters.hours": (MANAGER, 422),
    "rosters.ill": (DESK, 422),
    "rosters.make_bookable": (MANAGER, 422),
    "rosters.new_device": (MANAGER, 422),
    "rosters.new_room": (MANAGER, 422),
    "rosters.new_service": (MANAGER, 422),
    "rosters.new_site": (MANAGER, 422),
    "rosters.opening": (MANAGER, 422),
    "rosters.profile": (MANAGER, 422),
    "rosters.remove_absence": (MANAGER, 404),
    "rosters.remove_closed_day": (MANAGER, 404),
    "rosters.remove_extra": (MANAGER, 404),
    "rosters.room_out": (MANAGER, 422),
    "scheduling.book_for_patient": (DESK, 303),
    "scheduling.book_treatment": (CAL, 303),
    "scheduling.cancel": (CAL, 422),
    "scheduling.cancel_for_patient": (PHYSICIAN, 422),
    "scheduling.check": (HOLDER, 303),
    "scheduling.close_visits": (BY_CODE, 303),
    "scheduling.code": (HOLDER, 303),
    "scheduling.code_again": (HOLDER, 303),
    "scheduling.consultation_times": (CAL, 422),
    "scheduling.consultation_times_at": (CAL, 422),
    "scheduling.extend": (HOLDER, 303),
    "scheduling.first_times": (DESK, 422),
    "scheduling.take_earlier": (DESK, 410),
    "scheduling.walk_in": (DESK, 422),
    "scheduling.why_not_for_patient": (DESK, 422),
    "scheduling.why_not_to_move": (DESK, 422),
    "scheduling.move_for_patient_to": (DESK, 422),
    "scheduling.move_visit_to": (CAL, 422),
    "scheduling.open_visits": (NOBODY, 422),
    "scheduling.open_visits_code": (NOBODY, 303),
    "scheduling.release": (HOLDER, 303),
    "scheduling.times_for_patient": (DESK, 422),
    "scheduling.treatment_times": (CAL, 422),
    "scheduling.undo_cancel": (CAL, 303),
    "scheduling.undo_for_patient": (DESK, 303),
    "screening.add_addendum": (PHYSICIAN, 422),
    "screening.ask": (PHYSICIAN, 409),
    "screening.autosave": (PHYSICIAN, 409),
    "screening.finish": (PHYSICIAN, 409),
    "screening.rating": (PHYSICIAN, 200),
    "screening.reply": (CAL, 422),
    "screening.resume": (PHYSICIAN, 422),
    "screening.save": (PHYSICIAN, 409),
    "screening.take": (PHYSICIAN, 303),
    "screening.take_alert": (PHYSICIAN, 303),
    "screening.withdraw": (PHYSICIAN, 422),
    "security.change_password": (DESK, 422),
    "security.forgot_password": (NOBODY, 422),
    "security.login": (NOBODY, 422),
    "security.logout": (CAL, 302),
    "security.mf_recovery": (NOBODY, 302),
    "security.mf_recovery_codes": (DESK, 200),
    "security.reset_password": (NOBODY, 302),
    "security.tf_select": (NOBODY, 404),
    "security.two_factor_rescue": (NOBODY, 404),
    "security.two_factor_setup": (DESK, 422),
    "security.two_factor_setup_validate": (DESK, 302),
    "security.two_factor_token_validation": (NOBODY, 302),
    "security.verify": (DESK, 422),
    "security.wan_delete": (DESK, 302),
    "security.wan_register": (DESK, 422),
    "security.wan_register_response": (DESK, 302),
    "security.wan_signin": (NOBODY, 200),
    "security.wan_signin_response": (NOBODY, 302),
    "security.wan_verify": (DESK, 200),
    "security.wan_verify_response": (DESK, 302),
    "staff.add_person": (MANAGER, 422),
    "sites.choose": (DESK, 303),
    "staff.change_roles": (MANAGER, 422),
    "staff.change_sites": (MANAGER, 422),
    "staff.end_sessions": (MANAGER, 303),
    "staff.let_in": (MANAGER, 303),
    "staff.reset_factor": (MANAGER, 303),
    "staff.shut_out": (MANAGER, 303),
    "staff.start_reset": (MANAGER, 303),
    "tablet.changed": (TABLET, 303),
    "tablet.give_back": (TABLET, 303),
    "tablet.hand_over": (DESK, 303),
    "tablet.home": (TABLET, 303),
    "waitlist.accept": (CAL, 303),
    "waitlist.add": (DESK, 422),
    "waitlist.answer": (DESK, 303),
    "waitlist.change": (CAL, 422),
    "waitlist.decline": (CAL, 303),
    "waitlist.join": (CAL, 422),
    "waitlist.leave": (CAL, 303),
    "waitlist.newcomer": (HOLDER, 303),
    "waitlist.newcomer_code": (HOLDER, 303),
    "waitlist.offer_time": (DESK, 422),
    "waitlist.offered": (NOBODY, 410),
    "waitlist.take_off": (DESK, 303),
}
PAGES = {
    NOBODY: "/sign-in",
    HOLDER: "/sign-in",
    DESK: "/desk/",
    PHYSICIAN: "/my-day",
    MANAGER: "/manage/",
    TABLET: "/tablet",
    PHONE: "/arrive",
}


@pytest.fixture
def send_empty(app, record):
    """Send the form of an endpoint with nothing but the token of the browser's own page."""

    def send(endpoint: str, who: str) -> TestResponse:
        person = next(kind for kind in KINDS if kind.name == who).enter(app, record)
        page = person.get(PAGES.get(who, "/visits"))
        token = next(v for form in page.forms() for n, v in form.fields if n == "csrf_token")
        rule = next(rule for rule in walk.rules(app) if rule.endpoint == endpoint)
        return person.raw_post(walk.address(rule, record.ids), [("csrf_token", token)])

    return send


def test_every_route_that_takes_a_form_is_asked(app):
    taking = {rule.endpoint for rule in walk.rules(app) if "POST" in (rule.methods or ())}

    assert set(EMPTY) == taking


@pytest.mark.parametrize("endpoint", EMPTY)
def test_an_empty_form_is_answered_with_what_to_do(send_empty, endpoint):
    who, status = EMPTY[endpoint]

    assert send_empty(endpoint, who).status_code == status


SAYING = [endpoint for endpoint, (_who, status) in EMPTY.items() if status == 422]


@pytest.mark.parametrize("endpoint", SAYING)
def test_a_refused_form_has_a_summary_that_is_read_out(send_empty, endpoint):
    body = send_empty(endpoint, EMPTY[endpoint][0]).get_data(as_text=True)

    assert 'role="alert"' in body
    assert "<h2>" in body
