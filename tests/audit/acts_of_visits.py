"""Holds, visits and the waiting list, ready to be changed; each with the event it must leave."""

from __future__ import annotations

from datetime import date

from clinic import clock
from clinic.accounts import tablet as phones
from clinic.arriving import services as arriving
from clinic.audit.events import Event
from clinic.database import transaction
from clinic.journey import (
    arrive,
    book,
    offers,
    reassign,
    waitlist,
)
from clinic.scheduling import outside, roster, rosters
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AbsenceKind, Away
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.waitlist import services as waiting_list
from tests import factories
from tests.audit.calls import Acts, Call, consultation
from tests.factories import TESTER, Cast, at
from tests.waiting import FREED, wait, wanted


def send_check_in_link(cast: Cast) -> Call:
    visit = factories.make_visit_soon(cast)
    return lambda: arriving.send(visit, actor=TESTER)


def open_check_in(cast: Cast) -> Call:
    visit, visitor = factories.make_visit_soon(cast), factories.make_visitor()
    return lambda: arriving.begin(visit, visitor, None, actor=TESTER)


def check_in_by_phone(cast: Cast) -> Call:
    visit, visitor = factories.make_visit_soon(cast), factories.make_visitor()
    arrival = arriving.begin(visit, visitor, None, actor=TESTER)
    return lambda: arrive.arrive(arrival, actor=TESTER)


def close_check_in(cast: Cast) -> Call:
    visitor, _token = phones.open_phone(cast.cal)
    return lambda: phones.end(visitor, actor=TESTER)


def held(cast: Cast) -> Appointment:
    return book.hold(
        cast.service("consultation"),
        cast.ana.actor_id,
        at(24, 13),
        visitor=factories.make_visitor(),
        actor=TESTER,
        patient=cast.cal,
    )


def hold(cast: Cast) -> Call:
    visitor, service = factories.make_visitor(), cast.service("consultation")
    return lambda: scheduling.hold(
        service, cast.ana.actor_id, at(24, 13), visitor=visitor, actor=TESTER, patient=cast.cal
    )


def book_at_once(cast: Cast) -> Call:
    service = cast.service("consultation")
    return lambda: scheduling.book(service, cast.ana.actor_id, at(25, 11), cast.cal, actor=TESTER)


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
    return lambda: factories.confirm(kept, cast.cal)


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


def accept_proposal(cast: Cast) -> Call:
    consultation(cast)
    add = Away(date(2026, 11, 24), 0, date(2026, 11, 24), 1440)
    rosters.add_absence(cast.ana, add, AbsenceKind.ILL, actor=TESTER)
    [one] = reassign.proposals(outside.now_outside(), roster.current())
    return lambda: reassign.accept([reassign.read(one.value, actor=TESTER)], actor=TESTER)


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


OF_VISITS: Acts = (
    (send_check_in_link, Event.ARRIVAL_SENT),
    (open_check_in, Event.ARRIVAL_OPENED),
    (check_in_by_phone, Event.APPOINTMENT_STATUS),
    (close_check_in, Event.ARRIVAL_ENDED),
    (hold, Event.APPOINTMENT_HELD),
    (extend, Event.APPOINTMENT_HOLD_EXTENDED),
    (release, Event.APPOINTMENT_RELEASED),
    (hold_instead_of_an_expired_one, Event.APPOINTMENT_HOLD_EXPIRED),
    (confirm, Event.APPOINTMENT_BOOKED),
    (book_at_once, Event.APPOINTMENT_BOOKED),
    (book_all_the_same, Event.APPOINTMENT_BOOKED),
    (book_all_the_same, Event.APPOINTMENT_OVERRIDDEN),
    (change_status, Event.APPOINTMENT_STATUS),
    (cancel, Event.APPOINTMENT_CANCELLED),
    (undo_cancel, Event.APPOINTMENT_CANCEL_UNDONE),
    (move, Event.APPOINTMENT_MOVED),
    (move_all_the_same, Event.APPOINTMENT_MOVED),
    (move_all_the_same, Event.APPOINTMENT_OVERRIDDEN),
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
