"""The code on the desk: whom it checks in, and one answer for everybody else.

Shows S13 and S15 of the security checklist; T8, P2 and P3 of the known failures.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from tests.arriving.phone import OTHER_DAY, now_of, say_at_desk, without_tokens
from tests.factories import at, make_intake, make_patient, make_visit, walk
from tests.full_record import found_in
from tests.rows import everything_stored
from tests.two_sites import make_mitte
from tests.visitor import Person

NINE, TEN = at(24, 9), at(24, 10, 20)
REFUSED = "We could not check you in here. Please speak to the front desk."


@pytest.fixture
def place(cast):
    return cast.site.public_id


@pytest.fixture
def visit(cast, travel):
    """Cal's first consultation at twenty past ten, on a form of today; it is ten."""
    make_intake(cast.cal)
    found = make_visit(cast.cal, cast.ana, cast.service("consultation"), TEN)
    travel(TEN - timedelta(minutes=20))
    return found


@pytest.mark.parametrize(
    "said", ["0555", "020 7946 0555", " cal@example.org ", "CAL@Example.org", "05-55"]
)
def test_birth_date_and_phone_or_address_check_in(visit, place, anyone, said):
    page = say_at_desk(anyone, place, said)

    assert page.heading == "Check in"
    assert page.form("Check me in").press("Check me in").heading == "You are checked in"
    assert now_of(visit).status == S.ARRIVED


@pytest.mark.parametrize("said", ["0556", "dee@example.org", "____@", "%@%"])
def test_anything_else_checks_nobody_in(visit, place, anyone, said):
    page = say_at_desk(anyone, place, said, status=422)

    assert REFUSED in page.text
    assert now_of(visit).status == S.BOOKED


@pytest.mark.parametrize("said", ["", "cal", "055", "%", "____"])
def test_what_is_neither_digits_nor_an_address_is_asked_for_again(visit, place, anyone, said):
    page = say_at_desk(anyone, place, said, status=422)

    assert "Enter the last 4 digits of your phone number, or your e-mail address" in page.text
    assert REFUSED not in page.text


def test_P3_unknown_another_day_and_too_early_are_one_answer(visit, place, cast, app, travel):
    """T8 as well: it is the site's clock that says early and today."""

    def refusal(day: date | None = None) -> str:
        page = say_at_desk(Person(app), place, "0555", day, status=422)
        assert found_in(page.html, ["Cal,", "Ortega", "10:20", "9:20"]) == []
        return without_tokens(page)

    answers = [refusal(OTHER_DAY)]
    for when in (
        TEN - timedelta(minutes=61),
        TEN - timedelta(days=1),
        TEN + timedelta(minutes=45),
        TEN + timedelta(days=1),
    ):
        travel(when)
        answers.append(refusal())
    travel(TEN)
    walk(now_of(visit), S.NOSHOW)
    answers.append(refusal())

    assert len(set(answers)) == 1


def test_the_window_opens_an_hour_before(visit, place, anyone, travel):
    travel(TEN - timedelta(minutes=59))

    assert say_at_desk(anyone, place, "0555").heading == "Check in"


def test_whoever_is_checked_in_is_told_so_and_nothing_more(visit, place, app):
    walk(now_of(visit), S.ARRIVED)

    page = say_at_desk(Person(app), place, "0555")

    assert page.heading == "You are checked in"
    assert found_in(page.html, ["Cal,", "10:20"]) == []


def test_of_two_visits_the_one_still_to_come_is_checked_in(visit, place, cast, app, travel):
    travel(NINE)
    second = make_visit(cast.cal, cast.eli, cast.service("consultation"), at(24, 11))
    travel(at(24, 10, 15))
    first = say_at_desk(Person(app), place, "0555")
    first.form("Check me in").press("Check me in")

    then = say_at_desk(Person(app), place, "0555")
    then.form("Check me in").press("Check me in")

    assert [now_of(one).status for one in (visit, second)] == [S.ARRIVED, S.ARRIVED]


def test_P2_twins_with_one_phone_go_to_the_desk_and_by_their_own_address_do_not(
    visit, place, cast, app, travel
):
    twin = make_patient(name="Cal Ortega", email="twin@example.org")
    travel(NINE)
    theirs = make_visit(twin, cast.eli, cast.service("consultation"), TEN)
    travel(TEN)
    assert REFUSED in say_at_desk(Person(app), place, "0555", status=422).text

    say_at_desk(Person(app), place, "twin@example.org").form("without").press("Check in without it")

    assert (now_of(theirs).status, now_of(visit).status) == (S.ARRIVED, S.BOOKED)


def test_a_visit_at_another_site_is_none_of_this_one(visit, place, cast, app):
    with transaction():
        site = make_mitte(cast).location

    assert REFUSED in say_at_desk(Person(app), site.public_id, "0555", status=422).text
    assert say_at_desk(Person(app), place, "0555").heading == "Check in"


def test_a_site_that_is_none_is_not_there(cast, anyone):
    anyone.get(f"/arrive/at/{'0' * 32}", status=404)


def test_S13_after_five_wrong_numbers_a_date_of_birth_rests_at_this_site(visit, place, app):
    for number in range(1000, 1005):
        say_at_desk(Person(app), place, str(number), status=422)

    assert say_at_desk(Person(app), place, "0555", status=429).heading == "Too many tries"
    say_at_desk(Person(app), place, "0556", OTHER_DAY, status=422)


def test_S13_after_five_wrong_dates_a_number_rests_at_this_site(visit, place, app):
    for day in range(1, 6):
        say_at_desk(Person(app), place, "0555", date(1991, 1, day), status=422)

    say_at_desk(Person(app), place, "0555", status=429)


def test_S13_a_network_address_has_thirty_tries_an_hour(visit, place, app):
    """Those in the waiting room share one; each counts for the site at which they stand."""
    for number in range(30):
        day = date(1980, 1, 1) + timedelta(days=number)
        say_at_desk(Person(app), place, str(1000 + number), day, status=422)

    say_at_desk(Person(app), place, "0555", status=429)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_S8_reading_the_code_changes_nothing(visit, place, anyone, method):
    before = everything_stored(besides=())

    anyone.send(method, f"/arrive/at/{place}?said=0555")

    assert everything_stored(besides=()) == before


def test_a_refusal_is_written_down_and_names_nobody(visit, place, anyone):
    say_at_desk(anyone, place, "0556", status=422)

    (row,) = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.event == Event.ARRIVAL_REFUSED)
    )
    assert (row.result, row.patient_id, row.facts) == ("refused", None, {})


def test_S15_the_desk_prints_a_code_for_each_site_from_the_base_url(cast, signed_in):
    make_mitte(cast)

    page = signed_in(cast.bea).get("/desk/check-in-code", base_url="https://localhost")

    addresses = set(re.findall(r"http\S+/arrive/at/\w+", page.text))
    sites = db.session.scalars(db.select(Appointment.location_id)).all()
    assert sites == []
    assert len(addresses) == 2
    assert {address.split("/arrive/")[0] for address in addresses} == {"http://localhost"}
    assert page.html.count("<path ") == 2


def test_the_day_leads_to_the_code(cast, signed_in):
    page = signed_in(cast.bea).get("/desk/").follow("Code for checking in by phone")

    assert page.heading == "Code for checking in by phone"
