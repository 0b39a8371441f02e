"""A new time and practitioner for each visit: near to the wish, free, and in nobody's way."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.clock import Period
from clinic.scheduling.rules import Hours, RoomFacts, Wish, is_free, reassign
from clinic.scheduling.rules.reassign import OWN_AGAIN
from tests.scheduling.roster import (
    ANA,
    CONSULTATION,
    ELI,
    ROOM_1,
    ROOM_2,
    TOXIN,
    at,
    busy,
    clinic,
    physician,
)

CAL, DEE = 31, 32
AWAY_TODAY = physician(absent=busy(at(0), at(23, 59)))
AWAY_FOR_LONG = physician(absent=busy(at(0), at(23, 59, day=24 + OWN_AGAIN)))
ROOMS = (RoomFacts(ROOM_1), RoomFacts(ROOM_2))


TEN = at(10)


def wish(facts, starts_at=TEN, visit_id=1, patient=CAL):
    return Wish(visit_id, patient, ANA, starts_at, facts)


def chosen(*wishes, may=lambda _wish, _slot: True):
    found = reassign(wishes, may)
    return {key: slot and (slot.starts_at, slot.practitioner_id) for key, slot in found.items()}


@pytest.mark.parametrize(
    ("people", "found"),
    [
        # the same time with another
        ((AWAY_TODAY, physician(ELI)), (at(10), ELI)),
        # the same day with another, the nearest time
        ((AWAY_TODAY, physician(ELI, busy=busy(at(9, 30), at(11)))), (at(9), ELI)),
        ((AWAY_TODAY, physician(ELI, busy=busy(at(9), at(11)))), (at(11), ELI)),
        # nobody that day: the same physician before another, within a few days
        ((AWAY_TODAY, physician(ELI, absent=busy(at(0), at(23, 59)))), (at(10, day=25), ANA)),
        # away for longer: anybody, the nearest day
        (
            (AWAY_FOR_LONG, physician(ELI, absent=busy(at(0), at(23, 59)))),
            (at(10, day=25), ELI),
        ),
        # only the same physician, later than a few days
        ((AWAY_FOR_LONG,), (at(10, day=24 + OWN_AGAIN + 1), ANA)),
    ],
    ids=["same time", "earlier", "later", "own again", "away for long", "alone"],
)
def test_the_place_nearest_to_the_wish_is_proposed(people, found):
    assert chosen(wish(clinic(CONSULTATION, *people))) == {1: found}


def test_another_room_at_the_same_time_comes_before_everything():
    facts = clinic(rooms=(RoomFacts(ROOM_1, absent=busy(at(9), at(12))), RoomFacts(ROOM_2)))

    assert reassign([wish(facts)], lambda *_: True)[1].room_id == ROOM_2


def test_nobody_who_is_not_qualified_is_proposed():
    eli = physician(ELI, able={})

    assert chosen(wish(clinic(TOXIN, AWAY_TODAY, eli))) == {1: (at(10, day=25), ANA)}


def test_two_visits_of_one_time_never_get_one_slot():
    facts = clinic(CONSULTATION, AWAY_TODAY, physician(ELI), rooms=ROOMS)

    found = chosen(wish(facts), wish(facts, visit_id=2, patient=DEE))

    assert found == {1: (at(10), ELI), 2: (at(9, 30), ELI)}


def test_two_visits_with_two_physicians_need_two_rooms():
    people = (AWAY_TODAY, physician(ELI), physician(5))
    one, two = clinic(CONSULTATION, *people), clinic(CONSULTATION, *people, rooms=ROOMS)

    narrow = chosen(wish(one), wish(one, visit_id=2, patient=DEE))
    wide = chosen(wish(two), wish(two, visit_id=2, patient=DEE))

    assert narrow[2][0] != at(10)
    assert wide[2][0] == at(10)


def test_one_patients_two_visits_are_never_proposed_at_one_time():
    facts = clinic(CONSULTATION, AWAY_TODAY, physician(ELI), physician(5), rooms=ROOMS)

    found = chosen(wish(facts), wish(facts, visit_id=2))

    assert found[1][0] != found[2][0]


def test_the_first_candidate_that_the_patient_may_have_is_proposed():
    facts = clinic(CONSULTATION, AWAY_TODAY, physician(ELI))

    found = chosen(wish(facts), may=lambda _wish, slot: slot.starts_at >= at(10, day=26))

    assert found == {1: (at(10, day=26), ANA)}


def test_a_visit_without_any_place_says_so_and_the_others_get_theirs():
    nowhere = clinic(CONSULTATION, AWAY_TODAY, rooms=())
    somewhere = clinic(CONSULTATION, AWAY_TODAY, physician(ELI))

    found = chosen(wish(nowhere), wish(somewhere, visit_id=2, patient=DEE))

    assert found == {1: None, 2: (at(10), ELI)}


def test_a_time_inside_the_notice_is_not_proposed():
    late = replace(CONSULTATION, notice=timedelta(hours=24))
    facts = clinic(late, AWAY_TODAY, physician(ELI), now=at(9))

    assert chosen(wish(facts)) == {1: (at(10, day=25), ANA)}


HALF_HOURS = st.integers(0, 15).map(lambda n: at(9) + n * timedelta(minutes=30))


@st.composite
def mornings(draw):
    """Visits of Ana's day that need a place among two other physicians and one or two rooms."""
    people = [AWAY_TODAY]
    for actor_id in (ELI, 5)[: draw(st.integers(0, 2))]:
        begins = draw(st.integers(9, 16))
        taken = busy(at(begins), at(draw(st.integers(begins + 1, 17))))
        able = {} if draw(st.booleans()) else physician().able
        hours = tuple(Hours(day, 540, draw(st.sampled_from([720, 1020]))) for day in range(7))
        people.append(physician(actor_id, busy=taken, able=able, hours=hours))
    service = draw(st.sampled_from([CONSULTATION, TOXIN]))
    rooms = ROOMS[: draw(st.integers(1, 2))]
    facts = clinic(service, *people, rooms=rooms)
    starts = draw(st.lists(HALF_HOURS, min_size=1, max_size=6))
    patients = st.integers(31, 33)
    return [
        wish(facts, start, number, draw(patients)) for number, start in enumerate(starts, start=1)
    ]


@settings(max_examples=60, deadline=None)
@given(mornings())
def test_no_two_proposals_meet_each_is_free_and_each_is_in_qualified_hands(wishes):
    found = reassign(wishes, lambda *_: True)

    by_id = {one.visit_id: one for one in wishes}
    taken: dict[int, list[Period]] = {}
    for visit_id, slot in found.items():
        if slot is None:
            continue
        facts = by_id[visit_id].facts
        assert is_free(facts, slot.practitioner_id, slot.starts_at) is not None
        assert facts.practitioner(slot.practitioner_id).may(
            facts.service.kind, slot.starts_at.date()
        )
        reserved = facts.service.reserved(slot.starts_at)
        periods = [(actor, reserved) for actor in slot.actors]
        for actor, period in [*periods, (by_id[visit_id].patient_actor_id, slot.period)]:
            assert not any(period.overlaps(other) for other in taken.get(actor, []))
            taken.setdefault(actor, []).append(period)
