"""Privacy, terms and complaints say what this software does; each claim is held against it."""

from __future__ import annotations

import pytest

from clinic.catalogue.models import Clinic
from clinic.database import db, transaction
from clinic.permissions import GRANTS, Permission, Role
from clinic.permissions.fields import FIELDS
from tests.factories import put_profile
from tests.two_sites import make_mitte
from tests.visitor import Person


def of_clinic(**values):
    with transaction():
        db.session.execute(db.update(Clinic).values(**values))


@pytest.fixture
def privacy(cast, anyone):
    return anyone.get("/privacy").text


def test_the_front_desk_reads_what_the_page_says(privacy):
    desk = FIELDS["patient"][Role.FRONT_DESK]

    assert "Your name, date of birth, e-mail address, phone number and visits." in privacy
    assert desk - {"possible_duplicate_of"} == {"name", "born_on", "email", "phone"}
    assert {"form_missing", "needs_renewal"} <= FIELDS["appointment"][Role.FRONT_DESK]
    clinical = {Permission.RECORD_READ, Permission.NOTE_WRITE, Permission.REVIEW_QUEUE_READ}
    assert not clinical & GRANTS[Role.FRONT_DESK]


def test_managers_read_the_log_and_nothing_clinical(privacy):
    assert "No form and no note." in privacy
    assert {Permission.AUDIT_READ, Permission.EMERGENCY_READ} <= GRANTS[Role.MANAGER]
    assert Permission.RECORD_READ not in GRANTS[Role.MANAGER]
    assert "patient" not in [r for r, table in FIELDS.items() if Role.MANAGER in table]


def test_figures_are_those_that_the_software_keeps(privacy):
    assert "until 12 months after the last visit or review" in privacy
    assert "open your record for 60 minutes and has to write down why" in privacy
    assert "after 30 minutes without a press, and after 24 hours in any case" in privacy
    assert "lasts at most 30 days" in privacy


def test_there_is_one_cookie_and_it_comes_with_a_form(app, cast, privacy):
    assert "There is one cookie. It comes when you open a form or sign in" in privacy
    looking, filling = Person(app), Person(app)

    for path in ("/", "/botox-or-filler", "/treatments/lines", "/physicians", "/privacy"):
        assert "Set-Cookie" not in looking.send("GET", path).headers
    sent = filling.send("GET", "/intake/birth").headers.getlist("Set-Cookie")

    assert [cookie.split("=")[0] for cookie in sent] == ["__Host-clinic"]


def test_no_part_of_a_page_comes_from_elsewhere(cast, anyone, privacy):
    assert "No part of these pages comes from another company." in privacy
    policy = anyone.send("GET", "/privacy").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "http" not in policy


def test_what_the_software_cannot_do_is_not_promised(privacy):
    assert "There is no button for these; write or call" in privacy
    assert "Our booking deletes no record by itself." in privacy


def test_terms_have_the_clinics_own_hours_and_minutes(cast, anyone):
    of_clinic(cancel_notice_hours=36, offer_minutes=45)

    text = anyone.get("/terms").text

    assert "Until 36 hours before, you can move or cancel it yourself." in text
    assert "hold the time for 45 minutes" in text
    assert "takes 30 minutes, costs £60" in text


def test_terms_of_a_clinic_without_notice_say_until_it_begins(cast, anyone):
    of_clinic(cancel_notice_hours=0)

    assert "Until it begins, you can move or cancel it yourself." in anyone.get("/terms").text


def test_complaints_go_to_each_site(cast, anyone):
    make_mitte(cast)

    page = anyone.get("/complaints")

    links = page.links()
    assert links["desk@halden.example"] == "mailto:desk@halden.example"
    assert links["mitte@halden.example"] == "mailto:mitte@halden.example"
    assert page.follow("What to do now").heading == "Help"


def test_a_regulator_is_named_as_the_clinic_words_it_or_not_at_all(cast, anyone):
    before = anyone.get("/complaints").text
    put_profile(regulator="Board of <Medicine>, 1 High Street")

    after = anyone.get("/complaints").text

    assert "You can turn to" not in before
    assert "You can turn to: Board of <Medicine>, 1 High Street." in after


@pytest.mark.parametrize(
    "path", ["/privacy", "/terms", "/complaints", "/treatments", "/physicians"]
)
def test_before_the_clinic_is_set_up_the_page_says_how(app, path):
    assert "This clinic is not set up yet." in Person(app).get(path, status=503).text
