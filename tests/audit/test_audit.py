"""The audit log: no change without its row, no row without its change, no read without either.

Shows S50 and S52 of the security checklist and P7 of the known failures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import text

from clinic.audit import services as audit
from clinic.audit.events import FACTS, Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.door import guard_of
from clinic.journey import clinic_file, found
from clinic.permissions import GRANTS, STAFF, Role
from tests import factories, walk
from tests.audit.acts import ACTS
from tests.audit.calls import consultation
from tests.factories import TESTER
from tests.full_record import CLINICAL, KINDS, found_in
from tests.rows import everything_stored

# Written by the door, by signing in and by refusals; the rest is written by the services of ACTS.
READS = frozenset(
    {
        Event.FORM_VIEWED,
        Event.PHOTO_VIEWED,
        Event.OWN_RECORD_VIEWED,
        Event.RECORD_LIST_VIEWED,
        Event.RECORD_VIEWED,
        Event.DESK_VIEWED,
        Event.PATIENT_FOUND,
        Event.EMERGENCIES_VIEWED,
        Event.AUDIT_VIEWED,
        Event.READERS_VIEWED,
    }
)
SIGNING_IN = frozenset(  # tests/accounts
    {
        Event.SIGNED_IN,
        Event.SIGNED_OUT,
        Event.SIGN_IN_REFUSED,
        Event.LOCKED,
        Event.CONFIRMED,
        Event.CONFIRM_REFUSED,
        Event.FACTOR_REFUSED,
        Event.FORM_KEPT,
        Event.FORM_GIVEN_BACK,
    }
)
KEYS = frozenset({Event.KEYS_ROTATED, Event.KEY_RETIRED})  # test_keys
REFUSALS = frozenset(
    {
        Event.DENIED,
        Event.ARRIVAL_REFUSED,
        Event.BOOKING_REFUSED,
        Event.CLAIM_REFUSED,
        Event.CODE_REFUSED,
        Event.FIELDS_IGNORED,
        Event.SEAL_BROKEN,
    }
)
EXPORTS = frozenset({Event.AUDIT_EXPORTED, Event.LIST_EXPORTED})  # test_log, tests/paper
NAMES = [f"{act.__name__} writes {event}" for act, event in ACTS]


class Undone(RuntimeError):
    """Whatever goes wrong after a service has done its work."""


def rows() -> list[AuditEvent]:
    db.session.rollback()
    return list(db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.id)))


def newest() -> AuditEvent:
    return rows()[-1]


def test_every_event_is_shown_by_a_test_of_this_file():
    changes = {event for _act, event in ACTS} | {Event.CLINIC_MADE}

    assert changes | READS | SIGNING_IN | REFUSALS | EXPORTS | KEYS == set(Event)


@pytest.mark.parametrize(("act", "event"), ACTS, ids=NAMES)
def test_a_change_leaves_its_event_with_an_actor(cast, act, event):
    call = act(cast)
    before = len(rows())

    call()

    written = [row for row in rows()[before:] if row.event == event]
    assert len(written) == 1
    assert written[0].actor


@pytest.mark.parametrize("act", dict(ACTS), ids=lambda act: act.__name__)
def test_a_change_that_is_undone_takes_its_event_along(cast, act):
    call = act(cast)
    before = everything_stored(besides=())

    with suppress(Undone), transaction():
        call()
        raise Undone

    assert everything_stored(besides=()) == before


@pytest.mark.parametrize("act", dict(ACTS), ids=lambda act: act.__name__)
def test_a_change_whose_event_cannot_be_written_does_not_happen(cast, act, monkeypatch):
    call = act(cast)
    before = everything_stored(besides=())

    def refuse(*_args: object, **_facts: object) -> None:
        raise Undone

    monkeypatch.setattr(audit, "record", refuse)

    with pytest.raises(Undone):
        call()

    assert everything_stored(besides=()) == before


def test_a_clinic_is_made_with_its_event_or_not_at_all(app, monkeypatch):
    def refuse(*_args: object, **_facts: object) -> None:
        raise Undone

    monkeypatch.setattr(audit, "record", refuse)

    with pytest.raises(Undone):
        found.clinic(clinic_file.read(factories.CLINIC))

    assert not {name for name, stored in everything_stored().items() if stored} - {"role"}


def test_making_a_clinic_is_written_down_in_numbers(cast):
    made = [row for row in rows() if row.event == Event.CLINIC_MADE]

    assert [row.facts for row in made] == [{"practitioners": 2, "services": 5, "rooms": 2}]


@pytest.mark.parametrize("event", Event)
def test_an_event_refuses_a_fact_that_it_does_not_carry(app, event):
    with pytest.raises(ValueError, match="does not carry"):
        audit.record(event, actor=TESTER, typed_words="I look cross")

    assert rows() == []


@pytest.mark.parametrize("event", FACTS)
def test_an_event_carries_the_facts_that_its_table_lists(app, event):
    facts = dict.fromkeys(FACTS[event], "code")

    audit.record(event, actor=TESTER, **facts)

    assert newest().facts == facts


# Pages about somebody who works here: no record, and nothing of a patient.
ABOUT_STAFF = {"staff.person"}
# Pages about the roster. Where a change leaves visits outside, the page that lists them writes the
# look down itself: what is asked for with GET shows none.
ABOUT_ROSTER = {
    "rosters.new_site",
    "rosters.profile",
    "rosters.add_absence",
    "rosters.add_closed_day",
    "rosters.add_extra",
    "rosters.add_opening",
    "rosters.bookable",
    "rosters.credentials",
    "rosters.days",
    "rosters.details",
    "rosters.device_out",
    "rosters.edit_device",
    "rosters.edit_room",
    "rosters.edit_service",
    "rosters.edit_site",
    "rosters.hours",
    "rosters.new_device",
    "rosters.new_room",
    "rosters.new_service",
    "rosters.opening",
    "rosters.person",
    "rosters.remove_absence",
    "rosters.remove_closed_day",
    "rosters.remove_extra",
    "rosters.room_out",
}
# Addresses of the sign-in library behind which nobody finds anything.
SHUT = {"security.two_factor_rescue", "security.tf_select"}
# One's own way of signing in: nothing of any record.
OWN_ACCOUNT = {
    "accounts.new_address",
    "accounts.new_address_code",
    "accounts.security",
    "security.change_password",
    "security.mf_recovery_codes",
    "security.verify",
    "security.wan_delete",
    "security.wan_register",
    "security.wan_verify",
}


def test_every_page_about_a_record_is_declared_to_be_written_down(app):
    silent = [
        rule.endpoint
        for rule in walk.rules(app)
        if "GET" in (rule.methods or ())
        and (guard := guard_of(app, rule.endpoint))
        and guard.find
        and not guard.audit
        and rule.endpoint not in ABOUT_STAFF | ABOUT_ROSTER | SHUT
    ]

    assert silent == []


def test_the_only_pages_of_staff_that_are_not_written_down_show_no_patient(app):
    silent = {
        rule.endpoint
        for rule in walk.rules(app)
        if "GET" in (rule.methods or ())
        and (guard := guard_of(app, rule.endpoint))
        and guard.permission
        and not guard.audit
    }

    assert silent == {
        "arriving.code",
        "catalogue.manage",
        "screening.overruled",
        "frontdesk.calendar_part",  # written down where it shows something new
        "frontdesk.new_patient",
        "numbers.as_csv",  # totals; a file of them is written down by itself
        "numbers.show",
        "scheduling.why_not",
        "rosters.ill",
        "rosters.new_physician",
        "rosters.new_site",
        "rosters.profile",
        "staff.new_person",
        *ABOUT_STAFF,
        *ABOUT_ROSTER,
        *OWN_ACCOUNT,
    }


LOOKS = [
    ("Cal signed in", "/visits", Event.OWN_RECORD_VIEWED, "patient"),
    ("Cal signed in", "/visits/<visit>", Event.OWN_RECORD_VIEWED, "appointment"),
    ("Cal signed in", "/visits/<visit>/visit.ics", Event.OWN_RECORD_VIEWED, "appointment"),
    ("Cal by code, no account", "/visits", Event.OWN_RECORD_VIEWED, "patient"),
    ("Cal signed in", "/account/readers", Event.READERS_VIEWED, "patient"),
    ("Cal by code, no account", "/intake/<intake>/<key>", Event.FORM_VIEWED, "intake"),
    ("Cal signed in", "/photos/", Event.OWN_RECORD_VIEWED, "patient"),
    ("Cal signed in", "/photos/<photo>", Event.PHOTO_VIEWED, "photo"),
    ("physician in care", "/photos/<photo>", Event.PHOTO_VIEWED, "photo"),
    ("physician in care", "/photos/<photo>/small", Event.PHOTO_VIEWED, "photo"),
    ("Cal signed in", "/questions/<question>", Event.OWN_RECORD_VIEWED, "screening_note"),
    ("Cal signed in", "/decisions/<note>", Event.OWN_RECORD_VIEWED, "screening_note"),
    ("Cal by code, no account", "/decisions/<note>", Event.OWN_RECORD_VIEWED, "screening_note"),
    ("Cal signed in", "/decisions/<note>/letter", Event.OWN_RECORD_VIEWED, "screening_note"),
    ("Cal's phone at the check-in", "/arrive", Event.FORM_VIEWED, "arrival"),
    ("front desk", "/desk/patients/<patient>", Event.DESK_VIEWED, "patient"),
    ("front desk", "/desk/visits/<visit>", Event.DESK_VIEWED, "appointment"),
    ("front desk", "/desk/calendar/visits/<visit>", Event.DESK_VIEWED, "appointment"),
    ("front desk", "/patients/<patient>/book", Event.DESK_VIEWED, "patient"),
    ("physician in care", "/records/<patient>", Event.RECORD_VIEWED, "patient"),
    ("physician in care", "/reviews/<consultation>", Event.RECORD_VIEWED, "appointment"),
    ("physician in care", "/notes/<note>", Event.RECORD_VIEWED, "screening_note"),
    ("physician in an emergency", "/records/<patient>", Event.RECORD_VIEWED, "patient"),
    ("physician without care", "/emergency/<patient>", Event.PATIENT_FOUND, "patient"),
    ("manager", "/manage/records/<patient>", Event.DESK_VIEWED, "patient"),
]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(("name", "rule", "event", "about"), LOOKS)
def test_looking_at_a_record_leaves_who_whose_and_from_where(
    app, record, name, rule, event, about, method
):
    kind = next(kind for kind in KINDS if kind.name == name)
    path, patient = walk.filled_in(rule, record.ids), record.cast.cal
    person = kind.enter(app, record)

    person.send(method, path)

    row = newest()
    assert (row.event, row.patient_id, row.result) == (event, patient.id, "done")
    assert row.actor.split(":")[0] in {"user", "patient"}
    assert row.roles == ",".join(sorted(kind.roles))
    assert row.subject.startswith(f"{about}:")
    assert row.address == "127.0.0.1"
    assert len(row.request_id) == 32


@pytest.mark.parametrize("name", ["front desk", "physician in care"])
def test_S50_every_page_of_staff_about_somebody_names_whose_record_it_was(app, record, name):
    kind = next(kind for kind in KINDS if kind.name == name)
    person, ids = kind.enter(app, record), record.ids
    about = [
        rule
        for rule in walk.rules(app)
        if "GET" in (rule.methods or ())
        and (guard := guard_of(app, rule.endpoint))
        and guard.find
        and walk.FINDS[guard.find.__name__](kind)
        and any(Role(role) in STAFF and guard.permission in GRANTS[role] for role in kind.roles)
    ]

    named = {}
    for rule in about:
        person.send("GET", walk.address(rule, ids))
        named[rule.endpoint] = newest().patient_id

    assert len(named) >= 3
    assert set(named.values()) == {record.cast.cal.id}, named


@pytest.mark.parametrize("name", ["browser that holds a time", "Cal by code, no account"])
def test_P7_every_row_names_an_actor_whatever_is_asked_without_signing_in(app, record, name):
    kind = next(kind for kind in KINDS if kind.name == name)
    walk.walk(app, kind.enter(app, record), record.ids)

    unnamed = {
        (row.event, row.actor)
        for row in rows()
        if not re.fullmatch(r"(user|patient|visitor|system):[\w-]+", row.actor)
    }
    assert unnamed == set()


LISTS = [
    ("front desk", "/desk/", Event.DESK_VIEWED),
    ("front desk", "/desk/calendar", Event.DESK_VIEWED),
    ("front desk", "/desk/patients?q=cal", Event.PATIENT_FOUND),
    ("physician in care", "/my-day", Event.DESK_VIEWED),
    ("front desk", "/desk/day/print", Event.LIST_EXPORTED),
    ("front desk", "/desk/day/day.pdf", Event.LIST_EXPORTED),
    ("front desk", "/desk/day/day.csv", Event.LIST_EXPORTED),
    ("front desk", "/desk/patients/found.csv?q=cal", Event.LIST_EXPORTED),
    ("front desk", "/desk/waiting-list/list.csv", Event.LIST_EXPORTED),
    ("front desk", "/desk/arrivals/list.csv", Event.LIST_EXPORTED),
    ("physician in care", "/my-day/print", Event.LIST_EXPORTED),
    ("physician in care", "/my-day/day.pdf", Event.LIST_EXPORTED),
    ("physician in care", "/reviews", Event.DESK_VIEWED),
    ("physician in care", "/records/", Event.RECORD_LIST_VIEWED),
    ("manager", "/manage/emergencies", Event.EMERGENCIES_VIEWED),
    ("manager", "/manage/audit", Event.AUDIT_VIEWED),
    ("manager", "/manage/records", Event.PATIENT_FOUND),
    ("manager", "/manage/records?q=cal", Event.PATIENT_FOUND),
]


@pytest.mark.parametrize(("name", "path", "event"), LISTS)
def test_looking_at_a_list_of_patients_is_written_down(app, record, name, path, event):
    kind = next(kind for kind in KINDS if kind.name == name)
    person = kind.enter(app, record)

    person.send("GET", path)

    assert (newest().event, newest().roles) == (event, ",".join(kind.roles))


def test_the_page_before_booking_shows_a_form_and_writes_it_down(app, record):
    holder = next(kind for kind in KINDS if kind.holds).enter(app, record)
    holder.get("/intake/birth").form("born_on").set(
        **{"born_on-day": 2, "born_on-month": 3, "born_on-year": 1990}
    ).press()

    shown = holder.get("/book/check")

    assert shown.heading
    assert newest().event == Event.FORM_VIEWED


@pytest.mark.parametrize(
    ("name", "status"), [("Dee signed in", 404), ("physician without care", 404), ("manager", 403)]
)
def test_a_refusal_is_written_down_with_who_was_refused(app, record, name, status):
    kind = next(kind for kind in KINDS if kind.name == name)
    person = kind.enter(app, record)
    rule = "/notes/<note>" if not kind.of else "/visits/<visit>"

    person.send("GET", walk.filled_in(rule, record.ids))

    row = newest()
    assert (row.event, row.result, row.patient_id) == (Event.DENIED, "denied", None)
    assert row.facts["status"] == status
    assert row.actor.startswith("user:")


@pytest.fixture
def audit_gone(app) -> Iterator[None]:
    """The audit table cannot be written: it has another name."""
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit_event RENAME TO audit_event_elsewhere"))
    yield
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit_event_elsewhere RENAME TO audit_event"))


@pytest.mark.parametrize(("name", "rule", "event", "about"), LOOKS)
def test_a_look_that_cannot_be_written_down_shows_nothing(
    app, record, request, monkeypatch, name, rule, event, about
):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    kind = next(kind for kind in KINDS if kind.name == name)
    path, person = walk.filled_in(rule, record.ids), kind.enter(app, record)
    request.getfixturevalue("audit_gone")

    answer = person.send("GET", path)

    assert answer.status_code in {500, 503}
    assert found_in(answer.get_data(as_text=True), (*CLINICAL, "Ortega", "Ana Silva")) == []


def test_a_change_that_cannot_be_written_down_is_refused_at_its_page(
    app, cast, signed_in, request, monkeypatch
):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    visit = consultation(cast)
    form = signed_in(cast.bea).get(f"/desk/visits/{visit.public_id}").form("/cancel")
    request.getfixturevalue("audit_gone")

    answer = form.person.raw_post(form.action, form.set(reason="ill").fields)

    assert answer.status_code in {500, 503}
    assert visit.status == "booked"


def test_no_row_holds_a_word_of_what_anybody_typed(app, record):
    ids = record.ids
    physician = next(kind for kind in KINDS if kind.cares).enter(app, record)
    walk.walk(app, physician, ids)

    stored = "\n".join(
        repr((r.event, r.actor, r.roles, r.subject, r.facts, r.result)) for r in rows()
    )

    assert found_in(stored, (*CLINICAL, "Ortega", "cal@example.org")) == []
