"""What may stand beside what: physicians, rooms, patients, buffers; cancelling; moving along."""

import pytest
from sqlalchemy.exc import IntegrityError

from clinic.database import db
from clinic.scheduling import availability, queries, services
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.rules import free_slots
from clinic.scheduling.services import Changed, SlotTaken
from tests import factories
from tests.factories import TESTER, at, make_approval, make_patient, make_visit, make_visitor, walk

ELEVEN = at(24, 11)
# A third physician: three could see somebody at once, if there were three rooms.
THIRD = """
  - name: Dr Ida Third
    email: ida@halden.example
    roles: [physician]
    credentials: {licence: {from: 2015-01-01, until: 2030-12-31}}
    hours: *all
"""
NIGHT = factories.CLINIC.replace('"09:00-17:00"', '"00:00-24:00"').replace(
    '"08:00-20:00"', '"00:00-24:00"'
)


@pytest.fixture
def consultation(cast):
    """Book a consultation, by default of Cal with Ana at eleven."""

    def make(starts_at=ELEVEN, who=None, patient=None):
        return make_visit(
            patient or cast.cal, who or cast.ana, cast.service("consultation"), starts_at
        )

    return make


def starts_for_somebody_new(service, day):
    facts = availability.times(service, day, 1).facts
    return [s.starts_at for s in free_slots(facts, day, 1)]


# Overlaps.


@pytest.mark.parametrize("minute", [0, 20])
def test_C3_two_visits_of_one_physician_do_not_overlap_even_in_part(cast, consultation, minute):
    consultation()

    with pytest.raises(SlotTaken):
        consultation(at(24, 11, minute), patient=cast.dee)


def test_C3_the_next_visit_may_begin_when_the_buffer_is_over(cast, consultation):
    consultation()

    assert consultation(at(24, 11, 40), patient=cast.dee).status == S.BOOKED


def test_C4_a_free_colleague_sees_somebody_else_at_the_same_time(cast, consultation):
    consultation()

    assert consultation(who=cast.eli, patient=cast.dee).status == S.BOOKED


def test_C7_a_patient_is_refused_a_second_visit_that_overlaps_the_first_in_part(cast, consultation):
    consultation()

    with pytest.raises(SlotTaken):
        consultation(at(24, 11, 20), who=cast.eli)


def test_C7_a_patient_needs_no_buffer_between_two_visits(cast, consultation):
    consultation(at(24, 11))

    after = make_visit(cast.cal, cast.eli, cast.service("follow-up"), at(24, 11, 40))

    assert after.status == S.BOOKED


def test_C8_two_different_services_of_one_physician_do_not_overlap(cast, consultation):
    consultation()

    with pytest.raises(SlotTaken):
        make_visit(cast.dee, cast.ana, cast.service("follow-up"), at(24, 11, 20))


def test_C3_the_room_bites_though_a_third_physician_is_free(app):
    cast = factories.make_cast(factories.CLINIC + THIRD)
    service = cast.service("consultation")
    ida = db.session.scalars(
        db.select(type(cast.ana)).where(type(cast.ana).name == "Dr Ida Third")
    ).one()
    make_visit(cast.cal, cast.ana, service, ELEVEN)
    make_visit(cast.dee, cast.eli, service, ELEVEN)
    third = make_patient()

    with pytest.raises(SlotTaken):
        make_visit(third, ida, service, ELEVEN)

    assert ELEVEN not in starts_for_somebody_new(service, ELEVEN.date())
    assert make_visit(third, ida, service, at(24, 11, 40)).status == S.BOOKED


def test_two_visits_at_once_are_in_two_rooms(cast, consultation):
    both = [consultation(), consultation(who=cast.eli, patient=cast.dee)]

    rooms = {queries.who_and_where([visit])[visit.id].room for visit in both}

    assert rooms == {"Room 1", "Room 2"}


# Times that are not on offer, posted by hand.


@pytest.mark.parametrize(
    "moment",
    [
        at(24, 8),  # before the hours
        at(24, 9),  # past, by the milliseconds since the test began
        at(24, 9, 40),  # inside the notice
        at(24, 11, 10),  # off the grid
        at(24, 16, 40),  # its buffer ends after the hours
        at(24, 17),
        at(23, 11),  # yesterday
        at(24, 11, month=2, year=2027),  # beyond the horizon
        at(1, 11, month=1, year=2020),
    ],
)
def test_L2_a_time_that_is_not_on_offer_is_refused_when_it_is_sent(consultation, moment):
    with pytest.raises(SlotTaken):
        consultation(moment)


def test_L2_a_time_inside_the_buffer_of_a_treatment_is_refused(cast):
    make_approval(cast)
    make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10, 30))  # until 11:10 with buffer
    service = cast.service("follow-up")  # 20 minutes, no buffers of its own

    with pytest.raises(SlotTaken):
        make_visit(cast.dee, cast.ana, service, at(26, 11))
    with pytest.raises(SlotTaken):
        make_visit(cast.dee, cast.ana, service, at(26, 10, 20))
    assert make_visit(cast.dee, cast.ana, service, at(26, 11, 20)).status == S.BOOKED


def test_a_physician_who_is_not_qualified_for_filler_is_refused_and_not_offered(cast):
    make_approval(
        cast, modality="filler", filler_areas=["lips"], toxin_areas=[], filler_ceiling="1.0"
    )
    filler = cast.service("filler")

    with pytest.raises(SlotTaken):
        make_visit(cast.cal, cast.eli, filler, at(26, 10))

    facts = availability.times(filler, at(26, 0).date(), 1).facts
    offered = {slot.practitioner_id for slot in free_slots(facts, at(26, 0).date(), 1)}
    assert offered == {cast.ana.actor_id}
    assert make_visit(cast.cal, cast.ana, filler, at(26, 10)).status == S.BOOKED


def test_a_physician_nobody_knows_is_refused(cast):
    with pytest.raises(SlotTaken):
        services.hold(
            cast.service("consultation"), 999_999, ELEVEN, visitor=make_visitor(), actor=TESTER
        )


def test_L3_a_period_that_crosses_midnight_is_busy_on_both_days(app):
    cast = factories.make_cast(NIGHT)
    service = cast.service("follow-up")
    visit = make_visit(cast.cal, cast.ana, service, at(24, 23, 40))
    db.session.execute(
        db.text("UPDATE participant SET ends_at = :later WHERE actor_id = :actor").bindparams(
            db.bindparam("later", at(25, 0, 10), type_=type(visit).starts_at.type)
        ),
        {"actor": cast.ana.actor_id},
    )
    db.session.commit()

    day = at(25, 0).date()
    facts = availability.times(service, day, 1).facts
    ana = [s.starts_at for s in free_slots(facts, day, 1) if s.practitioner_id == cast.ana.actor_id]

    assert (at(25, 0) in ana, at(25, 0, 20) in ana) == (False, True)


# Cancelling and the way through the day.


def test_L5_a_cancelled_time_is_free_for_somebody_new_at_once(cast, consultation):
    visit = consultation()
    assert (ELEVEN, cast.ana.actor_id) not in _offered(cast)

    services.cancel(visit, "ill", actor=TESTER)

    assert (ELEVEN, cast.ana.actor_id) in _offered(cast)
    assert consultation(patient=cast.dee).status == S.BOOKED


def _offered(cast):
    day = ELEVEN.date()
    facts = availability.times(cast.service("consultation"), day, 1).facts
    return [(s.starts_at, s.practitioner_id) for s in free_slots(facts, day, 1)]


def test_a_cancelled_visit_stays_in_the_history_with_its_reason(cast, consultation):
    visit = consultation()

    services.cancel(visit, "ill", actor=TESTER)

    assert (visit.status, visit.cancel_reason, visit.version) == (S.CANCELLED, "ill", 2)
    assert [v.id for v in queries.own_visits(cast.cal.id)] == [visit.id]


@pytest.mark.parametrize(
    "path", [[S.CANCELLED], [S.NOSHOW], [S.ARRIVED, S.IN_ROOM]], ids=["cancelled", "missed", "in"]
)
def test_L7_a_visit_that_ended_or_began_cannot_be_cancelled(consultation, path):
    visit = consultation()
    walk(visit, *path)

    with pytest.raises(Changed):
        services.cancel(visit, "ill", actor=TESTER)

    assert visit.status == path[-1]


def test_somebody_who_has_arrived_can_still_be_cancelled(consultation):
    visit = consultation()
    services.change_status(visit, S.BOOKED, S.ARRIVED, actor=TESTER)

    services.cancel(visit, "ill", actor=TESTER)

    assert visit.status == S.CANCELLED


@pytest.mark.parametrize(
    ("was", "new"),
    [
        (S.BOOKED, S.FULFILLED),  # no such arrow
        (S.BOOKED, S.IN_ROOM),
        (S.ARRIVED, S.IN_ROOM),  # not in that state
        (S.NOSHOW, S.ARRIVED),
    ],
)
def test_a_visit_moves_along_its_arrows_and_from_where_it_is(consultation, was, new):
    visit = consultation()

    with pytest.raises(Changed):
        services.change_status(visit, was, new, actor=TESTER)

    assert (visit.status, visit.version) == (S.BOOKED, 1)


def test_each_step_counts_up_the_version(consultation):
    visit = consultation()

    services.change_status(visit, S.BOOKED, S.ARRIVED, actor=TESTER)
    services.change_status(visit, S.ARRIVED, S.BOOKED, actor=TESTER)

    assert visit.version == 3


def test_a_missed_visit_gives_its_time_back_and_may_not_return_once_it_is_taken(
    cast, consultation, travel
):
    visit = consultation()
    travel(at(24, 11, 5))
    services.change_status(visit, S.BOOKED, S.NOSHOW, actor=TESTER)
    travel(at(24, 9))
    consultation(patient=cast.dee)

    with pytest.raises(IntegrityError, match=r"truth 1|participant_no_overlap"):
        services.change_status(visit, S.NOSHOW, S.ARRIVED, actor=TESTER)
