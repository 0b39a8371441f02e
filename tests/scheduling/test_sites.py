"""Two sites in two zones: one chooses first, reads whose time it is, and nobody is at both."""

from datetime import date

import pytest

from clinic.catalogue.models import Service
from clinic.clock import Period
from clinic.database import db, transaction
from clinic.notices import letters
from clinic.notices.models import Message
from clinic.scheduling import availability, rules
from clinic.scheduling.models import Schedule
from tests.factories import at, make_account, make_intake, make_visit
from tests.scheduling.times_page import offered, press_first
from tests.two_sites import make_mitte

WEDNESDAY = date(2026, 11, 25)


@pytest.fixture
def berlin(cast):
    return make_mitte(cast)


def times_of(service, cast):
    facts = availability.times(service, WEDNESDAY, 1).facts
    return [
        s.period
        for s in rules.free_slots(facts, WEDNESDAY, 1)
        if s.practitioner_id == cast.ana.actor_id
    ]


def consultation_in_london(cast):
    return db.session.scalars(db.select(Service).filter_by(name="Consultation")).one()


def test_nobody_is_offered_at_two_sites_at_one_instant(cast, berlin):
    london = times_of(consultation_in_london(cast), cast)
    mitte = times_of(berlin, cast)

    assert (london[0].starts_at, mitte[0].starts_at) == (at(25, 9), at(25, 12))  # 13:00 in Berlin
    assert not [(a, b) for a in london for b in mitte if a.overlaps(b)]


def test_who_is_busy_at_one_site_is_busy_at_the_other(cast, berlin):
    with transaction():
        db.session.execute(db.update(Schedule).values(opens_minute=9 * 60, closes_minute=17 * 60))
    make_visit(cast.cal, cast.ana, berlin, at(25, 12))

    there = Period(at(25, 12), at(25, 12, 30))
    london = times_of(consultation_in_london(cast), cast)
    assert london
    assert not [period for period in london if period.overlaps(there)]


@pytest.fixture
def cal(cast, berlin, signed_in):
    make_intake(cast.cal)
    return signed_in(make_account(cast.cal))


def test_T7_the_site_is_chosen_first_and_its_zone_named_at_every_step(cast, cal, berlin):
    choice = cal.get("/book/consultation")
    assert "London time" in choice.text
    assert "Berlin time" in choice.text

    page = choice.follow("Mitte")
    assert "All times are Berlin time." in page.text
    assert offered(page)[0].endswith("T1200")

    held = press_first(page)
    assert "5 Lindenhof, Berlin" in held.text
    assert "1:00 pm" in held.text

    check = cal.get("/book/check")
    assert ("Berlin time" in check.text, "5 Lindenhof" in check.text) == (True, True)

    booked = check.form("Book and send").press()
    visit = cal.get("/visits").follow("Details")
    for step in (booked, visit):
        assert "1:00 pm" in step.text
        assert "All times are Berlin time." in step.text
        assert "London" not in step.text


def test_T6_page_mail_and_calendar_of_another_site_name_its_time(cast, berlin, cal):
    visit = make_visit(cast.cal, cast.ana, berlin, at(25, 12))

    mail = letters.write(db.session.scalars(db.select(Message).order_by(Message.id)).all()[-1])
    text = mail.get_body(("plain",)).get_content()
    calendar = cal.send("GET", f"/visits/{visit.public_id}/visit.ics").data

    when = "Wed 25 November, 1:00 pm"
    assert when in str(mail["Subject"])
    assert f"{when}\nDr Ana Silva\nMitte, 5 Lindenhof, Berlin\nAll times are Berlin time." in text
    assert b"DTSTART:20261125T120000Z" in calendar
    assert b"Mitte" in calendar
    assert when in cal.get(f"/visits/{visit.public_id}").text


def test_a_site_that_is_none_has_no_page_of_times(cal):
    cal.get(f"/book/consultation/{'0' * 32}", status=404)
