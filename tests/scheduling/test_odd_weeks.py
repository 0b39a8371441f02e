"""Odd servers and odd languages: days, evenings and Mondays stay those of the site."""

from __future__ import annotations

import os
import time
from datetime import date, timedelta

import pytest
from babel.dates import get_day_names
from flask_babel import force_locale
from sqlalchemy import update

from clinic import filters
from clinic.catalogue.models import Location
from clinic.database import db, transaction
from clinic.scheduling import availability
from clinic.scheduling.models import Schedule
from clinic.scheduling.rules import free_slots
from tests.factories import at, make_visit

MONDAY = 0


@pytest.fixture
def server_in(monkeypatch):
    """Put the server into a zone; it is back where it was afterwards."""

    def move(zone):
        monkeypatch.setitem(os.environ, "TZ", zone)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


def offered(cast, day, days=1):
    facts = availability.times(cast.service("consultation"), day, days).facts
    return [s.starts_at for s in free_slots(facts, day, days)]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Honolulu", "Pacific/Auckland"])
def test_T5_evenings_and_days_are_those_of_the_site_wherever_the_server_is(
    cast, signed_in, travel, server_in, zone
):
    """A site in New York at 6 pm: in UTC the evening's last hour is tomorrow's first."""
    server_in(zone)
    with transaction():
        db.session.execute(update(Location).values(zone="America/New_York"))
        db.session.execute(update(Schedule).values(opens_minute=12 * 60, closes_minute=20 * 60))
    travel(at(24, 22, 50))
    tuesday = date(2026, 11, 24)

    left = offered(cast, tuesday)
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 0))
    page = signed_in(cast.bea).get("/desk")

    assert sorted(set(left)) == [at(25, 0), at(25, 0, 20)]
    assert visit.starts_on == tuesday
    assert "Tuesday 24 November" in page.text and "7:00 pm" in page.text


@pytest.mark.parametrize("language", ["en", "en_US", "de", "fr", "he", "ar", "fa", "hi", "pt_BR"])
def test_T12_monday_is_called_monday_in_a_language_whose_week_begins_elsewhere(app, language):
    names = get_day_names("wide", locale=language)
    with app.test_request_context(), force_locale(language):
        shown = [filters.weekday_name(number) for number in range(7)]
        days = [filters.long_day(date(2026, 11, 23) + timedelta(days=n)) for n in range(7)]

    assert shown == [names[number] for number in range(7)]
    assert all(names[number] in days[number] for number in range(7))


def test_T12_hours_of_mondays_only_give_times_on_mondays_only(cast):
    with transaction():
        db.session.execute(db.delete(Schedule).where(Schedule.weekday != MONDAY))

    found = {starts_at.date() for starts_at in offered(cast, date(2026, 11, 24), 14)}

    assert found == {date(2026, 11, 30), date(2026, 12, 7)}
