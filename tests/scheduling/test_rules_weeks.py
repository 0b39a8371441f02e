"""Weekly hours from a day until another, put in place of those that held there."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.scheduling.rules import Hours, Week, replaced, week_on, weeks

ALWAYS = date(2000, 1, 1)
NEW_YEAR = date(2027, 1, 1)
DAY = timedelta(days=1)
NINE, NOON, FIVE = 540, 720, 1020


def monday(opens, closes, first=ALWAYS, last=None):
    return Hours(0, opens, closes, first, last)


def week(*stretches, first=NEW_YEAR, last=None):
    return Week(first, last, stretches)


def test_new_hours_from_a_day_end_the_old_ones_the_day_before():
    found = replaced([monday(NINE, FIVE)], week((0, NINE, NOON)))

    assert found == [
        monday(NINE, NOON, NEW_YEAR),
        monday(NINE, FIVE, last=NEW_YEAR - DAY),
    ]


def test_hours_for_a_while_let_the_old_ones_go_on_after():
    last = date(2027, 1, 31)

    found = replaced([monday(NINE, FIVE)], week((0, NINE, NOON), last=last))

    assert [(w.valid_from, w.valid_until, w.stretches) for w in weeks(found)] == [
        (ALWAYS, NEW_YEAR - DAY, ((0, NINE, FIVE),)),
        (NEW_YEAR, last, ((0, NINE, NOON),)),
        (last + DAY, None, ((0, NINE, FIVE),)),
    ]


def test_the_same_hours_again_change_nothing():
    rows = [monday(NINE, FIVE), Hours(1, NINE, FIVE, ALWAYS)]

    found = replaced(rows, week((0, NINE, FIVE), (1, NINE, FIVE)))

    assert set(found) == set(rows)


def test_a_week_without_hours_ends_what_held():
    assert replaced([monday(NINE, FIVE)], week()) == [monday(NINE, FIVE, last=NEW_YEAR - DAY)]


def test_hours_that_begin_later_are_replaced_where_the_new_ones_hold():
    later = monday(NINE, FIVE, date(2027, 3, 1))

    assert replaced([later], week((0, NINE, NOON))) == [monday(NINE, NOON, NEW_YEAR)]


def test_days_without_any_hours_are_no_week():
    gap = [monday(NINE, FIVE, last=NEW_YEAR - DAY), monday(NINE, FIVE, date(2027, 2, 1))]

    assert [w.valid_from for w in weeks(gap)] == [ALWAYS, date(2027, 2, 1)]


days = st.integers(0, 60).map(lambda n: date(2026, 12, 1) + n * DAY)
stretch = st.tuples(st.integers(0, 6), st.sampled_from([NINE, NOON]), st.just(FIVE))


@st.composite
def rows(draw):
    first = draw(days)
    last = draw(st.none() | days.filter(lambda d: d >= first))
    return Hours(*draw(stretch), first, last)


@st.composite
def any_week(draw):
    first = draw(days)
    last = draw(st.none() | days.filter(lambda d: d >= first))
    return Week(first, last, tuple(draw(st.sets(stretch, max_size=4))))


@settings(max_examples=80, deadline=None)
@given(st.lists(rows(), max_size=5), any_week(), days)
def test_on_every_day_either_the_new_hours_hold_or_the_old_ones(old, new, day):
    found = replaced(old, new)

    inside = new.valid_from <= day and (new.valid_until is None or day <= new.valid_until)
    assert week_on(found, day) == (tuple(sorted(new.stretches)) if inside else week_on(old, day))
