"""What a patient reads of who of the clinic looked at their record."""

from __future__ import annotations

import pytest

from clinic.audit import queries
from clinic.audit.events import Event
from clinic.audit.services import record
from clinic.database import transaction
from clinic.screening import services as screening
from tests.factories import TESTER, Cast, at, make_account, staff_actor
from tests.full_record import by_code
from tests.visitor import Person

READERS = "/account/readers"
NOBODY = "Nobody of the clinic has opened your record yet."


@pytest.fixture
def cal(cast, app) -> Person:
    """Cal by code, without an account."""
    return by_code(app, cast.cal)


def look(cast: Cast, event: Event = Event.RECORD_VIEWED, who: str = "ana_user", **more) -> None:
    values = {"patient_id": cast.cal.id, **more}
    record(event, actor=staff_actor(getattr(cast, who)), **values)


def test_a_patient_reads_in_plain_words_who_opened_their_record(cast, cal, travel):
    travel(at(23, 9, 5))
    look(cast)
    travel(at(23, 14, 12))
    look(cast)
    travel(at(24, 8, 30))
    look(cast, Event.DESK_VIEWED, "bea")
    travel(at(24, 9))

    page = cal.get(READERS)

    told = page.text
    assert "24 November 2026 Bea Lund Front desk looked at your contact data and visits" in told
    assert (
        "23 November 2026 Dr Ana Silva Physician opened your record 2 times, last at 2:12 pm"
        in told
    )
    assert told.index("24 November") < told.index("23 November")


def test_what_the_pages_of_staff_write_is_what_the_patient_reads(cast, cal, signed_in):
    signed_in(cast.bea).get(f"/desk/patients/{cast.cal.public_id}")

    assert "Bea Lund Front desk looked at your contact data and visits" in cal.get(READERS).text


def test_an_emergency_is_named_as_one(cast, cal):
    look(cast, Event.EMERGENCY_OPENED, "eli_user", until="2026-11-24T10:00:00+00:00")

    page = cal.get(READERS)

    assert "Dr Eli Stone Physician Emergency" in page.text
    assert "opened your record in an emergency and wrote down why" in page.text


def test_S7_the_reason_of_an_emergency_is_read_by_the_patient(cast, cal):
    eli = staff_actor(cast.eli_user, cast.eli)
    screening.open_in_emergency(cast.cal, "The ward called, I cover for Dr Silva.", actor=eli)

    page = cal.get(READERS)

    assert "The ward called, I cover for Dr Silva." in page.text


def test_nobody_has_looked_yet(cast, cal):
    assert NOBODY in cal.get(READERS).text


def test_what_patients_do_themselves_is_left_out(cast, cal, signed_in):
    user = make_account(cast.cal)
    signed_in(user).get("/visits")

    assert NOBODY in signed_in(user).get(READERS).text


def test_somebody_of_the_staff_who_is_a_patient_does_not_read_of_themselves(cast, signed_in):
    with transaction():
        cast.cal.user_id = cast.bea.id
        cast.bea.roles = [*cast.bea.roles, make_account(cast.dee).roles[0]]
    look(cast, Event.DESK_VIEWED, "bea")

    assert NOBODY in signed_in(cast.bea).get(READERS).text


@pytest.mark.parametrize(
    "more",
    [{"patient_id": None}, {"result": "denied"}, {"event": Event.SIGNED_IN}],
    ids=["about nobody", "refused", "not about the record"],
)
def test_what_showed_nothing_of_the_record_is_left_out(cast, cal, more):
    look(cast, **more)

    assert NOBODY in cal.get(READERS).text


def test_looks_at_the_record_of_somebody_else_are_not_shown(cast, cal):
    look(cast, patient_id=cast.dee.id)

    assert NOBODY in cal.get(READERS).text


def test_what_the_system_did_is_no_look(cast, cal):
    record(Event.APPOINTMENT_CANCELLED, actor=TESTER, patient_id=cast.cal.id, reason="clinic")

    assert NOBODY in cal.get(READERS).text


def test_S11_a_code_does_not_open_the_list_of_somebody_with_an_account(cast, app):
    make_account(cast.cal)

    by_code(app, cast.cal).get(READERS, status=404)


def test_older_looks_are_on_the_next_page(cast, cal, travel, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    for day in (20, 21, 22):
        travel(at(day, 10))
        look(cast)
    travel(at(24, 9))

    first = cal.get(READERS)
    second = first.follow("Older")

    assert "20 November" not in first.text
    assert "20 November" in second.text
    assert "22 November" in second.follow("Newer").text


def test_my_visits_lead_there_where_the_record_is_open(cast, app, signed_in):
    assert "Who looked at my record" in by_code(app, cast.cal).get("/visits").links()
    user = make_account(cast.cal)

    assert "Who looked at my record" not in by_code(app, cast.cal).get("/visits").links()
    assert "Who looked at my record" in signed_in(user).get("/visits").links()
