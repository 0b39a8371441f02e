"""One visit at the desk: through the day, back again, cancelled with a reason, stale pages."""

import pytest

from clinic.database import db
from clinic.journey import withdraw
from clinic.journey.cancel import DESK_REASONS
from clinic.notices.models import Message
from clinic.scheduling import services as scheduling
from clinic.scheduling.forms import slot_value
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import queries as treatment
from tests.factories import TESTER, at, make_approval, make_patient, make_visit, walk
from tests.full_record import CLINICAL, found_in
from tests.keyed import ready
from tests.scheduling.times_page import offered

WORDS = {"booked": "Booked", "arrived": "Arrived", "in-room": "In room", "noshow": "No show"}


@pytest.fixture
def visit(cast):
    """Cal's consultation with Ana at eleven."""
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))


@pytest.fixture
def treated(cast):
    """Cal's treatment on Thursday at ten, booked on an approval."""
    make_approval(cast)
    return make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))


@pytest.fixture
def page(bea):
    return lambda visit: bea.get(f"/desk/visits/{visit.public_id}")


def buttons(page):
    return [b[0] for f in page.forms() if f.action.endswith("/status") for b in f.buttons]


def state(visit):
    db.session.rollback()
    db.session.refresh(visit)
    return visit.status


def mails():
    db.session.rollback()
    return db.session.scalars(db.select(Message.kind).order_by(Message.id)).all()


def test_the_page_says_when_what_with_whom_and_where(page, visit):
    text = page(visit).text

    assert "WhenTue 24 November, 11:00 am" in text
    assert "ServiceConsultation" in text
    assert "PhysicianDr Ana Silva" in text
    assert "RoomRoom 1" in text


# Through the day and back.


@pytest.mark.parametrize(
    ("path", "button", "after"),
    [
        ((), "Mark arrived", S.ARRIVED),
        ((), "No show", S.NOSHOW),
        ((S.ARRIVED,), "To the room", S.IN_ROOM),
        ((S.ARRIVED,), "Back to booked", S.BOOKED),
        ((S.ARRIVED, S.IN_ROOM), "Mark arrived", S.ARRIVED),
        ((S.NOSHOW,), "Mark arrived", S.ARRIVED),
        ((S.NOSHOW,), "Back to booked", S.BOOKED),
    ],
)
def test_each_button_moves_the_visit_and_the_day_shows_it(
    page, visit, at_work, path, button, after
):
    at_work(at(24, 11, 5))
    walk(visit, *path)

    day = page(visit).form(button).press()

    assert state(visit) == after
    assert day.path.startswith("/desk/?day=2026-11-24")
    assert WORDS[after] in day.text


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        ((), ["Mark arrived", "No show"]),
        ((S.ARRIVED,), ["To the room", "Back to booked"]),
        ((S.ARRIVED, S.IN_ROOM), ["Mark arrived"]),
        ((S.ARRIVED, S.IN_ROOM, S.FULFILLED), []),
    ],
)
def test_only_the_steps_of_its_state_are_offered(cast, page, at_work, path, offered):
    follow_up = make_visit(cast.cal, cast.ana, cast.service("follow-up"), at(24, 11))
    at_work(at(24, 11))
    walk(follow_up, *path)

    assert buttons(page(follow_up)) == offered


def test_a_missed_visit_comes_back_on_its_own_day_only(page, visit, at_work):
    at_work(at(24, 11, 20))
    walk(visit, S.NOSHOW)

    today = buttons(page(visit))
    at_work(at(25, 9))
    tomorrow = buttons(page(visit))

    assert (today, tomorrow) == (["Mark arrived", "Back to booked"], [])


def test_a_consultation_in_the_room_says_that_the_signature_ends_it(page, visit):
    walk(visit, S.ARRIVED, S.IN_ROOM)

    assert "The physician’s signature ends a consultation." in page(visit).text


@pytest.mark.parametrize(
    "step",
    [
        "booked/fulfilled/1",
        "booked/nowhere/1",
        "booked/arrived",
        "booked/arrived/-1",
        "booked/arrived/1 2",
        "booked/arrived/1\n",
        "booked/arrived/1234567890",
        "booked/arrived/١",
        "",
        None,
    ],
)
def test_a_step_that_no_button_offers_is_refused(page, visit, step):
    form = ready(page(visit).form("Mark arrived")).put("step", step)

    again = form.press(status=422)

    assert "That button is out of date" in again.text
    assert state(visit) == S.BOOKED


def test_a_button_of_a_stale_page_changes_nothing_and_shows_the_visit_as_it_is(page, visit):
    stale = page(visit).form("No show")
    walk(visit, S.ARRIVED)

    again = stale.press(status=409)

    assert "Somebody else changed this visit" in again.text
    assert buttons(again) == ["To the room", "Back to booked"]
    assert state(visit) == S.ARRIVED


def test_a_step_pressed_twice_is_one_step(page, visit):
    form = page(visit).form("Mark arrived")

    form.press()
    form.press()

    assert state(visit) == S.ARRIVED


# A treatment at the door.


def test_the_desk_reads_until_when_what_is_approved_and_never_what_for(page, treated):
    shown = page(treated)

    assert "Approved until24 May 2027, Botox" in shown.text
    assert found_in(shown.html, [*CLINICAL, "units", "Levator", "lids"]) == []


def test_a_treatment_that_nothing_carries_stops_at_the_door_with_the_desks_word(
    cast, page, treated, at_work
):
    at_work(at(26, 9, 55))
    form = page(treated).form("Mark arrived")
    approval = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(approval, cast.cal, "Flimmerance found.", actor=TESTER)

    again = form.press(status=409)

    assert "This visit can’t go on" in again.text
    assert "Needs physician" in again.text
    assert "limmerance" not in again.html
    assert "withdrawn" not in again.html
    assert state(treated) == S.BOOKED


# Cancelled with a reason.


@pytest.mark.parametrize("path", [(), (S.ARRIVED,)])
@pytest.mark.parametrize("reason", DESK_REASONS)
def test_the_desk_cancels_with_a_reason_and_the_patient_is_told(page, visit, reason, path):
    walk(visit, *path)

    after = page(visit).form("Cancel the visit").set(reason=reason).press()

    db.session.refresh(visit)
    assert (visit.status, visit.cancel_reason) == (S.CANCELLED, reason)
    assert "Cancelled. The time is free again." in after.text
    assert mails() == ["booked", "cancelled"]


def test_cancelling_needs_a_reason_and_says_so(page, visit):
    again = page(visit).form("Cancel the visit").press(status=422)

    assert "Choose a reason" in again.text
    assert state(visit) == S.BOOKED


@pytest.mark.parametrize("typed", ["because", "patient", ""])
def test_a_reason_that_is_none_of_the_list_is_not_taken(page, visit, typed):
    page(visit).form("Cancel the visit").set(reason=typed).press(status=422)

    assert state(visit) == S.BOOKED


def test_a_cancelled_visit_shows_when_why_and_how_to_book_again(page, visit):
    scheduling.cancel(visit, "ill", actor=TESTER)

    shown = page(visit)

    assert "CancelledTue 24 November, 9:00 am, patient ill" in shown.text
    assert buttons(shown) == []
    assert shown.follow("Book again").heading == "Book for Cal Ortega"


def test_cancelling_from_a_stale_page_says_that_it_was_changed(page, visit):
    stale = page(visit).form("Cancel the visit").set(reason="ill")
    scheduling.cancel(visit, "patient", actor=TESTER)

    again = stale.press(status=409)

    assert "Somebody else changed this visit" in again.text
    db.session.refresh(visit)
    assert visit.cancel_reason == "patient"


@pytest.mark.parametrize("path", [(S.ARRIVED, S.IN_ROOM), (S.NOSHOW,)])
def test_somebody_in_the_room_or_missed_is_not_offered_to_cancel(page, visit, at_work, path):
    at_work(at(24, 11, 5))
    walk(visit, *path)

    assert "Cancel this visit" not in page(visit).text


def test_L5_the_time_of_a_cancelled_visit_is_offered_again(cast, bea, page, visit):
    address = f"/patients/{cast.dee.public_id}/book/{cast.service('consultation').public_id}"
    who = f"{address}?who={cast.ana.public_id}&day=2026-11-24"
    eleven = slot_value(cast.ana.actor_id, visit.starts_at)
    before = offered(bea.get(who))

    page(visit).form("Cancel the visit").set(reason="clinic").press()

    assert eleven not in before
    assert eleven in offered(bea.get(who))


def test_cancelling_for_somebody_without_an_address_sends_nothing(cast, page):
    visit = make_visit(make_patient(email=None), cast.ana, cast.service("consultation"), at(24, 11))

    page(visit).form("Cancel the visit").set(reason="patient-asked").press()

    assert (state(visit), mails()) == (S.CANCELLED, [])
