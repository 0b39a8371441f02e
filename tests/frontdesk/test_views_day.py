"""The desk's day: by time and by physician, who waits, who is late, what is not ready."""

import pytest

from clinic.database import db, transaction
from clinic.journey import withdraw
from clinic.scheduling import services as scheduling
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
def visits(cast):
    """Cal with Ana at eleven, Dee with Eli at 10:20, Pat with Ana at twelve: consultations."""
    pat = make_patient()
    booked = [
        make_visit(patient, physician, cast.service("consultation"), moment)
        for patient, physician, moment in (
            (cast.cal, cast.ana, at(24, 11)),
            (cast.dee, cast.eli, at(24, 10, 20)),
            (pat, cast.ana, at(24, 12)),
        )
    ]
    return {visit.patient.name.split()[0]: visit for visit in booked}


def lines(page):
    """The visits of the page in its order, as the desk reads them."""
    return [
        words(e)
        for e in page.root.iter(f"{NS}li")
        if (e.get("class") or "").startswith("card line-")
    ]


def names(page):
    return [next(n for n in ("Cal", "Dee", "Pat") if n in line) for line in lines(page)]


def test_the_day_is_a_list_by_time_with_service_room_physician_and_state(bea, visits):
    page = bea.get("/desk/")

    assert page.heading == "Tuesday 24 November"
    assert names(page) == ["Dee", "Cal", "Pat"]
    assert lines(page)[1].startswith(
        "11:00 amCal OrtegaConsultation, Room 1, Dr Ana Silva Form missingBooked"
    )


def test_by_physician_each_has_a_column_of_their_own(bea, visits):
    page = bea.get("/desk/").follow("Physician")

    assert names(page) == ["Cal", "Pat", "Dee"]
    heads = [words(e) for e in page.root.iter(f"{NS}h2")]
    assert [head[-12:] for head in heads] == ["Dr Ana Silva", "Dr Eli Stone"]
    assert "Dr Ana Silva" not in lines(page)[0]


@pytest.mark.parametrize("by", ["time", "physician"])
def test_other_days_are_one_link_away_in_the_same_order(cast, bea, by):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))

    today = bea.get(f"/desk/?by={by}").html
    page = bea.get(f"/desk/?day=2026-11-25&by={by}")

    assert f'href="/desk/?day=2026-11-23&amp;by={by}"' in today
    assert f'href="/desk/?day=2026-11-25&amp;by={by}"' in today
    assert (page.heading, names(page)) == ("Wednesday 25 November", ["Cal"])


@pytest.mark.parametrize(
    ("day", "heading"),
    [("1900-01-01", "Monday 1 January"), ("2200-12-31", "Wednesday 31 December")],
)
def test_the_first_and_the_last_day_of_all_are_shown(bea, day, heading):
    assert bea.get(f"/desk/?day={day}").heading.startswith(heading)


@pytest.mark.parametrize(
    "asked",
    [
        "?day=",
        "?day=soon",
        "?day=2026-13-01",
        "?day=0001-01-01",
        "?day=9999-12-31",
        "?by=nonsense",
    ],
)
def test_an_address_that_makes_no_sense_shows_today_by_time(bea, asked):
    assert bea.get(f"/desk/{asked}").heading == "Tuesday 24 November"


def test_an_empty_day_says_so_and_offers_to_book(bea):
    page = bea.get("/desk/?day=2026-12-24")

    assert "No visit on this day." in page.text
    assert page.follow("Book one").heading == "Patients"


def test_a_cancelled_visit_is_off_the_day_and_a_missed_one_stays(bea, visits, at_work):
    scheduling.cancel(visits["Cal"], "ill", actor=TESTER)
    at_work(at(24, 10, 40))
    walk(visits["Dee"], S.NOSHOW)

    page = bea.get("/desk/")

    assert names(page) == ["Dee", "Pat"]
    assert lines(page)[0].endswith("No show")


def test_the_bar_of_today_says_who_waits_and_who_is_late(bea, visits, at_work):
    at_work(at(24, 9, 55))
    walk(visits["Dee"], S.ARRIVED)
    at_work(at(24, 11, 5))

    page = bea.get("/desk/")

    assert "1 waiting Dee Novak since 9:55 am" in page.text
    assert "1 late Cal Ortega, due 11:00 am" in page.text
    assert "Late" in lines(page)[1]


def test_the_bar_is_about_today_alone(bea, visits, at_work):
    at_work(at(24, 11, 5))

    assert "late" not in bea.get("/desk/?day=2026-11-25").text


def test_a_form_that_is_missing_is_one_word(cast, bea, visits):
    make_intake(cast.cal)

    page = bea.get("/desk/")

    assert ["Form missing" in line for line in lines(page)] == [True, False, True]
    assert "2 not ready" in page.text


def test_a_treatment_whose_approval_ended_needs_renewal_and_says_no_more(cast, bea):
    make_approval(cast)
    make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    before = bea.get("/desk/?day=2026-11-26")
    approval = treatment.approvals_of(cast.cal.id)[0]
    withdraw.approval(approval, cast.cal, "Flimmerance found.", actor=TESTER)

    after = bea.get("/desk/?day=2026-11-26")

    assert ["Needs renewal" in line for line in (*lines(before), *lines(after))] == [False, True]
    assert "limmerance" not in after.html


def test_arrived_and_in_room_are_one_press_each_from_the_day(bea, visits):
    arrived = bea.get("/desk/").form("Mark arrived Dee").press()
    in_room = arrived.form("To the room Dee").press()

    db.session.refresh(visits["Dee"])
    assert visits["Dee"].status == S.IN_ROOM
    assert "Dr Eli Stone Form missingArrived" in lines(arrived)[0]
    assert "In room" in lines(in_room)[0]


def test_after_a_press_the_day_is_shown_as_it_was(bea, visits):
    page = bea.get("/desk/?by=physician").form("Mark arrived Cal").press()

    assert page.path == "/desk/?day=2026-11-24&by=physician"


def test_a_line_is_another_as_soon_as_anything_in_it_is(bea, cast, visits):
    before = lines(bea.get("/desk/"))
    with transaction():
        cast.cal.name = "Calla Ortega"
        cast.ana.name = "Dr Ana Stone"
    scheduling.change_status(visits["Dee"], S.BOOKED, S.ARRIVED, actor=TESTER)

    after = lines(bea.get("/desk/"))

    assert "Calla Ortega" in after[1] and "Dr Ana Stone" in after[1] and "Arrived" in after[0]
    assert "Cal Ortega" in before[1] and "Booked" in before[0]


def test_S77_each_look_at_the_day_has_keys_of_its_own(bea, cast, signed_in, visits):
    elsewhere = signed_in(cast.bea)  # the same person in another browser
    pages = [bea.get("/desk/"), bea.get("/desk/"), elsewhere.get("/desk/")]

    fields = [dict(page.form("Mark arrived").fields) for page in pages]

    assert len({sent["idempotency_key"] for sent in fields}) == 3
    assert fields[0]["csrf_token"] != fields[2]["csrf_token"]


def test_S77_the_lines_of_one_look_share_a_key_and_each_is_a_press_of_its_own(bea, visits):
    page = bea.get("/desk/")

    page.form("Mark arrived Dee").press()
    page.form("Mark arrived Cal").press()
    again = page.form("Mark arrived Dee").press()

    assert page.html.count('name="idempotency_key"') == 1
    assert ["Arrived" in line for line in lines(again)] == [True, True, False]
