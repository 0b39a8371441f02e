"""Why no time: staff read each reason in words, and may book all the same, with a reason."""

from datetime import date

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.scheduling import rosters
from clinic.scheduling.models import Absence, Appointment
from clinic.scheduling.queries import participants_by_kind
from clinic.scheduling.rules import AbsenceKind, Away
from tests.factories import TESTER, at, make_visit, walk
from tests.scheduling.times_page import for_patient

REASON = "Comes from far away and asked for it."


@pytest.fixture
def ask(cast, signed_in):
    """Ask why a patient can't have a time; Bea asks about Cal's consultation with Ana unless
    told otherwise."""

    def asked(day="2026-11-25", at="10:00", *, who=None, of=None, service=None, status=200, **more):
        service = service or cast.service("consultation")
        patient = cast.cal if of is None else of
        query = {
            "service": service.public_id,
            "practitioner": cast.ana.public_id,
            "day": day,
            "at": at,
            **more,
        }
        pairs = "&".join(f"{name}={value}" for name, value in query.items())
        path = f"/patients/{patient.public_id}/why-not" if patient else "/why-not"
        return signed_in(who or cast.bea).get(f"{path}?{pairs}", status=status)

    return asked


def test_a_visit_in_the_way_is_named_with_its_clean_up_and_never_whose_it_is(cast, ask):
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(25, 10))

    page = ask(at="10:20")

    assert "Dr Ana Silva has a visit until 10:40 am with 10 minutes of clean-up." in page.text
    assert "Dee" not in page.text
    assert "Nobody can book this all the same." in page.text


def test_notice_says_the_first_time(cast, ask):
    page = ask("2026-11-24", "09:20")

    assert "Notice of 1 hour: the first time is from 10:00 am on." in page.text


def test_somebody_who_is_away_is_said_to_be_until_when(cast, ask):
    with transaction():
        db.session.add(
            Absence(
                actor_id=cast.ana.actor_id,
                kind=AbsenceKind.ILL,
                starts_on=date(2026, 11, 25),
                starts_minute=0,
                ends_on=date(2026, 11, 25),
                ends_minute=15 * 60,
            )
        )

    page = ask()

    assert "Dr Ana Silva is away until 3:00 pm." in page.text
    assert "ill" not in page.text.split("Dr Ana Silva is away")[1].split(".")[0]


def test_a_free_time_leads_to_the_page_of_times(cast, ask):
    page = ask().follow("Book it on the page of times")

    assert page.heading == "Consultation for Cal Ortega"


def test_the_page_of_times_asks_why_not_at_another_time(cast, signed_in):
    service = cast.service("consultation")
    page = signed_in(cast.bea).get(for_patient(cast.cal, service))
    form = next(form for form in page.forms() if form.action.split("?")[0].endswith("/why-not"))

    answer = form.set(day="2026-11-29", at="20:00").press()

    assert "is closed then" in answer.text


def test_the_desk_asks_about_an_empty_stretch_of_the_day(cast, signed_in):
    service = cast.service("consultation")
    make_visit(cast.cal, cast.ana, service, at(25, 10))
    make_visit(cast.dee, cast.ana, service, at(25, 12))
    page = signed_in(cast.bea).get("/desk/?day=2026-11-25&by=physician")

    answer = page.follow("10:30 am to 12:00 pm: why empty?")

    assert "Too close to another visit with Dr Ana Silva" in answer.text


def test_the_desk_reads_one_of_its_five_words_of_the_gate(cast, ask):
    page = ask(service=cast.service("toxin"))

    assert "Needs consultation" in page.text
    assert "Book all the same" not in page.text


def test_a_physician_asks_about_patients_in_their_care_only(cast, ask):
    ask(who=cast.ana_user, status=404)
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))

    assert "This time is free." in ask(who=cast.ana_user).text


def test_without_a_patient_nothing_can_be_booked_from_there(cast, ask):
    page = ask(at="19:40", of=False)

    assert "does not work then" in page.text
    assert "ask again from the page of times" in page.text


def test_S78_a_time_that_clocks_skip_is_refused_with_the_next_one(cast, ask):
    page = ask("2027-03-28", "01:30", status=422)

    assert "Enter 2:00 am or later." in page.text


def test_S78_a_time_that_comes_twice_asks_which(cast, ask):
    page = ask("2027-10-31", "01:30", status=422)

    assert "Choose the first or the second" in page.text
    assert "1:30 am" in ask("2027-10-31", "01:30", second="yes").text


@pytest.mark.parametrize(("second", "is_away"), [("no", False), ("yes", True)])
def test_S78_an_absence_from_the_second_of_two_leaves_the_first(cast, ask, second, is_away):
    autumn = date(2027, 10, 31)
    away = Away(autumn, 60, autumn, 150, starts_second=True)
    rosters.add_absence(cast.ana, away, AbsenceKind.TRAINING, actor=TESTER)

    page = ask("2027-10-31", "01:15", second=second)

    assert ("Dr Ana Silva is away until 2:30 am." in page.text) is is_away


@pytest.mark.parametrize(
    ("day", "time"),
    [("1899-12-31", "10:00"), ("2201-01-01", "10:00"), ("today", "10:00"), ("2026-11-25", "25:00")],
)
def test_S78_what_is_no_day_or_time_is_refused_with_how_to_write_it(ask, day, time):
    assert "like" in ask(day, time, status=422).text


def book_all_the_same(page, *, reason=REASON, status=200):
    return page.form("reason").set(reason=reason).press("Book all the same", status=status)


def the_visit(**by):
    db.session.rollback()
    return db.session.scalars(db.select(Appointment).filter_by(**by)).one()


def test_staff_book_outside_the_hours_with_a_reason_that_is_kept_and_audited(cast, ask):
    page = book_all_the_same(ask(at="19:40"))

    visit = the_visit(starts_at=at(25, 19, 40))
    assert (visit.status, visit.override_reason) == ("booked", REASON)
    assert visit.overrode == "closed,hours"
    assert page.path.endswith(visit.public_id)
    assert REASON in page.text
    noted = db.session.scalars(
        db.select(AuditEvent).filter_by(event=Event.APPOINTMENT_OVERRIDDEN)
    ).one()
    assert (noted.facts, noted.patient_id) == ({"overrode": ["closed", "hours"]}, cast.cal.id)


def test_a_reason_is_wanted_of_ten_characters_at_least(cast, ask):
    page = book_all_the_same(ask(at="19:00"), reason="Because", status=422)

    assert "at least 10 characters" in page.text
    assert db.session.scalars(db.select(Appointment)).all() == []


def test_a_time_that_was_taken_meanwhile_is_not_booked(cast, ask):
    page = ask("2026-11-24", "09:40")  # inside the notice
    with transaction():
        db.session.execute(db.text("UPDATE service SET notice_hours = 0"))
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 9, 40))

    refused = book_all_the_same(page, status=409)

    assert "Dr Ana Silva has a visit" in refused.text
    assert len(db.session.scalars(db.select(Appointment)).all()) == 1


def periods(visit):
    return {
        kind.value: (one.starts_at, one.ends_at)
        for kind, one in participants_by_kind(visit).items()
    }


def test_a_visit_in_a_buffer_cuts_the_clean_up_of_the_one_before(cast, ask):
    before = make_visit(cast.dee, cast.ana, cast.service("consultation"), at(25, 10))

    book_all_the_same(ask(at="10:30"))

    visit = the_visit(starts_at=at(25, 10, 30))
    assert visit.overrode == "off-grid,practitioner-buffer"
    assert periods(before)["practitioner"] == (at(25, 10), at(25, 10, 30))
    assert periods(visit)["practitioner"] == (at(25, 10, 30), at(25, 11, 10))
    assert periods(before)["room"] == (at(25, 10), at(25, 10, 40))  # another room was free


def test_a_visit_before_another_has_less_clean_up_itself(cast, ask):
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(25, 11))

    book_all_the_same(ask(at="10:30"))

    assert periods(the_visit(starts_at=at(25, 10, 30)))["practitioner"] == (
        at(25, 10, 30),
        at(25, 11),
    )


def test_the_clean_up_of_a_visit_that_has_begun_is_not_shortened(cast, ask, travel):
    before = make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 10, 20))
    page = ask("2026-11-24", "10:50")
    walk(before, "arrived")

    refused = book_all_the_same(page, status=409)

    assert "can’t be shortened" in refused.text
    assert periods(before)["practitioner"] == (at(24, 10, 20), at(24, 11))
