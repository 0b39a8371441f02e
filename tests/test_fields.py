"""S4: what no form asked for is ignored, and its name alone is written down."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.catalogue.models import Service
from clinic.database import db
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus as S
from tests.full_record import found_in
from tests.keyed import book_treatment, cancel, check, code, desk_cancel, sign
from tests.newcomer import answer_the_form
from tests.rows import everything_stored
from tests.visitor import Person

# What only the server decides, whoever sends it and under whatever name.
NEVER = {
    "role": "manager",
    "roles": "manager",
    "user_id": "1",
    "patient_id": "2",
    "owner": "2",
    "price": "0",
    "price_pence": "0",
    "status": "fulfilled",
    "approved_by": "1",
    "signed_at": "2020-01-01T00:00:00+00:00",
    "created_at": "2020-01-01T00:00:00+00:00",
    "timezone": "Pacific/Auckland",
    "zone": "Pacific/Auckland",
}
# What no form here may touch.
UNTOUCHED = ("user", "user_roles", "role", "service", "location", "practitioner", "credential")
FORMS = {
    "a first booking": code,
    "a booking by a known patient": check,
    "a treatment": book_treatment,
    "a cancellation": cancel,
    "a cancellation at the desk": desk_cancel,
    "a signature": sign,
}


def noted() -> list[tuple[str, list[str]]]:
    rows = db.session.scalars(
        select(AuditEvent).filter_by(event=Event.FIELDS_IGNORED).order_by(AuditEvent.id)
    )
    return [(row.facts["endpoint"], row.facts["fields"]) for row in rows]


@pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)
def test_S4_a_form_with_forbidden_fields_does_only_what_it_always_does(cast, app, make):
    form = make(cast, app)
    before = everything_stored()
    visits = select(Appointment).where(Appointment.patient_id == cast.dee.id)

    answer = form.person.raw_post(form.action, [*form.fields, *NEVER.items()])

    after = everything_stored()
    assert answer.status_code == 303
    assert {name: after[name] for name in UNTOUCHED} == {name: before[name] for name in UNTOUCHED}
    assert found_in(repr(after), ("datetime(2020", "Auckland")) == []
    assert db.session.scalars(visits).all() == []
    assert {visit.status for visit in db.session.scalars(select(Appointment))} <= {
        S.BOOKED,
        S.CANCELLED,
        S.FULFILLED,
    }
    assert [fields for _endpoint, fields in noted()] == [[*sorted(NEVER)[:10], "other: 3"]]


@pytest.mark.parametrize("name", ["patient", "public_id", "visit", "starts_at", "hold"])
def test_S4_a_booking_stays_its_own_patients_whatever_row_its_form_names(cast, app, name):
    form = check(cast, app)

    form.person.raw_post(form.action, [*form.fields, (name, cast.dee.public_id)])

    (visit,) = db.session.scalars(select(Appointment)).all()
    assert (visit.patient_id, visit.status) == (cast.cal.id, S.BOOKED)
    assert noted() == [("scheduling.check", [name])]


def test_S4_prices_stay_as_the_clinic_set_them(cast, app):
    before = {s.public_id: s.price_pence for s in db.session.scalars(select(Service))}
    form = check(cast, app)

    form.person.raw_post(form.action, [*form.fields, ("price", "0"), ("price_pence", "0")])

    db.session.expire_all()
    assert {s.public_id: s.price_pence for s in db.session.scalars(select(Service))} == before


ODD = {
    "a name that could be a text": ("My name is Kim", ["other: 1"]),
    "a long name": ("x" * 41, ["other: 1"]),
    "a name with a line break": ("role\r\n", ["other: 1"]),
    "a plain name": ("role", ["role"]),
}


@pytest.mark.parametrize(("name", "shown"), ODD.values(), ids=ODD)
def test_S4_only_names_that_can_be_no_typed_text_are_written_down(cast, app, name, shown):
    form = check(cast, app)

    form.person.raw_post(form.action, [*form.fields, (name, "zzvaluezz")])

    assert noted() == [("scheduling.check", shown)]
    rows = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert "zzvaluezz" not in repr([row.facts for row in rows])


def test_S4_a_form_as_its_page_sends_it_leaves_no_trace_of_ignored_fields(cast, app):
    answer_the_form(Person(app))
    form = cancel(cast, app)

    form.person.raw_post(form.action, form.fields)

    assert noted() == []


def test_S4_who_is_turned_away_writes_nothing_down(anyone, cast):
    before = everything_stored()

    anyone.raw_post("/sign-in", {"role": "manager"})

    assert (noted(), everything_stored()) == ([], before)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_S33_a_form_takes_64_kib_and_a_multipart_500_parts(anyone, cast, kind):
    many = {f"f{n}": "x" * 60 for n in range(2000)}

    answer = anyone.send("POST", "/sign-in", data=many, content_type=kind)

    assert answer.status_code == 413


def test_S33_a_form_of_many_small_parts_is_refused(anyone, cast):
    many = {f"f{n}": "" for n in range(501)}

    answer = anyone.send("POST", "/sign-in", data=many, content_type="multipart/form-data")

    assert answer.status_code == 413
