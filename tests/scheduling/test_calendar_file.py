"""S32: what the clinic is called and where it is never makes a line of the calendar file."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from clinic.database import transaction
from clinic.scheduling import calendar_file
from tests import factories
from tests.factories import at

EVIL = "Halden; one, two\\n\r\nATTENDEE:mailto:evil@example.org\nEND:VEVENT\r\rX-" + "ü" * 40


@pytest.fixture
def file(app, cast):
    visit = factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 11))
    with transaction():
        cast.site.name = EVIL
        cast.site.clinic.name = EVIL[:60]
    with app.test_request_context():
        return calendar_file.of_visit(visit, cast.site, now=at(24, 9), host="localhost")


def test_S32_a_line_break_in_a_name_makes_no_property(file):
    names = [line.partition(b":")[0] for line in file.split(b"\r\n") if line[:1] != b" "]

    assert b"ATTENDEE" not in names
    assert (names.count(b"END"), file.count(b"\n"), file.count(b"\r")) == (
        2,
        file.count(b"\r\n"),
        file.count(b"\r\n"),
    )


def test_S32_lines_are_folded_at_75_octets_and_read_back_whole(file):
    (event,) = Calendar.from_ical(file).walk("VEVENT")

    assert max(map(len, file.split(b"\r\n"))) <= 75
    assert "ü" * 40 in event["location"]
