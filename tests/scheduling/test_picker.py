"""What a page of times shows: whom, which week, which day, what elsewhere."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.scheduling import picker
from clinic.scheduling.rules import Hours, PartOfDay, RoomFacts, free_slots
from tests.scheduling.roster import (
    ANA,
    CONSULTATION,
    ELI,
    ROOM_1,
    ROOM_2,
    TUESDAY,
    at,
    busy,
    clinic,
    physician,
)


@dataclass(frozen=True)
class Named:
    public_id: str
    name: str
    colour: int
    actor_id: int


PEOPLE = [Named("ana", "Dr Ana Silva", 1, ANA), Named("eli", "Dr Eli Stone", 2, ELI)]
ROOMS = (RoomFacts(ROOM_1), RoomFacts(ROOM_2))


def hours(weekday, opens, closes):
    return Hours(weekday, opens * 60, closes * 60)


def two(ana=None, eli=None, service=CONSULTATION, **over):
    people = (physician(ANA, **(ana or {})), physician(ELI, **(eli or {})))
    return clinic(service, *people, **{"rooms": ROOMS, "now": at(8), **over})


def page(facts, who="any", wanted=None, **more):
    return picker.build(facts, PEOPLE, who=who, wanted=wanted, **more)


def test_the_first_day_with_a_time_is_shown():
    facts = two({"hours": (hours(3, 9, 10),)}, {"hours": (hours(4, 9, 10),)})

    shown = page(facts)

    assert shown.day == date(2026, 11, 26)
    assert shown.next_at == at(9, day=26)


def test_a_wanted_day_is_shown_though_it_is_full():
    facts = two({"hours": (hours(3, 9, 10),)}, {"hours": ()})

    shown = page(facts, wanted=date(2026, 11, 25))

    assert shown.day == date(2026, 11, 25)
    assert shown.is_empty
    assert shown.next_at == at(9, day=26)


@pytest.mark.parametrize("wanted", [date(2026, 11, 23), date(2027, 6, 1), None])
def test_a_day_in_the_past_or_beyond_the_horizon_is_not_shown(wanted):
    assert page(two(), wanted=wanted).day == TUESDAY


def test_nobody_free_at_all_shows_today_and_says_nothing_is_next():
    shown = page(two({"hours": ()}, {"hours": ()}))

    assert (shown.day, shown.next_at, shown.is_empty) == (TUESDAY, None, True)


def test_anyone_shows_each_time_once():
    shown = page(two())

    starts = [s.starts_at for slots in shown.parts.values() for s in slots]
    assert len(starts) == len(set(starts)) == 16


NAMES = {ANA: "Dr Ana Silva", ELI: "Dr Eli Stone"}


def test_the_same_times_are_drawn_once_whoever_asks_and_whenever():
    next_week = at(9) + timedelta(days=7)
    facts = two(), two().at(at(8, 1), busy(next_week, next_week + timedelta(hours=1)))

    shown, again = (page(each).times(NAMES) for each in facts)

    assert (shown, hash(shown)) == (again, hash(again))


@pytest.mark.parametrize(
    ("other", "names"),
    [
        (page(two(), who="ana"), NAMES),
        (page(two(), wanted=date(2026, 11, 25)), NAMES),
        (page(two({"busy": busy(at(9), at(17))})), NAMES),
        (page(two({"busy": busy(at(9, day=26), at(17, day=26))}, {"hours": ()})), NAMES),
        (page(two(closed=frozenset({date(2026, 11, 27)}))), NAMES),
        (page(two()), {**NAMES, ANA: "Dr Ana Stone"}),
    ],
    ids=["whom", "the day", "whose times", "another day", "closed", "a name"],
)
def test_times_that_look_otherwise_are_drawn_anew(other, names):
    assert other.times(names) != page(two()).times(NAMES)


def test_one_physician_shows_only_their_own_times():
    shown = page(two({"busy": busy(at(9), at(16))}), who="ana")

    assert [s.starts_at for s in shown.parts[PartOfDay.AFTERNOON]] == [at(16), at(16, 30)]
    assert {s.practitioner_id for part in shown.parts.values() for s in part} == {ANA}


def test_a_physician_nobody_knows_means_anyone():
    assert page(two(), who="nobody").who == "any"


def test_each_choice_says_when_it_is_next_free_and_anyone_is_the_soonest_of_them():
    shown = page(two({"busy": busy(at(9), at(11))}, {"busy": busy(at(9), at(17))}))

    found = {choice.key: choice.next_at for choice in shown.choices}

    assert found == {"any": at(11), "ana": at(11), "eli": at(9, day=25)}


def test_times_are_parted_at_noon_and_at_five():
    late = {"hours": (hours(1, 11, 19),)}
    shown = page(two(late, late))

    first_and_last = {p: (s[0].starts_at, s[-1].starts_at) for p, s in shown.parts.items()}

    assert first_and_last == {
        PartOfDay.MORNING: (at(11), at(11, 30)),
        PartOfDay.AFTERNOON: (at(12), at(16, 30)),
        PartOfDay.EVENING: (at(17), at(18, 30)),
    }


def test_an_empty_part_points_to_the_next_day_of_the_week_that_has_some():
    mornings = {"hours": (hours(1, 9, 12), hours(3, 9, 12))}
    evenings = {"hours": (hours(3, 17, 18), hours(4, 17, 19))}

    shown = page(two(mornings, evenings))

    assert shown.parts[PartOfDay.EVENING] == []
    assert shown.elsewhere[PartOfDay.EVENING] == (date(2026, 11, 26), 2)
    assert PartOfDay.AFTERNOON not in shown.elsewhere


def test_seven_days_are_counted_from_today_with_what_each_has():
    shown = page(two({"hours": (hours(1, 9, 11),)}, {"hours": ()}))

    assert [tab.day for tab in shown.week] == [TUESDAY + timedelta(days=n) for n in range(7)]
    assert [tab.count for tab in shown.week] == [4, 0, 0, 0, 0, 0, 0]


def test_a_closed_day_is_told_from_a_full_one():
    shown = page(two(opening=(hours(1, 8, 20),)))

    assert [tab.is_open for tab in shown.week] == [True, *[False] * 6]


def test_weeks_follow_each_other_without_a_gap():
    first = page(two())
    second = page(two(), wanted=first.later)

    assert first.earlier is None
    assert first.week[-1].day + timedelta(days=1) == second.week[0].day
    assert second.earlier == first.week[0].day


def test_the_last_week_ends_with_the_horizon():
    service = replace(CONSULTATION, horizon=timedelta(days=9))
    shown = page(two(service=service), wanted=TUESDAY + timedelta(days=8))

    assert [tab.day.day for tab in shown.week] == [1, 2, 3]
    assert shown.later is None


def test_what_the_gate_refuses_is_shown_nowhere():
    def from_thursday(slot):
        return slot.starts_at >= at(12, day=26)

    shown = page(two(), allowed=from_thursday)

    assert shown.next_at == at(12, day=26)
    assert {choice.next_at for choice in shown.choices} == {at(12, day=26)}
    assert [tab.count for tab in shown.week][:3] == [0, 0, 10]


def test_the_next_free_times_of_one_physician_run_over_days():
    facts = two({"busy": busy(at(9), at(16, 30))})

    found = picker.next_free(facts, ANA, TUESDAY, TUESDAY + timedelta(days=5), 3)

    assert [s.starts_at for s in found] == [at(16, 30), at(9, day=25), at(9, 30, day=25)]


def test_the_search_for_the_first_free_time_ends_on_its_last_day():
    facts = two({"hours": (hours(4, 9, 10),)})

    assert picker.first_free(facts, ANA, TUESDAY, date(2026, 11, 26)) is None
    assert picker.first_free(facts, ANA, TUESDAY, date(2026, 11, 27)).starts_at == at(9, day=27)


taken = st.lists(
    st.tuples(st.integers(0, 3), st.integers(8, 18), st.integers(1, 9)), max_size=6
).map(
    lambda rows: tuple(
        busy(at(hour, day=24 + day), at(hour, day=24 + day) + timedelta(hours=length))[0]
        for day, hour, length in rows
    )
)


@settings(max_examples=40, deadline=None)
@given(taken, taken, st.integers(0, 4))
def test_C6_anyone_soonest_is_the_soonest_of_all_and_is_shown(ana_busy, eli_busy, wanted):
    facts = two({"busy": ana_busy}, {"busy": eli_busy})

    shown = page(facts)
    other = page(facts, wanted=TUESDAY + timedelta(days=wanted))

    everything = free_slots(facts, TUESDAY, 30)
    assert shown.choices[0].next_at == everything[0].starts_at
    assert shown.choices[0].next_at == min(c.next_at for c in shown.choices[1:])
    assert shown.next_at in [s.starts_at for slots in shown.parts.values() for s in slots]
    assert {s for slots in other.parts.values() for s in slots} <= set(everything)


def kept(facts, who="any", wanted=None):
    return picker.kept(facts, PEOPLE, who=who, wanted=wanted)


def test_a_page_that_was_kept_is_what_would_be_built_at_each_second():
    """Also when a time leaves for the notice, and one comes into reach at the horizon."""
    facts, seconds, seen = two(), timedelta(seconds=20), set()
    for number in range(-6, 200):
        now = facts.at(at(8) + number * seconds)
        assert kept(now) == page(now)
        seen.add(tuple(page(now).parts.items()).__repr__())

    assert len(seen) > 1


def test_a_kept_page_is_no_others():
    noon = at(8) + timedelta(seconds=30)
    everybody, somebody_busy = two().at(noon), two().at(noon)
    shared = everybody.at(noon, busy(at(9), at(17)))

    assert kept(everybody) is kept(everybody.at(noon + timedelta(seconds=9)))
    assert kept(everybody) != kept(shared)  # a patient who is elsewhere all day
    assert kept(everybody, who="ana") != kept(everybody)
    assert kept(everybody, wanted=date(2026, 11, 25)) != kept(everybody)
    assert kept(everybody) is not kept(somebody_busy)  # another roster


def test_no_more_pages_are_kept_than_a_minute_needs(monkeypatch):
    monkeypatch.setattr(picker, "MOST_KEPT", 2)
    facts = two().at(at(8) + timedelta(seconds=30))
    for day in range(24, 29):
        kept(facts, wanted=date(2026, 11, day))

    assert len(facts.worked_out.pages) <= 2
