"""A clinic with a site in New York and one in Berlin: each visit has its own site's time (T7)."""

from datetime import date

import pytest

from clinic.catalogue.models import Location, Service
from clinic.database import db, transaction
from clinic.journey import offers
from clinic.notices import letters, services
from clinic.notices.models import Message, MessageKind
from clinic.scheduling import rosters
from clinic.scheduling.models import Schedule
from clinic.scheduling.rules import AbsenceKind, Away
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.screening.models import ScreeningNote
from clinic.waitlist import services as waitlist
from tests.factories import (
    TESTER,
    at,
    make_account,
    make_intake,
    make_visit,
    sign,
    staff_actor,
    walk,
)
from tests.frontdesk.test_views_day import lines
from tests.newcomer import KIM, answer_the_form, newest_code
from tests.two_sites import make_mitte, move_first_site
from tests.visitor import NS, words
from tests.waiting import wanted

NEW_YORK, BERLIN = "New York time", "Berlin time"


@pytest.fixture
def mitte(cast):
    """The service in Berlin; the first site is in New York."""
    service = make_mitte(cast)
    move_first_site(cast, "America/New_York")
    return service


@pytest.fixture
def halden(cast, mitte):
    """The consultation in New York."""
    return db.session.scalars(db.select(Service).filter_by(name="Consultation")).one()


@pytest.fixture
def visits(cast, halden, mitte):
    """Cal in New York at 11:00 am (16:00 UTC), Dee in Berlin at 1:20 pm (12:20 UTC), with Ana."""
    make_intake(cast.cal)
    make_intake(cast.dee)
    return {
        "Cal": make_visit(cast.cal, cast.ana, halden, at(24, 16)),
        "Dee": make_visit(cast.dee, cast.ana, mitte, at(24, 12, 20)),
    }


@pytest.fixture
def bea(cast, signed_in):
    return signed_in(cast.bea)


@pytest.fixture
def ana(cast, signed_in):
    return signed_in(cast.ana_user)


@pytest.fixture
def cal(cast, signed_in):
    return signed_in(make_account(cast.cal))


def footer(page):
    return next(words(e) for e in page.root.iter(f"{NS}footer"))


# The desk.


def test_the_desks_day_by_time_lists_each_sites_visits_in_its_own_time(bea, visits):
    page = bea.get("/desk/")

    heads = [words(e) for e in page.root.iter(f"{NS}h2")]
    found = dict(zip(heads, lines(page), strict=True))
    assert found[f"Halden {NEW_YORK}"].startswith("11:00 amCal Ortega")
    assert found[f"Mitte {BERLIN}"].startswith("1:20 pmDee Novak")


def test_by_physician_each_line_of_the_desks_day_names_site_and_zone(bea, visits):
    dees, cals = lines(bea.get("/desk/?by=physician"))

    assert dees.startswith("1:20 pmDee NovakConsultation in Mitte, Raum 1, Mitte (Berlin time)")
    assert cals.startswith("11:00 amCal OrtegaConsultation, Room 1, Halden (New York time)")


def test_the_desks_day_of_one_zone_names_it_once(bea, cast, mitte):
    make_visit(cast.dee, cast.ana, mitte, at(24, 12, 20))

    page = bea.get("/desk/")

    assert page.text.count(BERLIN) == 1
    assert NEW_YORK not in page.text


def test_a_visit_is_on_the_day_that_its_own_sites_clock_shows(bea, cast, halden, mitte):
    with transaction():
        db.session.execute(
            db.update(Schedule).values(closes_minute=20 * 60).filter_by(practitioner_id=cast.eli.id)
        )
    make_visit(cast.cal, cast.eli, halden, at(24, 23, 20))  # 00:20 of the 25th in Berlin
    make_visit(cast.dee, cast.ana, mitte, at(25, 12, 20))

    today, tomorrow = lines(bea.get("/desk/")), lines(bea.get("/desk/?day=2026-11-25"))

    assert [line.partition("Cons")[0] for line in today] == ["6:20 pmCal Ortega"]
    assert [line.partition("Cons")[0] for line in tomorrow] == ["1:20 pmDee Novak"]


def test_an_empty_stretch_asks_about_the_time_of_its_own_site(bea, cast, mitte):
    make_visit(cast.cal, cast.ana, mitte, at(24, 12))
    make_visit(cast.dee, cast.ana, mitte, at(24, 14))

    page = bea.get("/desk/?by=physician")
    answer = page.follow("1:30 pm to 3:00 pm: why empty?")

    assert "Dr Ana Silva, Tue 24 November, 1:30 pm" in answer.text
    assert "All times are Berlin time." in answer.text
    assert "Consultation, Halden (New York time)" in answer.text
    assert "Consultation in Mitte, Mitte (Berlin time)" in answer.text


def test_who_waits_is_told_by_the_clock_of_their_site(bea, visits, at_work):
    at_work(at(24, 12, 5))
    walk(visits["Dee"], S.ARRIVED)
    at_work(at(24, 16, 10))

    page = bea.get("/desk/")

    assert "1 waiting Dee Novak since 1:05 pm" in page.text
    assert "1 late Cal Ortega, due 11:00 am" in page.text


@pytest.mark.parametrize("path", ["/desk/", "/my-day"])
def test_where_another_date_has_begun_the_day_says_so_and_leads_there(
    cast, signed_in, mitte, at_work, path
):
    person = signed_in(cast.bea if path == "/desk/" else cast.ana_user)
    at_work(at(25, 2))  # 9 pm of the 24th in New York

    page = person.get(path)

    assert page.heading == "Tuesday 24 November"
    assert "At Mitte it is Wednesday 25 November now." in page.text
    assert page.follow("See that day").heading == "Wednesday 25 November"


def test_a_missed_visit_comes_back_while_its_own_site_has_that_date(bea, cast, mitte, at_work):
    with transaction():
        db.session.execute(
            db.update(Location).filter_by(name="Mitte").values(zone="Pacific/Auckland")
        )
    db.session.expire_all()
    visit = make_visit(cast.dee, cast.ana, mitte, at(25, 0, 20))  # 1:20 pm there
    at_work(at(25, 1))  # still the 24th in New York
    walk(visit, S.NOSHOW)

    page = bea.get(f"/desk/visits/{visit.public_id}")

    assert "Mark arrived" in page.text
    assert "Wed 25 November, 1:20 pm" in page.text
    assert "All times are Auckland time." in page.text


def test_a_patients_visits_at_the_desk_have_each_its_own_time(bea, cast, visits, mitte):
    make_visit(cast.cal, cast.ana, mitte, at(25, 12, 20))

    page = bea.get(f"/desk/patients/{cast.cal.public_id}")

    assert "Tue 24 November, 11:00 am New York time, Consultation" in page.text
    assert "Wed 25 November, 1:20 pm Berlin time, Consultation in Mitte" in page.text


def test_what_can_be_booked_says_where(bea, cast, mitte):
    page = bea.get(f"/patients/{cast.cal.public_id}/book")

    assert "Halden, New York time" in page.text
    assert "Mitte, Berlin time" in page.text


def test_the_waiting_list_says_where_and_by_which_clock(bea, cast, halden, mitte):
    for patient, service in ((cast.cal, halden), (cast.dee, mitte)):
        waitlist.join(patient, service, wanted(), actor=TESTER)

    page = bea.get("/desk/waiting-list")

    assert "Consultation, Halden: Anyone" in page.text
    assert "Waiting since Tue 24 November, 4:00 am New York time" in page.text
    assert "Consultation in Mitte, Mitte: Anyone" in page.text
    assert "Waiting since Tue 24 November, 10:00 am Berlin time" in page.text


def test_an_offer_on_ones_own_page_has_the_time_of_its_site(bea, cast, cal, halden, mitte):
    waitlist.join(cast.cal, halden, wanted(), actor=TESTER)
    entry = waitlist.join(cast.cal, mitte, wanted(), actor=TESTER)
    offers.by_hand(entry, cast.ana.actor_id, at(27, 12, 20), actor=staff_actor(cast.bea))

    assert "Fri 27 November, 1:20 pm Berlin time" in cal.get("/visits").text


def test_a_newcomer_waits_at_the_site_whose_times_they_looked_at(cast, mitte, anyone):
    answer_the_form(anyone)
    times = anyone.get(f"/book/consultation/{mitte.location.public_id}")
    wish = times.follow("Join the waiting list")

    code = wish.form("email").set(**KIM).press()
    joined = code.form("code").set(code=newest_code()).press()

    assert "5 Lindenhof, Berlin" in footer(wish)
    assert "Mitte" in words(next(e for e in wish.root.iter(f"{NS}main")))
    assert "Consultation in Mitte" in joined.text


def test_visits_outside_the_roster_have_each_its_own_time(bea, cast, visits):
    away = Away(date(2026, 11, 24), 0, date(2026, 11, 24), 1440)
    rosters.add_absence(cast.ana, away, AbsenceKind.ILL, actor=TESTER)

    page = bea.get("/roster/outside")

    assert "Tue 24 November, 11:00 am New York time" in page.text
    assert "Tue 24 November, 1:20 pm Berlin time" in page.text


@pytest.mark.parametrize(
    ("now", "since", "until"),
    [
        (at(24, 9), ("2026-11-24", "04:00"), ("2026-11-24", "24:00")),
        (at(25, 2), ("2026-11-24", "21:00"), ("2026-11-25", "24:00")),
    ],
)
def test_ill_today_begins_with_the_earliest_clock_and_ends_with_the_last_day(
    bea, mitte, at_work, now, since, until
):
    at_work(now)

    page = bea.get("/roster/ill")

    fields = dict(page.form("starts_on").fields)
    assert (fields["starts_on"], fields["starts_at"]) == since
    assert (fields["ends_on"], fields["ends_at"]) == until
    assert "The times are those of the clock at each site." in page.text


# The physician.


def test_my_day_has_each_visits_own_time(ana, visits):
    page = ana.get("/my-day")

    assert "1:20 pmDee NovakConsultation in Mitte, Raum 1, Mitte (Berlin time)" in page.text
    assert "11:00 amCal OrtegaConsultation, Room 1, Halden (New York time)" in page.text


def test_the_alarm_about_unsigned_visits_has_each_its_own_time(ana, visits, at_work):
    at_work(at(24, 18))

    page = ana.get("/my-day")

    assert "Dee Novak, Tue 24 November, 1:20 pm Berlin time" in page.text
    assert "Cal Ortega, Tue 24 November, 11:00 am New York time" in page.text


def test_the_queue_has_each_visits_own_time(ana, visits):
    page = ana.get("/reviews")

    assert "visit Tue 24 November, 11:00 am New York time" in page.text
    assert "visit Tue 24 November, 1:20 pm Berlin time" in page.text


def test_a_record_has_each_visits_own_time(ana, cast, visits, mitte):
    make_visit(cast.cal, cast.ana, mitte, at(25, 12, 20))

    page = ana.get(f"/records/{cast.cal.public_id}")

    assert "Tue 24 November, 11:00 am New York time, Consultation" in page.text
    assert "Wed 25 November, 1:20 pm Berlin time, Consultation in Mitte" in page.text
    assert "Sent Tue 24 November, 4:00 am New York time" in page.text


def test_review_and_signed_note_have_the_time_of_the_consultations_site(ana, cast, visits, at_work):
    review = ana.get(f"/reviews/{visits['Dee'].public_id}")
    at_work(at(24, 12, 30))
    note = sign(visits["Dee"], cast.ana_user, cast.ana, decision="decline", decline_words="No.")

    signed = ana.get(f"/notes/{note.public_id}")

    assert "Consultation Tue 24 November, 1:20 pm, Raum 1." in review.text
    assert "All times are Berlin time." in review.text
    assert "Tue 24 November, 1:30 pm" in signed.text
    assert "All times are Berlin time." in signed.text


def test_a_consultation_is_signed_on_its_own_sites_date(cast, mitte, at_work):
    with transaction():
        db.session.execute(
            db.update(Location).filter_by(name="Mitte").values(zone="Pacific/Auckland")
        )
    db.session.expire_all()
    make_intake(cast.dee)
    visit = make_visit(cast.dee, cast.ana, mitte, at(25, 0, 20))
    at_work(at(25, 0, 30))  # still the 24th in New York

    sign(visit, cast.ana_user, cast.ana)

    assert db.session.scalars(db.select(ScreeningNote.signed_on)).one() == date(2026, 11, 25)


# Where to call.


def test_pages_of_a_visit_have_address_and_phone_of_its_site(cal, cast, mitte):
    make_intake(cast.cal)
    visit = make_visit(cast.cal, cast.ana, mitte, at(24, 12, 20))  # too soon to move it oneself

    booked, late = (cal.get(f"/visits/{visit.public_id}{end}") for end in ("", "/move"))

    for page in (booked, late):
        assert "Halden Clinic, 5 Lindenhof, BerlinQuestions? Call 030 5555 0101" in footer(page)
        assert "020 7946 0123" not in page.text


def test_times_of_a_site_have_its_address_and_phone_below(cal, cast, mitte):
    place = mitte.location.public_id

    page = cal.get(f"/book/consultation/{place}")

    assert "5 Lindenhof, Berlin" in footer(page)
    assert "020 7946 0123" not in page.text


@pytest.mark.parametrize("path", ["/", "/help", "/visits/open", "/book/consultation"])
def test_a_page_about_no_one_site_leads_to_each(anyone, mitte, path):
    foot = footer(anyone.get(path))

    assert "Halden, 14 Orchard RowQuestions? Call 020 7946 0123" in foot
    assert "Mitte, 5 Lindenhof, BerlinQuestions? Call 030 5555 0101" in foot


def test_home_and_help_have_the_hours_of_each_site(anyone, mitte):
    for page in (anyone.get("/"), anyone.get("/help")):
        heads = [words(e) for e in page.root.iter(f"{NS}h3")]
        assert [h for h in heads if h in ("Halden", "Mitte")] == ["Halden", "Mitte"]


def test_a_letter_about_a_visit_has_the_phone_of_its_site_and_others_that_of_each(
    cast, mitte, visits
):
    services.queue(MessageKind.CODE, to="cal@example.org", params={"code": "204816"})
    mails = {m.kind: m for m in db.session.scalars(db.select(Message).order_by(Message.id))}

    booked = letters.write(mails[MessageKind.BOOKED]).get_body(("plain",)).get_content()
    code = letters.write(mails[MessageKind.CODE]).get_body(("plain",)).get_content()

    assert "Call 030 5555 0101." in booked  # the last one is Dee's
    assert "020 7946 0123 (Halden), 030 5555 0101 (Mitte)" in code


def test_looks_and_the_log_name_the_zone_of_their_times(cast, cal, signed_in, ana, visits):
    ana.get(f"/records/{cast.cal.public_id}")

    for page in (signed_in(cast.max).get("/manage/audit"), cal.get("/account/readers")):
        assert "All times are New York time." in page.text
