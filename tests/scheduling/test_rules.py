"""Which times are free: hours, buffers, breaks, windows, qualifications."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from clinic.catalogue.rules import ServiceKind
from clinic.clock import Period
from clinic.scheduling.rules import (
    Hours,
    WhyNot,
    free_slots,
    why_not,
    working_periods,
)
from clinic.screening.rules import Modality
from tests.scheduling.roster import (
    ANA,
    CONSULTATION,
    ELI,
    QUALIFIED,
    TOXIN,
    TUESDAY,
    at,
    busy,
    clinic,
    codes,
    physician,
    starts,
)


def test_a_day_is_cut_into_steps_from_the_opening_of_the_hours():
    short = physician(hours=(Hours(1, 9 * 60 + 10, 11 * 60),))

    assert starts(clinic(CONSULTATION, short)) == ["09:10", "09:40", "10:10"]


def test_L10_the_last_visit_and_its_buffer_end_by_closing_time():
    found = starts(clinic(TOXIN))

    assert found[-1] == "16:15"  # 16:20 would fit, 16:30 would end with its buffer at 17:10


def test_L1_the_buffer_before_lies_inside_the_hours_too():
    assert starts(clinic(TOXIN))[0] == "09:15"  # 9:00 would need the room from 8:55


def test_a_visit_without_buffers_may_begin_at_opening_and_end_at_closing():
    found = starts(clinic())

    assert (found[0], found[-1]) == ("09:00", "16:30")


def test_a_break_takes_the_visits_that_would_reach_into_it():
    halves = physician(hours=(Hours(1, 9 * 60, 12 * 60 + 15), Hours(1, 13 * 60, 14 * 60)))

    found = starts(clinic(CONSULTATION, halves))

    assert found == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "13:00", "13:30"]


def test_hours_that_overlap_are_one_stretch_with_one_grid():
    doubled = physician(hours=(Hours(1, 9 * 60, 11 * 60), Hours(1, 10 * 60 + 10, 12 * 60)))
    facts = clinic(CONSULTATION, doubled, physician(ELI, hours=(Hours(1, 540, 600),) * 2))

    listed = free_slots(facts, TUESDAY, 1)

    assert len({(s.starts_at, s.practitioner_id) for s in listed}) == len(listed)
    assert why_not(facts, ANA, at(10, 30)) == []
    assert codes(why_not(facts, ANA, at(10, 10))) == [WhyNot.OFF_GRID]


def test_L10_nobody_is_offered_outside_the_opening_hours_of_the_site():
    early = physician(hours=(Hours(1, 6 * 60, 9 * 60),))

    assert starts(clinic(CONSULTATION, early)) == ["08:00", "08:30"]


def test_hours_count_from_their_first_to_their_last_day():
    until = physician(hours=(Hours(1, 9 * 60, 10 * 60, date(2026, 11, 24), date(2026, 11, 24)),))
    facts = clinic(CONSULTATION, until)

    assert [s.starts_at.date() for s in free_slots(facts, date(2026, 11, 17), 15)] == [TUESDAY] * 2


@pytest.mark.parametrize("weekday", range(7))
def test_T12_hours_of_one_weekday_give_times_on_that_weekday_only(weekday):
    one_day = physician(hours=(Hours(weekday, 9 * 60, 9 * 60 + 30),))

    found = free_slots(clinic(CONSULTATION, one_day), date(2026, 11, 30), 14)

    assert [slot.starts_at.weekday() for slot in found] == [weekday, weekday]


def test_T10_hours_may_end_at_midnight_and_the_last_visit_ends_exactly_then():
    late = physician(hours=(Hours(1, 22 * 60, 1440),))
    facts = clinic(CONSULTATION, late, opening=(Hours(1, 0, 1440),))

    found = free_slots(facts, TUESDAY, 1)

    assert starts(facts) == ["22:00", "22:30", "23:00", "23:30"]
    assert found[-1].ends_at == at(0, day=25)


def test_working_periods_are_where_hours_and_opening_meet():
    split = physician(hours=(Hours(1, 7 * 60, 10 * 60), Hours(1, 19 * 60, 22 * 60)))
    facts = clinic(CONSULTATION, split)

    found = working_periods(facts, split, TUESDAY)

    assert found == [Period(at(8), at(10)), Period(at(19), at(20))]


def test_a_time_inside_the_notice_is_not_offered_and_the_edge_is():
    service = replace(CONSULTATION, notice=timedelta(hours=2))
    facts = clinic(service, now=at(9))

    assert starts(facts)[0] == "11:00"


def test_a_time_past_the_horizon_is_not_offered_and_the_edge_is():
    service = replace(CONSULTATION, horizon=timedelta(days=1))
    facts = clinic(service, now=at(9))

    assert free_slots(facts, TUESDAY, 5)[-1].starts_at == at(9, day=25)


def test_L9_a_taken_time_is_offered_at_no_minute_of_the_morning():
    service = replace(CONSULTATION, notice=timedelta(minutes=30))
    taken = physician(busy=busy(at(10), at(10, 30)))
    moments = [at(8) + timedelta(minutes=n) for n in range(180)]

    offered = {s.starts_at for now in moments for s in _morning(service, taken, now)}

    assert at(10) not in offered
    assert at(10, 30) in offered


def _morning(service, person, now):
    return free_slots(clinic(service, person, now=now), TUESDAY, 1)


@pytest.mark.parametrize(
    ("kind", "able", "is_offered"),
    [
        (ServiceKind.CONSULTATION, (), True),
        (ServiceKind.FOLLOW_UP, (), True),
        (ServiceKind.TOXIN, (Modality.TOXIN,), True),
        (ServiceKind.TOXIN, (Modality.FILLER,), False),
        (ServiceKind.FILLER, (Modality.TOXIN,), False),
        (ServiceKind.COMBINED, (Modality.TOXIN,), False),
        (ServiceKind.COMBINED, (Modality.FILLER,), False),
        (ServiceKind.COMBINED, (Modality.TOXIN, Modality.FILLER), True),
    ],
)
def test_a_treatment_needs_a_physician_qualified_for_each_of_its_parts(kind, able, is_offered):
    person = physician(able=dict.fromkeys(able, QUALIFIED))
    facts = clinic(replace(CONSULTATION, kind=kind), person)

    assert bool(free_slots(facts, TUESDAY, 1)) is is_offered


def test_a_qualification_counts_on_its_last_day_and_not_after():
    until = ((date(2020, 1, 1), TUESDAY),)
    facts = clinic(TOXIN, physician(able={Modality.TOXIN: until}))

    assert {slot.starts_at.date() for slot in free_slots(facts, TUESDAY, 3)} == {TUESDAY}


def test_a_qualification_counts_from_its_first_day():
    since = ((date(2026, 11, 25), date(2027, 1, 1)),)
    facts = clinic(TOXIN, physician(able={Modality.TOXIN: since}))

    assert {slot.starts_at.date() for slot in free_slots(facts, TUESDAY, 2)} == {date(2026, 11, 25)}


def test_without_a_licence_in_date_there_is_not_even_a_consultation():
    lapsed = physician(licensed=((date(2015, 1, 1), date(2026, 11, 23)),))

    assert starts(clinic(CONSULTATION, lapsed)) == []


def test_a_renewed_qualification_leaves_no_gap():
    renewed = ((date(2020, 1, 1), TUESDAY), (date(2026, 11, 25), date(2027, 1, 1)))
    facts = clinic(TOXIN, physician(able={Modality.TOXIN: renewed}))

    assert len({slot.starts_at.date() for slot in free_slots(facts, TUESDAY, 2)}) == 2
