"""Staff ask why a visit can't move to a time, and move it there all the same with a reason."""

from datetime import date

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.scheduling import services
from clinic.scheduling.forms import slot_value
from clinic.scheduling.models import Absence
from clinic.scheduling.queries import practitioner_of
from clinic.scheduling.rules import AbsenceKind
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import services as treatment
from clinic.treatment.models import Approval
from tests.factories import TESTER, at, make_approval, make_visit, walk
from tests.full_record import CLINICAL, by_code, found_in

REASON = "Comes from far away and asked for it."
THURSDAY = at(26, 11)
EVENING = at(25, 19, 40)


@pytest.fixture
def visit(cast):
    """Cal's consultation with Ana on Thursday at eleven."""
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), THURSDAY)


@pytest.fixture
def bea(cast, signed_in):
    return signed_in(cast.bea)


@pytest.fixture
def ask(cast, bea):
    """Bea asks why a visit can't move to a time with Ana."""

    def asked(visit, day="2026-11-25", at="19:40", *, who=None, status=200, **more):
        query = {"practitioner": cast.ana.public_id, "day": day, "at": at, **more}
        pairs = "&".join(f"{name}={value}" for name, value in query.items())
        return (who or bea).get(f"/moves/{visit.public_id}/why-not?{pairs}", status=status)

    return asked


def press(page, *, reason=REASON, asked_by="patient-asked", status=200):
    form = page.form("reason").set(reason=reason)
    if asked_by:
        form.set(asked_by=asked_by)
    return form.press("Move all the same", status=status)


def now(visit):
    db.session.rollback()
    db.session.refresh(visit)
    return visit.status, visit.starts_at, practitioner_of(visit).name


def test_from_the_page_of_times_to_an_evening_in_three_presses(cast, bea, visit):
    times = bea.get(f"/desk/visits/{visit.public_id}").follow("Choose another time")
    form = next(form for form in times.forms() if form.action.endswith("/why-not"))
    why = form.set(practitioner=cast.eli.public_id, day="2026-11-25", at="19:40").press()
    done = press(why)

    assert "does not work then" in why.text
    assert now(visit) == (S.BOOKED, EVENING, "Dr Eli Stone")
    assert (done.heading, "The visit is moved." in done.text) == ("Cal Ortega", True)


def test_the_visits_page_says_why_and_its_history_who_moved_it(cast, ask, visit):
    page = press(ask(visit))

    assert REASON in page.text
    assert "Against: opening hours, the physician’s hours" in page.text
    assert "Moved" in page.text.split("History")[1]


def test_the_page_that_refuses_a_move_leads_there(cast, bea, visit):
    slot = slot_value(cast.ana.actor_id, EVENING)
    refused = bea.get(f"/moves/{visit.public_id}/to?slot={slot}", status=409)

    press(refused.follow("Why not, and all the same?"))

    assert now(visit)[1] == EVENING


def test_a_patient_has_no_such_way(cast, app, visit, ask):
    cal = by_code(app, cast.cal)
    slot = slot_value(cast.ana.actor_id, EVENING)
    refused = cal.get(f"/visits/{visit.public_id}/move/to?slot={slot}", status=409)

    assert "all the same" not in refused.text
    ask(visit, who=cal, status=403)


def test_it_is_pressed_once(cast, ask, visit):
    page = ask(visit)
    form = page.form("reason").set(reason=REASON, asked_by="clinic")

    form.press("Move all the same")
    again = form.press("Move all the same")

    assert again.heading == "Cal Ortega"
    assert (now(visit)[1], visit.version) == (EVENING, 2)


def test_both_reasons_are_asked_for_and_nothing_typed_is_lost(ask, visit):
    page = press(ask(visit), reason="Because", asked_by=None, status=422)

    assert "at least 10 characters" in page.text
    assert "Choose a reason" in page.text
    assert "Because" in page.html
    assert now(visit)[1] == THURSDAY


def test_a_free_time_leads_to_the_page_that_asks(ask, visit):
    page = ask(visit, "2026-11-25", "10:00")

    assert page.follow("Move the visit there").heading == "Move the visit of Cal Ortega?"
    assert "Move all the same" not in page.text


def test_where_it_is_already_it_says_so(ask, visit):
    page = ask(visit, "2026-11-26", "11:00")

    assert "The visit is at that time already" in page.text
    assert "Move" not in page.text.split("already")[1]


def test_an_overlap_is_named_and_nobody_moves_there(cast, ask, visit):
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(25, 10))

    page = ask(visit, at="10:10")

    assert "Dr Ana Silva has a visit until 10:40 am with 10 minutes of clean-up." in page.text
    assert "Nobody can move it there all the same." in page.text
    assert "Dee" not in page.text


def away(cast):
    day = date(2026, 11, 25)
    times = {"starts_on": day, "starts_minute": 0, "ends_on": day, "ends_minute": 24 * 60}
    with transaction():
        db.session.add(Absence(actor_id=cast.ana.actor_id, kind=AbsenceKind.HOLIDAY, **times))


def test_an_absence_entered_meanwhile_is_refused_with_what_was_typed(cast, ask, visit):
    page = ask(visit)
    away(cast)

    refused = press(page, status=409)

    assert "Dr Ana Silva is away" in refused.text
    assert "Nobody can move it there all the same." in refused.text
    assert now(visit)[1] == THURSDAY


def test_a_time_that_was_taken_meanwhile_stays_with_whoever_has_it(cast, ask, visit):
    page = ask(visit)
    services.book_all_the_same(
        cast.service("consultation"),
        cast.ana.actor_id,
        EVENING,
        cast.dee,
        reason=REASON,
        actor=TESTER,
    )

    refused = press(page, status=409)

    assert "Dr Ana Silva has a visit" in refused.text
    assert now(visit)[1] == THURSDAY


def test_the_desk_reads_one_of_its_five_words_of_the_gate_and_nothing_clinical(cast, ask):
    make_approval(cast)
    treated = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(27, 10))

    page = ask(treated, "2026-11-24", "14:00")

    assert "Too soon" in page.text
    assert "Move all the same" not in page.text
    assert found_in(page.html, [*CLINICAL, "units", "approval"]) == []


def test_a_gate_that_closed_meanwhile_is_refused_and_noted(cast, ask):
    make_approval(cast)
    treated = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(27, 10))
    page = ask(treated, "2026-11-27", "19:00")
    approval = db.session.scalars(db.select(Approval)).one()
    treatment.withdraw(approval, "A new illness.", actor=TESTER)

    refused = press(page, status=409)

    assert "Needs physician" in refused.text
    noted = db.select(AuditEvent).where(AuditEvent.event == Event.BOOKING_REFUSED)
    assert len(db.session.scalars(noted).all()) == 1
    assert now(treated)[1] == at(27, 10)


def test_the_clean_up_of_a_visit_that_has_begun_is_not_shortened(cast, ask, visit, at_work):
    begun = make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 10, 20))
    page = ask(visit, "2026-11-24", "10:50")
    at_work(at(24, 10, 20))
    walk(begun, "arrived")

    refused = press(page, status=409)

    assert "can’t be shortened" in refused.text
    assert now(visit)[1] == THURSDAY


def test_S75_a_page_that_shows_an_older_time_is_told_the_newer_one(cast, ask, visit):
    page = ask(visit)
    services.move(visit, cast.eli.actor_id, at(30, 10), shown=visit.version, actor=TESTER)

    refused = press(page, status=409)

    assert "This visit was moved meanwhile. Here is when it is now." in refused.text
    assert now(visit)[1] == at(30, 10)


def test_L7_what_is_over_is_said_to_be(cast, ask, visit):
    page = ask(visit)
    services.cancel(visit, "clinic", actor=TESTER)

    assert press(page, status=410).heading == "This visit can’t be changed any more"
    assert ask(visit, status=410).heading == "This visit can’t be changed any more"


def test_a_visit_of_a_service_that_is_not_offered_any_more_still_moves(cast, ask, visit):
    with transaction():
        cast.service("consultation").active = False

    press(ask(visit))

    assert now(visit)[1] == EVENING


def test_P5_a_physician_moves_those_in_their_care_only(cast, signed_in, ask, visit):
    ask(visit, who=signed_in(cast.eli_user), status=404)

    done = press(ask(visit, who=signed_in(cast.ana_user)))

    assert (now(visit)[1], done.path.startswith("/records/")) == (EVENING, True)


def test_S78_a_time_that_comes_twice_asks_which(ask, visit):
    page = ask(visit, "2027-10-31", "01:30", status=422)

    assert "Choose the first or the second" in page.text
    assert "1:30 am" in ask(visit, "2027-10-31", "01:30", second="yes").text


def test_the_page_without_a_question_asks_one(bea, visit):
    page = bea.get(f"/moves/{visit.public_id}/why-not")

    assert page.heading == "Why can’t the visit move there?"
    assert "Thu 26 November, 11:00 am with Dr Ana Silva" in page.text
