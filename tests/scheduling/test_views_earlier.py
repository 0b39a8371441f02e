"""A patient is here early: the page lists today's earlier times, one press takes one."""

import pytest

from clinic.database import db
from clinic.notices.models import Message
from clinic.scheduling.forms import slot_value
from clinic.scheduling.rules import AppointmentStatus as S
from tests.factories import at, make_visit, walk
from tests.scheduling.times_page import offered


@pytest.fixture
def bea(cast, signed_in):
    return signed_in(cast.bea)


@pytest.fixture
def visit(cast, bea, at_work):
    """Cal's consultation with Ana at three; it is ten past one."""
    booked = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 15))
    at_work(at(24, 13, 10))
    return booked


def kinds():
    db.session.rollback()
    return db.session.scalars(db.select(Message.kind).order_by(Message.id)).all()


def earlier(bea, visit):
    return bea.get(f"/desk/visits/{visit.public_id}").follow("Take an earlier time")


def test_the_page_lists_todays_times_before_the_visits_own(bea, visit):
    page = earlier(bea, visit)

    assert [value.partition(".")[2] for value in offered(page)] == [
        f"20261124T{time}" for time in ("1320", "1340", "1400", "1420", "1440")
    ]


def test_one_press_moves_marks_arrived_and_writes_to_nobody(cast, bea, visit):
    after = earlier(bea, visit).form("1:20 pm").press("1:20 pm")

    db.session.refresh(visit)
    assert (visit.starts_at, visit.status) == (at(24, 13, 20), S.ARRIVED)
    assert "Moved to 1:20 pm and marked arrived. No e-mail was sent." in after.text
    assert kinds() == ["booked"]


def test_without_the_tick_the_patient_is_written_to(bea, visit):
    earlier(bea, visit).form("1:20 pm").set(is_here=None).press("1:20 pm")

    db.session.refresh(visit)
    assert visit.status == S.BOOKED
    assert kinds() == ["booked", "moved"]


def test_a_time_that_went_meanwhile_is_said(cast, bea, visit):
    page = earlier(bea, visit)
    walk(make_visit(cast.dee, cast.ana, visit.service, at(24, 14, 20)), S.ARRIVED)
    taken = slot_value(cast.ana.actor_id, at(24, 14, 20))
    form = page.form("1:20 pm")
    form.buttons = []

    again = form.set(slot=taken).press(status=409)

    assert "Someone has just taken that time" in again.text
    assert taken not in offered(again)


def test_a_visit_that_was_changed_meanwhile_is_shown_anew(bea, visit):
    form = earlier(bea, visit).form("1:20 pm")
    walk(visit, S.ARRIVED)

    again = form.press("1:20 pm", status=409)

    assert "Somebody else changed this visit" in again.text
    assert again.form("1:20 pm").press("1:20 pm").heading == "Cal Ortega"


def test_a_visit_of_another_day_or_over_has_no_earlier_time(cast, bea, visit, at_work):
    thursday = make_visit(cast.dee, cast.ana, visit.service, at(26, 15))
    walk(visit, S.ARRIVED, S.IN_ROOM)

    for one in (thursday, visit):
        bea.get(f"/moves/{one.public_id}/earlier", status=410)
        assert "Here early?" not in bea.get(f"/desk/visits/{one.public_id}").text


def test_no_time_is_said_in_words(cast, bea, visit, at_work):
    at_work(at(24, 14, 50))

    assert "Nobody is free before 3:00 pm today." in earlier(bea, visit).text
