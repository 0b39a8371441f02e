"""Opening a record in an emergency (S7, S16): find, say why, read; and who reads of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.accounts.models import Credential
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.door import guard_of
from clinic.screening import services
from clinic.screening.models import EmergencyAccess
from tests.factories import at, make_approval, make_patient, staff_actor
from tests.full_record import TYPED, found_in, make_full_record

REASON = "Called from another hospital."
CALS = {"born_on-day": 2, "born_on-month": 3, "born_on-year": 1990}


@pytest.fixture
def eli(cast, signed_in):
    """A physician with a licence and no care relation to Cal."""
    return signed_in(cast.eli_user)


@pytest.fixture
def max_page(cast, signed_in):
    return lambda: signed_in(cast.max).get("/manage/emergencies")


def searched(person, name="ort", **born):
    form = person.get("/emergency").form("born_on")
    return form.set(name=name, **{**CALS, **born})


def opened_by(person, cast, reason=REASON, status=200):
    page = person.get(f"/emergency/{cast.cal.public_id}")
    return page.form("reason").set(reason=reason).press(status=status)


def events(event):
    db.session.rollback()
    return db.session.scalars(
        db.select(AuditEvent).filter_by(event=event).order_by(AuditEvent.id)
    ).all()


def test_S7_the_whole_way_from_the_list_to_the_record_and_back(cast, eli):
    make_approval(cast)
    found = eli.get("/records/").follow("Open a record in an emergency")
    found = found.form("born_on").set(name="ortega", **CALS).press()
    record = found.follow("Cal Ortega").form("reason").set(reason=REASON).press()

    assert record.path == f"/records/{cast.cal.public_id}"
    assert "Emergency access until 10:00 am" in record.text
    assert record.form("/close").press().path == "/records/"
    eli.get(record.path, status=404)


def test_S7_the_opening_is_written_down_with_whose_and_until_when(cast, eli):
    opened_by(eli, cast)

    (row,) = events(Event.EMERGENCY_OPENED)
    access = db.session.scalars(db.select(EmergencyAccess)).one()
    assert (row.actor, row.patient_id) == (f"user:{cast.eli_user.public_id}", cast.cal.id)
    assert row.facts == {"until": access.until.isoformat()}
    assert access.until - access.opened_at == timedelta(minutes=60)
    assert REASON not in str(row.facts)


def test_S16_opening_asks_for_the_password_again_and_reading_about_it_does_not(app):
    assert guard_of(app, "emergency.open_record").fresh
    assert not guard_of(app, "emergency.reason").fresh


@pytest.mark.parametrize(
    ("name", "born"),
    [("xim", {}), ("ort", {"born_on-day": 3}), ("rtega", {})],
    ids=["other name", "other birth date", "middle of the name"],
)
def test_nobody_is_found_without_the_beginning_of_a_name_and_the_birth_date(cast, eli, name, born):
    page = searched(eli, name, **born).press()

    assert "Nobody with that date of birth" in page.text
    assert "Cal Ortega" not in page.html


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "Enter how the first or the last name begins"),
        ({"name": "o"}, "Enter at least two letters of the name"),
        ({"name": "%%"}, None),
        ({"born_on-day": ""}, "That is not a date."),
        ({"born_on-day": "", "born_on-month": "", "born_on-year": ""}, "Enter the date of birth"),
    ],
)
def test_half_of_what_is_needed_finds_nobody(cast, eli, typed, message):
    page = searched(eli, **typed).press(status=422 if message else 200)

    assert message is None or message in page.text
    assert "Cal Ortega" not in page.html


def test_at_most_five_are_shown_with_name_and_birth_date_and_each_is_written_down(cast, eli):
    for number in range(7):
        make_patient(name=f"Ortrud {number}", email=None, phone="07700 900999")

    page = searched(eli).press()

    assert "5 patients fit" in page.text
    assert "born 2 March 1990" in page.text
    assert "07700" not in page.html
    assert len([row for row in events(Event.PATIENT_FOUND) if row.patient_id]) == 5


def test_a_physician_does_not_find_or_open_themself(cast, eli):
    own = make_patient(name="Orten Stone")
    with transaction():
        own.user_id = cast.eli_user.id

    assert "Orten" not in searched(eli).press().html
    eli.get(f"/emergency/{own.public_id}", status=404)


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "Write why it can’t wait"),
        ("Urgent", "at least 10 characters"),
        ("x" * 501, "Use at most 500 characters; these are 501."),
    ],
)
def test_without_a_reason_of_ten_to_five_hundred_characters_nothing_opens(
    cast, eli, reason, message
):
    page = opened_by(eli, cast, reason, status=422)

    assert message in page.text
    assert reason in page.text
    assert db.session.scalars(db.select(EmergencyAccess)).all() == []


def test_without_a_licence_for_today_nothing_opens_and_the_page_says_so(cast, eli):
    with transaction():
        db.session.execute(db.delete(Credential).where(Credential.practitioner_id == cast.eli.id))

    page = opened_by(eli, cast, status=409)

    assert "No licence of yours is on file for today." in page.text
    assert REASON in page.text


def test_whoever_is_in_care_already_is_led_to_the_record(cast, signed_in):
    make_approval(cast)

    page = signed_in(cast.ana_user).get(f"/emergency/{cast.cal.public_id}")

    assert page.path == f"/records/{cast.cal.public_id}"
    assert "Emergency access" not in page.text


def test_in_an_emergency_the_newest_form_and_the_notes_are_read_and_nothing_is_booked(cast, eli):
    record = make_full_record(cast)
    page = opened_by(eli, cast)
    note = eli.get(f"/notes/{record.note.public_id}")

    assert TYPED["note-of-an-answer"] in page.text
    assert TYPED["text"] in note.text
    closed = [*page.links().values(), *note.links().values()]
    assert [link for link in closed if link.endswith("/book") or "/reviews/" in link] == []
    eli.get(f"/reviews/{record.second.public_id}", status=404)
    eli.get(f"/patients/{cast.cal.public_id}/book", status=404)


def test_in_an_emergency_text_is_added_to_a_signed_note(cast, eli):
    note = make_approval(cast)
    opened_by(eli, cast)

    page = eli.get(f"/notes/{note.public_id}").form("/addendum").set(text="Allergic.").press()

    assert "Dr Eli Stone" in page.text
    assert "Allergic." in page.text


def test_S7_the_record_shuts_at_the_end_of_the_hour(cast, eli, at_work):
    page = opened_by(eli, cast)
    at_work(at(24, 10, 1))

    eli.get(page.path, status=404)


def test_the_access_of_a_colleague_is_closed_by_nobody_else(cast, eli, signed_in):
    close = opened_by(eli, cast).form("/close")
    ana = signed_in(cast.ana_user)
    token = dict(ana.get("/emergency").form("born_on").fields)["csrf_token"]

    answer = ana.raw_post(close.action, {"csrf_token": token})

    assert answer.status_code == 404
    assert eli.get(f"/records/{cast.cal.public_id}")


# What the manager reads.


def test_S7_the_manager_reads_who_opened_whose_record_when_and_why(cast, eli, max_page):
    opened_by(eli, cast)

    page = max_page()

    for words in (
        "Dr Eli Stone",
        "Cal Ortega",
        "born 2 March 1990",
        "Tue 24 November, 9:00 am",
        "until 10:00 am Open now",
        REASON,
    ):
        assert words in page.text


def test_the_manager_reads_nothing_else_of_the_record(cast, max_page):
    make_full_record(cast)

    assert found_in(max_page().text, TYPED.values()) == []


def test_the_list_is_newest_first_twenty_five_a_page(cast, max_page, signed_in):
    eli = staff_actor(cast.eli_user, cast.eli)
    for number in range(26):
        patient = make_patient(name=f"Patient {number:02}", email=None)
        services.open_in_emergency(patient, REASON, actor=eli)

    first, second = max_page(), max_page().follow("Older")

    assert "Patient 25" in first.text
    assert "Patient 00" not in first.text
    assert "Patient 00" in second.text
    assert "Page 2 of 2" in second.text
    signed_in(cast.max).get("/manage/emergencies?page=3", status=404)
    signed_in(cast.max).get("/manage/emergencies?page=-1", status=404)


def test_the_managers_first_page_says_how_many_there_were_this_week(cast, eli, signed_in, travel):
    opened_by(eli, cast)
    this_week = signed_in(cast.max).get("/manage/").text
    travel(at(24, 9) + timedelta(days=7, minutes=1))
    later = signed_in(cast.max).get("/manage/").text

    assert "1 record was opened in an emergency" in this_week
    assert "opened in an emergency in the last" not in later


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("bea", "/emergency"),
        ("max", "/emergency"),
        ("bea", "/manage/emergencies"),
        ("ana_user", "/manage/emergencies"),
    ],
)
def test_P9_neither_page_opens_to_anybody_else(cast, signed_in, who, path):
    signed_in(getattr(cast, who)).get(path, status=403)
