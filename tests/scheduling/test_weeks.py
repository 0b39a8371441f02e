"""The weeks to come: what is read bit by bit is what would have been read at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinic.database import db, transaction
from clinic.scheduling import picker
from clinic.scheduling.models import Absence
from clinic.scheduling.rules import AbsenceKind, free_slots
from clinic.scheduling.weeks import weeks

TODAY = date(2026, 11, 24)


@pytest.fixture
def ana_is_away(cast):
    """For eleven days, so that she has no time in the week that is read first."""
    with transaction():
        db.session.add(
            Absence(
                actor_id=cast.ana.actor_id,
                kind=AbsenceKind.HOLIDAY,
                starts_on=TODAY,
                starts_minute=0,
                ends_on=TODAY + timedelta(days=10),
                ends_minute=1440,
            )
        )


def test_the_first_time_of_each_is_the_same_as_over_all_days(cast, ana_is_away):
    ahead = weeks(cast.service("consultation"))
    whole = ahead.whole()
    actors = [cast.ana.actor_id, cast.eli.actor_id]

    firsts = ahead.firsts()

    assert firsts == picker.first_of_each(whole, actors, ahead.today, ahead.last)
    assert firsts[cast.ana.actor_id].starts_at.date() == date(2026, 12, 5)
    assert firsts[cast.eli.actor_id].starts_at.date() == TODAY


def test_a_later_week_has_the_times_that_it_has_among_all_days(cast, ana_is_away):
    ahead = weeks(cast.service("consultation"))
    first = TODAY + timedelta(days=picker.WEEK)

    alone = free_slots(ahead.facts_of(first), first, picker.WEEK)

    assert alone == free_slots(ahead.whole(), first, picker.WEEK)
    assert {slot.practitioner_id for slot in alone} == {cast.ana.actor_id, cast.eli.actor_id}


def test_who_is_away_on_all_days_has_no_first_time(cast):
    ahead = weeks(cast.service("consultation"))

    assert ahead.firsts(lambda slot: slot.practitioner_id != cast.ana.actor_id).keys() == {
        cast.eli.actor_id
    }
