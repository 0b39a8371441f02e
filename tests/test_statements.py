"""Statements of the pages that list things: few, and as many for thirty rows as for one.

A list asks at most four beyond who is asking, where, whose row it is, and the audit. A page of
several lists (a record, my visits, times behind the gate) has its own number here, so that it does
not grow unnoticed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from clinic.audit.events import Event
from clinic.audit.services import record as record_event
from clinic.database import db, transaction
from clinic.journey import offers
from clinic.scheduling import diary, names, rosters
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AbsenceKind, Away
from tests.factories import (
    TESTER,
    Cast,
    at,
    make_account,
    make_approval,
    make_intake,
    make_patient,
    make_visit,
    sign,
    staff_actor,
)
from tests.full_record import by_code
from tests.newcomer import at_the_last_page, hold_a_time
from tests.statements import all_but_sign_in_and_audit, reads, statements
from tests.visitor import Person
from tests.waiting import wait

LIST = 4


def asked(person: Person, path: str) -> list[str]:
    """What a look at *path* asks for itself: roster, diary and names are in memory."""
    diary.current()  # read again once after a change
    names.of(set())
    with statements() as sent:
        person.get(path)
    return reads(sent)


Rows = Callable[[Cast, int], None]


def follow_ups(cast: Cast, count: int) -> None:
    """Visits of *count* patients with Ana on Thursday."""
    with transaction():
        db.session.execute(text("UPDATE schedule SET opens_minute = 480, closes_minute = 1200"))
    for number in range(count):
        patient = make_patient(name=f"Pat {number:02}", email=f"pat{number}@example.org")
        hour, third = divmod(number, 3)
        make_visit(patient, cast.ana, cast.service("follow-up"), at(26, 8 + hour, third * 20))


def todays(cast: Cast, count: int) -> None:
    """Visits of *count* patients today, with Ana and Eli by turns."""
    for number in range(count):
        patient = make_patient(name=f"Pat {number:02}", email=f"pat{number}@example.org")
        hour, third = divmod(number // 2 + 1, 3)
        physician = (cast.ana, cast.eli)[number % 2]
        make_visit(patient, physician, cast.service("follow-up"), at(24, 10 + hour, third * 20))


def nobody_works(cast: Cast, count: int) -> None:
    """The same, and Ana is ill that day: every one needs another time."""
    follow_ups(cast, count)
    away = Away(at(26, 0).date(), 0, at(26, 0).date(), 1440)
    rosters.add_absence(cast.ana, away, AbsenceKind.ILL, actor=TESTER)


def forms_waiting(cast: Cast, count: int) -> None:
    """Forms of *count* patients, each with a consultation and a flag."""
    for number in range(count):
        patient = make_patient(name=f"Pat {number:02}", email=f"pat{number}@example.org")
        make_intake(patient, answers={"blood-thinners": {"value": "yes"}})
        day, hour = divmod(number, 6)
        consultation = cast.service("consultation")
        make_visit(patient, cast.ana, consultation, at(25 + day, 9 + hour))


def record(cast: Cast, count: int) -> None:
    """*count* visits of Cal, up to six signed notes with approvals, and a treatment to come."""
    note = make_approval(cast)
    visit = db.session.get(Appointment, note.appointment_id)
    assert visit is not None
    for version in range(1, min(count, 6)):  # each takes its time on PostgreSQL
        sign(visit, cast.ana_user, cast.ana, version=version)
    for number in range(count):
        day, hour = divmod(number, 7)
        make_visit(cast.cal, cast.ana, cast.service("follow-up"), at(25 + day, 9 + hour))
    make_visit(cast.cal, cast.ana, cast.service("toxin"), at(30, 16))
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(1, 9, month=12))


def newest_consultation(cast: Cast) -> str:
    """The address part of Cal's last consultation, where there is one."""
    of_cal = select(Appointment.public_id).where(
        Appointment.patient_id == cast.cal.id,
        Appointment.service_id == cast.service("consultation").id,
    )
    newest = of_cal.order_by(Appointment.starts_at.desc()).limit(1)
    return db.session.scalar(newest) or ""


def log(cast: Cast, count: int) -> None:
    """*count* events of as many patients and staff, each about another patient."""
    for number in range(count):
        patient = make_patient(name=f"Pat {number:02}", email=f"pat{number}@example.org")
        actor = staff_actor(cast.ana_user if number % 2 else cast.bea)
        own = replace(actor, label=f"patient:{patient.public_id}") if number % 3 else actor
        record_event(Event.RECORD_VIEWED, actor=own, patient_id=patient.id, subject=patient)


def looks(cast: Cast, count: int) -> None:
    """*count* looks of staff at Cal's record."""
    for number in range(count):
        actor = staff_actor(cast.ana_user if number % 2 else cast.bea)
        record_event(Event.RECORD_VIEWED, actor=actor, patient_id=cast.cal.id)


def waiting(cast: Cast, count: int) -> None:
    """*count* patients who wait, the first of them with an open offer, and Cal with one."""
    for number in range(count):
        patient = make_patient(name=f"Pat {number:02}", email=f"pat{number}@example.org")
        wait(cast, patient)
    entry = wait(cast, cast.cal)
    offers.by_hand(entry, cast.ana.actor_id, at(27, 10, 20), actor=staff_actor(cast.bea))


# What the page is, its rows, who looks where, and how many statements it asks.
LISTS = [
    ("the desk's day by time", follow_ups, "bea", "/desk/?day=2026-11-26", 2),
    ("the desk's day by physician", follow_ups, "bea", "/desk/?day=2026-11-26&by=physician", 2),
    ("the calendar by physician", follow_ups, "bea", "/desk/calendar?day=2026-11-26", 4),
    ("the calendar by room", follow_ups, "bea", "/desk/calendar?day=2026-11-26&by=room", 4),
    ("the week of one", follow_ups, "bea", "/desk/calendar?day=2026-11-26&view=week", 4),
    ("a month", follow_ups, "bea", "/desk/calendar?day=2026-11-26&view=month", 3),
    ("patients found", follow_ups, "bea", "/desk/patients?q=pat", 2),
    ("the day to print", follow_ups, "bea", "/desk/day/print?day=2026-11-26", 2),
    ("one patient at the desk", record, "bea", "/desk/patients/{cal}", 4),
    ("the waiting list", waiting, "bea", "/desk/waiting-list", 3),
    ("the queue", forms_waiting, "ana_user", "/reviews", 4),
    ("patients in care", follow_ups, "ana_user", "/records/", 1),
    ("times for the desk", record, "bea", "/patients/{cal}/book/{consultation}", 2),
    ("the audit log", log, "max", "/manage/audit", 2),
    ("who looked at my record", looks, "cal", "/account/readers", 1),
]
SEVERAL = [
    ("home", follow_ups, "", "/", 3),
    ("times for a newcomer who holds one", follow_ups, "newcomer", "/book/consultation", 5),
    ("times for a patient", record, "cal", "/book/consultation", 4),
    ("times behind the gate", record, "bea", "/patients/{cal}/book/{toxin}", 6),
    ("first times at the phone", todays, "bea", "/patients/{cal}/book/{consultation}/first", 2),
    ("first times behind the gate", record, "bea", "/patients/{cal}/book/{toxin}/first", 6),
    ("arrivals", todays, "bea", "/desk/arrivals", 1),
    ("one's own times behind the gate", record, "cal", "/book/{toxin}", 6),
    ("visits outside the roster", nobody_works, "bea", "/roster/outside", 4),
    ("one physician’s roster", follow_ups, "max", "/manage/people/{ana}", 5),
    ("the clinic", follow_ups, "max", "/manage/", 6),
    ("my day", follow_ups, "ana_user", "/my-day?day=2026-11-26", 7),
    ("a record", record, "ana_user", "/records/{cal}", 12),
    ("a review", record, "ana_user", "/reviews/{review}", 14),
    ("my visits", record, "cal", "/visits", 12),
    # eleven of them for a roster that remembers the absences of weeks that are over
    ("numbers", follow_ups, "max", "/numbers", 17),
]
PAGES = [*LISTS, *SEVERAL]


@pytest.fixture
def enter(app, cast, signed_in, anyone):
    """The browser of somebody of the cast, of a newcomer with a finished form, or of anyone."""

    def by_name(who: str) -> Person:
        if who == "newcomer":
            return at_the_last_page(cast, app, hour=9)
        if not who:
            return anyone
        found = getattr(cast, who)
        return signed_in(make_account(found) if who == "cal" else found)

    return by_name


@pytest.mark.parametrize(
    ("rows", "who", "path", "asks"), [p[1:] for p in PAGES], ids=[p[0] for p in PAGES]
)
@pytest.mark.parametrize("count", [1, 30])
def test_a_page_asks_no_more_statements_for_thirty_rows_than_for_one(
    cast, enter, rows, count, who, path, asks
):
    person = enter(who)
    rows(cast, count)
    ids = {kind: cast.service(kind).public_id for kind in ("consultation", "toxin")}
    ids["review"] = newest_consultation(cast)

    found = asked(person, path.format(cal=cast.cal.public_id, ana=cast.ana.public_id, **ids))

    # Fewer where a page before has read into memory what this one asks for.
    assert len(found) <= asks, "\n".join(found)


@pytest.mark.parametrize("page", LISTS, ids=[p[0] for p in LISTS])
def test_a_list_asks_at_most_four(page):
    assert page[-1] <= LIST


# On PostgreSQL three more: the key's lock, the actors', and the visit read again under it.
BOOKING = {"sqlite": 9, "postgresql": 12}
TIMES = 3


def test_booking_a_held_time_asks_no_more_than_it_must(cast, app, engine):
    make_intake(cast.cal)
    browser = by_code(app, cast.cal)
    times = browser.get("/book/consultation?day=2026-11-26")
    pressed = hold_a_time(times).form("Book")
    with statements() as sent:
        answer = browser.raw_post(pressed.action, pressed.fields)

    done = all_but_sign_in_and_audit(sent)
    assert (answer.status_code, answer.location[:8]) == (303, "/visits/")
    assert len(done) <= BOOKING[engine.name], "\n".join(done)


def test_free_times_as_json_ask_at_most_three(cast, anyone):
    path = f"/api/slots?service={cast.service('consultation').public_id}&days=7"
    anyone.get(path)  # the roster is in memory now
    with statements() as sent:
        anyone.get(path)

    assert len(all_but_sign_in_and_audit(sent)) <= TIMES, "\n".join(sent)
