"""Ready to be seen, on the page of a visit: every point, and each red one leads somewhere."""

import pytest

from clinic.intake import confirmations
from clinic.journey import withdraw
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import queries as treatment
from tests.factories import (
    TESTER,
    at,
    make_approval,
    make_intake,
    make_patient,
    make_visit,
    walk,
)
from tests.visitor import NS, words


@pytest.fixture
def points(bea):
    """The chips of a visit's page, in order, as the desk reads them."""

    def read(visit):
        page = bea.get(f"/desk/visits/{visit.public_id}")
        (card,) = [e for e in page.root.iter(f"{NS}ul") if e.get("class") == "plain checks"]
        return [words(e) for e in card.iter(f"{NS}span") if "chip" in (e.get("class") or "")]

    return read


@pytest.fixture
def treated(cast, at_work):
    """Cal's treatment ten days after the form, on its own morning."""
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(4, 10, month=12))
    at_work(at(4, 9, 30, month=12))
    return visit


def test_a_treatment_shows_its_four_points(points, treated):
    assert points(treated) == [
        "Form complete",
        "Approval in force",
        "Answers not confirmed",
        "Contact data",
    ]


def test_answers_of_this_morning_count_and_those_of_yesterday_do_not(
    cast, bea, points, treated, at_work
):
    at_work(at(3, 18, month=12))
    confirmations.confirm(treated, treatment.gate(cast.cal).form, actor=TESTER)
    before_the_day = points(treated)[2]
    at_work(at(4, 9, month=12))

    assert before_the_day == "Answers confirmed"
    assert points(treated)[2] == "Answers not confirmed today"
    assert "Answers not confirmed" in bea.get("/desk/").text
    confirmations.confirm(treated, treatment.gate(cast.cal).form, actor=TESTER)
    assert points(treated)[2] == "Answers confirmed"
    assert "Answers not confirmed" not in bea.get("/desk/").text


def test_an_approval_that_ended_is_said_in_the_desks_words_and_leads_to_a_consultation(
    cast, bea, points, treated
):
    approval = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(approval, cast.cal, "Flimmerance found.", actor=TESTER)
    page = bea.get(f"/desk/visits/{treated.public_id}")

    assert points(treated)[1] == "Needs physician"
    assert "limmerance" not in page.html
    assert "You book it, a physician decides." in page.text
    assert page.follow("Book a consultation").heading == "Consultation for Cal Ortega"


def test_a_patient_whom_nobody_can_reach_is_one_link_from_a_phone_number(cast, bea, points):
    nobody = make_patient(email="new@example.org", phone=None, proved=False)
    visit = make_visit(nobody, cast.ana, cast.service("follow-up"), at(24, 11))
    page = bea.get(f"/desk/visits/{visit.public_id}")

    assert points(visit) == ["E-mail not proved"]
    assert "Contact missing" in bea.get("/desk/").text
    edit = page.follow("Add a phone number")
    edit.form("phone").set(phone="020 7946 0888").press("Save")

    assert points(visit) == ["Contact data"]
    assert "Contact missing" not in bea.get("/desk/").text


def test_in_the_room_nothing_is_asked_for_any_more(bea, cast):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    walk(visit, S.ARRIVED, S.IN_ROOM)

    assert "Ready to be seen" not in bea.get(f"/desk/visits/{visit.public_id}").text


def test_show_them_leaves_only_who_is_not_ready(cast, bea):
    make_intake(cast.cal)
    for patient, hour in ((cast.cal, 11), (cast.dee, 12)):
        make_visit(patient, cast.ana, cast.service("consultation"), at(24, hour))

    page = bea.get("/desk/").follow("Show them")

    assert "1 not ready" in page.text
    assert ("Dee Novak" in page.text, "Cal Ortega" in page.text) == (True, False)
    assert "Cal Ortega" in page.follow("Show all").text


def test_where_everybody_is_ready_the_filter_says_so(cast, bea):
    make_intake(cast.cal)
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))

    assert "Everybody is ready." in bea.get("/desk/?show=not-ready").text
