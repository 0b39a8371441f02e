"""What a visit leaves behind is free at once, for whoever asks and wherever."""

import pytest

from clinic.journey import cancel, move
from clinic.scheduling.forms import slot_value
from tests.factories import TESTER, at, make_account, make_intake, make_visit
from tests.scheduling.times_page import for_patient, press

THURSDAY = at(26, 11)
FRIDAY = at(27, 9, 20)


@pytest.fixture
def visit(cast):
    """Cal's consultation with Ana on Thursday at eleven."""
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), THURSDAY)


@pytest.fixture
def bea(cast, signed_in):
    return signed_in(cast.bea)


def times_of(page):
    return [value for form in page.forms() for _w, name, value in form.buttons if name == "slot"]


def moved_by_patient(cast, visit):
    move.by_patient(visit, cast.ana.actor_id, FRIDAY, shown=visit.version, actor=TESTER)


def moved_by_staff(cast, visit):
    more = {"shown": visit.version, "reason": "clinic", "actor": TESTER}
    move.by_staff(visit, cast.ana.actor_id, FRIDAY, **more)


def cancelled_by_patient(_cast, visit):
    cancel.by_patient(visit, actor=TESTER)


def cancelled_by_desk(_cast, visit):
    cancel.by_staff(visit, "clinic", actor=TESTER)


FREED = [moved_by_patient, moved_by_staff, cancelled_by_patient, cancelled_by_desk]


@pytest.mark.parametrize("free", FREED)
def test_L5_L6_the_old_time_is_offered_and_booked_at_once_via_every_channel(
    app, cast, bea, signed_in, visit, free
):
    make_intake(cast.dee)
    slot, query = slot_value(cast.ana.actor_id, THURSDAY), "?day=2026-11-26"
    dee = signed_in(make_account(cast.dee))
    known, desk = "/book/consultation", for_patient(cast.dee, visit.service)
    other = make_visit(cast.dee, cast.eli, visit.service, at(30, 10))
    moving = f"/visits/{other.public_id}/move"
    pages = [(dee, known), (bea, desk), (dee, moving)]
    who = f"&who={cast.ana.public_id}"
    before = [slot in times_of(person.get(address + query + who)) for person, address in pages]

    free(cast, visit)

    after = [slot in times_of(person.get(address + query + who)) for person, address in pages]
    assert (before, after) == ([False] * 3, [True] * 3)
    booked = press(bea.get(desk + query + who), slot).form("Book this time").press()
    assert booked.heading == "Dee Novak"
