"""The commands that found a clinic: from an empty database to its first booked visit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clinic.accounts.models import User
from clinic.config import ROOT
from clinic.database import db
from clinic.journey import found
from clinic.journey.clinic_file import read
from clinic.key_ring import KeyRing
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from tests.accounts.doors import with_a_new_app
from tests.factories import CLINIC, PASSWORD
from tests.newcomer import book_first
from tests.rows import everything_stored
from tests.visitor import Person

EXAMPLE = Path(ROOT, "docs", "clinic-example.yaml").read_text()
LINK = re.compile(r"http://localhost(/forgotten-password/\S+)")


@pytest.fixture
def flask(app):
    """Run a command as somebody types it."""

    def run(*args):
        answer = app.test_cli_runner().invoke(args=[str(arg) for arg in args])
        db.session.rollback()
        assert answer.exception is None or isinstance(answer.exception, SystemExit)
        return answer

    return run


@pytest.fixture
def clinic_file(tmp_path):
    def write(text):
        path = tmp_path / "clinic.yaml"
        path.write_text(text)
        return path

    return write


def set_password(person, link):
    """Follow a one-time link and choose a password."""
    form = person.get(link).form("password")
    return form.set(password=PASSWORD, password_confirm=PASSWORD).press()


def sign_in(person, email):
    """As staff do the first time: they are asked for a second step."""
    form = person.get("/sign-in").form("password").set(email=email, password=PASSWORD)
    return with_a_new_app(form.press())


@pytest.mark.parametrize("text", [EXAMPLE, CLINIC], ids=["the documented one", "the tests' one"])
def test_a_clinic_from_a_file_takes_its_first_booking(flask, clinic_file, anyone, text):
    made = flask("create-clinic", clinic_file(text))

    booked = book_first(anyone)

    assert made.exit_code == 0
    assert "booked" in booked.heading.lower()
    assert [v.status for v in db.session.scalars(db.select(Appointment))] == [S.BOOKED]


def test_each_of_the_staff_gets_a_link_and_nobody_a_password(flask, clinic_file):
    made = flask("create-clinic", clinic_file(CLINIC))

    users = db.session.scalars(db.select(User)).all()
    assert len(LINK.findall(made.output)) == len(users) == 4
    assert {user.password for user in users} == {None}


def test_a_link_of_the_staff_sets_a_password_that_signs_in(flask, clinic_file, app):
    made = flask("create-clinic", clinic_file(CLINIC))
    set_password(Person(app), LINK.findall(made.output)[0])

    page = sign_in(Person(app), "ana@halden.example")

    assert page.path.startswith("/my-day")


def test_a_second_clinic_is_refused(flask, clinic_file):
    flask("create-clinic", clinic_file(CLINIC))
    stored = everything_stored(besides=())

    again = flask("create-clinic", clinic_file(EXAMPLE))

    assert (again.exit_code, again.output) == (1, "Error: This database has a clinic already.\n")
    assert everything_stored(besides=()) == stored


def test_a_file_with_a_mistake_is_refused_with_its_place_and_nothing_is_made(flask, clinic_file):
    stored = everything_stored(besides=())

    refused = flask("create-clinic", clinic_file(CLINIC.replace("price: 60", "price: sixty")))

    assert refused.exit_code == 1
    assert refused.output == (
        "Error: The file was refused:\n  services[0].price: write a whole number from 0 to 100000\n"
    )
    assert everything_stored(besides=()) == stored


def test_an_error_in_the_middle_of_making_a_clinic_leaves_nothing(app, monkeypatch):
    stored = everything_stored(besides=())
    monkeypatch.setattr("clinic.journey.found.accounts.add_user", lambda **_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        found.clinic(read(CLINIC))

    assert everything_stored(besides=()) == stored


def test_a_file_that_is_not_there_is_told(flask, tmp_path):
    refused = flask("create-clinic", tmp_path / "none.yaml")

    assert refused.exit_code == 2
    assert "does not exist" in refused.output


# A manager.


def test_the_first_manager_signs_in_with_the_link_and_sees_the_clinic(flask, clinic_file, app):
    flask("create-clinic", clinic_file(CLINIC))
    made = flask("create-manager", "--name", "Mia Roth", "--email", "mia@halden.example")
    (link,) = LINK.findall(made.output)
    set_password(Person(app), link)

    page = sign_in(Person(app), "mia@halden.example")

    assert page.path.startswith("/manage")


def test_the_link_works_once(flask, app):
    made = flask("create-manager", "--name", "Mia Roth", "--email", "mia@halden.example")
    (link,) = LINK.findall(made.output)
    set_password(Person(app), link)

    again = Person(app).get(link)

    assert again.path == "/forgotten-password"


def test_another_manager_with_the_same_address_is_refused(flask):
    flask("create-manager", "--name", "Mia Roth", "--email", "mia@halden.example")

    again = flask("create-manager", "--name", "Mia Two", "--email", "MIA@halden.example")

    assert (again.exit_code, again.output) == (
        1,
        "Error: Somebody signs in with that address already.\n",
    )
    assert [user.name for user in db.session.scalars(db.select(User))] == ["Mia Roth"]


@pytest.mark.parametrize(
    ("name", "email", "says"),
    [
        (" ", "mia@halden.example", "Write a name of at most 200 characters."),
        ("M" * 201, "mia@halden.example", "Write a name of at most 200 characters."),
        ("Mia\0", "mia@halden.example", "Write a name of at most 200 characters."),
        ("Mia", "mia", "Write an e-mail address like name@example.org."),
        ("Mia", "mia roth@halden.example", "Write an e-mail address like name@example.org."),
        ("Mia", "m" * 250 + "@a.example", "Write an e-mail address like name@example.org."),
    ],
)
def test_a_manager_needs_a_name_and_an_address(flask, name, email, says):
    refused = flask("create-manager", "--name", name, "--email", email)

    assert (refused.exit_code, refused.output) == (1, f"Error: {says}\n")
    assert db.session.scalars(db.select(User)).all() == []


def test_a_link_that_has_run_out_is_made_again(flask, clinic_file, app):
    flask("create-clinic", clinic_file(CLINIC))

    made = flask("sign-in-link", "Bea@halden.example")

    set_password(Person(app), LINK.findall(made.output)[0])
    assert sign_in(Person(app), "bea@halden.example").path.startswith("/desk/")


def test_a_link_for_an_address_that_nobody_signs_in_with_is_refused(flask):
    refused = flask("sign-in-link", "nobody@halden.example")

    assert (refused.exit_code, refused.output) == (
        1,
        "Error: Nobody signs in with that address.\n",
    )


# The rest of the chores.


def test_a_new_key_is_a_line_that_the_key_ring_reads(flask):
    line = flask("keys", "new", "k7").output

    assert KeyRing.parse(line).current == "k7"
