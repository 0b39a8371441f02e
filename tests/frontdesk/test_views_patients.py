"""Patients at the desk: found, entered at the phone, and what the desk reads of them."""

from datetime import date

import pytest

from clinic.accounts.models import Patient
from clinic.accounts.rules import birth_date
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.notices.models import Message
from clinic.treatment import queries as treatment
from tests.factories import at, make_approval, make_patient, make_visit
from tests.full_record import CLINICAL, found_in, make_full_record
from tests.scheduling.times_page import press_first
from tests.visitor import NS, words

NEW = {
    "name": "Nia Brandt",
    "phone": "020 7946 0888",
    "email": "",
    "born_on-day": "12",
    "born_on-month": "5",
    "born_on-year": "1992",
}


@pytest.fixture
def found(bea):
    """The names that the search answers with."""

    def search(typed):
        page = bea.get("/desk/patients", query_string={"q": typed})
        return [words(b) for b in page.root.iter(f"{NS}b") if b.find(f"{NS}a") is not None]

    return search


@pytest.fixture
def nobodys(cast):
    """Patients beside Cal and Dee."""
    make_patient(name="Zoë Brand", born_on=date(1992, 5, 12), email=None, phone="07700 900123")
    make_patient(name="Mary Zoe Ann", born_on=date(1970, 1, 31), email="mary@example.org", phone="")


# Found.


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("zoe", ["Mary Zoe Ann", "Zoë Brand"]),
        ("ZOË", ["Mary Zoe Ann", "Zoë Brand"]),
        ("zo", ["Mary Zoe Ann", "Zoë Brand"]),
        ("brand", ["Zoë Brand"]),
        ("  zoë   brand ", ["Zoë Brand"]),
        ("brand zoe", ["Zoë Brand"]),
        ("zoë br", ["Zoë Brand"]),
        ("zoe barnd", ["Zoë Brand"]),
        ("rand", ["Zoë Brand"]),
        ("ran", []),
        ("zoe rand ann", []),
        ("07700 900123", ["Zoë Brand"]),
        ("+44 7700 900123", ["Zoë Brand"]),
        ("0044 (0)7700/900-123", ["Zoë Brand"]),
        ("900123", ["Zoë Brand"]),
        ("0123", ["Zoë Brand"]),
        ("123", []),
        ("mary@example.org", ["Mary Zoe Ann"]),
        ("MARY@example.org", ["Mary Zoe Ann"]),
        ("12 5 1992", ["Zoë Brand"]),
        ("12/05/1992", ["Zoë Brand"]),
        ("1992-05-12", ["Zoë Brand"]),
        ("31.1.1970", ["Mary Zoe Ann"]),
        ("1/31/1970", ["Mary Zoe Ann"]),
        ("12 May 1992", ["Zoë Brand"]),
        ("zoe 31 Jan 1970", ["Mary Zoe Ann"]),
        ("zoe 1970", ["Mary Zoe Ann"]),
        ("5 12 1992", []),
        ("%", []),
        ("_", []),
        ("'; DROP TABLE patient; --", []),
        ("", []),
    ],
)
def test_a_patient_is_found_by_name_phone_address_or_birth_date(found, nobodys, typed, names):
    assert found(typed) == names


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12 5 1992", date(1992, 5, 12)),
        ("29/2/1992", date(1992, 2, 29)),
        ("29/2/1993", None),
        ("31 4 1992", None),
        ("12 5 92", None),
        ("١٢ 5 1992", None),
        ("0 0 0000", None),
        ("1992-13-01", None),
        ("Zoë", None),
    ],
)
def test_a_birth_date_is_read_day_first_or_as_iso(typed, day):
    assert birth_date(typed) == day


def test_nobody_found_keeps_the_words_and_leads_to_a_new_patient(bea, cast):
    page = bea.get("/desk/patients", query_string={"q": "Nia <b>Brandt"})

    assert "Nobody found for “Nia <b>Brandt”." in page.text
    (search,) = [form for form in page.forms() if form.method == "get"]
    assert search.fields == [("q", "Nia <b>Brandt")]
    assert page.follow("Enter a new patient").heading == "New patient"


def test_a_new_patient_begins_with_what_was_looked_for(bea, cast):
    looked = "Nia Brandt 12.5.1992 020 7946 0888 nia@example.org"
    page = bea.get("/desk/patients", query_string={"q": looked}).follow("Enter a new patient")

    filled_in = dict(page.form("name").fields)
    assert (filled_in["name"], filled_in["phone"]) == ("Nia Brandt", "020 7946 0888")
    assert filled_in["email"] == "nia@example.org"
    assert [filled_in[f"born_on-{part}"] for part in ("day", "month", "year")] == [
        "12",
        "5",
        "1992",
    ]


def test_beyond_fifty_more_words_are_asked_for(bea, cast):
    for number in range(53):
        make_patient(name=f"Lind Brand {number:02}", email=None, phone=None)

    page = bea.get("/desk/patients?q=brand")

    assert len([w for w in page.links() if w.startswith("Lind Brand")]) == 50
    assert "3 more fit too. Type more of the name" in page.text


def test_while_somebody_types_the_list_alone_is_drawn_again(bea, nobodys):
    def part(words):
        typing = {"HX-Request": "true"}
        return bea.client.get(f"/desk/patients?q={words}", headers=typing, base_url=bea.base)

    found, short = part("bra").text, part("br").text

    assert "<h1" not in found + short
    assert "1 found" in found
    assert "Zoë Brand" in found
    assert "Go on typing, or press Find." in short
    assert "Zoë Brand" not in short


def test_a_patient_is_found_by_what_is_on_file_now(found, bea, nobodys):
    page = bea.get("/desk/patients?q=brand").follow("Zoë Brand").follow("Edit")
    page.form("name").set(name="Zoë Larsen", phone="020 7946 0777").press("Save")

    assert (found("larsen"), found("0777")) == (["Zoë Larsen"], ["Zoë Larsen"])
    assert (found("brand"), found("900123")) == ([], [])


def test_a_found_patient_shows_birth_date_and_phone_and_can_be_booked_at_once(bea, nobodys):
    page = bea.get("/desk/patients?q=brand")

    assert "born 12 May 1992, 07700 900123" in page.text
    assert page.follow("Book Zoë Brand").heading == "Book for Zoë Brand"


def test_S50_each_patient_found_is_written_down_by_name(bea, cast):
    both = [make_patient(name=f"Zoë Brand {n}", email=f"zoe{n}@example.org") for n in range(2)]
    subjects = {(one.id, f"patient:{one.public_id}") for one in both}

    bea.get("/desk/patients?q=brand")

    db.session.rollback()
    looks = db.session.scalars(
        db.select(AuditEvent).filter_by(event=Event.PATIENT_FOUND).order_by(AuditEvent.id)
    ).all()
    named = [(look.patient_id, look.subject) for look in looks if look.patient_id]
    assert sorted(named) == sorted(subjects)
    assert {look.actor for look in looks} == {f"user:{cast.bea.public_id}"}


def test_a_search_that_shows_nobody_names_nobody(bea, cast):
    bea.get("/desk/patients?q=nobody+of+that+name")

    db.session.rollback()
    [look] = db.session.scalars(db.select(AuditEvent).filter_by(event=Event.PATIENT_FOUND))
    assert look.patient_id is None


def test_a_character_that_no_database_stores_is_taken_out_of_the_search(bea, nobodys):
    page = bea.get("/desk/patients?q=bra%00nd")

    assert "Zoë Brand" in page.text


# One patient.


def test_the_desk_reads_contact_visits_and_until_when_and_nothing_clinical(bea, cast):
    make_full_record(cast)

    page = bea.get(f"/desk/patients/{cast.cal.public_id}")

    assert "Phone07700 900461" in page.text
    assert "Botox, until 24 May 2027" in page.text
    assert "Fri 27 November, 10:00 am, Botox treatment, Dr Ana Silva Booked" in page.text
    assert found_in(page.html, CLINICAL) == []


def test_approved_until_is_gone_after_the_last_day_and_after_a_withdrawal(bea, cast, at_work):
    make_approval(cast, valid_until="2026-11-25")
    address = f"/desk/patients/{cast.cal.public_id}"

    at_work(at(25, 23))
    last_day = bea.get(address).text
    at_work(at(26, 1))
    after = bea.get(address).text

    assert "Botox, until 25 November 2026" in last_day
    assert "Nothing in force." in after
    assert len(treatment.approvals_of(cast.cal.id)) == 1


def test_a_patient_without_phone_address_or_visit_shows_none(bea, nobodys):
    page = bea.get("/desk/patients?q=brand").follow("Zoë Brand")

    assert "E-mailnone" in page.text
    assert "None yet." in page.text
    assert "Nothing in force." in page.text


# Entered at the phone.


def test_somebody_at_the_phone_without_an_address_is_entered_and_booked(bea, cast):
    services = bea.get("/desk/patients/new").form("name").set(**NEW).press("Save and book")
    done = press_first(services.follow("Consultation"))

    nia = db.session.scalars(db.select(Patient).where(Patient.name == "Nia Brandt")).one()
    assert (nia.email, nia.phone, nia.born_on) == (None, "020 7946 0888", date(1992, 5, 12))
    assert nia.user_id is None
    assert services.heading == "Book for Nia Brandt"
    assert done.heading == "Booked: Tue 24 November, 10:20 am"
    assert "We have no e-mail address" in done.text
    assert db.session.scalars(db.select(Message)).all() == []


def test_with_an_address_the_visit_is_confirmed_by_mail(bea, cast):
    typed = {**NEW, "email": "Nia@Example.org", "phone": ""}
    services = bea.get("/desk/patients/new").form("name").set(**typed).press("Save and book")

    press_first(services.follow("Consultation"))

    (mail,) = db.session.scalars(db.select(Message).filter_by(kind="booked")).all()
    assert (mail.kind, mail.to) == ("booked", "nia@example.org")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": " "}, "Enter the patient’s full name"),
        ({"name": "x" * 201}, "Use at most 200 characters"),
        ({"born_on-day": "", "born_on-month": "", "born_on-year": ""}, "Enter the date of birth"),
        ({"born_on-day": "31", "born_on-month": "2"}, "That is not a date"),
        ({"born_on-year": "92"}, "Enter a year of four digits"),
        ({"phone": "12"}, "Enter a phone number like"),
        ({"phone": "call me"}, "Enter a phone number like"),
        ({"email": "nia@"}, "Enter an e-mail address like"),
        ({"phone": "", "email": ""}, "Enter a phone number or an e-mail address, or both"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(bea, cast, typed, message):
    form = bea.get("/desk/patients/new").form("name").set(**{**NEW, **typed})
    sent = dict(form.fields)

    again = form.press("Save and book", status=422)

    kept = dict(again.form("name").fields)
    assert message in again.text
    assert {**kept, "csrf_token": "", "name": kept["name"].strip()} == {
        **sent,
        "csrf_token": "",
        "name": sent["name"].strip(),
    }
    assert db.session.scalars(db.select(Patient.name).order_by(Patient.id)).all() == [
        "Cal Ortega",
        "Dee Novak",
    ]


def test_P2_the_same_name_and_birth_date_is_a_record_of_its_own_shown_as_a_possible_double(
    bea, cast
):
    typed = {**NEW, "name": "cal ortega", "born_on-day": "2", "born_on-month": "3"}
    typed["born_on-year"] = "1990"

    filled_in = bea.get("/desk/patients/new").form("name").set(**typed)
    asked = filled_in.press("Save and book", status=409)
    asked.form("name").press("It is somebody else: enter anyway")

    listed = bea.get("/desk/patients?q=ortega")
    assert listed.text.count("Possible duplicate") == 1
    assert "Possibly the same person as Cal Ortega" in listed.follow("cal ortega").text


DOUBLES = [
    ("Cal Ortega", "020 7946 0888", ""),
    ("ortega cal", "020 7946 0888", ""),
    ("Cál Ortegga", "020 7946 0888", ""),
    ("Somebody Else", "+44 20 7946 0555", ""),
    ("Somebody Else", "", "CAL@example.org"),
]


@pytest.mark.parametrize(("name", "phone", "email"), DOUBLES)
def test_who_may_be_known_is_shown_before_anything_is_stored(bea, cast, name, phone, email):
    with transaction():
        cast.dee.born_on = date(1991, 1, 1)
    typed = {**NEW, "name": name, "phone": phone, "email": email}
    typed |= {"born_on-day": "2", "born_on-month": "3", "born_on-year": "1990"}
    form = bea.get("/desk/patients/new").form("name").set(**typed)

    asked = form.press("Save and book", status=409)

    kept = dict(asked.form("name").fields)
    assert {field: kept[field] for field in typed} == typed
    assert asked.follow("It is this one: Cal Ortega").heading == "Cal Ortega"
    assert db.session.scalar(db.select(db.func.count(Patient.id))) == 2


def test_who_is_entered_anyway_is_somebody_else_than_those_shown(bea, cast):
    """A third record that comes up between the two presses is shown as well."""
    typed = {**NEW, "name": "Cal Ortega", "born_on-day": "2", "born_on-month": "3"}
    typed["born_on-year"] = "1990"
    asked = bea.get("/desk/patients/new").form("name").set(**typed).press(status=409)
    again = asked.form("name").press("Look again", status=409)
    make_patient(name="Cal Ortego")

    more = again.form("name").press("enter anyway", status=409)
    entered = more.form("name").press("enter anyway")

    assert "Cal Ortego" not in again.text
    assert "It is this one: Cal Ortego" in more.links()
    assert entered.heading == "Book for Cal Ortega"


def test_S50_whom_the_warning_shows_is_written_down(bea, cast):
    typed = {**NEW, "name": "cal ortega", "born_on-day": "2", "born_on-month": "3"}
    typed["born_on-year"] = "1990"

    bea.get("/desk/patients/new").form("name").set(**typed).press(status=409)

    db.session.rollback()
    [look] = db.session.scalars(db.select(AuditEvent).filter_by(event=Event.PATIENT_FOUND))
    assert look.patient_id == cast.cal.id


def test_somebody_with_another_birth_date_is_entered_at_once(bea, cast):
    typed = {**NEW, "name": "Cal Ortega", "email": "cal@example.org"}

    page = bea.get("/desk/patients/new").form("name").set(**typed).press("Save and book")

    assert page.heading == "Book for Cal Ortega"


def test_a_name_is_shown_as_typed_and_never_as_markup(bea, cast):
    typed = {**NEW, "name": "<b>O’Neil</b> 山田"}

    page = bea.get("/desk/patients/new").form("name").set(**typed).press("Save and book")

    assert page.heading == "Book for <b>O’Neil</b> 山田"


def test_the_desk_books_a_follow_up_for_somebody_known(bea, cast):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    services = bea.get(f"/desk/patients/{cast.cal.public_id}").follow("Book a visit")

    done = press_first(services.follow("Follow-up"))

    assert "ServiceFollow-up" in done.follow("Open the visit").text
