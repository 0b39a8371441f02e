"""Every service that changes something, ready to be called, with the event it must leave.

Each function arranges what its service needs and returns the call.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import current_app

from clinic import clock
from clinic.accounts import claims, codes, contact, factors, practitioners, sessions, staff
from clinic.accounts import queries as people
from clinic.accounts import services as accounts
from clinic.accounts.models import CodePurpose, CredentialKind, EmailCode, EndedBecause
from clinic.accounts.signin.second_step import seed
from clinic.audit.events import Event
from clinic.catalogue import services as catalogue
from clinic.catalogue.models import ClosedDay
from clinic.catalogue.queries import opening_rows
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, transaction
from clinic.intake import services as intakes
from clinic.journey import (
    book,
    decide,
    found,
    offers,
    reassign,
    submit,
    tablet,
    waitlist,
    withdraw,
)
from clinic.permissions import Actor, Role
from clinic.scheduling import outside, roster, rosters
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Absence, Appointment
from clinic.scheduling.rules import AbsenceKind, Away, DayHours, Week
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening import services as screening
from clinic.screening.models import Decision
from clinic.treatment import queries as treatment
from clinic.waitlist import services as waiting_list
from tests import factories
from tests.factories import TESTER, Cast, at
from tests.waiting import FREED, wait, wanted

Call = Callable[[], Any]
BORN = date(1990, 3, 2)


def ana(cast: Cast) -> Actor:
    return factories.staff_actor(cast.ana_user, cast.ana)


def consultation(cast: Cast) -> Appointment:
    return factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))


def held(cast: Cast) -> Appointment:
    return book.hold(
        cast.service("consultation"),
        cast.ana.actor_id,
        at(24, 13),
        visitor=factories.make_visitor(),
        actor=TESTER,
        patient=cast.cal,
    )


def start(cast: Cast) -> Call:
    visitor = factories.make_visitor()
    return lambda: intakes.start(visitor, BORN, actor=TESTER)


def start_for(cast: Cast) -> Call:
    return lambda: intakes.start_for(cast.cal, actor=TESTER)


def save(cast: Cast) -> Call:
    draft = intakes.start_for(cast.cal, actor=TESTER)
    return lambda: intakes.save(draft, "words", {"words": {"change": "x"}}, actor=TESTER)


def mail_resume_link(cast: Cast) -> Call:
    draft = intakes.start(factories.make_visitor(), BORN, actor=TESTER)
    return lambda: intakes.mail_resume_link(draft, "a@example.org", actor=TESTER)


def resume(cast: Cast) -> Call:
    draft = intakes.start(factories.make_visitor(), BORN, actor=TESTER)
    visitor = factories.make_visitor()
    return lambda: intakes.resume(draft, visitor, actor=TESTER)


def submit_intake(cast: Cast) -> Call:
    draft = intakes.start_for(cast.cal, actor=TESTER)
    intakes.save(draft, "all", factories.ANSWERS, actor=TESTER)
    return lambda: submit.intake(draft, cast.cal, actor=TESTER)


def send_code(cast: Cast) -> Call:
    visitor = factories.make_visitor()

    def send() -> None:
        with current_app.test_request_context():
            codes.send(visitor, "a@example.org", CodePurpose.BOOK, actor=TESTER)

    return send


def use_code_up(cast: Cast) -> Call:
    send_code(cast)()
    code = db.session.scalars(db.select(EmailCode)).one()
    return lambda: codes.use_up(code, actor=TESTER)


def hold(cast: Cast) -> Call:
    visitor, service = factories.make_visitor(), cast.service("consultation")
    return lambda: scheduling.hold(
        service, cast.ana.actor_id, at(24, 13), visitor=visitor, actor=TESTER, patient=cast.cal
    )


def book_all_the_same(cast: Cast) -> Call:
    service = cast.service("consultation")
    return lambda: scheduling.book_all_the_same(
        service,
        cast.ana.actor_id,
        at(25, 19),
        cast.cal,
        reason="Comes from far away.",
        actor=TESTER,
    )


def extend(cast: Cast) -> Call:
    kept = held(cast)
    return lambda: scheduling.extend(kept, actor=TESTER)


def release(cast: Cast) -> Call:
    kept = held(cast)
    return lambda: scheduling.release(kept, actor=TESTER)


def hold_instead_of_an_expired_one(cast: Cast) -> Call:
    expired = held(cast)
    with transaction():
        expired.hold_until = clock.now()
    visitor, service = factories.make_visitor(), cast.service("consultation")
    return lambda: scheduling.hold(
        service, cast.ana.actor_id, expired.starts_at, visitor=visitor, actor=TESTER
    )


def confirm(cast: Cast) -> Call:
    kept = held(cast)
    return lambda: scheduling.confirm(kept, cast.cal, actor=TESTER)


def change_status(cast: Cast) -> Call:
    visit = consultation(cast)
    return lambda: scheduling.change_status(visit, S.BOOKED, S.ARRIVED, actor=TESTER)


def cancel(cast: Cast) -> Call:
    visit = consultation(cast)
    return lambda: scheduling.cancel(visit, "ill", actor=TESTER)


def move(cast: Cast) -> Call:
    visit = consultation(cast)
    return lambda: scheduling.move(
        visit, cast.eli.actor_id, at(24, 13), shown=visit.version, actor=TESTER
    )


def move_all_the_same(cast: Cast) -> Call:
    visit = consultation(cast)
    return lambda: scheduling.move_all_the_same(
        visit,
        cast.ana.actor_id,
        at(25, 19),
        shown=visit.version,
        why="Comes from far away.",
        actor=TESTER,
    )


def undo_cancel(cast: Cast) -> Call:
    visit = consultation(cast)
    scheduling.cancel(visit, "ill", actor=TESTER)
    return lambda: scheduling.undo_cancel(visit, actor=TESTER)


def take_review(cast: Cast) -> Call:
    return lambda: screening.take_review(cast.cal, actor=ana(cast))


def save_draft(cast: Cast) -> Call:
    visit = consultation(cast)
    typed: dict[str, Any] = {"text": "x", "findings": {}, "decided": {}}
    return lambda: screening.save_draft(visit, cast.cal, None, 0, **typed, actor=ana(cast))


def sign(cast: Cast) -> Call:
    factories.make_intake(cast.cal)
    visit = consultation(cast)
    return lambda: factories.sign(visit, cast.ana_user, cast.ana)


def supersede(cast: Cast) -> Call:
    note = factories.make_approval(cast)
    visit = db.session.get_one(Appointment, note.appointment_id)
    return lambda: factories.sign(visit, cast.ana_user, cast.ana, version=note.version)


def withdraw_approval(cast: Cast) -> Call:
    factories.make_approval(cast)
    approval = treatment.approvals_of(cast.cal.id)[0]
    return lambda: withdraw.approval(approval, cast.cal, "x", actor=ana(cast))


def add_addendum(cast: Cast) -> Call:
    note = factories.make_approval(cast)
    return lambda: screening.add_addendum(note, "x", actor=ana(cast))


def reply(cast: Cast) -> Call:
    typed = decide.Typed(0, "Asked.", {}, {"question": "x"})
    visit = consultation(cast)
    asked = decide.sign(visit, cast.cal, None, typed, Decision.ASK, actor=ana(cast))
    return lambda: screening.reply(asked, "x", actor=TESTER)


def add_patient(cast: Cast) -> Call:
    return lambda: factories.make_patient(email="new@example.org")


def add_user(cast: Cast) -> Call:
    new = {"name": "New", "email": "new@example.org", "roles": {Role.MANAGER}}
    return lambda: accounts.add_user(**new, actor=TESTER)


def make_manager(cast: Cast) -> Call:
    return lambda: found.manager("New", "new@example.org")


def open_account(cast: Cast) -> Call:
    return lambda: accounts.open_account(cast.cal, "a hash", actor=TESTER)


def send_claim(cast: Cast) -> Call:
    return lambda: claims.send(cast.cal, actor=TESTER)


def use_claim(cast: Cast) -> Call:
    claims.send(cast.cal, actor=TESTER)
    link, visitor = people.newest_claim(cast.cal.id), factories.make_visitor()
    assert link is not None
    return lambda: claims.use_up(link, visitor, actor=TESTER)


def change_contact(cast: Cast) -> Call:
    desk, shown = factories.staff_actor(cast.bea), contact.fingerprint(cast.cal)
    wanted = {"phone": "020 7946 0999", "email": "new@example.org"}
    return lambda: contact.change(cast.cal, wanted, shown=shown, actor=desk)


def hand_tablet_over(cast: Cast) -> Call:
    return lambda: tablet.hand_over(cast.cal, actor=factories.staff_actor(cast.bea))


def end_tablet(cast: Cast) -> Call:
    visitor = people.visitor_by_token(hand_tablet_over(cast)())
    assert visitor is not None
    return lambda: tablet.end(visitor, actor=TESTER)


def note_new_password(cast: Cast) -> Call:
    return lambda: accounts.note_new_password(cast.bea)


def open_in_emergency(cast: Cast) -> Call:
    eli = factories.staff_actor(cast.eli_user, cast.eli)
    return lambda: screening.open_in_emergency(cast.cal, "It can't wait.", actor=eli)


def close_emergency(cast: Cast) -> Call:
    eli = factories.staff_actor(cast.eli_user, cast.eli)
    access = screening.open_in_emergency(cast.cal, "It can't wait.", actor=eli)
    return lambda: screening.close_emergency(access, actor=eli)


def change_roles(cast: Cast) -> Call:
    return lambda: staff.change_roles(cast.bea, frozenset({Role.MANAGER}), actor=TESTER)


def shut_out(cast: Cast) -> Call:
    return lambda: staff.shut_out(cast.bea, actor=TESTER)


def let_in(cast: Cast) -> Call:
    staff.shut_out(cast.bea, actor=TESTER)
    return lambda: staff.let_in(cast.bea, actor=TESTER)


def end_all(cast: Cast) -> Call:
    factories.signed_in(cast.bea)
    return lambda: staff.end_all(cast.bea, actor=TESTER)


def end_session(cast: Cast) -> Call:
    factories.signed_in(cast.bea)
    [row] = sessions.open_sessions(cast.bea.id)
    return lambda: sessions.end(row, EndedBecause.ENDED_BY_OWNER, actor=TESTER)


def set_app(cast: Cast) -> Call:
    sealed = seed()
    return lambda: factors.set_app(cast.bea, sealed)


def remove_app(cast: Cast) -> Call:
    user = factories.make_account(cast.cal)  # staff would keep their only one
    factors.set_app(user, seed())
    return lambda: factors.remove_app(user)


def set_recovery_codes(cast: Cast) -> Call:
    return lambda: factors.set_recovery_codes(cast.bea, ["aaaa-bbbb-cccc"])


def use_recovery_code(cast: Cast) -> Call:
    factors.set_recovery_codes(cast.bea, ["aaaa-bbbb-cccc"])
    return lambda: factors.use_recovery_code(cast.bea, "aaaa-bbbb-cccc")


def change_address(cast: Cast) -> Call:
    visitor, purpose = factories.make_visitor(), CodePurpose.NEW_ADDRESS
    with current_app.test_request_context():
        codes.send(visitor, "bea.new@example.org", purpose, actor=TESTER)
    code = codes.pending(visitor, purpose)
    return lambda: accounts.change_address(cast.bea, code, actor=TESTER, here=None)


def start_reset(cast: Cast) -> Call:
    return lambda: staff.start_reset(cast.bea, actor=TESTER)


def reset_factor(cast: Cast) -> Call:
    return lambda: staff.reset_factor(cast.bea, actor=TESTER)


def add_staff(cast: Cast) -> Call:
    roles = frozenset({Role.FRONT_DESK})
    return lambda: staff.add("New", "new@example.org", roles, actor=TESTER)


NEWCOMER = practitioners.Newcomer(
    "Dr New",
    "",
    {CredentialKind.LICENCE: practitioners.Held("GMC 1", date(2015, 1, 1), date(2031, 1, 1))},
)


def add_physician(cast: Cast) -> Call:
    return lambda: staff.add_physician(NEWCOMER, "new@example.org", actor=TESTER)


def make_bookable(cast: Cast) -> Call:
    return lambda: staff.make_bookable(cast.bea, NEWCOMER, actor=TESTER)


def change_room(cast: Cast) -> Call:
    room = cast.site.rooms[0]
    shown = catalogue.shown(room)
    return lambda: catalogue.change(room, {"name": "Salon"}, shown_before=shown, actor=TESTER)


def add_site(cast: Cast) -> Call:
    place = {"name": "New", "address": "1 Road", "zone": "Europe/Berlin"}
    reach = {"phone": "020 7946 0199", "email": "new@example.org"}
    return lambda: catalogue.add_site({**place, **reach}, actor=TESTER)


def add_room(cast: Cast) -> Call:
    new = {"name": "Room 3", "hosts": ["consultation"], "active": True}
    return lambda: catalogue.add_room(cast.site, new, actor=TESTER)


def add_device(cast: Cast) -> Call:
    new = {"name": "Cooler 1", "kind": "cooler", "active": True}
    return lambda: catalogue.add_device(cast.site, new, actor=TESTER)


def add_service(cast: Cast) -> Call:
    new = {"kind": ServiceKind.FOLLOW_UP, "name": "Call", "price_pence": 0, "duration_minutes": 5}
    return lambda: catalogue.add_service(cast.site, new, actor=TESTER)


def put_opening(cast: Cast) -> Call:
    shown = catalogue.opening_shown(opening_rows(cast.site))
    week = Week(date(2027, 1, 1), None, ((0, 600, 720),))
    return lambda: catalogue.put_opening(cast.site, week, shown_before=shown, actor=TESTER)


def close(cast: Cast) -> Call:
    return lambda: catalogue.add_closed_day(
        cast.site, date(2026, 12, 25), "Christmas Day", actor=TESTER
    )


def open_again(cast: Cast) -> Call:
    close(cast)()
    closed = db.session.scalars(db.select(ClosedDay)).one()
    return lambda: catalogue.remove_closed_day(closed, actor=TESTER)


def put_hours(cast: Cast) -> Call:
    shown = rosters.hours_shown(rosters.hours_of(cast.ana))
    week = Week(date(2027, 1, 1), None, ((0, 600, 720),))
    return lambda: rosters.put_hours(cast.ana, cast.site, week, shown_before=shown, actor=TESTER)


def add_absence(cast: Cast) -> Call:
    day = date(2026, 12, 24)
    away = Away(day, 0, day, 1440)
    return lambda: rosters.add_absence(cast.ana, away, AbsenceKind.HOLIDAY, actor=TESTER)


def take_absence_back(cast: Cast) -> Call:
    add_absence(cast)()
    absence = db.session.scalars(db.select(Absence)).one()
    return lambda: rosters.remove(absence, actor=TESTER)


def add_extra(cast: Cast) -> Call:
    hours = DayHours(date(2026, 12, 24), 540, 600)
    return lambda: rosters.add_extra(cast.site, cast.ana, hours, actor=TESTER)


def change_practitioner(cast: Cast) -> Call:
    shown = practitioners.shown(cast.ana)
    return lambda: practitioners.change(
        cast.ana, {"active": False}, shown_before=shown, actor=TESTER
    )


def put_credentials(cast: Cast) -> Call:
    shown = practitioners.credentials_shown(practitioners.credentials_of(cast.ana))
    held = practitioners.Held("GMC 1", date(2015, 1, 1), date(2031, 1, 1))
    wanted = {CredentialKind.LICENCE: held}
    return lambda: practitioners.put_credentials(cast.ana, wanted, shown_before=shown, actor=TESTER)


def accept_proposal(cast: Cast) -> Call:
    consultation(cast)
    add = Away(date(2026, 11, 24), 0, date(2026, 11, 24), 1440)
    rosters.add_absence(cast.ana, add, AbsenceKind.ILL, actor=TESTER)
    [one] = reassign.proposals(outside.now_outside(), roster.current())
    return lambda: reassign.accept([reassign.read(one.value)], actor=TESTER)


def join_waiting_list(cast: Cast) -> Call:
    return lambda: wait(cast, cast.cal)


def change_wish(cast: Cast) -> Call:
    entry = wait(cast, cast.cal)
    return lambda: waiting_list.change(entry, wanted(parts=1), actor=TESTER)


def leave_waiting_list(cast: Cast) -> Call:
    entry = wait(cast, cast.cal)
    return lambda: waitlist.leave(entry, actor=TESTER)


def offer(cast: Cast) -> Call:
    entry = wait(cast, cast.cal)
    return lambda: offers.by_hand(entry, cast.ana.actor_id, FREED, actor=TESTER)


def accept_offer(cast: Cast) -> Call:
    made = offer(cast)()
    return lambda: offers.accept(made, actor=TESTER)


def decline_offer(cast: Cast) -> Call:
    made = offer(cast)()
    return lambda: waitlist.decline(made, actor=TESTER)


def let_offer_expire(cast: Cast) -> Call:
    made = offer(cast)()
    with transaction():
        made.until = clock.now()
    return lambda: waitlist.expire(made)


def withdraw_offer(cast: Cast) -> Call:
    made = offer(cast)()
    return lambda: waitlist.leave(made.entry, actor=TESTER)


ACTS: tuple[tuple[Callable[[Cast], Call], Event], ...] = (
    (start, Event.INTAKE_STARTED),
    (start_for, Event.INTAKE_STARTED),
    (save, Event.INTAKE_SAVED),
    (mail_resume_link, Event.INTAKE_SAVED),
    (resume, Event.INTAKE_RESUMED),
    (submit_intake, Event.INTAKE_SUBMITTED),
    (send_code, Event.CODE_SENT),
    (use_code_up, Event.CODE_ACCEPTED),
    (hold, Event.APPOINTMENT_HELD),
    (extend, Event.APPOINTMENT_HOLD_EXTENDED),
    (release, Event.APPOINTMENT_RELEASED),
    (hold_instead_of_an_expired_one, Event.APPOINTMENT_HOLD_EXPIRED),
    (confirm, Event.APPOINTMENT_BOOKED),
    (book_all_the_same, Event.APPOINTMENT_BOOKED),
    (book_all_the_same, Event.APPOINTMENT_OVERRIDDEN),
    (change_status, Event.APPOINTMENT_STATUS),
    (cancel, Event.APPOINTMENT_CANCELLED),
    (undo_cancel, Event.APPOINTMENT_CANCEL_UNDONE),
    (move, Event.APPOINTMENT_MOVED),
    (move_all_the_same, Event.APPOINTMENT_MOVED),
    (move_all_the_same, Event.APPOINTMENT_OVERRIDDEN),
    (take_review, Event.REVIEW_TAKEN),
    (save_draft, Event.NOTE_SAVED),
    (sign, Event.NOTE_SIGNED),
    (sign, Event.APPROVAL_GIVEN),
    (supersede, Event.APPROVAL_SUPERSEDED),
    (withdraw_approval, Event.APPROVAL_WITHDRAWN),
    (add_addendum, Event.NOTE_ADDENDUM),
    (reply, Event.REPLY_GIVEN),
    (add_patient, Event.PATIENT_ADDED),
    (add_user, Event.SIGN_IN_MADE),
    (make_manager, Event.SIGN_IN_MADE),
    (open_account, Event.ACCOUNT_MADE),
    (note_new_password, Event.PASSWORD_CHANGED),
    (open_in_emergency, Event.EMERGENCY_OPENED),
    (close_emergency, Event.EMERGENCY_CLOSED),
    (change_roles, Event.ROLES_CHANGED),
    (shut_out, Event.STAFF_SHUT_OUT),
    (let_in, Event.STAFF_LET_IN),
    (end_all, Event.SESSION_ENDED),
    (end_session, Event.SESSION_ENDED),
    (set_app, Event.FACTOR_ADDED),
    (remove_app, Event.FACTOR_REMOVED),
    (set_recovery_codes, Event.RECOVERY_MADE),
    (use_recovery_code, Event.RECOVERY_USED),
    (change_address, Event.EMAIL_CHANGED),
    (start_reset, Event.RESET_STARTED),
    (reset_factor, Event.FACTOR_REMOVED),
    (add_staff, Event.SIGN_IN_MADE),
    (add_physician, Event.SIGN_IN_MADE),
    (add_physician, Event.PHYSICIAN_ADDED),
    (make_bookable, Event.PHYSICIAN_ADDED),
    (make_bookable, Event.ROLES_CHANGED),
    (send_claim, Event.CLAIM_SENT),
    (use_claim, Event.CLAIMED),
    (change_contact, Event.CONTACT_CHANGED),
    (hand_tablet_over, Event.TABLET_HANDED),
    (end_tablet, Event.TABLET_ENDED),
    (change_room, Event.ROSTER_CHANGED),
    (add_site, Event.ROSTER_CHANGED),
    (add_room, Event.ROSTER_CHANGED),
    (add_device, Event.ROSTER_CHANGED),
    (add_service, Event.ROSTER_CHANGED),
    (put_opening, Event.ROSTER_CHANGED),
    (close, Event.ROSTER_CHANGED),
    (open_again, Event.ROSTER_CHANGED),
    (put_hours, Event.ROSTER_CHANGED),
    (add_absence, Event.ROSTER_CHANGED),
    (take_absence_back, Event.ROSTER_CHANGED),
    (add_extra, Event.ROSTER_CHANGED),
    (change_practitioner, Event.ROSTER_CHANGED),
    (put_credentials, Event.ROSTER_CHANGED),
    (accept_proposal, Event.APPOINTMENT_MOVED),
    (join_waiting_list, Event.WAITLIST_JOINED),
    (change_wish, Event.WAITLIST_CHANGED),
    (leave_waiting_list, Event.WAITLIST_LEFT),
    (offer, Event.OFFER_MADE),
    (accept_offer, Event.OFFER_ACCEPTED),
    (decline_offer, Event.OFFER_DECLINED),
    (let_offer_expire, Event.OFFER_EXPIRED),
    (withdraw_offer, Event.OFFER_WITHDRAWN),
)
