"""`flask why-not`: the same sentences as on the page, and what cannot be read."""

import pytest

from clinic.database import db
from tests.factories import at, make_visit


@pytest.fixture
def why_not(app, cast):
    """Ask as somebody types it; status and what was said."""

    def ask(time, service="consultation", practitioner="Dr Ana Silva", *more):
        answer = app.test_cli_runner().invoke(args=["why-not", service, practitioner, time, *more])
        db.session.rollback()
        return answer.exit_code, answer.output

    return ask


def test_a_free_time_is_said_to_be_free(why_not):
    assert why_not("2026-11-25 10:00") == (0, "This time is free.\n")


def test_the_command_says_what_the_page_says(cast, why_not, signed_in):
    service = cast.service("consultation")
    make_visit(cast.cal, cast.ana, service, at(25, 10))
    query = f"service={service.public_id}&practitioner={cast.ana.public_id}"

    status, said = why_not("2026-11-25 10:10", service.public_id, cast.ana.public_id)

    page = signed_in(cast.bea).get(f"/why-not?{query}&day=2026-11-25&at=10:10")
    assert status == 1
    assert said.splitlines() == [
        "Visits start every 20 minutes from the start of the hours; this lies between two starts.",
        "Dr Ana Silva has a visit until 10:40 am with 10 minutes of clean-up.",
    ]
    assert all(sentence in page.text for sentence in said.splitlines())


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        (("2027-03-28 01:30",), "Ask for 02:00 or later"),
        (("2027-10-31 01:30",), "add --first or --second"),
        (("1899-12-31 10:00",), "years 1900 to 2200"),
        (("2201-01-01 10:00",), "years 1900 to 2200"),
        (("tomorrow",), 'as "2026-11-24 14:00"'),
        (("2026-11-24 25:00",), 'as "2026-11-24 14:00"'),
        (("2026-11-25 10:00", "Massage"), "There is no such service"),
        (("2026-11-25 10:00", "consultation", "Dr Who"), "There is no such practitioner"),
    ],
)
def test_S78_what_cannot_be_read_is_refused_with_a_hint(why_not, asked, hint):
    status, said = why_not(*asked)

    assert status == 2
    assert hint in said


@pytest.mark.parametrize("which", ["--first", "--second"])
def test_S78_of_a_time_that_comes_twice_one_is_chosen(why_not, which):
    assert why_not("2027-10-31 01:30", "consultation", "dr ana silva", which)[0] == 1
