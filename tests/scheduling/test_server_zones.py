"""T5 and T12: neither the server's zone nor anybody's language moves a time or a weekday."""

import time
from datetime import date

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from flask import Flask
from flask_babel import Babel, force_locale

from clinic import filters
from clinic.database import db
from clinic.notices import letters
from clinic.notices.models import Message
from clinic.scheduling import availability, rules
from tests.factories import at, make_visit
from tests.scheduling.times_page import for_patient, offered, press_first


@pytest.fixture(params=["UTC", "Pacific/Honolulu", "Pacific/Auckland"])
def server_zone(request, monkeypatch):
    """The machine's own zone: on the clinic's Tuesday it is Monday in one and Wednesday in another
    for some hours."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_T5_evenings_are_offered_on_their_own_day(cast, server_zone, travel):
    travel(at(24, 23, 30))
    service = cast.service("consultation")
    facts = availability.times(service, date(2026, 11, 25), 1).facts

    slots = rules.free_slots(facts, date(2026, 11, 25), 1)

    assert (slots[0].starts_at, slots[-1].starts_at) == (at(25, 9), at(25, 16, 20))


def test_T5_a_visit_is_shown_held_booked_and_mailed_at_one_time(cast, server_zone, signed_in):
    bea, service = signed_in(cast.bea), cast.service("consultation")
    page = bea.get(f"{for_patient(cast.cal, service)}?day=2026-11-25&who={cast.ana.public_id}")
    assert offered(page)[0].endswith("20261125T0900")

    visit = press_first(page).form("/confirm").press()

    mail = letters.write(db.session.scalars(db.select(Message).order_by(Message.id)).all()[-1])
    assert "Wed 25 November, 9:00 am" in visit.text
    assert "Wed 25 November, 9:00 am" in str(mail["Subject"])
    assert "Cal Ortega" in bea.get("/desk/?day=2026-11-25").text


def test_T5_a_visit_late_on_its_day_belongs_to_that_day(cast, server_zone):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 16, 20))

    assert visit.starts_on == date(2026, 11, 25)


@pytest.fixture
def any_language():
    """What a template needs to be in another language, and no more."""
    app = Flask("languages")
    Babel(app)
    with app.app_context():
        yield force_locale


def test_T12_monday_is_called_monday_in_every_language(any_language):
    """Weeks begin on Sunday or Saturday in many of them; a roster's 0 is Monday in all."""
    languages = [name for name in locale_identifiers() if "_" not in name]
    wrong = []
    for language in languages:
        with any_language(language):
            if filters.weekday_name(0) != Locale.parse(language).days["format"]["wide"][0]:
                wrong.append(language)

    assert len(languages) > 200
    assert wrong == []
