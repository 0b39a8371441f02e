"""Every form that books, cancels, checks in or signs, filled in: one press sends it.

Each function takes the cast and the app, and arranges what its form needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Flask

from clinic.accounts import services as accounts
from clinic.accounts.models import Patient
from clinic.catalogue.rules import ServiceKind
from clinic.database import db
from clinic.journey import book, merge, offers
from clinic.scheduling import rosters
from clinic.scheduling.forms import slot_value
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AbsenceKind, Away
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening import alerts
from clinic.screening.models import Decision
from clinic.waitlist.models import Offer
from tests import factories
from tests.factories import TESTER, Cast, at
from tests.full_record import at_check_in, by_code, with_cookie
from tests.newcomer import ask_for_a_code, at_the_last_page, newest_code
from tests.visitor import Form, Page, Person
from tests.waiting import token_of, wait

LATER = at(27, 10, 20)

KeyedForm = Callable[[Cast, Flask], Form]


def ready(form: Form, button: str = "") -> Form:
    """The form with *button* pressed: every `press` sends the same."""
    _words, name, value = next(b for b in form.buttons if button in b[0])
    form.buttons = []
    return form.put(name, value) if name else form


def code(cast: Cast, app: Flask) -> Form:
    person = at_the_last_page(cast, app)
    return ready(ask_for_a_code(person).form("code").set(code=newest_code()))


def check(cast: Cast, app: Flask) -> Form:
    return check_of(cast.cal, cast, app)


def check_of(patient: Patient, cast: Cast, app: Flask, hour: int = 11) -> Form:
    factories.make_intake(patient)
    person = _browser_that_holds(app, cast, "consultation", patient, hour=hour)
    return ready(person.get("/book/check").form("Book and send"))


def book_treatment(cast: Cast, app: Flask) -> Form:
    factories.make_approval(cast)
    person = _browser_that_holds(app, cast, "toxin", cast.cal)
    page = person.get(f"/book/{cast.service('toxin').public_id}")
    return ready(page.form("/confirm"))


def book_for_patient(cast: Cast, app: Flask) -> Form:
    person = _browser_that_holds(app, cast, "consultation", cast.cal, known=False)
    service = cast.service("consultation").public_id
    page = person.sign_in(cast.bea).get(f"/patients/{cast.cal.public_id}/book/{service}")
    return ready(page.form("/confirm"))


def first_time(cast: Cast, app: Flask) -> Form:
    return ready(_first_times(cast, app).form("November"))


def walk_in(cast: Cast, app: Flask) -> Form:
    return ready(_first_times(cast, app).form("Now: "))


def _first_times(cast: Cast, app: Flask) -> Page:
    service = cast.service("consultation").public_id
    address = f"/patients/{cast.cal.public_id}/book/{service}/first"
    return Person(app).sign_in(cast.bea).get(address)


def take_earlier(cast: Cast, app: Flask) -> Form:
    visit = _visit(cast, at(24, 11))
    page = Person(app).sign_in(cast.bea).get(f"/moves/{visit.public_id}/earlier")
    return ready(page.form("is_here"))


def book_all_the_same(cast: Cast, app: Flask) -> Form:
    service, ana = cast.service("consultation").public_id, cast.ana.public_id
    asked = f"service={service}&practitioner={ana}&day=2026-11-27&at=18:00"
    page = Person(app).sign_in(cast.bea).get(f"/patients/{cast.cal.public_id}/why-not?{asked}")
    return ready(page.form("reason").set(reason="Comes from far away."))


def cancel(cast: Cast, app: Flask) -> Form:
    visit = _visit(cast)
    page = by_code(app, cast.cal).get(f"/visits/{visit.public_id}/cancel")
    return ready(page.form("Cancel the visit"))


def desk_cancel(cast: Cast, app: Flask) -> Form:
    page = Person(app).sign_in(cast.bea).get(f"/desk/visits/{_visit(cast).public_id}")
    return ready(page.form("/cancel").set(reason="ill"))


def physician_cancel(cast: Cast, app: Flask) -> Form:
    page = Person(app).sign_in(cast.ana_user).get(f"/moves/{_visit(cast).public_id}/cancel")
    return ready(page.form("Cancel the visit").set(reason="clinic"))


def undo_cancel(cast: Cast, app: Flask) -> Form:
    asked = cancel(cast, app)
    return ready(asked.press().form("/undo-cancel"))


def desk_undo_cancel(cast: Cast, app: Flask) -> Form:
    return ready(desk_cancel(cast, app).press().form("/undo-cancel"))


def move(cast: Cast, app: Flask) -> Form:
    person, visit = by_code(app, cast.cal), _visit(cast)
    slot = slot_value(cast.eli.actor_id, at(27, 12))
    return ready(person.get(f"/visits/{visit.public_id}/move/to?slot={slot}").form("Move"))


def desk_move(cast: Cast, app: Flask) -> Form:
    slot, visit = slot_value(cast.eli.actor_id, at(27, 12)), _visit(cast)
    page = Person(app).sign_in(cast.bea).get(f"/moves/{visit.public_id}/to?slot={slot}")
    return ready(page.form("Move").set(reason="patient-asked"))


def move_all_the_same(cast: Cast, app: Flask) -> Form:
    asked = f"practitioner={cast.ana.public_id}&day=2026-11-27&at=18:00"
    page = Person(app).sign_in(cast.bea).get(f"/moves/{_visit(cast).public_id}/why-not?{asked}")
    form = page.form("reason").set(reason="Comes from far away.", asked_by="patient-asked")
    return ready(form)


def change_status(cast: Cast, app: Flask) -> Form:
    visit = _visit(cast, at(24, 11))
    page = Person(app).sign_in(cast.bea).get(f"/desk/visits/{visit.public_id}")
    return ready(page.form("Mark arrived"))


def move_in_the_calendar(cast: Cast, app: Flask) -> Form:
    page = Person(app).sign_in(cast.bea).get(f"/desk/calendar/visits/{_visit(cast).public_id}")
    return ready(page.form("room").set(at="12:00"), "Move")


def invite(cast: Cast, app: Flask) -> Form:
    page = Person(app).sign_in(cast.bea).get(f"/desk/patients/{cast.cal.public_id}")
    return ready(page.form("/invite"))


def sign(cast: Cast, app: Flask) -> Form:
    factories.make_intake(cast.cal)
    visit = _visit(cast, at(24, 11))
    page = Person(app).sign_in(cast.ana_user).get(f"/reviews/{visit.public_id}")
    form = page.form("Save").set(text="Examined.", question="Since when?")
    return ready(form.put("do", Decision.ASK), "Save").put("do", Decision.ASK)


def ask(cast: Cast, app: Flask) -> Form:
    factories.make_intake(cast.cal)
    page = Person(app).sign_in(cast.ana_user).get(f"/reviews/{_visit(cast).public_id}")
    return ready(page.form("/questions").set(question="Since when?"))


def withdraw(cast: Cast, app: Flask) -> Form:
    note = factories.make_approval(cast)
    page = Person(app).sign_in(cast.ana_user).get(f"/notes/{note.public_id}")
    return ready(page.form("/withdraw").set(reason="Lumps."))


def resume_approval(cast: Cast, app: Flask) -> Form:
    note = factories.make_approval(cast)
    factories.make_intake(cast.cal, answers={"blood-thinners": {"value": "yes"}})
    page = Person(app).sign_in(cast.ana_user).get(f"/notes/{note.public_id}")
    return ready(page.form("/resume").set(because="Fish oil."))


def add_addendum(cast: Cast, app: Flask) -> Form:
    note = factories.make_approval(cast)
    page = Person(app).sign_in(cast.ana_user).get(f"/notes/{note.public_id}")
    return ready(page.form("/addendum").set(text="Later."))


def reply(cast: Cast, app: Flask) -> Form:
    factories.make_intake(cast.cal)
    question = factories.sign(
        _visit(cast, at(24, 11)),
        cast.ana_user,
        cast.ana,
        Decision.ASK,
        question="Since when?",
    )
    page = by_code(app, cast.cal).get(f"/questions/{question.public_id}")
    return ready(page.form("text").set(text="Since spring."))


def finish(cast: Cast, app: Flask) -> Form:
    service = cast.service(ServiceKind.FOLLOW_UP)
    visit = factories.make_visit(cast.cal, cast.ana, service, at(24, 11))
    factories.walk(visit, S.ARRIVED, S.IN_ROOM)
    return ready(Person(app).sign_in(cast.ana_user).get("/my-day").form("/done"))


def confirm_answers(cast: Cast, app: Flask) -> Form:
    factories.make_intake(cast.cal)
    page = by_code(app, cast.cal).get(f"/visits/{_visit(cast).public_id}/changed")
    return ready(page.form("Nothing has changed"))


def take_alert(cast: Cast, app: Flask) -> Form:
    alerts.raise_for(factories.make_intake(cast.cal), actor=TESTER)
    return ready(Person(app).sign_in(cast.ana_user).get("/my-day").form("I have taken this on"))


def open_record(cast: Cast, app: Flask) -> Form:
    page = Person(app).sign_in(cast.eli_user).get(f"/emergency/{cast.cal.public_id}")
    return ready(page.form("reason").set(reason="Called from another hospital."))


def join(cast: Cast, app: Flask) -> Form:
    service = cast.service("consultation").public_id
    return ready(by_code(app, cast.cal).get(f"/waiting-list/join/{service}").form("Join"))


def change_wish(cast: Cast, app: Flask) -> Form:
    entry = wait(cast, cast.cal)
    return ready(by_code(app, cast.cal).get(f"/waiting-list/{entry.public_id}").form("Save"))


def leave(cast: Cast, app: Flask) -> Form:
    wait(cast, cast.cal)
    return ready(by_code(app, cast.cal).get("/visits").form("/leave"))


def accept_offer(cast: Cast, app: Flask) -> Form:
    _offered(cast)
    return ready(by_code(app, cast.cal).get("/visits").form("/accept"))


def decline(cast: Cast, app: Flask) -> Form:
    _offered(cast)
    return ready(by_code(app, cast.cal).get("/visits").form("/decline"))


def answer_by_link(cast: Cast, app: Flask) -> Form:
    token = token_of(_offered(cast))
    return ready(Person(app).get(f"/offers/{token}").form("Book this time"), "Book")


def add_to_list(cast: Cast, app: Flask) -> Form:
    page = Person(app).sign_in(cast.bea).get(f"/desk/patients/{cast.cal.public_id}/wait")
    return ready(page.form("Put on the list"))


def take_off(cast: Cast, app: Flask) -> Form:
    wait(cast, cast.cal)
    return ready(Person(app).sign_in(cast.bea).get("/desk/waiting-list").form("/off"))


def offer_time(cast: Cast, app: Flask) -> Form:
    entry = wait(cast, cast.cal)
    page = Person(app).sign_in(cast.bea).get(f"/desk/waiting-list/{entry.public_id}/offer")
    return ready(page.form("Dr "), "Silva")


def answer_at_the_desk(cast: Cast, app: Flask) -> Form:
    _offered(cast)
    page = Person(app).sign_in(cast.bea).get("/desk/waiting-list")
    return ready(page.form("/answer"), "said yes")


def newcomer_code(cast: Cast, app: Flask) -> Form:
    page = at_the_last_page(cast, app).get("/book/consultation/wait")
    asked = page.form("email").set(name="Kim Moss", email="kim@example.org", consent="y")
    return ready(asked.press("Send me the code").form("code").set(code=newest_code()))


def _offered(cast: Cast) -> Offer:
    entry = wait(cast, cast.cal)
    return offers.by_hand(entry, cast.ana.actor_id, LATER, actor=TESTER)


def _visit(cast: Cast, starts_at: datetime = LATER) -> Appointment:
    return factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), starts_at)


def _browser_that_holds(
    app: Flask, cast: Cast, kind: str, patient: Patient, *, known: bool = True, hour: int = 11
) -> Person:
    """A browser with a held time for *patient*; *known*: it has typed the patient's code."""
    visitor, token = accounts.greet_visitor()
    if known:
        accounts.prove_visitor(visitor, patient)
    book.hold(
        cast.service(kind),
        cast.ana.actor_id,
        at(27, hour),
        visitor=visitor,
        actor=TESTER,
        patient=patient,
    )
    db.session.rollback()
    return with_cookie(app, token)


def ill(cast: Cast, app: Flask) -> Form:
    page = Person(app).sign_in(cast.bea).get("/roster/ill")
    return ready(page.form("starts_on").set(who=cast.ana.public_id))


def accept(cast: Cast, app: Flask) -> Form:
    _visit(cast, at(24, 11))
    day = at(24, 0).date()
    away = Away(day, 0, day, 1440)
    rosters.add_absence(cast.ana, away, AbsenceKind.ILL, actor=TESTER)
    return ready(Person(app).sign_in(cast.bea).get("/roster/outside").form("proposal"))


NOOR = {"name": "Dr Noor Rahimi", "licence_from": "2020-01-01", "licence_until": "2029-12-31"}


def add_physician(cast: Cast, app: Flask) -> Form:
    page = Person(app).sign_in(cast.max).get("/manage/people/new")
    return ready(page.form("email").set(**NOOR, email="noor@example.org"))


def make_bookable(cast: Cast, app: Flask) -> Form:
    page = Person(app).sign_in(cast.max).get(f"/manage/staff/{cast.bea.public_id}/bookable")
    return ready(page.form("about").set(**NOOR))


def put_together(cast: Cast, app: Flask) -> Form:
    other = factories.make_patient(name=cast.cal.name, email=None)
    page = (
        Person(app)
        .sign_in(cast.max)
        .get(
            f"/manage/records/{cast.cal.public_id}/compare", query_string={"other": other.public_id}
        )
    )
    return ready(page.form("reason").set(reason="Came with a passport."))


def take_apart(cast: Cast, app: Flask) -> Form:
    other = factories.make_patient(name=cast.cal.name, email=None)
    manager = factories.staff_actor(cast.max)
    link = merge.records(other, cast.cal, "Came with a passport.", actor=manager)
    page = Person(app).sign_in(cast.max).get(f"/manage/merges/{link.public_id}")
    return ready(page.form("Take it back"))


# By the route that each is sent to.
def check_in(cast: Cast, app: Flask) -> Form:
    factories.make_intake(cast.cal)
    visit = factories.make_visit_soon(cast)
    return ready(at_check_in(app, visit).get("/arrive").form("Check me in"), "Check me in")


KEYED: Mapping[str, KeyedForm] = {
    "arriving.here": check_in,
    "emergency.open_record": open_record,
    "frontdesk.cancel": desk_cancel,
    "frontdesk.change_status": change_status,
    "frontdesk.invite": invite,
    "frontdesk.move_visit": move_in_the_calendar,
    "merging.part": take_apart,
    "merging.put_together": put_together,
    "rosters.accept": accept,
    "rosters.add_physician": add_physician,
    "rosters.ill": ill,
    "rosters.make_bookable": make_bookable,
    "scheduling.book_for_patient": book_for_patient,
    "scheduling.book_treatment": book_treatment,
    "scheduling.cancel": cancel,
    "scheduling.cancel_for_patient": physician_cancel,
    "scheduling.check": check,
    "scheduling.code": code,
    "scheduling.first_times": first_time,
    "scheduling.move_for_patient_to": desk_move,
    "scheduling.move_visit_to": move,
    "scheduling.take_earlier": take_earlier,
    "scheduling.undo_cancel": undo_cancel,
    "scheduling.undo_for_patient": desk_undo_cancel,
    "scheduling.walk_in": walk_in,
    "scheduling.why_not_for_patient": book_all_the_same,
    "scheduling.why_not_to_move": move_all_the_same,
    "screening.add_addendum": add_addendum,
    "changes.confirm": confirm_answers,
    "screening.ask": ask,
    "screening.finish": finish,
    "screening.reply": reply,
    "screening.save": sign,
    "screening.take_alert": take_alert,
    "screening.resume": resume_approval,
    "screening.withdraw": withdraw,
    "waitlist.accept": accept_offer,
    "waitlist.add": add_to_list,
    "waitlist.answer": answer_at_the_desk,
    "waitlist.change": change_wish,
    "waitlist.decline": decline,
    "waitlist.join": join,
    "waitlist.leave": leave,
    "waitlist.newcomer_code": newcomer_code,
    "waitlist.offer_time": offer_time,
    "waitlist.offered": answer_by_link,
    "waitlist.take_off": take_off,
}
