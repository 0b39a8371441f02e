"""A press from a page that shows a visit as it was: nothing happens; the page says how it is."""

import pytest

from clinic.database import db
from clinic.journey import cancel, check_in
from clinic.scheduling import services
from clinic.scheduling.rules import AppointmentStatus as S
from tests.factories import TESTER, at, make_visit
from tests.full_record import by_code


@pytest.fixture
def visit(cast):
    """Cal's consultation with Ana on Thursday at eleven."""
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(26, 11))


@pytest.fixture
def move_away(cast, visit):
    """Somebody moves the visit to Friday at noon with Eli."""

    def move():
        db.session.refresh(visit)
        services.move(visit, cast.eli.actor_id, at(27, 12), shown=visit.version, actor=TESTER)

    return move


def stored(visit):
    db.session.rollback()
    db.session.refresh(visit)
    return visit.status, visit.starts_at


def test_S75_the_desk_cancels_no_visit_that_moved_meanwhile(cast, signed_in, visit, move_away):
    page = signed_in(cast.bea).get(f"/desk/visits/{visit.public_id}")
    move_away()

    again = page.form("/cancel").set(reason="ill").press(status=409)

    assert "Somebody else changed this visit" in again.text
    assert "Fri 27 November, 12:00 pm" in again.text
    assert stored(visit) == (S.BOOKED, at(27, 12))


@pytest.mark.parametrize("page", ["/desk/visits/{visit}", "/desk/?day=2026-11-26"])
def test_S75_the_desk_checks_in_no_visit_that_moved_meanwhile(
    cast, signed_in, visit, move_away, page
):
    form = signed_in(cast.bea).get(page.format(visit=visit.public_id)).form("Mark arrived")
    move_away()

    again = form.press(status=409)

    assert "Somebody else changed this visit" in again.text
    assert stored(visit) == (S.BOOKED, at(27, 12))


def test_S75_a_patient_is_asked_again_about_a_visit_that_moved_meanwhile(
    app, cast, visit, move_away
):
    cal = by_code(app, cast.cal)
    form = cal.get(f"/visits/{visit.public_id}/cancel").form("Cancel the visit")
    move_away()

    again = form.press(status=409)

    assert "The visit was moved meanwhile" in again.text
    assert again.heading == "Cancel your visit on Fri 27 November, 12:00 pm?"
    assert stored(visit)[0] == S.BOOKED
    again.form("Cancel the visit").press()
    assert stored(visit)[0] == S.CANCELLED


def test_S75_a_patient_cancels_no_visit_that_has_begun(cast, visit):
    check_in.move(visit, S.BOOKED, S.ARRIVED, actor=TESTER)

    with pytest.raises(services.Changed):
        cancel.by_patient(visit, actor=TESTER)

    assert stored(visit)[0] == S.ARRIVED
