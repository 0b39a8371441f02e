"""Times that no page offers, sent all the same: refused with the reason and the nearest ones."""

import pytest

from clinic.database import db, transaction
from clinic.intake import queries as intakes
from clinic.scheduling.forms import slot_of, slot_value
from clinic.scheduling.models import Appointment
from tests.factories import at, make_account, make_approval, make_intake, make_visit
from tests.newcomer import at_the_last_page
from tests.scheduling.times_page import booked, for_patient, offered, own, press
from tests.visitor import words as words_of

FIRST = "/book/consultation"
TAKEN, NOT_OFFERED = "Someone has just taken that time", "We don’t offer that time"


@pytest.fixture
def visit(cast):
    """Cal's consultation with Ana on Thursday at eleven; and another with Eli at three."""
    make_intake(cast.cal)
    make_visit(cast.cal, cast.eli, cast.service("consultation"), at(26, 15))
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(26, 11))


@pytest.fixture
def send(cast, signed_in, visit):
    """Send a time to every page of times; what each answers, by name."""
    cal, bea = signed_in(make_account(cast.cal)), signed_in(cast.bea)
    desk = for_patient(cast.cal, visit.service)
    by_patient, by_desk = f"/visits/{visit.public_id}/move/to", f"/moves/{visit.public_id}/to"

    def booking(person, address, slot, status):
        return press(person.get(address), slot, status=status)

    def moving(person, address, slot, status):
        free = slot_value(cast.ana.actor_id, at(30, 9))
        form = person.get(f"{address}?slot={free}").form("Move the visit")
        return form.set(slot=slot, reason="other").press(status=status)

    def to_all(slot, status=409):
        return {
            "first": booking(cal, FIRST, slot, status),
            "desk": booking(bea, desk, slot, status),
            "moved": moving(cal, by_patient, slot, status),
            "moved by desk": moving(bea, by_desk, slot, status),
        }

    return to_all


def said(page):
    """What the page says first, and how many times it offers to press there."""
    summary = page.root.find(".//*[@role='alert']")
    heading = words_of(summary.find("./{*}h2"))
    near = [b for b in summary.iter() if b.get("name") == "slot"]
    return heading, len(near)


def nothing_moved(visit):
    db.session.rollback()
    db.session.refresh(visit)
    count = db.session.scalar(db.select(db.func.count()).select_from(Appointment))
    return visit.starts_at == at(26, 11) and visit.version == 1 and count


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(23, 11), "That time is in the past"),
        (at(1, 11, month=1, year=2020), "That time is in the past"),
        (at(24, 9, 40), "We need 1 hour’s notice"),
        (at(24, 11, month=2, year=2027), "We book 60 days ahead at most"),
        (at(24, 11, year=2199), "We book 60 days ahead at most"),
        (at(26, 9, 10), NOT_OFFERED),  # off the grid
        (at(26, 8), NOT_OFFERED),  # before the hours
        (at(26, 16, 40), NOT_OFFERED),  # its buffer ends after them
    ],
)
def test_L12_a_time_that_is_none_is_refused_by_every_page_with_the_reason(
    cast, send, visit, moment, words
):
    answers = send(slot_value(cast.ana.actor_id, moment))

    assert {name: said(page) for name, page in answers.items()} == dict.fromkeys(
        answers, (words, 3)
    )
    assert nothing_moved(visit) == 2


def test_the_three_times_beside_a_refusal_are_real_and_the_nearest(cast, send):
    page = send(slot_value(cast.ana.actor_id, at(26, 9, 10)))["first"]

    near = [slot_of(value)[1] for value in offered(page)[:3]]

    assert near == [at(26, 9), at(26, 9, 20), at(26, 9, 40)]


def test_L2_a_time_inside_the_buffer_of_somebody_elses_visit_counts_as_taken(cast, send, visit):
    make_approval(cast, cast.dee)
    make_visit(cast.dee, cast.ana, cast.service("toxin"), at(27, 10, 30))  # until 11:10 with buffer

    answers = send(slot_value(cast.ana.actor_id, at(27, 11)))

    assert {said(page) for page in answers.values()} == {(TAKEN, 3)}
    assert "Dee" not in answers["first"].text + answers["moved"].text


def test_C7_a_time_of_the_patients_own_other_visit_says_so(cast, send):
    answers = send(slot_value(cast.ana.actor_id, at(26, 15)))

    mine = ("You have another visit at that time", 3)
    theirs = ("The patient has another visit at that time", 3)
    assert [said(page) for page in answers.values()] == [mine, theirs, mine, theirs]


def test_a_physician_who_is_none_is_refused_by_every_page(cast, send):
    answers = send(slot_value(987654, at(26, 10)))

    assert {said(page) for page in answers.values()} == {(NOT_OFFERED, 3)}


@pytest.mark.parametrize(
    "slot", ["x", "1", ".", "1.20261126", "0.20261126T1000", f"{10**30}.20261126T1000"]
)
def test_what_is_no_time_at_all_is_refused_by_every_page_which_shows_its_times(send, slot):
    answers = send(slot, status=422)

    for page in answers.values():
        assert "Choose one of the times on this page" in page.text
        assert len([b for f in page.forms() for b in f.buttons if b[1] == "slot"]) >= 3


@pytest.mark.parametrize("slot", ["1.00010101T0000", "1.99991231T2359"])
def test_a_time_outside_every_calendar_is_no_time(send, slot):
    assert set(send(slot, status=422)) == {"first", "desk", "moved", "moved by desk"}


# Behind the gate.


def test_a_treatment_off_the_grid_or_taken_is_refused_with_the_three_nearest(cast, signed_in):
    make_approval(cast)
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(27, 10, 20))
    page = signed_in(make_account(cast.cal)).get(own(cast.service("toxin")))

    off = press(page, slot_value(cast.ana.actor_id, at(26, 10, 10)), status=409)
    taken = press(page, slot_value(cast.ana.actor_id, at(27, 10, 30)), status=409)

    assert (said(off), said(taken)) == ((NOT_OFFERED, 3), (TAKEN, 3))
    assert booked() == []


# A service that is none, or no longer.


def retire(cast, kind):
    with transaction():
        cast.service(kind).active = False


@pytest.mark.parametrize("service", ["0" * 32, "nothing"])
def test_a_service_nobody_knows_has_no_page(cast, signed_in, service):
    signed_in(make_account(cast.cal)).get(f"/book/{service}", status=404)
    signed_in(cast.bea).get(f"/patients/{cast.cal.public_id}/book/{service}", status=404)


def test_a_service_retired_while_its_times_were_shown_is_refused_and_says_so(cast, signed_in):
    make_approval(cast)
    toxin, slot = cast.service("toxin"), slot_value(cast.ana.actor_id, at(27, 10))
    cal, bea = signed_in(make_account(cast.cal)), signed_in(cast.bea)
    pages = [cal.get(own(toxin)), bea.get(for_patient(cast.cal, toxin))]
    retire(cast, "toxin")

    answers = [press(page, slot, status=410) for page in pages]

    assert {page.heading for page in answers} == {"We no longer offer this"}
    assert answers[0].follow("Book a consultation").heading == "Choose a time for your consultation"
    assert answers[1].follow("Book something else").heading == "Book for Cal Ortega"
    assert booked() == []


def test_a_held_time_of_a_service_retired_meanwhile_is_not_booked(cast, signed_in):
    make_approval(cast)
    toxin, bea = cast.service("toxin"), signed_in(cast.bea)
    address = for_patient(cast.cal, toxin)
    slot = slot_value(cast.ana.actor_id, at(27, 10))
    form = press(bea.get(address), slot).form("Book this time")
    retire(cast, "toxin")

    page = form.press(status=410)

    assert page.heading == "We no longer offer this"
    db.session.rollback()
    assert [state for _kind, state, _approved in booked()] == ["cancelled"]


def test_a_visit_moves_though_its_service_was_retired_meanwhile(cast, signed_in):
    make_approval(cast)
    treated = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    retire(cast, "toxin")
    cal = signed_in(make_account(cast.cal))

    slot = slot_value(cast.ana.actor_id, at(27, 10, 30))
    cal.get(f"/visits/{treated.public_id}/move/to?slot={slot}").form("Move the visit").press()

    db.session.refresh(treated)
    assert treated.starts_at == at(27, 10, 30)


def test_L12_the_answers_of_a_newcomer_stay_when_a_past_time_is_refused(cast, app):
    person = at_the_last_page(cast, app)
    draft = intakes.draft_of_visitor(db.session.scalars(db.select(Appointment.held_by_id)).one())
    kept = draft.document

    page = press(person.get(FIRST), slot_value(cast.ana.actor_id, at(24, 8)), status=409)

    db.session.refresh(draft)
    assert said(page) == ("That time is in the past", 3)
    assert draft.document == kept
    assert person.get("/book/check").heading == "Check and send"
