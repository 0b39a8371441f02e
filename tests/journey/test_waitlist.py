"""A time becomes free: who is offered it, and what becomes of the offer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.catalogue.rules import ServiceKind
from clinic.clock import Period
from clinic.database import db, transaction
from clinic.journey import book, move, offers, waitlist, withdraw
from clinic.notices import letters
from clinic.notices.models import Message, MessageKind
from clinic.scheduling import availability
from clinic.scheduling import services as scheduling
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import queries as treatment
from clinic.waitlist import queries, services
from clinic.waitlist.models import WaitlistEntry
from clinic.waitlist.rules import EntryState, OfferState
from tests.factories import (
    TESTER,
    at,
    make_approval,
    make_patient,
    make_visit,
    make_visitor,
    staff_actor,
)
from tests.test_statements import statements
from tests.waiting import FREED, free, fully_booked, somebody, told, wait, wanted
from tests.waiting import offers as made


@pytest.fixture
def visit(cast):
    """A consultation of Dee with Ana that will be cancelled."""
    return fully_booked(cast)


def events(event: Event) -> int:
    wanted = db.select(db.func.count()).where(AuditEvent.event == event)
    return db.session.scalar(wanted)


def state(entry: WaitlistEntry) -> EntryState:
    db.session.refresh(entry)
    return entry.state


# Who is offered a freed time.


def test_a_cancelled_time_is_held_for_whoever_waits_and_written_to_them(cast, visit):
    entry = wait(cast, cast.cal)

    free(visit)

    (offer,) = made()
    held = offer.appointment
    assert (offer.entry_id, offer.state) == (entry.id, OfferState.OPEN)
    assert (held.starts_at, held.status, held.patient_id) == (FREED, S.PROPOSED, cast.cal.id)
    assert held.hold_until == offer.until
    assert (held.held_by_id, held.held_from) == (None, None)
    assert offer.until - offer.offered_at < timedelta(minutes=30, seconds=1)
    assert told() == ["cal@example.org"]
    assert events(Event.OFFER_MADE) == 1


def test_whoever_named_the_physician_comes_first_then_the_longest_waiting(cast, visit):
    wait(cast, cast.cal)
    wait(cast, somebody("Kim Moss"), practitioner_id=cast.eli.id)
    named = wait(cast, somebody("Lee Fox"), practitioner_id=cast.ana.id)
    wait(cast, somebody("Max Ray"), practitioner_id=cast.ana.id)

    free(visit)

    assert [offer.entry_id for offer in made()] == [named.id]


@pytest.mark.parametrize(
    "wish",
    [
        {"weekdays": 0b110_1111},
        {"parts": 0b110},
        {"from_on": date(2026, 11, 28)},
        {"until_on": date(2026, 11, 26)},
    ],
    ids=["no Fridays", "no mornings", "from Saturday", "until Thursday"],
)
def test_a_time_that_was_not_wished_for_is_not_offered(cast, visit, wish):
    wait(cast, cast.cal, **wish)

    free(visit)

    assert made() == []


def test_the_time_is_not_offered_to_whoever_has_just_cancelled_it(cast, visit):
    wait(cast, cast.dee)

    free(visit)

    assert made() == []


def test_C7_nobody_is_offered_a_time_that_meets_another_visit_of_theirs(cast, visit):
    make_visit(cast.cal, cast.eli, cast.service("follow-up"), FREED)
    wait(cast, cast.cal)

    free(visit)

    assert FREED not in [offer.appointment.starts_at for offer in made()]


def test_nobody_under_18_on_the_day_is_offered_a_time(cast, visit):
    child = make_patient(name="Kid Young", email="kid@example.org", born_on=date(2008, 11, 28))
    wait(cast, child)

    free(visit)

    assert made() == []


def test_somebody_without_an_address_is_left_to_the_desk(cast, visit):
    wait(cast, make_patient(name="No Mail", email=None))

    free(visit)

    assert made() == []


def test_a_time_freed_by_a_move_is_offered_and_the_new_one_is_not(cast, visit):
    wait(cast, cast.cal)

    move.by_staff(
        visit,
        cast.ana.actor_id,
        FREED + timedelta(days=3),
        shown=visit.version,
        reason="ill",
        actor=TESTER,
    )

    assert [offer.appointment.starts_at for offer in made()] == [FREED]


def test_hours_that_were_added_are_offered_within_them(cast):
    wait(cast, cast.cal)
    wait(cast, somebody("Lee Fox"))
    added = Period(FREED, FREED + timedelta(minutes=20))

    waitlist.offer_free_times({cast.ana.actor_id: added})

    first, *_more = made()
    reserved = availability.service_facts(first.entry.service).reserved(first.appointment.starts_at)
    assert reserved.overlaps(added)


def test_a_cancellation_stays_one_when_the_offer_is_refused_by_the_database(
    cast, visit, monkeypatch
):
    wait(cast, cast.cal)
    monkeypatch.setattr(
        scheduling, "hold_for", lambda *_a, **_k: (_ for _ in ()).throw(scheduling.SlotTaken)
    )

    free(visit)

    db.session.refresh(visit)
    assert visit.status == S.CANCELLED
    assert made() == []


def test_T9_with_nobody_waiting_the_list_costs_a_cancellation_one_statement(cast, visit):
    with statements() as sent:
        free(visit)

    assert len([s for s in sent if "waitlist_entry" in s or "offer" in s]) == 1


# Treatments.


@pytest.fixture
def treatment_visit(cast):
    """A treatment of Dee that will be cancelled, and an approval of Dee's."""
    make_approval(cast, cast.dee)
    return make_visit(cast.dee, cast.ana, cast.service("toxin"), at(30, 10))


def test_L2_a_treatment_is_offered_only_with_an_approval_in_force_that_day(cast, treatment_visit):
    wait(cast, cast.cal, "toxin")
    free(treatment_visit)

    assert made() == []


def test_L2_a_treatment_is_offered_on_the_approval_that_carries_it(cast, travel):
    make_approval(cast)
    visit = make_visit(cast.dee, cast.ana, cast.service("consultation"), at(30, 10))
    wait(cast, cast.cal, "toxin")

    free(visit)

    (offer,) = made()
    assert offer.appointment.approval_id == treatment.approvals_of(cast.cal.id)[0].id


def test_L2_an_approval_withdrawn_after_the_offer_closes_the_gate(cast):
    make_approval(cast)
    visit = make_visit(cast.dee, cast.ana, cast.service("consultation"), at(30, 10))
    wait(cast, cast.cal, "toxin")
    free(visit)
    approval = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(approval, cast.cal, "x", actor=staff_actor(cast.ana_user, cast.ana))

    with pytest.raises(book.GateClosed):
        offers.accept(made()[0], actor=TESTER)

    assert made()[0].appointment.status == S.PROPOSED


# Answers.


@pytest.fixture
def offered(cast, visit):
    """Cal has an open offer of the freed time."""
    wait(cast, cast.cal)
    free(visit)
    return made()[0]


def test_one_press_books_the_offered_time(cast, offered):
    booked = offers.accept(offered, actor=TESTER)

    assert (booked.status, booked.starts_at) == (S.BOOKED, FREED)
    assert state(offered.entry) == EntryState.BOOKED
    assert made()[0].state == OfferState.ACCEPTED
    assert events(Event.OFFER_ACCEPTED) == 1
    letters = db.select(Message).filter_by(kind=MessageKind.BOOKED, patient_id=cast.cal.id)
    assert len(db.session.scalars(letters).all()) == 1


def test_an_offer_is_accepted_once(offered):
    offers.accept(offered, actor=TESTER)

    with pytest.raises(services.OfferOver):
        offers.accept(offered, actor=TESTER)


def test_an_open_offer_is_busy_for_everybody_else(cast, offered):
    with pytest.raises(scheduling.SlotTaken):
        make_visit(cast.dee, cast.ana, cast.service("consultation"), FREED)


def test_a_browser_holds_a_time_of_its_own_beside_the_offer(cast, offered):
    visitor = make_visitor()
    consultation = cast.service("consultation")

    book.hold(
        consultation, cast.ana.actor_id, at(30, 11), visitor=visitor, actor=TESTER, patient=cast.cal
    )

    db.session.refresh(offered.appointment)
    assert offered.appointment.status == S.PROPOSED


def test_a_declined_time_rolls_on_through_three_and_comes_to_nobody_twice(cast, visit):
    line = [cast.cal, somebody("Lee Fox"), somebody("Kim Moss")]
    for patient in line:
        wait(cast, patient, practitioner_id=cast.ana.id)
    free(visit)

    for _answer in line:
        waitlist.decline(made()[-1], actor=TESTER)

    assert told() == [patient.email for patient in line]
    assert {offer.state for offer in made()} == {OfferState.DECLINED}
    assert [state(offer.entry) for offer in made()] == [EntryState.WAITING] * 3
    assert make_visit(cast.dee, cast.ana, cast.service("consultation"), FREED)


def test_leaving_the_list_ends_the_offer_and_its_time_goes_on(cast, visit):
    entry, after = wait(cast, cast.cal), wait(cast, somebody("Lee Fox"))
    free(visit)

    waitlist.leave(entry, actor=TESTER)

    first, second = made()
    assert (first.state, second.state) == (OfferState.WITHDRAWN, OfferState.OPEN)
    assert (second.entry_id, second.appointment.starts_at) == (after.id, FREED)
    assert state(entry) == EntryState.ENDED
    with pytest.raises(services.NotWaiting):
        waitlist.leave(entry, actor=TESTER)


def test_whoever_books_otherwise_has_found_a_time_and_the_offer_goes_on(cast, visit):
    entry, after = wait(cast, cast.cal), wait(cast, somebody("Lee Fox"))
    free(visit)

    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(30, 11))

    first, second = made()
    assert state(entry) == EntryState.BOOKED
    assert (first.state, second.entry_id) == (OfferState.WITHDRAWN, after.id)


def test_booking_something_else_leaves_wish_and_offer_alone(cast, offered):
    make_visit(cast.cal, cast.ana, cast.service("follow-up"), at(30, 11))

    assert state(offered.entry) == EntryState.WAITING
    assert made()[0].state == OfferState.OPEN


# Expiry.


def test_S74_an_offer_past_its_end_still_books_in_one_press_while_its_time_is_free(
    cast, offered, travel
):
    travel(offered.until + timedelta(minutes=1))
    waitlist.roll_on()

    booked = offers.accept(made()[0], actor=TESTER)

    assert booked.status == S.BOOKED
    assert [offer.state for offer in made()] == [OfferState.ACCEPTED]


def test_S74_an_offer_past_its_end_books_again_after_somebody_took_its_time_and_left(
    cast, offered, travel
):
    travel(offered.until + timedelta(minutes=1))
    waitlist.roll_on()
    visit = make_visit(cast.dee, cast.ana, cast.service("consultation"), FREED)
    with transaction():
        scheduling.cancel(visit, "ill", actor=TESTER)

    booked = offers.accept(made()[0], actor=TESTER)

    assert (booked.status, booked.starts_at) == (S.BOOKED, FREED)


def test_S74_an_offer_past_its_end_does_not_book_what_somebody_else_has(cast, offered, travel):
    travel(offered.until + timedelta(minutes=1))
    make_visit(cast.dee, cast.ana, cast.service("consultation"), FREED)

    with pytest.raises(scheduling.SlotTaken):
        offers.accept(made()[0], actor=TESTER)


def test_S74_an_offer_past_its_end_does_not_book_what_was_offered_to_the_next(cast, visit, travel):
    wait(cast, cast.cal, practitioner_id=cast.ana.id)
    wait(cast, somebody("Lee Fox"), practitioner_id=cast.ana.id)
    free(visit)
    travel(made()[0].until + timedelta(minutes=1))
    waitlist.roll_on()

    with pytest.raises(scheduling.SlotTaken):
        offers.accept(made()[0], actor=TESTER)

    first, second = made()
    assert (first.state, second.state) == (OfferState.EXPIRED, OfferState.OPEN)
    assert offers.accept(second, actor=TESTER).status == S.BOOKED


def test_the_worker_leaves_an_offer_alone_that_has_not_run_out(offered):
    assert waitlist.roll_on() is False

    assert made()[0].state == OfferState.OPEN


def test_the_workers_job_asks_one_statement_when_nothing_has_run_out(offered):
    with statements() as sent:
        waitlist.roll_on()

    assert len(sent) == 1


def test_S82_a_letter_about_an_offer_that_is_over_is_not_sent(app, offered):
    waitlist.decline(offered, actor=TESTER)
    letter = db.session.scalars(db.select(Message).filter_by(kind=MessageKind.OFFER)).one()

    with pytest.raises(letters.NotWanted):
        letters.write(letter)


# By hand, and the line itself.


def test_the_desk_offers_a_time_to_whom_it_likes(cast):
    wait(cast, cast.cal)
    entry = wait(cast, somebody("Lee Fox"))

    offer = offers.by_hand(entry, cast.ana.actor_id, FREED, actor=staff_actor(cast.bea))

    assert (offer.entry_id, told()) == (entry.id, ["lee@example.org"])


def test_the_desk_cannot_offer_a_second_time_while_the_first_is_open(cast, offered):
    with pytest.raises(offers.StillOffered):
        offers.by_hand(offered.entry, cast.ana.actor_id, at(30, 11), actor=TESTER)


def test_L2_the_desk_cannot_offer_a_treatment_that_nobody_approved(cast):
    entry = wait(cast, cast.cal, ServiceKind.TOXIN)

    with pytest.raises(book.GateClosed):
        offers.by_hand(entry, cast.ana.actor_id, FREED, actor=TESTER)


def test_one_waits_once_for_one_service(cast):
    wait(cast, cast.cal)

    with pytest.raises(services.WaitsAlready):
        wait(cast, cast.cal)


def test_a_wish_whose_last_day_is_over_makes_way_for_a_new_one(cast, travel):
    old = wait(cast, cast.cal, until_on=date(2026, 11, 24))
    travel(at(26, 9))

    wait(cast, cast.cal)

    assert state(old) == EntryState.ENDED
    assert [w.entry.id for w in queries.own_waits(cast.cal.id)] != [old.id]


def test_a_changed_wish_keeps_its_place_and_an_ended_one_cannot_be_changed(cast):
    entry = wait(cast, cast.cal)
    since = entry.created_at

    services.change(entry, wanted(parts=0b001), actor=TESTER)

    assert (entry.parts, entry.created_at) == (0b001, since)
    services.end(entry, EntryState.ENDED, actor=TESTER)
    with pytest.raises(services.NotWaiting):
        services.change(entry, wanted(), actor=TESTER)
