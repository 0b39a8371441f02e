"""One press, one effect (S77, C10): the first outcome of a form is kept and given again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic import idempotency
from clinic.accounts import codes
from clinic.database import db
from clinic.idempotency import FIELD
from clinic.scheduling import services
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from tests.factories import TESTER, make_visitor
from tests.keyed import KEYED, cancel, check, check_of, code, desk_cancel, move, sign
from tests.rows import count, everything_stored
from tests.rush import LONGEST, Meeting, together
from tests.visitor import Form
from tests.walk import rules

STILL_RUNNING = "Your first press is still being worked on"

# What every POST that needs no key does instead: the same twice is once, or each is meant.
WITHOUT_A_KEY = {
    "accounts.set_password": "sets one password",
    "emergency.close": "ends what is open",
    "emergency.search": "changes nothing",
    "audit.export": "makes a file; each is written down",
    "arriving.at_desk": "opens a check-in",
    "arriving.link": "opens a check-in; being marked as arrived uses it up",
    "arriving.stop": "ends what is open",
    "claiming.address": "sends a code, as often as the throttle lets",
    "claiming.address_code": "a code works once, and proves an address",
    "claiming.claim": "a link works once",
    "contact.edit": "stores what is typed over what the page showed",
    "contact.prove": "a code works once, and proves an address",
    "frontdesk.edit_patient": "stores what is typed over what the page showed",
    "frontdesk.new_patient": "a second record is shown as a possible duplicate",
    "intake.birth": "a browser has one draft",
    "intake.change": "a patient has one draft",
    "intake.leave": "mails a new link",
    "intake.page": "stores what is typed over what was typed",
    "intake.photos": "stores what is sent over what was sent",
    "intake.resume": "opens a draft",
    "intake.send": "a draft is sent once",
    "intake.unlock": "opens a draft",
    "photos.withdraw": "what is taken back stays so",
    "rosters.add_absence": "the same absence is there once",
    "rosters.add_closed_day": "a day is closed once",
    "rosters.add_extra": "the same hours are there once",
    "rosters.add_opening": "the same hours are there once",
    "rosters.credentials": "stores what is typed over what the page showed",
    "rosters.details": "stores what is typed over what the page showed",
    "rosters.device_out": "the same time is there once",
    "rosters.edit_device": "stores what is typed over what the page showed",
    "rosters.edit_room": "stores what is typed over what the page showed",
    "rosters.edit_service": "stores what is typed over what the page showed",
    "rosters.edit_site": "stores what is typed over what the page showed",
    "rosters.hours": "stores what is typed over what the page showed",
    "rosters.new_device": "a second one is seen in the list",
    "rosters.new_room": "a second one is seen in the list",
    "rosters.new_service": "a second one is seen in the list",
    "rosters.new_site": "a second one is seen in the list",
    "rosters.opening": "stores what is typed over what the page showed",
    "rosters.profile": "stores what is typed over what the page showed",
    "rosters.remove_absence": "what is gone stays gone",
    "rosters.remove_closed_day": "what is gone stays gone",
    "rosters.remove_extra": "what is gone stays gone",
    "rosters.room_out": "the same time is there once",
    "scheduling.close_visits": "ends what is open",
    "scheduling.code_again": "sends a code, as often as the throttle lets",
    "scheduling.consultation_times": "a browser has one hold",
    "scheduling.consultation_times_at": "a browser has one hold",
    "scheduling.extend": "each press means ten minutes more",
    "scheduling.open_visits": "sends a code, as often as the throttle lets",
    "scheduling.open_visits_code": "a code works once, and opens",
    "scheduling.release": "ends a hold",
    "scheduling.times_for_patient": "a browser has one hold",
    "scheduling.treatment_times": "a browser has one hold",
    "screening.autosave": "stores what is typed once, by its version",
    "screening.rating": "stores nothing",
    "screening.take": "a physician takes a review once",
    "accounts.end_other_sessions": "what is ended stays ended",
    "accounts.end_session": "what is ended stays ended",
    "accounts.new_address": "sends a code, as often as the throttle lets",
    "accounts.new_address_code": "a code works once",
    "waitlist.newcomer": "sends a code, as often as the throttle lets",
    "security.change_password": "asks for the password that it replaces",
    "security.mf_recovery": "a code works once",
    "security.mf_recovery_codes": "each press means new codes",
    "security.tf_select": "finds nothing",
    "security.two_factor_rescue": "finds nothing",
    "security.two_factor_setup": "a new seed counts once its code is typed",
    "security.two_factor_setup_validate": "a code works once",
    "security.two_factor_token_validation": "a code works once",
    "security.verify": "shows the password again",
    "security.wan_delete": "a passkey is taken away once",
    "security.wan_register": "asks the device",
    "security.wan_register_response": "a passkey is added once: its id is unique",
    "security.wan_signin": "asks the device",
    "security.wan_signin_response": "a challenge is answered once",
    "security.wan_verify": "asks the device",
    "security.wan_verify_response": "a challenge is answered once",
    "security.forgot_password": "sends a link",
    "security.login": "signs in",
    "security.logout": "signs out",
    "security.reset_password": "a link works once",
    "staff.add_person": "an address has one account",
    "sites.choose": "remembers one site",
    "staff.change_sites": "sets the sites that are ticked",
    "staff.change_roles": "sets the roles that are ticked",
    "staff.end_sessions": "ends what is open",
    "staff.let_in": "opens what is closed",
    "staff.reset_factor": "takes off what is set",
    "staff.shut_out": "closes what is open",
    "staff.start_reset": "sends a link, each of which works once",
    "tablet.changed": "is kept once for each visit and form",
    "tablet.give_back": "ends what is open",
    "tablet.hand_over": "signs out whoever presses: the second press is nobody's",
    "tablet.home": "opens the one form that it is for",
}


@pytest.fixture(params=KEYED.values(), ids=KEYED)
def form(request, cast, app):
    """Each form that carries a key, filled in."""
    return request.param(cast, app)


def send(form, **over):
    """Send the form, some fields replaced; None leaves a field out."""
    kept = [pair for pair in form.fields if pair[0] not in over]
    more = [(name, value) for name, value in over.items() if value is not None]
    return form.person.raw_post(form.action, kept + more)


def test_every_post_either_carries_a_key_or_says_why_it_needs_none(app):
    posting = {rule.endpoint for rule in rules(app) if "POST" in (rule.methods or ())}

    assert posting == set(KEYED) | set(WITHOUT_A_KEY)
    assert not set(KEYED) & set(WITHOUT_A_KEY)


def test_C10_S77_the_same_press_again_gives_the_first_outcome_and_changes_nothing(form):
    first = send(form)
    stored = everything_stored()

    again = send(form)

    assert (first.status_code, again.status_code) == (303, 303)
    assert again.location == first.location
    assert everything_stored() == stored


def test_C10_S77_the_same_key_with_other_input_is_refused(form):
    send(form)
    stored = everything_stored()

    again = send(form, more="than before")

    assert again.status_code == 422
    assert "was sent before with other" in again.get_data(as_text=True)
    assert everything_stored() == stored


@pytest.mark.parametrize("key", [None, "short"], ids=["none", "short"])
def test_without_a_good_key_nothing_happens(form, key):
    stored = everything_stored()

    answer = send(form, **{FIELD: key})

    assert answer.status_code in (303, 409, 422)
    assert everything_stored() == stored


def test_C10_after_a_cancellation_the_old_key_still_gives_its_booking(cast, app):
    form = check(cast, app)
    first = send(form)
    visit = db.session.scalars(db.select(Appointment)).one()
    services.cancel(visit, "ill", actor=TESTER)

    again = send(form)

    assert again.location == first.location
    assert [v.status for v in db.session.scalars(db.select(Appointment))] == [S.CANCELLED]


def test_C10_a_new_page_has_a_new_key(cast, app):
    form = desk_cancel(cast, app)
    page = form.person.get(form.action.removesuffix("/cancel"))

    assert dict(page.form("/cancel").fields)[FIELD] != dict(form.fields)[FIELD]


def test_the_key_of_somebody_else_is_no_key_of_mine(cast, app):
    cals, dees = check(cast, app), check_of(cast.dee, cast, app, hour=12)
    send(cals)

    answer = send(dees, **{FIELD: dict(cals.fields)[FIELD]})

    visits = db.session.scalars(db.select(Appointment).order_by(Appointment.id)).all()
    assert [visit.status for visit in visits] == [S.BOOKED, S.BOOKED]
    assert answer.location.endswith(visits[1].public_id)


# Two presses at one moment.


def press_slowly(form, monkeypatch, claimed, done):
    """A press that is still being worked on when the other arrives."""
    claim = idempotency._claim

    def claim_and_wait(scope, key):
        claim(scope, key)
        claimed.wait()
        done.wait()

    def press():
        monkeypatch.setattr(idempotency, "_claim", claim_and_wait)
        return told(send(form))

    return press


def press_meanwhile(form, claimed, done):
    def press():
        claimed.wait()
        answer = told(send(form))
        done.wait()
        return answer

    return press


def told(response):
    """Where the answer leads to, or its status and whether it says that the first still runs."""
    if response.status_code == 303:
        return response.location
    return f"{response.status_code} {STILL_RUNNING in response.get_data(as_text=True)}"


# The second press waits for the first, which waits in vain; PostgreSQL's is answered in a second.
PATIENCE = {"sqlite": 0.3, "postgresql": LONGEST}


@pytest.mark.parametrize("make", [code, check, cancel, move, sign])
def test_C10_S77_a_second_press_in_a_race_with_the_first_has_no_effect_of_its_own(
    cast, app, engine, monkeypatch, make
):
    form = make(cast, app)
    claimed, done = Meeting(2, LONGEST), Meeting(2, PATIENCE[engine.name])

    first, second = together(
        press_slowly(form, monkeypatch, claimed, done), press_meanwhile(form, claimed, done)
    )

    assert second == {"sqlite": first, "postgresql": "409 True"}[engine.name]
    assert told(send(form)) == first
    assert count("idempotency_key") == 1


def test_a_press_in_a_second_tab_finds_the_code_used_up_and_is_told_so(cast, app, monkeypatch):
    form = code(cast, app)
    other_tab = Form(form.person, form.action, form.method, list(form.fields), [])
    other_tab.put(FIELD, "k" * 32)
    monkeypatch.setattr(codes, "verify", Meeting(2, LONGEST).after(codes.verify))

    answers = together(lambda: send(form).status_code, lambda: send(other_tab).status_code)

    assert sorted(answers) == ["303", "422"]
    assert [v.status for v in db.session.scalars(db.select(Appointment))] == [S.BOOKED]


# The mechanism itself.


TYPED = {"reason": ["ill"], "csrf_token": ["one"]}


def test_an_error_leaves_no_trace_so_that_the_form_can_be_mended_and_sent_again(app):
    with pytest.raises(ZeroDivisionError):
        idempotency.once("somebody", "k" * 16, TYPED, lambda: 1 / 0)

    assert idempotency.once("somebody", "k" * 16, TYPED, lambda: "/done") == "/done"


def add_a_visitor():
    make_visitor()
    return "/added"


def test_work_that_could_be_done_twice_is_done_once(app):
    """Nothing but the key stands against it."""
    for _press in range(2):
        assert idempotency.once("somebody", "k" * 16, TYPED, add_a_visitor) == "/added"

    assert count("visitor") == 1


def test_other_input_that_could_be_worked_on_leaves_no_trace(app):
    idempotency.once("somebody", "k" * 16, TYPED, lambda: "/first")

    with pytest.raises(idempotency.KeyReused):
        idempotency.once("somebody", "k" * 16, {"reason": ["other"]}, add_a_visitor)

    assert count("visitor") == 0


def test_what_stands_against_the_second_press_is_no_answer_to_it(app):
    idempotency.once("somebody", "k" * 16, TYPED, lambda: "/first")

    assert idempotency.once("somebody", "k" * 16, TYPED, lambda: 1 / 0) == "/first"


def test_the_token_against_forgery_is_no_part_of_the_input(app):
    idempotency.once("somebody", "k" * 16, TYPED, lambda: "/first")

    again = {**TYPED, "csrf_token": ["another"]}

    assert idempotency.once("somebody", "k" * 16, again, lambda: "/second") == "/first"


@pytest.mark.parametrize(
    "other", [{"reason": ["other"]}, {"reason": ["ill", "ill"]}, {}, {"Reason": ["ill"]}]
)
def test_any_other_input_is_another_press(app, other):
    idempotency.once("somebody", "k" * 16, {"reason": ["ill"]}, lambda: "/first")

    with pytest.raises(idempotency.KeyReused):
        idempotency.once("somebody", "k" * 16, other, lambda: "/second")


@pytest.mark.parametrize(("scope", "key"), [("somebody else", "k" * 16), ("somebody", "l" * 16)])
def test_another_scope_or_key_is_a_press_of_its_own(app, scope, key):
    idempotency.once("somebody", "k" * 16, TYPED, lambda: "/first")

    assert idempotency.once(scope, key, TYPED, lambda: "/second") == "/second"


def test_S77_a_key_is_kept_for_a_day_and_no_longer(app, travel, today):
    idempotency.once("somebody somewhere", "k" * 32, {}, lambda: "/there")
    travel(today + timedelta(hours=23, minutes=59))
    assert not idempotency.forget_old()

    travel(today + timedelta(hours=24, minutes=1))

    assert idempotency.forget_old()
    assert idempotency.earlier("somebody somewhere", "k" * 32, {}) is None
