"""The clinic file: what is wrong in it is told with its place, all of it at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from clinic.accounts.models import CredentialKind
from clinic.catalogue.rules import ServiceKind
from clinic.config import ROOT
from clinic.journey.clinic_file import BadFile, read
from clinic.permissions import Role
from tests.factories import CLINIC

EXAMPLE = Path(ROOT, "docs", "clinic-example.yaml")
CLINIC_LINE = "{name: Halden Clinic, names_brand: true}"
LICENCE = "licence: {from: 2015-01-01, until: 2030-12-31}"


def problems_of(text):
    with pytest.raises(BadFile) as refused:
        read(text)
    return refused.value.problems


def changed(old, new):
    """The clinic of the tests with one thing written otherwise."""
    assert old in CLINIC
    return CLINIC.replace(old, new, 1)


def test_the_example_of_the_documentation_is_a_whole_clinic():
    clinic = read(EXAMPLE.read_bytes())

    assert clinic.site["zone"] == "Europe/London"
    assert {service["kind"] for service in clinic.services} == set(ServiceKind)
    assert [name for name, _kinds in clinic.rooms] == ["Room 1", "Room 2"]
    assert {role for person in clinic.staff for role in person.roles} == {
        Role.PHYSICIAN,
        Role.FRONT_DESK,
        Role.MANAGER,
    }


def test_what_is_written_is_what_is_read():
    clinic = read(CLINIC)
    consultation, ana = clinic.services[0], clinic.staff[0]

    assert consultation["price_pence"] == 6000
    assert (consultation["duration_minutes"], consultation["buffer_after_minutes"]) == (30, 10)
    assert clinic.hours[0] == (0, 8 * 60, 20 * 60)
    assert ana.credentials[0].kind == CredentialKind.LICENCE
    assert ana.credentials[0].valid_until == date(2030, 12, 31)
    assert ana.hours[0] == (0, 9 * 60, 17 * 60)


def test_what_may_be_left_out_has_its_usual_value():
    clinic = read(changed(", notice_hours: 1, buffer_after: 10, step: 20}", "}"))

    assert (clinic.clinic["currency"], clinic.clinic["cancel_notice_hours"]) == ("GBP", 24)
    assert clinic.clinic["offer_minutes"] == 30
    assert (clinic.clinic["emergency_number"], clinic.clinic["helpline"]) == (None, None)
    assert clinic.services[0] == {
        "kind": ServiceKind.CONSULTATION,
        "name": "Consultation",
        "price_pence": 6000,
        "duration_minutes": 30,
        "buffer_before_minutes": 0,
        "buffer_after_minutes": 0,
        "notice_hours": 2,
        "horizon_days": 60,
        "step_minutes": 20,
    }


COMBINED = "minutes: 75, notice_hours: 1, buffer_before: 5, buffer_after: 15"


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (
            COMBINED.replace("75", "60"),
            "services[3].minutes: write 75: filler 45, then Botox 30",
        ),
        (
            COMBINED.replace("before: 5", "before: 0"),
            "services[3].buffer_before: write at least 5, as its parts",
        ),
        (
            COMBINED.replace("after: 15", "after: 10"),
            "services[3].buffer_after: write at least 15, as its parts",
        ),
    ],
)
def test_a_combined_treatment_takes_as_long_as_both_its_parts(written, problem):
    assert problems_of(changed(COMBINED, written)) == [problem]


def test_whom_somebody_calls_in_danger_is_read_as_written():
    told = '{name: Halden Clinic, emergency_number: 112, helpline: "The Listeners, 0800 1"}'
    clinic = read(changed(CLINIC_LINE, told))

    assert clinic.clinic["emergency_number"] == "112"
    assert clinic.clinic["helpline"] == "The Listeners, 0800 1"


MONDAY = 'hours: {monday: "08:00-20:00"'
WRONG = [
    (
        CLINIC_LINE,
        "{name: Halden Clinic, emergency_number: help}",
        "clinic.emergency_number: write a number to dial, like 112",
    ),
    ("price: 60", "price: sixty", "services[0].price: write a whole number from 0 to 100000"),
    ("price: 60", "price: 59.5", "services[0].price: write a whole number from 0 to 100000"),
    ("minutes: 30", "minutes: 0", "services[0].minutes: write a whole number from 5 to 600"),
    ("minutes: 30", "minutes: yes", "services[0].minutes: write a whole number from 5 to 600"),
    ("horizon_days: 200", "horizon_days: 366", "services[1].horizon_days: write a whole number"),
    ("kind: toxin", "kind: massage", "services[1].kind: allowed are combined, consultation"),
    ("name: Room 1", "nam: Room 1", "rooms[0].nam: unknown key; known are hosts, name"),
    ("name: Room 1", "nam: Room 1", "rooms[0].name: is missing"),
    ("name: Room 2", "name: Room 1", "rooms: Room 1 stands twice"),
    ("hosts: [consult", "hosts: [filler, consult", "rooms[0].hosts: filler stands twice"),
    ("zone: Europe/London", "zone: London", "site.zone: write a time zone like Europe/London"),
    ("zone: Europe/London", "zone: [a]", "site.zone: write a time zone like Europe/London"),
    ("phone: 020 7946 0123", "phone: 2079", "site.phone: write a text of at most 40 characters"),
    (CLINIC_LINE, '{name: "Hal\\0den"}', "clinic.name: write it on one line"),
    (CLINIC_LINE, '{name: "Hal\\nden"}', "clinic.name: write it on one line"),
    (CLINIC_LINE, "{name: ''}", "clinic.name: is missing"),
    (MONDAY, 'hours: {monday: "8-20"', 'hours.monday[0]: write a stretch like "09:00-12:30"'),
    (MONDAY, 'hours: {monday: "20:00-08:00"', "hours.monday[0]: write a stretch"),
    (MONDAY, 'hours: {monday: "08:00-24:30"', "hours.monday[0]: write a stretch"),
    (MONDAY, 'hours: {monday: "08:60-12:00"', "hours.monday[0]: write a stretch"),
    (MONDAY, "hours: {monday: 9", "hours.monday: write a list with at least one entry"),
    (MONDAY, 'hours: {mon: "08:00-20:00"', "hours.mon: unknown key; known are friday, monday"),
    ("roles: [manager]", "roles: manager", "staff[3].roles: write a list"),
    ("roles: [manager]", "roles: [boss]", "staff[3].roles[0]: allowed are front-desk, manager"),
    ("roles: [manager]", "roles: [patient]", "staff[3].roles[0]: allowed are front-desk, manager"),
    ("max@halden.example", "max at halden", "staff[3].email: write an e-mail address"),
    ("max@halden.example", "BEA@halden.example", "staff: bea@halden.example stands twice"),
    (LICENCE, 'licence: {from: "soon", until: 2030-12-31}', "staff[0].credentials.licence.from:"),
    (LICENCE, "licence: {from: 2015-01-01 10:00:00, until: 2030-12-31}", "write a date like"),
    (LICENCE, "licence: {from: 2031-01-01, until: 2030-12-31}", "licence.until: write a date"),
    (LICENCE, "licence: {from: 2015-01-01}", "staff[0].credentials.licence.until: is missing"),
    (LICENCE, "diploma: {}", "staff[0].credentials.diploma: unknown key; known are filler"),
]


@pytest.mark.parametrize(("right", "wrong", "says"), WRONG)
def test_a_mistake_is_told_with_its_place_and_what_to_write(right, wrong, says):
    problems = problems_of(changed(right, wrong))

    assert [problem for problem in problems if says in problem]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("clinic: [", "line 1, column"),
        ("clinic:\n\t- a", "line 2, column 1"),
        ("- a list", "file: write keys and values (clinic site hours rooms services staff)"),
        ("", "file: write keys and values"),
        (b"clinic: {name: Caf\xe9}", "not YAML"),
        (CLINIC.replace("2015-01-01", "2015-02-31"), "day is out of range"),
        ("!!python/object/apply:os.getcwd []", "could not determine a constructor"),
    ],
    ids=["open bracket", "tab", "list", "empty", "not UTF-8", "no such day", "code"],
)
def test_what_is_no_clinic_file_at_all_is_told_so(text, says):
    assert says in "\n".join(problems_of(text))


def test_all_mistakes_are_told_at_once():
    text = changed("price: 60", "price: sixty").replace("[manager]", "[boss]")

    assert len(problems_of(text)) == 2


@pytest.mark.parametrize(
    ("kept", "says"),
    [
        ("consultation", "services: a clinic needs a service of kind consultation"),
        ("physician", "staff: a clinic needs a physician, or a manager who adds one"),
    ],
)
def test_a_clinic_needs_a_consultation_and_whoever_gives_it_or_adds_them(kept, says):
    at_the_desk = CLINIC.replace("[physician]", "[front-desk]").replace("[manager]", "[front-desk]")
    text = CLINIC.replace("kind: consultation", "kind: follow-up")
    text = {"consultation": text, "physician": at_the_desk}[kept]

    assert says in problems_of(text)


def test_a_manager_does_for_a_start_and_adds_physicians_later():
    clinic = read(CLINIC.replace("[physician]", "[front-desk]"))

    assert {role for person in clinic.staff for role in person.roles} == {
        Role.FRONT_DESK,
        Role.MANAGER,
    }


def test_a_service_needs_a_room_that_hosts_it():
    text = CLINIC.replace("toxin, filler, combined, follow-up]", "toxin, filler, follow-up]")

    assert problems_of(text) == ["rooms: no room hosts combined"]
