"""The words of each mail, its headers, its calendar file; and that its links change nothing."""

import re

import pytest
from icalendar import Calendar

from clinic.database import db, transaction
from clinic.journey import cancel
from clinic.notices import letters, services
from clinic.notices.models import Message, MessageKind
from tests.factories import TESTER, at, make_account, make_intake, make_patient, make_visit
from tests.full_record import ANSWERED, CLINICAL, found_in
from tests.rows import everything_stored

EVIL = "Kim\r\nBcc: evil@example.org"


@pytest.fixture
def visit(cast):
    """Cal's consultation with Ana on Thursday at eleven."""
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(26, 11))


def newest(kind):
    db.session.rollback()
    found = db.select(Message).where(Message.kind == kind).order_by(Message.id.desc())
    return letters.write(db.session.scalars(found.limit(1)).one())


def body(mail):
    return mail.get_body(("plain",)).get_content()


def event(mail):
    """(the calendar file, its one event) of a mail."""
    (part,) = mail.iter_attachments()
    calendar = Calendar.from_ical(part.get_content())
    return calendar, calendar.walk("VEVENT")[0]


# Words.


def test_the_mail_of_a_booking_says_when_where_with_whom_and_how_to_cancel(visit):
    mail = newest("booked")

    assert mail["Subject"] == "Your visit on Thu 26 November, 11:00 am"
    assert mail["To"] == "cal@example.org"
    assert mail["From"] == "Halden Clinic <desk@halden.example>"
    text = body(mail)
    assert "Thu 26 November, 11:00 am\nDr Ana Silva\nHalden, 14 Orchard Row" in text
    assert "http://localhost/visits" in text
    assert "020 7946 0123" in text


def test_the_mail_of_a_cancellation_says_what_is_cancelled_and_how_to_book_again(visit):
    cancel.by_staff(visit, "clinic", actor=TESTER)

    mail = newest("cancelled")

    assert mail["Subject"] == "Cancelled: your visit on Thu 26 November, 11:00 am"
    assert "your visit is cancelled" in body(mail)
    assert "To book another one:" in body(mail)


def test_the_mail_of_a_code_holds_it_and_how_long_it_is_good(cast):
    services.queue(MessageKind.CODE, to="kim@example.org", params={"code": "204816"})

    mail = newest("code")

    assert mail["Subject"] == "Your code: 204816"
    assert "    204816\n" in body(mail)
    assert "good for 15 minutes" in body(mail)


def test_the_mail_of_a_form_begun_holds_its_link(cast):
    services.queue(MessageKind.RESUME, to="kim@example.org", params={"token": "a-token"})

    assert "http://localhost/intake/resume/a-token" in body(newest("resume"))


@pytest.mark.parametrize("kind", [MessageKind.QUESTION, MessageKind.DECIDED])
def test_news_from_the_physician_name_no_news(cast, kind):
    services.queue(kind, to="cal@example.org", params={}, patient_id=cast.cal.id)

    text = body(newest(kind))

    assert "http://localhost/visits" in text
    assert found_in(text, [*CLINICAL, "Botox", "filler", "approv", "declin", "defer"]) == []


def test_S82_no_mail_of_a_visit_names_service_flag_or_answer(cast):
    make_intake(cast.cal, **ANSWERED)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(26, 11))
    cancel.by_staff(visit, "ill", actor=TESTER)

    db.session.rollback()
    (last,) = db.session.scalars(db.select(Message).where(Message.kind == "cancelled"))
    raw = letters.write(last).as_string()
    calendar = event(letters.write(last))[0].to_ical().decode()

    assert found_in(raw + calendar, [*CLINICAL, "Consultation", "ill", "Ortega"]) == []


# Headers.


def test_S32_a_line_break_in_the_name_of_the_clinic_makes_no_header(cast, visit):
    with transaction():
        cast.site.clinic.name = EVIL
        db.session.merge(cast.site.clinic)

    with pytest.raises(ValueError, match="linefeed"):
        newest("booked")


@pytest.mark.parametrize("to", ["kim@example.org\r\nBcc: evil@example.org", "a\nb@example.org"])
def test_S32_a_line_break_in_an_address_makes_no_header(cast, to):
    services.queue(MessageKind.CODE, to=to, params={"code": "204816"})

    mail = newest("code")

    assert mail["Bcc"] is None
    assert "\nBcc" not in mail.as_string()


def test_S32_a_line_break_in_a_code_makes_no_header(cast):
    services.queue(MessageKind.CODE, to="kim@example.org", params={"code": EVIL})

    mail = newest("code")

    assert (mail["Bcc"], mail["Subject"]) == (None, "Your code: Kim")


def test_the_name_of_a_patient_stands_in_no_header(cast):
    kim = make_patient(name=EVIL, email="kim@example.org")
    make_visit(kim, cast.ana, cast.service("consultation"), at(26, 12))

    mail = newest("booked")

    assert mail["Bcc"] is None
    assert "evil@example.org" not in mail.as_string()


def test_the_same_message_has_the_same_id_each_time_and_another_has_another(visit):
    first, again = newest("booked"), newest("booked")
    cancel.by_patient(visit, actor=TESTER)

    assert first["Message-ID"] == again["Message-ID"]
    assert re.fullmatch(r"<[0-9a-f-]{20,}@localhost>", first["Message-ID"])
    assert newest("cancelled")["Message-ID"] != first["Message-ID"]


# The calendar file.


def test_M7_booking_and_cancelling_share_one_uid_the_sequence_counts_up(visit):
    booked, kept = event(newest("booked"))
    cancel.by_patient(visit, actor=TESTER)
    cancelled, gone = event(newest("cancelled"))

    assert kept["UID"] == gone["UID"] == f"{visit.public_id}@localhost"
    assert int(gone["SEQUENCE"]) == int(kept["SEQUENCE"]) + 1
    assert (booked["METHOD"], cancelled["METHOD"]) == ("REQUEST", "CANCEL")
    assert (kept["STATUS"], gone["STATUS"]) == ("CONFIRMED", "CANCELLED")


def test_M7_another_visit_has_another_uid(cast, visit):
    first = event(newest("booked"))[1]["UID"]
    make_visit(cast.dee, cast.eli, cast.service("consultation"), at(26, 11))

    assert event(newest("booked"))[1]["UID"] != first


def test_the_calendar_entry_has_time_place_and_phone_and_no_service(visit):
    entry = event(newest("booked"))[1]

    assert entry.decoded("DTSTART") == at(26, 11)
    assert entry.decoded("DTEND") == at(26, 11, 30)
    assert str(entry["SUMMARY"]) == "Visit, Halden Clinic"
    assert str(entry["LOCATION"]) == "Halden, 14 Orchard Row"
    assert str(entry["DESCRIPTION"]) == "Questions? Call 020 7946 0123."
    assert str(entry["ORGANIZER"]) == "mailto:desk@halden.example"


def test_the_mail_names_the_method_of_its_calendar_file(visit):
    (part,) = newest("booked").iter_attachments()

    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "REQUEST"
    assert part.get_filename() == "visit.ics"


def test_the_patient_gets_the_same_file_from_the_page(cast, visit, signed_in):
    response = signed_in(make_account(cast.cal)).send("GET", f"/visits/{visit.public_id}/visit.ics")

    downloaded = Calendar.from_ical(response.data).walk("VEVENT")[0]
    mailed = event(newest("booked"))[1]
    names = ("UID", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS")
    assert [downloaded[n] for n in names] == [mailed[n] for n in names]
    assert response.mimetype == "text/calendar"


@pytest.mark.parametrize(
    ("month", "hour", "shown"),
    [(6, 10, "Thu 3 June, 11:00 am"), (12, 11, "Fri 3 December, 11:00 am")],
    ids=["summer", "winter"],
)
def test_T6_page_mail_and_calendar_name_one_time(cast, signed_in, travel, month, hour, shown):
    travel(at(1, 9, month=month, year=2027))
    moment = at(3, hour, month=month, year=2027)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), moment)

    page = signed_in(cast.bea).get(f"/desk/visits/{visit.public_id}")
    mail = newest("booked")

    assert f"When{shown}" in page.text
    assert shown in mail["Subject"]
    assert shown in body(mail)
    assert event(mail)[1].decoded("DTSTART") == moment


# Links.


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_M6_no_link_of_any_mail_changes_anything_by_being_looked_at(cast, visit, anyone, method):
    services.queue(MessageKind.RESUME, to="kim@example.org", params={"token": "a-token"})
    cancel.by_patient(visit, actor=TESTER)
    queued = db.session.scalars(
        db.select(Message).where(Message.kind != "booked").order_by(Message.id)
    ).all()
    mails = [newest(kind) for kind in {message.kind for message in queued}]
    links = [link for mail in mails for link in re.findall(r"http://localhost(\S+)", body(mail))]
    before = everything_stored()

    statuses = {anyone.send(method, link).status_code for link in links}

    assert len(links) == 2
    assert statuses <= {200, 303, 404}
    assert everything_stored() == before
