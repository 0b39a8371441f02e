"""From a clinic that nobody can be booked at to a first visit, on the manager's pages alone."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from clinic.accounts import queries as people
from clinic.accounts.models import Practitioner
from clinic.catalogue.models import Service
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, transaction
from clinic.journey import clinic_file, found
from tests.factories import CLINIC, at, make_patient, make_visit

NOBODY_TREATS = CLINIC.replace("[physician]", "[front-desk]")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")
HOURS = dict.fromkeys(WEEK, "09:00-12:00")
LICENCE = {"licence_from": "2020-01-01", "licence_until": "2029-12-31"}


@pytest.fixture
def max_(app, told, signed_in):
    """The manager of a clinic without a physician."""

    def make():
        found.clinic(clinic_file.read(NOBODY_TREATS))

    told(make)
    return signed_in(people.user_by_email("max@halden.example"))


def service(kind):
    return db.session.scalars(db.select(Service).filter_by(kind=kind)).one()


def starts(person, kind="consultation"):
    """What anybody is offered tomorrow, a Wednesday."""
    asked = f"service={service(kind).public_id}&from=2026-11-25&days=1"
    said = json.loads(person.send("GET", f"/api/slots?{asked}").data)
    return [datetime.fromisoformat(slot["start"]) for slot in said["slots"]]


def add(max_, **typed):
    form = max_.get("/manage/people/new").form("email")
    return form.set(name="Dr Noor Rahimi", email="noor@example.org", **typed).press()


def noor():
    return db.session.scalars(db.select(Practitioner)).one()


def test_from_add_a_physician_over_hours_to_a_first_visit(max_, anyone):
    assert starts(anyone) == []

    page = add(max_, **LICENCE).form("monday").set(**HOURS).press()

    assert page.heading == "Dr Noor Rahimi"
    assert "Nobody can book" not in page.text
    assert at(25, 9) in starts(anyone)
    assert "Dr Noor Rahimi" in anyone.get("/").text
    visit = make_visit(make_patient(), noor(), service("consultation"), at(25, 9))
    assert visit.status == "booked"


def test_nothing_is_bookable_before_both_licence_and_hours_and_the_page_says_which(max_, anyone):
    page = add(max_)
    assert starts(anyone) == []

    page = max_.get(f"/manage/people/{noor().public_id}")
    assert "Nobody can book Dr Noor Rahimi." in page.text
    assert "Not bookable" in max_.get("/manage/").text

    page = page.follow("Hours").form("monday").set(**HOURS).press()
    assert starts(anyone) == []
    assert "Still missing:A licence in date" in page.text

    page = page.follow("A licence in date").form("licence_from").set(**LICENCE).press()
    assert "Still missing" not in page.text
    assert "Not bookable" not in max_.get("/manage/").text
    assert at(25, 9) in starts(anyone)


def test_without_botox_and_filler_it_is_consultations_and_follow_ups(max_, anyone):
    add(max_, **LICENCE).form("monday").set(**HOURS).press()

    offered = {kind for kind in ServiceKind if starts(anyone, kind)}

    assert offered == {ServiceKind.CONSULTATION, ServiceKind.FOLLOW_UP}


def test_a_licence_that_was_over_yesterday_is_missing_and_one_from_next_month_is_not(max_):
    add(max_, licence_from="2020-01-01", licence_until="2026-11-23")
    page = max_.get(f"/manage/people/{noor().public_id}")
    assert "A licence in date" in page.text

    page = page.follow("A licence in date").form("licence_from")
    page = page.set(licence_from="2026-12-01", licence_until="2029-12-31").press()

    assert "A licence in date" not in page.text


def test_hours_in_which_the_site_is_closed_are_told(max_, anyone):
    page = add(max_, **LICENCE).form("monday").set(monday="20:00-22:00").press()

    assert "Still missing:Hours while the site is open" in page.text


def test_rooms_that_are_out_of_use_are_told(max_, anyone):
    page = add(max_, **LICENCE).form("monday").set(**HOURS).press()
    with transaction():
        for room in service("consultation").location.rooms:
            room.active = False

    page = max_.get(page.path)

    assert "A service that they may give where they work, with a room for it" in page.text


def test_somebody_who_was_taken_off_the_offer_on_purpose_lacks_nothing(max_):
    add(max_)
    with transaction():
        noor().active = False

    page = max_.get(f"/manage/people/{noor().public_id}")

    assert "Not on offer" in page.text
    assert "Still missing" not in page.text


def test_pages_of_a_clinic_without_a_physician_open(max_, anyone, signed_in):
    for path in ("/", "/book/consultation", "/intake/"):
        assert anyone.send("GET", path).status_code < 400
    for path in ("/manage/", "/roster/outside"):
        max_.get(path)
    for path in ("/desk/", "/roster/ill"):
        signed_in(people.user_by_email("bea@halden.example")).get(path)
