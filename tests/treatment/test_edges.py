"""Each condition of e.4 at its edge: the pure gate, the booking, and the door (G1 to G9).

At the door the visit was stored past the gate, as by a program that forgot to ask it: where the
database does not refuse that, checking in does.
"""

from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError

from clinic.database import db, transaction
from clinic.journey import book, check_in
from clinic.journey.book import GateClosed
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment.rules import Reason, reasons_not_to_book
from tests.factories import TESTER, at, make_approval, make_patient, make_visit
from tests.treatment.edges import EDGES, World
from tests.treatment.facts import on, wish

SIDES = pytest.mark.parametrize("past", [False, True], ids=["near", "past"])
EACH = pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge.name)


@pytest.fixture
def world(cast, travel, monkeypatch):
    return World(cast, travel, monkeypatch)


@EACH
@SIDES
def test_the_gate_closes_past_the_limit_and_not_before(edge, past):
    facts, wanted = edge.pure(past)

    assert reasons_not_to_book(facts, wanted) == ([edge.reason] if past else [])


@EACH
@SIDES
def test_the_booking_is_refused_past_the_limit_and_not_before(edge, past, world):
    wanted = edge.make(world, past)
    service = world.cast.service(wanted.kind)

    if not past:
        visit = make_visit(wanted.patient, world.cast.ana, service, wanted.starts_at)
        assert (visit.status, visit.approval_id) == (S.BOOKED, wanted.past_the_gate.id)
        return
    with pytest.raises(GateClosed) as refused:
        make_visit(wanted.patient, world.cast.ana, service, wanted.starts_at)
    assert (edge.in_ask or edge.reason) in refused.value.reasons


@EACH
@SIDES
def test_the_door_stays_shut_past_the_limit_and_not_before(edge, past, world):
    wanted = edge.make(world, past)
    world.patch.setattr(book, "_carried", lambda *_: wanted.past_the_gate)
    service = world.cast.service(wanted.kind)
    if past and edge.truth:
        with pytest.raises(DBAPIError, match=edge.truth):
            make_visit(wanted.patient, world.cast.ana, service, wanted.starts_at)
        return
    visit = make_visit(wanted.patient, world.cast.ana, service, wanted.starts_at)
    world.travel(wanted.starts_at)

    if past:
        with pytest.raises(GateClosed) as refused:
            check_in.move(visit, S.BOOKED, S.ARRIVED, actor=TESTER)
        assert refused.value.reasons == [edge.reason]
        return
    check_in.move(visit, S.BOOKED, S.ARRIVED, actor=TESTER)
    assert visit.status == S.ARRIVED


def test_every_condition_but_age_and_each_kind_of_row_has_an_edge():
    assert {edge.condition for edge in EDGES} == set(range(2, 10))
    assert {edge.row for edge in EDGES} == {"G1", "G2", "G4", "G5", "G7", "G9"}


# Condition 1: nobody under 18 is consulted, so no approval is there either. The birthday is a
# consultation's, and at the door that of a record that is corrected.


@pytest.mark.parametrize(
    ("born_on", "refused"), [(date(2008, 11, 25), False), (date(2008, 11, 26), True)]
)
def test_condition_1_a_visit_on_the_18th_birthday_and_the_day_before(cast, born_on, refused):
    young = make_patient(name="Yan Young", email="yan@example.org", born_on=born_on)

    if refused:
        with pytest.raises(GateClosed) as closed:
            make_visit(young, cast.ana, cast.service("consultation"), at(25, 11))
        assert closed.value.reasons == [Reason.UNDER_18]
    else:
        visit = make_visit(young, cast.ana, cast.service("consultation"), at(25, 11))
        assert visit.status == S.BOOKED


@pytest.mark.parametrize(
    ("born_on", "refused"), [(date(2008, 12, 1), []), (date(2008, 12, 2), [Reason.UNDER_18])]
)
def test_condition_1_the_gate_counts_to_the_birthday(born_on, refused):
    assert reasons_not_to_book(on(born_on=born_on), wish()) == refused


@pytest.mark.parametrize(
    ("born_on", "refused"), [(date(2008, 11, 24), False), (date(2008, 11, 25), True)]
)
def test_condition_1_a_corrected_birth_date_at_the_door(cast, travel, born_on, refused):
    """The consultation was on 24 November: a day younger, and it was a minor's."""
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))

    def correct():
        with transaction():
            db.session.refresh(cast.cal)
            cast.cal.born_on = born_on

    if refused:
        with pytest.raises(DBAPIError, match="truth 5"):
            correct()
        return
    correct()
    travel(at(26, 10))
    check_in.move(visit, S.BOOKED, S.ARRIVED, actor=TESTER)
    assert visit.status == S.ARRIVED
