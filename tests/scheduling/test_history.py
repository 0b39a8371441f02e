"""The history of a visit: who, when, why; to a patient without a clerk's name, to nobody a word of
why they come."""

import pytest

from clinic.audit.events import Event
from clinic.catalogue.models import Room
from clinic.database import db
from clinic.journey import cancel, move
from clinic.scheduling import history, services
from clinic.scheduling import queries as visits
from clinic.scheduling.rules import AppointmentStatus as S
from tests.factories import (
    TESTER,
    at,
    make_account,
    make_approval,
    make_intake,
    make_visit,
    staff_actor,
)
from tests.full_record import ANSWERED, CLINICAL, by_code, found_in
from tests.newcomer import book_first
from tests.test_statements import statements
from tests.visitor import NS, words

E = Event


@pytest.fixture
def visit(cast):
    """Cal's consultation with Ana on Thursday at eleven."""
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(26, 11))


@pytest.fixture
def changed(cast, visit, travel):
    """Moved by the desk, then cancelled and taken back by the patient, then arrived."""
    bea = staff_actor(cast.bea)
    travel(at(24, 10))
    more = {"shown": 1, "reason": "clinic", "actor": bea}
    move.by_staff(visit, cast.eli.actor_id, at(27, 9, 20), **more)
    travel(at(24, 12))
    cal = own(cast)
    cancel.by_patient(visit, actor=cal)
    cancel.undo(visit, actor=cal)
    travel(at(27, 9, 15))
    services.change_status(visit, S.BOOKED, S.ARRIVED, actor=bea)
    return visit


def own(cast):
    """Cal, who typed a code."""
    return type(TESTER)(label=f"patient:{cast.cal.public_id}", patient_id=cast.cal.id)


def shown(page):
    """The lines under "History"."""
    (section,) = [
        s for s in page.root.iter(f"{NS}section") if s.get("aria-labelledby") == "h-history"
    ]
    return [words(item) for item in section.iter(f"{NS}li")]


def test_every_step_is_there_in_order_with_who_when_and_why(cast, changed):
    steps = history.of(changed)

    assert [step.event for step in steps] == [
        E.APPOINTMENT_BOOKED,
        E.APPOINTMENT_MOVED,
        E.APPOINTMENT_CANCELLED,
        E.APPOINTMENT_CANCEL_UNDONE,
        E.APPOINTMENT_STATUS,
    ]
    moved = steps[1]
    assert (moved.name, moved.roles, moved.reason) == ("Bea Lund", ["front-desk"], "clinic")
    assert (moved.was_starts_at, moved.starts_at) == (at(26, 11), at(27, 9, 20))
    assert (moved.practitioner, moved.at.hour) == ("Dr Eli Stone", 10)
    assert [step.by_patient for step in steps] == [False, False, True, True, False]


def test_the_desk_reads_names_and_reasons(cast, changed, signed_in, travel):
    travel(at(24, 13))

    lines = shown(signed_in(cast.bea).get(f"/desk/visits/{changed.public_id}"))

    assert lines == [
        "Booked for Thu 26 November, 11:00 amTue 24 November, 9:00 am, by the clinic",
        "Moved from Thu 26 November, 11:00 am to Fri 27 November, 9:20 am, now with Dr Eli Stone"
        "Tue 24 November, 10:00 am, by Bea Lund (Front desk), clinic had to",
        "CancelledTue 24 November, 12:00 pm, by the patient",
        "Cancellation taken backTue 24 November, 12:00 pm, by the patient",
        "ArrivedFri 27 November, 9:15 am, by Bea Lund (Front desk)",
    ]


def test_the_patient_reads_you_and_the_clinic_and_no_clerks_name(app, cast, changed, travel):
    travel(at(24, 13))

    page = by_code(app, cast.cal).get(f"/visits/{changed.public_id}")

    assert [line.rpartition(", by ")[2] for line in shown(page)] == [
        "the clinic",
        "the clinic, we had to",
        "you",
        "you",
        "the clinic",
    ]
    assert "Bea" not in page.html
    assert "Lund" not in page.html


def test_whoever_signs_in_is_the_same_patient_as_who_came_by_code(cast, visit, signed_in):
    user = make_account(cast.cal)
    cal = signed_in(user)
    page = cal.get(f"/visits/{visit.public_id}/cancel").form("Cancel the visit").press()
    page = page.form("Undo").press()

    assert [line.rpartition(", by ")[2] for line in shown(page)] == ["the clinic", "you", "you"]


def test_a_newcomer_who_booked_is_you(cast, anyone):
    page = book_first(anyone)

    assert [line.rpartition(", by ")[2] for line in shown(page)] == ["you"]


def test_a_move_to_another_physician_at_the_same_time_says_that_it_kept_its_time(
    cast, visit, signed_in
):
    more = {"shown": 1, "reason": "other", "actor": staff_actor(cast.ana_user, cast.ana)}
    move.by_staff(visit, cast.eli.actor_id, at(26, 11), **more)

    lines = shown(signed_in(cast.bea).get(f"/desk/visits/{visit.public_id}"))

    assert lines[1] == (
        "Kept its time, now with Dr Eli Stone"
        "Tue 24 November, 9:00 am, by Dr Ana Silva (Physician), other reason"
    )


def test_a_move_to_another_room_alone_names_the_room(cast, visit, signed_in):
    at_home = visits.who_and_where([visit])[visit.id].room
    other = db.session.scalars(db.select(Room).where(Room.name != at_home)).one()
    move.in_the_calendar(
        visit,
        cast.ana.actor_id,
        at(26, 11),
        room_actor_id=other.actor_id,
        shown=1,
        actor=staff_actor(cast.bea),
    )

    lines = shown(signed_in(cast.bea).get(f"/desk/visits/{visit.public_id}"))

    assert lines[1] == "Moved to Room 2Tue 24 November, 9:00 am, by Bea Lund (Front desk)"


def test_a_cancelled_visit_says_who_cancelled_it_when_and_why(cast, visit, signed_in):
    cancel.by_staff(visit, "ill", actor=staff_actor(cast.bea))

    page = signed_in(cast.bea).get(f"/desk/visits/{visit.public_id}")

    assert "CancelledTue 24 November, 9:00 am, Bea Lund (Front desk), patient ill" in page.text


def test_another_visit_of_the_same_patient_has_a_history_of_its_own(cast, changed):
    other = make_visit(cast.cal, cast.ana, cast.service("follow-up"), at(30, 9))

    assert [step.event for step in history.of(other)] == [E.APPOINTMENT_BOOKED]


def test_no_history_says_why_somebody_comes(app, cast, signed_in):
    make_intake(cast.cal, **ANSWERED)
    make_approval(cast)
    treated = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    cancel.by_staff(treated, "ill", actor=staff_actor(cast.bea))

    desk = shown(signed_in(cast.bea).get(f"/desk/visits/{treated.public_id}"))
    patient = shown(by_code(app, cast.cal).get(f"/visits/{treated.public_id}"))

    assert found_in(" ".join(desk + patient), [*CLINICAL, "Botox", "approv"]) == []


@pytest.mark.parametrize("count", [1, 20])
def test_a_long_history_asks_as_many_statements_as_a_short_one(cast, visit, count):
    for number in range(count):
        hour, minute = divmod(20 * number, 60)
        more = {"shown": visit.version, "reason": "other", "actor": staff_actor(cast.bea)}
        move.by_staff(visit, cast.eli.actor_id, at(27, 9 + hour, minute), **more)
    _loaded = visit.patient.user

    with statements() as sent:
        history.of(visit)

    assert len([s for s in sent if s.startswith("SELECT")]) == 3
