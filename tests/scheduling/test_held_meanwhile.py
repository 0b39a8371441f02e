"""A live hold while the roster changes: what is confirmed is on offer, or refused whole."""

from __future__ import annotations

from datetime import date

import pytest

from clinic.catalogue import services as catalogue
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, transaction
from clinic.journey import book, offers
from clinic.notices.models import Message
from clinic.scheduling import availability, queries
from clinic.scheduling.models import Absence, Appointment, Schedule
from clinic.scheduling.rules import AbsenceKind
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import SlotTaken
from tests.factories import TESTER, at, make_approval, make_intake, make_visit, make_visitor
from tests.full_record import by_code
from tests.newcomer import hold_a_time
from tests.scheduling.presses import ELEVEN, hold_at_eleven
from tests.waiting import FREED, wait


@pytest.fixture
def held(cast):
    """Eleven o'clock with Ana, held for Cal."""
    return hold_at_eleven(cast, cast.cal)


def be_away(actor_id, day=None):
    day = day or ELEVEN.date()
    days = {"starts_on": day, "ends_on": day}
    with transaction():
        db.session.add(Absence(actor_id=actor_id, kind=AbsenceKind.OUT_OF_ORDER, **days))


def confirm(held):
    return book.confirm(held, held.patient, actor=TESTER)


def stored(held):
    db.session.rollback()
    db.session.refresh(held)
    return held.status, held.booked_at, len(db.session.scalars(db.select(Message)).all())


def test_a_hold_of_an_unchanged_roster_books(held):
    """The control."""
    assert confirm(held).status == S.BOOKED


def test_what_the_roster_offered_is_not_worked_out_again_while_it_is_the_same(held, monkeypatch):
    monkeypatch.setattr(availability, "without_visits", lambda *_: pytest.fail("it was"))

    assert confirm(held).status == S.BOOKED


def test_what_another_roster_offered_is_worked_out_again(cast, held, monkeypatch):
    """The control: a change that is in nobody's way."""
    seen = []
    ours = availability.without_visits
    monkeypatch.setattr(availability, "without_visits", lambda *a: seen.append(a) or ours(*a))
    be_away(cast.eli.actor_id)

    assert confirm(held).status == S.BOOKED
    assert len(seen) == 1


@pytest.mark.parametrize("who", ["practitioner", "room"])
def test_a_hold_does_not_book_somebody_who_is_away_by_now(held, who):
    be_away(queries.participants_by_kind(held)[who].actor_id)

    with pytest.raises(SlotTaken):
        confirm(held)

    assert stored(held) == (S.PROPOSED, None, 0)


def test_an_absence_of_somebody_else_is_in_nobodys_way(cast, held):
    be_away(cast.eli.actor_id)
    other = next(r.actor_id for r in cast.site.rooms if r.actor_id not in queries.actors_of(held))
    be_away(other)

    assert confirm(held).status == S.BOOKED


def test_a_hold_outside_the_hours_by_now_does_not_book(held):
    with transaction():
        db.session.execute(db.update(Schedule).values(opens_minute=12 * 60))

    with pytest.raises(SlotTaken):
        confirm(held)


def test_a_hold_on_a_day_that_is_closed_by_now_does_not_book(cast, held):
    catalogue.add_closed_day(cast.site, ELEVEN.date(), "Works", actor=TESTER)

    with pytest.raises(SlotTaken):
        confirm(held)


def test_a_hold_of_somebody_who_is_not_on_offer_by_now_does_not_book(cast, held):
    with transaction():
        cast.ana.active = False

    with pytest.raises(SlotTaken):
        confirm(held)


def test_a_hold_of_a_service_that_takes_longer_by_now_is_chosen_again(cast, held):
    with transaction():
        cast.service("consultation").duration_minutes = 45

    with pytest.raises(SlotTaken):
        confirm(held)


def test_a_room_that_hosts_it_no_longer_is_chosen_again(cast, held):
    with transaction():
        for room in cast.site.rooms:
            room.hosts = [host for host in room.hosts if host.kind != ServiceKind.CONSULTATION]

    with pytest.raises(SlotTaken):
        confirm(held)


def test_notice_that_was_kept_when_it_was_held_is_kept(cast, travel):
    travel(at(24, 9, 58))
    held = hold_at_eleven(cast, cast.cal)
    travel(at(24, 10, 6))

    assert confirm(held).status == S.BOOKED


def test_a_treatment_is_asked_the_same(cast):
    make_approval(cast)
    held = book.hold(
        cast.service("toxin"),
        cast.ana.actor_id,
        at(27, 10),
        visitor=make_visitor(),
        actor=TESTER,
        patient=cast.cal,
    )
    be_away(cast.ana.actor_id, date(2026, 11, 27))

    with pytest.raises(SlotTaken):
        confirm(held)


def test_an_offer_of_the_waiting_list_is_asked_the_same(cast):
    offer = offers.by_hand(wait(cast, cast.cal), cast.ana.actor_id, FREED, actor=TESTER)
    be_away(cast.ana.actor_id, FREED.date())

    with pytest.raises(SlotTaken):
        offers.accept(offer, actor=TESTER)


def test_what_staff_booked_all_the_same_is_asked_nothing(cast):
    be_away(cast.eli.actor_id)
    visit = book.all_the_same(
        cast.service("consultation"),
        cast.ana.actor_id,
        at(25, 19, 40),
        cast.cal,
        reason="Comes from far away.",
        actor=TESTER,
    )

    assert visit.status == S.BOOKED


# On the pages.


def visits_of(cast):
    db.session.rollback()
    return [
        one.status for one in db.session.scalars(db.select(Appointment).order_by(Appointment.id))
    ]


def test_the_page_says_so_with_the_nearest_times_and_holds_nothing_any_more(app, cast):
    make_intake(cast.cal)
    cal = by_code(app, cast.cal)
    check = hold_a_time(cal.get(f"/book/consultation?day=2026-11-26&who={cast.ana.public_id}"))
    be_away(cast.ana.actor_id, date(2026, 11, 26))

    page = check.form("Book").press(status=409)

    assert "Someone has just taken that time" in page.text
    near = page.forms()[0]
    assert len([button for button in near.buttons if button[1] == "slot"]) == 3
    assert "Held for you" not in page.text
    assert visits_of(cast) == [S.CANCELLED]


def test_the_desk_is_told_the_same(cast, signed_in):
    service = cast.service("consultation")
    bea = signed_in(cast.bea)
    page = bea.get(
        f"/patients/{cast.cal.public_id}/book/{service.public_id}"
        f"?day=2026-11-26&who={cast.ana.public_id}"
    )
    slot = next(f for f in page.forms() if any(b[1] == "slot" for b in f.buttons))
    held = slot.press()
    be_away(cast.ana.actor_id, date(2026, 11, 26))

    refused = held.form("/confirm").press(status=409)

    assert "Someone has just taken that time" in refused.text
    assert visits_of(cast) == [S.CANCELLED]
    assert make_visit(cast.dee, cast.eli, service, at(26, 9)).status == S.BOOKED
