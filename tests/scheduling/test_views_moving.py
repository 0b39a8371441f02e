"""Moving a visit on pages: by the patient in three presses, by the desk, by a physician in care."""

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.scheduling import services
from clinic.scheduling.forms import slot_of, slot_value
from clinic.scheduling.queries import practitioner_of
from clinic.scheduling.rules import AppointmentStatus as S
from tests.factories import (
    TESTER,
    at,
    make_approval,
    make_visit,
    walk,
)
from tests.full_record import CLINICAL, by_code, found_in
from tests.test_statements import asked

THURSDAY = at(26, 11)
FRIDAY = at(27, 9, 20)


@pytest.fixture
def visit(cast):
    """Cal's consultation with Ana on Thursday at eleven."""
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), THURSDAY)


@pytest.fixture
def cal(app, cast):
    return by_code(app, cast.cal)


@pytest.fixture
def bea(cast, signed_in):
    return signed_in(cast.bea)


def now(visit):
    """Where the visit stands as stored at this moment."""
    db.session.rollback()
    db.session.refresh(visit)
    return visit.status, visit.starts_at, practitioner_of(visit).name


def to(visit, practitioner, starts_at, desk=False):
    """The address of the page that asks."""
    base = f"/moves/{visit.public_id}" if desk else f"/visits/{visit.public_id}/move"
    return f"{base}/to?slot={slot_value(practitioner.actor_id, starts_at)}"


def times_of(page):
    """The times that lead to the page that asks."""
    return [value for form in page.forms() for _w, name, value in form.buttons if name == "slot"]


def ask(page, slot):
    form = next(f for f in page.forms() if any(b[1] == "slot" for b in f.buttons))
    form.buttons = []
    return form.set(slot=slot).press()


# The patient.


def test_a_patient_moves_their_visit_in_three_presses(cast, cal, visit):
    times = cal.get("/visits").follow("Change the time Thu 26 November, 11:00 am")
    asked = ask(times, slot_value(cast.eli.actor_id, FRIDAY))
    done = asked.form("Move the visit").press()

    assert asked.heading == (
        "Move your visit from Thu 26 November, 11:00 am to Fri 27 November, 9:20 am?"
    )
    assert now(visit) == (S.BOOKED, FRIDAY, "Dr Eli Stone")
    assert done.heading == "Booked: Fri 27 November, 9:20 am"
    assert "The visit is moved." in done.text


def test_asking_changes_nothing_and_holds_nothing(cast, cal, visit):
    page = cal.get(to(visit, cast.ana, FRIDAY))

    assert "Your visit after that" in page.text
    assert now(visit) == (S.BOOKED, THURSDAY, "Dr Ana Silva")
    assert make_visit(cast.dee, cast.ana, cast.service("consultation"), FRIDAY).status == S.BOOKED


def test_the_visit_itself_is_not_in_its_way_and_its_own_time_is_no_other(cast, cal, visit):
    page = cal.get(f"/visits/{visit.public_id}/move?day=2026-11-26&who={cast.ana.public_id}")
    shown = times_of(page)

    assert slot_value(cast.ana.actor_id, at(26, 11, 20)) in shown
    assert slot_value(cast.ana.actor_id, THURSDAY) not in shown


def test_a_move_to_the_own_time_says_that_it_is_there_already(cast, cal, visit):
    page = cal.get(to(visit, cast.ana, THURSDAY), status=409)

    assert "The visit is at that time already" in page.text
    assert len(times_of(page)) >= 3


def test_after_a_refusal_the_page_still_lists_the_times_of_one_physician(cast, cal, visit):
    page = cal.get(to(visit, cast.ana, THURSDAY), status=409)
    by_physician = next(f for f in page.forms() if any(b[0] == "Update times" for b in f.buttons))

    of_eli = by_physician.put("who", cast.eli.public_id).press()

    assert {slot_of(value)[0] for value in times_of(of_eli)} == {cast.eli.actor_id}


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_of_times_asks_as_many_statements_however_many_visits_there_are(
    cast, bea, visit, count
):
    for number in range(count):
        hour, third = divmod(number, 3)
        make_visit(cast.dee, cast.ana, cast.service("follow-up"), at(27, 9 + hour, third * 20))

    assert len(asked(bea, f"/moves/{visit.public_id}")) == 5


def test_the_page_of_a_treatment_lists_times_inside_its_approval_only(cast, cal):
    make_approval(cast, valid_until="2026-11-27")
    treated = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    address = f"/visits/{treated.public_id}/move"

    inside = cal.get(f"{address}?day=2026-11-27")
    after = cal.get(f"{address}?day=2026-11-28")

    assert times_of(inside)
    assert times_of(after) == []


def test_a_time_outside_the_approval_is_refused_with_the_reason(cast, cal):
    make_approval(cast, valid_until="2026-11-27")
    treated = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    form = cal.get(to(treated, cast.ana, at(27, 10))).form("Move the visit")

    page = form.set(slot=slot_value(cast.ana.actor_id, at(1, 10, month=12))).press(status=409)

    assert "The approval is not in force on that day." in page.text
    assert now(treated)[1] == at(26, 10)
    refused = db.select(AuditEvent).where(AuditEvent.event == Event.BOOKING_REFUSED)
    assert len(db.session.scalars(refused).all()) == 1


def test_C1_a_time_taken_while_the_page_asked_stays_with_whoever_has_it(cast, cal, visit):
    form = cal.get(to(visit, cast.ana, FRIDAY)).form("Move the visit")
    make_visit(cast.dee, cast.ana, cast.service("consultation"), FRIDAY)

    page = form.press(status=409)

    assert "Someone has just taken that time" in page.text
    near = page.forms()[0]
    assert len([b for b in near.buttons if b[1] == "slot"]) == 3
    assert now(visit)[1] == THURSDAY


def test_inside_the_notice_the_pages_say_whom_to_call(cast, cal, visit, travel):
    form = cal.get(to(visit, cast.ana, FRIDAY)).form("Move the visit")
    travel(at(25, 11, 1))
    cal = by_code(cal.app, cast.cal)

    times = cal.get(f"/visits/{visit.public_id}/move")
    asked = cal.get(to(visit, cast.ana, FRIDAY))
    form.person = cal
    token = dict(cal.get("/visits").forms()[0].fields)["csrf_token"]
    pressed = form.set(csrf_token=token).press(status=409)

    for page in (times, asked, pressed):
        assert page.heading == "Too late to move it here"
        assert "020 7946 0123" in page.text
    assert "Change the time" not in " ".join(cal.get("/visits").links())
    assert now(visit)[1] == THURSDAY


def test_L7_a_cancelled_visit_does_not_move_and_leads_to_booking_again(cast, cal, visit):
    form = cal.get(to(visit, cast.ana, FRIDAY)).form("Move the visit")
    services.cancel(visit, "clinic", actor=TESTER)

    pages = [
        form.press(status=410),
        cal.get(f"/visits/{visit.public_id}/move", status=410),
        cal.get(to(visit, cast.ana, FRIDAY), status=410),
    ]

    assert {page.heading for page in pages} == {"This visit can’t be changed any more"}
    assert pages[0].follow("Book again").heading == "Choose a time for your consultation"
    assert now(visit)[0] == S.CANCELLED


def test_L7_a_treatment_that_is_over_leads_to_booking_the_same_again(cast, cal, travel):
    make_approval(cast)
    treated = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    services.cancel(treated, "clinic", actor=TESTER)

    page = cal.get(f"/visits/{treated.public_id}/move", status=410)

    assert page.follow("Book again").heading == "Choose a time: Botox treatment"


def test_S75_a_page_that_shows_an_older_time_is_told_the_newer_one(cast, cal, visit):
    form = cal.get(to(visit, cast.ana, FRIDAY)).form("Move the visit")
    services.move(visit, cast.eli.actor_id, at(30, 10), shown=visit.version, actor=TESTER)

    page = form.press(status=409)

    assert "This visit was moved meanwhile. Here is when it is now." in page.text
    assert "Mon 30 November, 10:00 am" in page.text
    assert now(visit)[1] == at(30, 10)


def test_P1_somebody_elses_visit_does_not_move(app, cast, visit):
    dee = by_code(app, cast.dee)

    dee.get(f"/visits/{visit.public_id}/move", status=404)
    dee.get(to(visit, cast.ana, FRIDAY), status=404)
    page = dee.get("/visits")
    token = dict(page.forms()[0].fields)["csrf_token"]
    dee.post(f"/visits/{visit.public_id}/move/to", [("csrf_token", token)], status=404)

    assert now(visit)[1] == THURSDAY


@pytest.mark.parametrize("shown", [None, "", "-1", "x"])
def test_a_page_without_the_version_that_it_showed_is_asked_again(cast, cal, visit, shown):
    form = cal.get(to(visit, cast.ana, FRIDAY)).form("Move the visit")

    page = form.set(shown=shown).press(status=422)

    assert "Reload it and press again." in page.text
    assert now(visit)[1] == THURSDAY


# Staff.


def test_the_desk_moves_a_visit_with_a_reason(cast, bea, visit):
    times = bea.get(f"/desk/visits/{visit.public_id}").follow("Choose another time")
    asked = ask(times, slot_value(cast.eli.actor_id, FRIDAY))
    done = asked.form("Move the visit").set(reason="clinic").press()

    assert now(visit) == (S.BOOKED, FRIDAY, "Dr Eli Stone")
    assert (done.heading, "The visit is moved." in done.text) == ("Cal Ortega", True)


def test_the_desk_moves_inside_the_notice_of_patients(cast, bea, visit, at_work):
    at_work(at(26, 8))
    form = bea.get(to(visit, cast.ana, FRIDAY, desk=True)).form("Move the visit")

    form.set(reason="patient-asked").press()

    assert now(visit)[1] == FRIDAY


def test_without_a_reason_the_desk_is_asked_for_one_once(cast, bea, visit):
    form = bea.get(to(visit, cast.ana, FRIDAY, desk=True)).form("Move the visit")

    page = form.press(status=422)

    assert page.text.count("Choose a reason") == 2  # in the summary, and beside the field
    assert "Not a valid choice" not in page.text
    assert page.form("Move the visit").set(reason="ill").press().heading == "Cal Ortega"


def test_the_desk_reads_nothing_clinical_on_the_way(cast, bea):
    make_approval(cast)
    treated = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(27, 10))

    times = bea.get(f"/moves/{treated.public_id}")
    asked = bea.get(to(treated, cast.ana, at(27, 11, 30), desk=True))
    refused = bea.get(to(treated, cast.ana, at(24, 14), desk=True), status=409)

    assert "Too soon" in refused.text
    shown = times.html + asked.html + refused.html
    assert found_in(shown, [*CLINICAL, "units", "approval"]) == []


def test_a_physician_moves_a_visit_of_a_patient_in_their_care_from_the_record(
    cast, signed_in, visit
):
    ana = signed_in(cast.ana_user)

    times = ana.get(f"/records/{cast.cal.public_id}").follow("Move Thu 26 November, 11:00 am")
    asked = ask(times, slot_value(cast.ana.actor_id, FRIDAY))
    done = asked.form("Move the visit").set(reason="clinic").press()

    assert now(visit)[1] == FRIDAY
    assert done.path.startswith("/records/")


def test_P5_a_physician_who_does_not_care_for_the_patient_does_not_move_the_visit(
    cast, signed_in, visit
):
    eli = signed_in(cast.eli_user)

    eli.get(f"/moves/{visit.public_id}", status=404)

    assert "Move" not in " ".join(eli.get("/my-day").links())


@pytest.mark.parametrize("path", [(S.ARRIVED,), (S.NOSHOW,), (S.CANCELLED,)])
def test_L7_staff_are_told_that_what_began_or_is_over_does_not_move(
    cast, bea, visit, at_work, path
):
    at_work(at(26, 11))
    walk(visit, *path)

    page = bea.get(f"/moves/{visit.public_id}", status=410)

    assert page.heading == "This visit can’t be changed any more"
    assert page.follow("Back to the visit").heading == "Cal Ortega"
    assert ("Book again" in page.links()) == (path != (S.ARRIVED,))
