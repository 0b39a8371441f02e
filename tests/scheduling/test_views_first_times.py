"""Booking at the phone with one press, a walk-in, and what is said when that can’t be."""

import pytest

from clinic.database import db, transaction
from clinic.journey import withdraw
from clinic.notices.models import Message
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import queries as treatment
from tests.factories import TESTER, at, make_approval, make_patient, make_visit
from tests.scheduling.times_page import for_patient, offered, press
from tests.two_sites import make_mitte


@pytest.fixture
def bea(cast, signed_in):
    return signed_in(cast.bea)


def first(patient, service):
    return f"{for_patient(patient, service)}/first"


def starts(page):
    return [value.partition(".")[2] for value in offered(page) if "." in value]


def newest():
    db.session.rollback()
    return db.session.scalars(db.select(Appointment).order_by(Appointment.id.desc())).first()


def count():
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count(Appointment.id)))


def first_times_of(page):
    """The values of the first times alone, without now."""
    forms = [form for form in page.forms() if form.action.partition("?")[0].endswith("/first")]
    return [value for form in forms for _words, _name, value in form.buttons]


def test_the_first_times_are_three_of_today_and_three_of_tomorrow(cast, bea):
    page = bea.get(first(cast.cal, cast.service("consultation")))

    assert [value.partition(".")[2] for value in first_times_of(page)] == [
        "20261124T1020", "20261124T1040", "20261124T1100",
        "20261125T0900", "20261125T0920", "20261125T0940",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "first_start"),
    [("morning", "20261124T1020"), ("afternoon", "20261124T1200"), ("nonsense", "20261124T1020")],
)
def test_one_part_of_the_day_can_be_asked_for(cast, bea, part, first_start):
    page = bea.get(f"{first(cast.cal, cast.service('consultation'))}?part={part}")

    assert first_times_of(page)[0].endswith(first_start)


def test_one_press_books_and_says_what_to_tell_the_patient(cast, bea):
    page = bea.get(first(cast.cal, cast.service("consultation")))

    done = press(page, first_times_of(page)[1])

    visit = newest()
    assert (visit.status, visit.starts_at, visit.patient_id) == (
        S.BOOKED,
        at(24, 10, 40),
        cast.cal.id,
    )
    assert done.heading == "Booked: Tue 24 November, 10:40 am"
    assert "An e-mail with all this goes to cal@example.org." in done.text
    assert "Please answer the form before the visit" in done.text
    assert done.follow("Open the visit").heading == "Cal Ortega"


def test_pressed_twice_it_is_one_visit(cast, bea):
    page = bea.get(first(cast.cal, cast.service("consultation")))
    slot = first_times_of(page)[0]

    one, two = press(page, slot), press(page, slot)

    assert (one.path, count()) == (two.path, 1)
    assert len(db.session.scalars(db.select(Message)).all()) == 1


def test_a_time_that_somebody_took_meanwhile_is_said_and_the_next_are_there(cast, bea):
    service = cast.service("consultation")
    page = bea.get(first(cast.cal, service))
    slot = first_times_of(page)[0]
    for physician, patient in ((cast.ana, cast.dee), (cast.eli, make_patient())):
        make_visit(patient, physician, service, at(24, 10, 20))

    again = press(page, slot, status=409)

    assert "Someone has just taken that time" in again.text
    assert slot not in first_times_of(again)
    assert count() == 2


def test_a_treatment_that_nobody_approved_lists_nothing_and_says_it_in_the_desks_words(cast, bea):
    page = bea.get(first(cast.cal, cast.service("toxin")))

    assert starts(page) == []
    assert "Needs consultation" in page.text and "Needs physician" in page.text
    assert page.follow("Book something else").heading == "Book for Cal Ortega"


def test_a_treatment_whose_approval_ends_before_the_press_is_refused(cast, bea):
    make_approval(cast)
    page = bea.get(first(cast.cal, cast.service("toxin")))
    approval = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(approval, cast.cal, "Flimmerance found.", actor=TESTER)
    before = count()

    again = press(page, first_times_of(page)[0], status=409)

    assert "Needs physician" in again.text and "limmerance" not in again.html
    assert count() == before


def test_the_first_times_of_a_treatment_are_those_its_approval_carries(cast, bea):
    make_approval(cast)

    page = bea.get(first(cast.cal, cast.service("toxin")))

    done = press(page, first_times_of(page)[0])
    assert done.heading.startswith("Booked: Wed 25 November")


def test_waiting_list_another_day_and_squeezing_in_are_reached_from_the_same_place(cast, bea):
    service = cast.service("consultation")
    page = bea.get(first(cast.cal, service))

    waiting = page.follow("Put on the waiting list")
    squeeze = page.follow("Squeeze in, with a reason")

    assert f"service={service.public_id}" in waiting.path
    assert squeeze.heading == "Why no time?"
    assert page.follow("Another day or physician").heading == "Consultation for Cal Ortega"


def test_the_times_of_all_sites_are_in_one_order_and_each_books_at_its_own(cast, bea):
    address = first(cast.cal, cast.service("consultation"))
    mitte = make_mitte(cast)
    page = bea.get(f"{address}?part=afternoon")
    at_mitte = [f for f in page.forms() if mitte.public_id in f.action and f.buttons]

    done = at_mitte[0].press("Consultation in Mitte")

    assert first_times_of(page) == sorted(
        first_times_of(page), key=lambda value: value.partition(".")[2]
    )
    assert "Mitte, Berlin time" in at_mitte[0].buttons[0][0]
    assert newest().service_id == mitte.id
    assert "5 Lindenhof, Berlin" in done.text


# A walk-in.


def test_somebody_who_walks_in_is_booked_and_arrived_with_one_press(cast, bea, at_work):
    at_work(at(24, 10, 3))
    page = bea.get(first(cast.cal, cast.service("consultation")))

    done = page.form("Now: 10:05 am").press("Now: 10:05 am")

    assert (newest().status, newest().starts_at) == (S.ARRIVED, at(24, 10, 5))
    assert done.heading == "Here now: 10:05 am"
    assert db.session.scalars(db.select(Message)).all() == []
    assert "Walk-in" in done.follow("Open the visit").text


def test_a_page_that_is_ten_minutes_old_offers_the_now_of_now(cast, bea, at_work):
    at_work(at(24, 10, 3))
    page = bea.get(first(cast.cal, cast.service("consultation")))
    at_work(at(24, 10, 13))

    again = page.form("Now: 10:05 am").press("Now: 10:05 am", status=409)

    assert "Now: 10:15 am" in again.text
    assert count() == 0


def test_before_the_doors_open_nobody_is_free_now(cast, bea, at_work):
    at_work(at(24, 7, 30))

    page = bea.get(first(cast.cal, cast.service("consultation")))

    assert "Nobody is free within 15 minutes." in page.text


def test_a_physician_books_the_first_times_and_marks_nobody_arrived(cast, signed_in):
    make_approval(cast)
    ana = signed_in(cast.ana_user)
    page = ana.get(first(cast.cal, cast.service("toxin")))

    assert "Here now?" not in page.text
    assert press(page, first_times_of(page)[0]).follow("Open the visit").heading == "Cal Ortega"


def test_a_retired_service_is_said_to_be(cast, bea):
    service = cast.service("follow-up")
    with transaction():
        service.active = False

    bea.get(first(cast.cal, service), status=410)
