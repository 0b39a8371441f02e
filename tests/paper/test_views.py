"""The day to print and as a PDF, the desk's lists as files: what is on them, who gets them.

Shows S4, S32 and S50 of the security checklist.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db
from clinic.scheduling import rosters
from clinic.scheduling.rules import AbsenceKind, Away
from clinic.scheduling.rules import AppointmentStatus as S
from tests.factories import TESTER, at, make_intake, make_patient, make_visit, walk
from tests.full_record import CLINICAL, found_in
from tests.paper.pdf_text import pages
from tests.two_sites import make_mitte
from tests.visitor import NS, words
from tests.waiting import wait


@pytest.fixture
def bea(cast, signed_in):
    return signed_in(cast.bea)


@pytest.fixture
def ana(cast, signed_in):
    return signed_in(cast.ana_user)


@pytest.fixture
def visits(cast):
    """Cal with Ana at eleven, Dee with Eli at 10:20."""
    consultation = cast.service("consultation")
    cal = make_visit(cast.cal, cast.ana, consultation, at(24, 11))
    dee = make_visit(cast.dee, cast.eli, consultation, at(24, 10, 20))
    return cal, dee


def sheets(page):
    """Each section's heading, and the lines of its table as they are read."""
    found = {}
    for section in page.root.iter(f"{NS}section"):
        body = next(section.iter(f"{NS}tbody"))
        found[words(next(section.iter(f"{NS}h2")))] = [
            " | ".join(words(cell) for cell in row if words(cell)) for row in body
        ]
    return found


def newest():
    db.session.rollback()
    return db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_the_desk_prints_everybody_by_time_and_each_physician_with_free_hours(bea, visits):
    page = bea.get("/desk/").follow("Print the day")

    found = sheets(page)
    assert list(found) == ["Everybody, by time", "Dr Ana Silva", "Dr Eli Stone"]
    assert found["Everybody, by time"] == [
        "10:20 am to 10:50 am | Dee Novakborn 2 March 1990, 020 7946 0555 | Consultation"
        " | Dr Eli Stone | Room 1 | Booked Form missing",
        "11:00 am to 11:30 am | Cal Ortegaborn 2 March 1990, 020 7946 0555 | Consultation"
        " | Dr Ana Silva | Room 1 | Booked Form missing",
    ]
    assert found["Dr Ana Silva"][:4] == [
        "9:00 am to 10:00 am | free",
        "10:00 am to 11:00 am | free",
        "11:00 am to 11:30 am | Cal Ortegaborn 2 March 1990, 020 7946 0555 | Consultation"
        " | Room 1 | Booked Form missing",
        "11:30 am to 12:00 pm | free",
    ]
    assert "Printed 24 November 2026, 9:00 am, London time" in page.text


def test_one_physician_is_printed_alone_and_an_unknown_one_is_not_found(bea, cast, visits):
    alone = bea.get(f"/desk/day/print?practitioner={cast.eli.public_id}")

    assert list(sheets(alone)) == ["Dr Eli Stone"]
    bea.get("/desk/day/print?practitioner=nobody", status=404)


def test_another_day_and_a_past_one_are_printed(bea, cast, visits, travel, signed_in):
    assert "Cal" not in bea.get("/desk/day/print?day=2026-11-25").text
    travel(at(20, 9, month=12))
    assert "Cal Ortega" in signed_in(cast.bea).get("/desk/day/print?day=2026-11-24").text


def test_a_visit_that_went_on_shows_its_state(bea, cast, visits):
    make_intake(cast.cal)
    walk(visits[0], S.ARRIVED)

    assert "Room 1 | Arrived" in sheets(bea.get("/desk/day/print"))["Dr Ana Silva"][2]


def test_each_site_has_its_sheets_and_its_clock(bea, cast, visits):
    service = make_mitte(cast)
    make_visit(make_patient(), cast.ana, service, at(24, 13))

    page = bea.get("/desk/day/print")

    assert "Everybody, by time, Mitte" in sheets(page)
    assert sheets(page)["Everybody, by time, Mitte"][0].startswith("2:00 pm to 2:30 pm")
    assert "Printed 24 November 2026, 10:00 am, Berlin time" in page.text


def test_S4_a_physician_prints_their_own_day_without_phone_or_date_of_birth(ana, visits):
    page = ana.get("/my-day").follow("Print the day")

    assert list(sheets(page)) == ["Dr Ana Silva"]
    assert "11:00 am to 11:30 am | Cal Ortega | Consultation" in "\n".join(
        sheets(page)["Dr Ana Silva"]
    )
    assert found_in(page.text, ("Dee", "1990", "0555")) == []


@pytest.mark.parametrize("path", ["/desk/day/print", "/desk/day/day.pdf", "/desk/day/day.csv"])
def test_a_physician_gets_nothing_of_the_desk(ana, visits, path):
    assert ana.send("GET", path).status_code == 403


def test_the_pdf_is_a_file_with_the_date_that_nobody_keeps(bea, visits):
    answer = bea.send("GET", "/desk/day/day.pdf?day=2026-11-24")

    assert answer.mimetype == "application/pdf"
    assert answer.get_data()[:5] == b"%PDF-"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="day-2026-11-24.pdf"'


def test_the_pdf_has_sheets_for_everybody_and_each_physician(bea, visits):
    found = pages(bea.send("GET", "/desk/day/day.pdf").get_data())

    assert [page.splitlines()[0] for page in found] == [
        "Halden Clinic: Everybody, by time",
        "Halden Clinic: Dr Ana Silva",
        "Halden Clinic: Dr Eli Stone",
    ]
    assert all("Tuesday 24 November 2026" in page for page in found)
    assert "Halden. Printed 24 November 2026, 9:00 am, London time" in found[0]
    assert "".join(found[1].splitlines()).count("free") == 8
    lines = found[0].splitlines()
    assert lines.index("Dee Novak") < lines.index("Cal Ortega")
    assert lines.count("020 7946 0555") == 2


def test_a_long_day_has_its_head_and_its_number_on_each_sheet(bea, cast):
    for n in range(20):
        patient = make_patient(name=f"Pat {n}", email=f"pat{n}@example.org")
        make_visit(patient, cast.ana, cast.service("follow-up"), at(25, 10 + n // 3, n % 3 * 20))

    found = pages(bea.send("GET", "/desk/day/day.pdf?day=2026-11-25").get_data())

    assert len(found) > 3
    assert ["Page" in page and "Patient" in page for page in found] == [True] * len(found)
    assert found[1].splitlines()[0] == "Halden Clinic: Everybody, by time"


@pytest.mark.parametrize(
    "name", ["Žofia Šťastná", "Юлия Жданова", "Νίκη Ωραίου", "Nguyễn Thị Ẩn", "Ann (Nan) O\\Neil"]
)
def test_the_pdf_has_the_letters_of_every_name(bea, cast, name):
    make_visit(make_patient(name=name), cast.ana, cast.service("consultation"), at(24, 11))

    pdf = bea.send("GET", "/desk/day/day.pdf").get_data()

    assert name in pages(pdf)[0].splitlines()


def test_a_day_without_anything_has_one_sheet_that_says_so(bea, cast):
    cast_away = Away(date(2026, 11, 26), 0, date(2026, 11, 26), 1440)
    for physician in (cast.ana, cast.eli):
        rosters.add_absence(physician, cast_away, AbsenceKind.HOLIDAY, actor=TESTER)

    (only,) = pages(bea.send("GET", "/desk/day/day.pdf?day=2026-11-26").get_data())

    assert "No visit on this day." in only
    assert "nobody works" in bea.get("/desk/day/print?day=2026-11-26").text


EXPORTS = [
    ("/desk/day/print", {"list": "day to print", "day": "2026-11-24", "rows": 2}),
    ("/desk/day/day.pdf", {"list": "day as PDF", "day": "2026-11-24", "rows": 2}),
    ("/desk/day/day.csv", {"list": "day", "day": "2026-11-24", "rows": 2}),
    ("/desk/patients/found.csv?q=cal", {"list": "patients found", "rows": 1}),
    ("/desk/waiting-list/list.csv", {"list": "waiting list", "rows": 0}),
    ("/desk/arrivals/list.csv", {"list": "arrivals", "rows": 2}),
]


@pytest.mark.parametrize(("path", "facts"), EXPORTS)
def test_S50_what_is_taken_along_is_written_down(bea, visits, path, facts):
    bea.send("GET", path)

    assert (newest().event, newest().facts) == (Event.LIST_EXPORTED, facts)
    assert newest().roles == "front-desk"


def test_S50_each_patient_of_a_file_of_found_ones_is_written_down(bea, cast):
    bea.send("GET", "/desk/patients/found.csv?q=cal")

    found = db.session.scalars(
        db.select(AuditEvent).where(
            AuditEvent.event == Event.PATIENT_FOUND, AuditEvent.patient_id.is_not(None)
        )
    )
    assert [row.patient_id for row in found] == [cast.cal.id]


def test_the_day_as_a_file_has_what_its_page_has(bea, visits):
    answer = bea.send("GET", "/desk/day/day.csv")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="day-2026-11-24.csv"'
    assert rows_of(answer)[1:] == [
        ["2026-11-24", "10:20", "10:50", "Europe/London", "Dee Novak", "Consultation",
         "Dr Eli Stone", "Room 1", "Halden", "Booked", "Form missing"],
        ["2026-11-24", "11:00", "11:30", "Europe/London", "Cal Ortega", "Consultation",
         "Dr Ana Silva", "Room 1", "Halden", "Booked", "Form missing"],
    ]  # fmt: skip


def test_S32_a_name_that_is_a_formula_is_text_in_every_file(bea, cast):
    evil = make_patient(name="=HYPERLINK(1)", phone="+44 20 7946 0555")
    make_visit(evil, cast.ana, cast.service("consultation"), at(24, 11))
    wait(cast, evil, "follow-up")

    files = [
        bea.send("GET", path).get_data(as_text=True)
        for path in (
            "/desk/day/day.csv",
            "/desk/arrivals/list.csv",
            "/desk/patients/found.csv?q=%3Dhyper",
            "/desk/waiting-list/list.csv",
        )
    ]

    assert ["'=HYPERLINK(1)" in text for text in files] == [True] * 4
    assert [",=HYPERLINK" in text or "\n=HYPERLINK" in text for text in files] == [False] * 4
    assert "'+44 20 7946 0555" in files[2]


def test_the_arrivals_as_a_file_say_who_waits_and_who_is_late(bea, visits, at_work):
    walk(visits[0], S.ARRIVED)
    at_work(at(24, 10, 30) + timedelta(seconds=30))

    found = rows_of(bea.send("GET", "/desk/arrivals/list.csv"))[1:]

    assert [(line[0], line[3], line[8:11]) for line in found] == [
        ("Late", "Dee Novak", ["", "", "10"]),
        ("Waiting", "Cal Ortega", ["09:00", "90", ""]),
    ]


def test_the_waiting_list_as_a_file_says_who_waits_for_what(bea, cast):
    wait(cast, cast.cal, "follow-up")

    page = bea.get("/desk/waiting-list")

    assert "Download as CSV" in page.text
    line = rows_of(bea.send("GET", "/desk/waiting-list/list.csv"))[1]
    assert line[0] == "Cal Ortega"
    assert line[3:6] == ["Follow-up", "Halden", line[5]]
    assert line[5].startswith("Anyone, any day, any time; from 24 November 2026")


def test_nothing_clinical_goes_on_paper_or_into_a_file(record, signed_in):
    bea, ana = signed_in(record.cast.bea), signed_in(record.cast.ana_user)

    taken = [
        bea.send("GET", path).get_data(as_text=True)
        for path in ("/desk/day/print", "/desk/day/day.csv", "/desk/waiting-list/list.csv")
    ]
    taken.append(ana.send("GET", "/my-day/print").get_data(as_text=True))
    taken += pages(bea.send("GET", "/desk/day/day.pdf").get_data())
    taken += pages(ana.send("GET", "/my-day/day.pdf").get_data())

    assert "Cal Ortega" in taken[0]
    assert "Cal Ortega" in taken[-1]
    assert found_in("\n".join(taken), CLINICAL) == []
