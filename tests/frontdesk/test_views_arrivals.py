"""Who is late, who waits and who sits in a room, and for how long; missed, and taken back."""

from datetime import timedelta

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.scheduling.rules import AppointmentStatus as S
from tests.factories import at, make_patient, make_visit, walk
from tests.visitor import NS, words


@pytest.fixture
def visits(cast):
    """Dee with Eli at 10:20, Cal with Ana at eleven, Pat with Ana at twelve."""
    service = cast.service("consultation")
    booked = [
        make_visit(cast.dee, cast.eli, service, at(24, 10, 20)),
        make_visit(cast.cal, cast.ana, service, at(24, 11)),
        make_visit(make_patient(), cast.ana, service, at(24, 12)),
    ]
    return {visit.patient.name.split()[0]: visit for visit in booked}


def parts(page):
    """By heading, the lines below it."""
    return {
        words(next(section.iter(f"{NS}h2"))): [words(line) for line in section.iter(f"{NS}li")]
        for section in page.root.iter(f"{NS}section")
    }


@pytest.mark.parametrize(
    ("minute", "late"),
    [
        (19, []),
        (20, ["Due now"]),
        (21, ["Late by 1 minute"]),
        (47, ["Late by 27 minutes"]),
    ],
)
def test_late_begins_after_the_appointed_time(bea, visits, at_work, minute, late):
    at_work(at(24, 10) + timedelta(minutes=minute))

    lines = parts(bea.get("/desk/arrivals")).get("Late (1)", [])

    assert [words for words in late if words in " ".join(lines)] == late
    assert len(lines) == len(late)


@pytest.mark.parametrize(
    ("minute", "late"),
    [
        (79, ["Late by 59 minutes", "Late by 19 minutes"]),
        (80, ["Late by 1 h 0 min", "Late by 20 minutes"]),
        (95, ["Late by 1 h 15 min", "Late by 35 minutes"]),
    ],
)
def test_an_hour_and_more_is_said_in_hours(bea, visits, at_work, minute, late):
    at_work(at(24, 10) + timedelta(minutes=minute))

    lines = " ".join(parts(bea.get("/desk/arrivals"))["Late (2)"])

    assert [words for words in late if words in lines] == late


def test_waiting_counts_from_the_arrival_and_from_the_appointed_time(bea, visits, at_work):
    at_work(at(24, 10, 10))
    walk(visits["Dee"], S.ARRIVED)
    at_work(at(24, 10, 15) + timedelta(seconds=30))
    early = parts(bea.get("/desk/arrivals"))["Waiting (1)"][0]
    at_work(at(24, 10, 32) + timedelta(seconds=30))
    late = parts(bea.get("/desk/arrivals"))["Waiting (1)"][0]

    assert "Waiting since 10:10 am, 5 minutes" in early and "appointed" not in early
    assert "Waiting since 10:10 am, 22 minutes; 12 minutes past the appointed time" in late


def test_the_longest_wait_comes_first_and_the_others_are_still_to_come(bea, visits, at_work):
    at_work(at(24, 10, 5))
    walk(visits["Cal"], S.ARRIVED)
    at_work(at(24, 10, 18))
    walk(visits["Dee"], S.ARRIVED)

    found = parts(bea.get("/desk/arrivals"))

    assert [name for line in found["Waiting (2)"] for name in ("Cal", "Dee") if name in line] == [
        "Cal",
        "Dee",
    ]
    assert "Pat" in found["Still to come (1)"][0]


def test_each_step_is_one_press_and_comes_back_to_the_arrivals(bea, visits, at_work):
    at_work(at(24, 10, 25))

    waiting = bea.get("/desk/arrivals").form("Mark arrived Dee").press()
    in_room = waiting.form("To the room Dee").press()

    assert in_room.path == "/desk/arrivals"
    assert "Dee" in parts(waiting)["Waiting (1)"][0]
    assert "In the room since 10:25 am" in parts(in_room)["In a room (1)"][0]


def test_nobody_is_missed_by_the_clock_and_the_statement_is_taken_back_the_same_day(
    cast, bea, visits, at_work
):
    at_work(at(24, 15))
    hours_later = parts(bea.get("/desk/arrivals"))
    missed = bea.get("/desk/arrivals").form("No show Dee").press()
    back = missed.form("Mark arrived Dee").press()

    assert "Missed (1)" not in hours_later
    assert "Dee" in parts(missed)["Missed (1)"][0]
    assert "Dee" in parts(back)["Waiting (1)"][0]
    db.session.rollback()
    steps = db.session.scalars(
        db.select(AuditEvent).filter_by(event=Event.APPOINTMENT_STATUS).order_by(AuditEvent.id)
    ).all()
    assert [step.facts["now"] for step in steps] == ["noshow", "arrived"]
    assert {step.actor for step in steps} == {f"user:{cast.bea.public_id}"}
    assert "No show" in bea.get(f"/desk/visits/{visits['Dee'].public_id}").text


def test_an_empty_day_says_so(cast, bea):
    text = bea.get("/desk/arrivals").text

    assert "Nobody is late." in text and "Nobody else is booked for today." in text
