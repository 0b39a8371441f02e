"""Every service that changes something, ready to be called, with the event it must leave.

Each function arranges what its service needs and returns the call.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import current_app

from clinic.accounts import (
    claims,
    codes,
    contact,
    factors,
    practitioners,
    sessions,
    site_rights,
    staff,
)
from clinic.accounts import queries as people
from clinic.accounts import services as accounts
from clinic.accounts.models import CodePurpose, CredentialKind, EmailCode, EndedBecause
from clinic.accounts.signin.second_step import seed
from clinic.audit.events import Event
from clinic.catalogue import services as catalogue
from clinic.catalogue.models import ClosedDay
from clinic.catalogue.queries import opening_rows
from clinic.catalogue.rules import ServiceKind
from clinic.database import db
from clinic.journey import (
    found,
    tablet,
)
from clinic.jurisdiction import services as profiles
from clinic.jurisdiction.rules import STRICTEST
from clinic.permissions import Role
from clinic.scheduling import rosters
from clinic.scheduling.models import Absence
from clinic.scheduling.rules import AbsenceKind, Away, DayHours, Week
from tests import factories
from tests.audit.acts_of_care import OF_CARE
from tests.audit.acts_of_photos import OF_PHOTOS
from tests.audit.acts_of_records import OF_RECORDS
from tests.audit.acts_of_visits import OF_VISITS
from tests.audit.calls import Acts, Call
from tests.factories import TESTER, Cast


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
    visitor = people.visitor_of(people.browser_by_token(hand_tablet_over(cast)()))
    assert visitor is not None
    return lambda: tablet.end(visitor, actor=TESTER)


def note_new_password(cast: Cast) -> Call:
    return lambda: accounts.note_new_password(cast.bea)


def change_roles(cast: Cast) -> Call:
    return lambda: staff.change_roles(cast.bea, frozenset({Role.MANAGER}), actor=TESTER)


def change_sites(cast: Cast) -> Call:
    only = frozenset({cast.site.id})
    return lambda: staff.change_sites(cast.bea, only, actor=TESTER)


def choose_site(cast: Cast) -> Call:
    bea = factories.staff_actor(cast.bea)
    return lambda: site_rights.choose(cast.site.id, actor=bea)


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


def change_profile(cast: Cast) -> Call:
    wanted = replace(STRICTEST, minimum_age=21)
    shown = profiles.shown()
    return lambda: profiles.put(wanted, "A law.", shown_before=shown, actor=TESTER)


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


ACTS: Acts = (
    *OF_VISITS,
    *OF_CARE,
    *OF_PHOTOS,
    *OF_RECORDS,
    (send_code, Event.CODE_SENT),
    (use_code_up, Event.CODE_ACCEPTED),
    (add_patient, Event.PATIENT_ADDED),
    (add_user, Event.SIGN_IN_MADE),
    (make_manager, Event.SIGN_IN_MADE),
    (open_account, Event.ACCOUNT_MADE),
    (note_new_password, Event.PASSWORD_CHANGED),
    (change_roles, Event.ROLES_CHANGED),
    (change_sites, Event.SITES_CHANGED),
    (choose_site, Event.SITE_CHOSEN),
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
    (change_profile, Event.PROFILE_CHANGED),
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
)
