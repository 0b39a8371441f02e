"""What a physician reads of a patient: the people in their care, one record newest first."""

import pytest

from clinic.database import db
from clinic.journey import withdraw
from clinic.screening.models import Decision
from clinic.treatment import queries as treatment
from tests.factories import TESTER, at, make_approval, make_intake, make_patient, make_visit, sign
from tests.full_record import make_full_record


@pytest.fixture
def ana(cast, signed_in):
    return signed_in(cast.ana_user)


@pytest.fixture
def record(cast):
    return f"/records/{cast.cal.public_id}"


def test_the_list_names_everybody_in_care_by_name_and_nobody_else(cast, ana):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    make_visit(make_patient(name="Abe Early"), cast.ana, cast.service("follow-up"), at(25, 11))
    make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 11))

    page = ana.get("/records/")

    assert page.text.index("Abe Early") < page.text.index("Cal Ortega")
    assert "Dee Novak" not in page.text
    assert page.follow("Cal Ortega").heading == "Cal Ortega"


def test_an_empty_list_says_how_patients_come_into_care(cast, ana):
    assert "Nobody yet." in ana.get("/records/").text


def test_a_record_shows_visits_notes_approvals_and_forms(cast, ana, record):
    make_full_record(cast)

    text = ana.get(record).text

    assert "36 years, born 2 March 1990, 07700 900461" in text
    assert "Botox, until 24 May 2027 In force" in text
    assert "Question to the patient, Dr Ana Silva, 24 November 2026" in text
    assert "Approved, Dr Ana Silva, 24 November 2026" in text
    assert "Fri 27 November, 10:00 am, Botox treatment, Dr Ana Silva Booked" in text
    assert "Sent Tue 24 November, 9:00 am" in text


def test_the_newest_visit_and_note_come_first(cast, ana, record):
    make_full_record(cast)

    text = ana.get(record).text

    assert text.index("Mon 30 November") < text.index("Fri 27 November")
    assert text.index("Question to the patient") < text.index("Approved, Dr Ana")


def test_a_record_with_nothing_in_it_says_so(cast, ana, record):
    make_visit(cast.cal, cast.ana, cast.service("follow-up"), at(25, 11))

    assert ana.get(record).text.count("None.") == 3


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (at(26, 9), "until 26 November 2026 In force"),
        (at(27, 9), "until 26 November 2026 Over since 27 November 2026"),
    ],
)
def test_an_approval_past_its_last_day_is_over(cast, ana, record, at_work, day, state):
    make_approval(cast, valid_until="2026-11-26")
    at_work(day)

    assert state in ana.get(record).text


def test_a_withdrawn_and_a_replaced_approval_are_told_apart(cast, ana, record):
    note = make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 13))
    sign(visit, cast.ana_user, cast.ana)
    newest = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(newest, cast.cal, "New medicine.", actor=TESTER)

    text = ana.get(record).text

    assert "Replaced by a newer one" in text
    assert "Withdrawn" in text
    assert note.id != newest.note_id


def test_links_lead_to_the_note_the_review_and_booking(cast, ana, record):
    make_intake(cast.cal)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    sign(visit, cast.ana_user, cast.ana, Decision.DECLINE, decline_words="Not advised.")

    page = ana.get(record)

    assert page.follow("Declined").heading == "Declined"
    assert page.follow("Tue 24 November, 11:00 am").path == f"/reviews/{visit.public_id}"
    assert page.follow("Book a visit").heading == "Book for Cal Ortega"


def test_a_record_not_in_care_is_not_there_for_a_physician_with_patients_of_their_own(
    cast, signed_in, record
):
    make_approval(cast)
    make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 11))
    db.session.commit()

    page = signed_in(cast.eli_user).get(record, status=404)

    assert "Ortega" not in page.text
