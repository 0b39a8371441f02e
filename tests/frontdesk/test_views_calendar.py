"""The calendar: columns, what is grey, the ways between its views, and the same asked again."""

from datetime import date

import pytest

from clinic.accounts.models import Patient, Practitioner, User, UserSession
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.catalogue import services as catalogue
from clinic.catalogue.models import Room, Service
from clinic.database import db, transaction
from clinic.scheduling import diary, names, roster, rosters
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Schedule
from clinic.scheduling.rules import AbsenceKind, Away, free_slots
from clinic.scheduling.rules import AppointmentStatus as S
from tests.bench import clinic as bench
from tests.factories import (
    TESTER,
    at,
    make_intake,
    make_patient,
    make_visit,
    make_visitor,
    walk,
)
from tests.statements import reads, statements
from tests.two_sites import make_mitte
from tests.visitor import NS, Person, words

DAY = "/desk/calendar?day=2026-11-24"
ASKS = 4  # the stamps of roster and diary, the visits, holds, and what falls outside


@pytest.fixture
def visit(cast):
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))


def columns(page):
    """What each column says: its head, then grey stretches and visits, with their classes."""
    return {
        words(section.find(f"{NS}h2")): [
            (item.get("class"), words(item)) for item in section.iter(f"{NS}li")
        ]
        for section in page.root.iter(f"{NS}section")
    }


def column(page, name):
    return next(items for head, items in columns(page).items() if name in head)


def test_a_visit_stands_in_its_physicians_column_at_its_time(bea, visit):
    page = bea.get(DAY)

    assert page.heading == "Tuesday 24 November"
    said = "Cal OrtegaForm missingBooked11:00–11:30 am, Consultation, Room 1"
    assert ("v s24 d6 booked", said) in column(page, "Ana")
    assert column(page, "Eli") == []
    assert f"/desk/visits/{visit.public_id}" in page.html


def test_by_room_each_room_has_a_column_and_the_visit_says_with_whom(bea, visit):
    page = bea.get(DAY).follow("Room")

    assert list(columns(page)) == ["Room 1", "Room 2"]
    off, shown = column(page, "Room 1")[0], column(page, "Room 1")[-1]
    assert shown[1].endswith("Consultation, Dr Ana Silva")
    assert off[0].startswith("v ")  # open from eight to eight, as the grid is here: nothing grey


def test_what_nobody_can_be_booked_in_is_grey_and_says_why(bea, cast, visit):
    make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 16))
    with transaction():
        db.session.execute(db.delete(Schedule).where(Schedule.practitioner_id == cast.ana.id))
        for opens, closes in ((540, 720), (780, 1020)):
            db.session.add(
                Schedule(
                    practitioner_id=cast.ana.id,
                    location_id=cast.site.id,
                    weekday=1,
                    opens_minute=opens,
                    closes_minute=closes,
                    valid_from=at(1, 0).date(),
                )
            )
    day = at(24, 0).date()
    rosters.add_absence(cast.ana, Away(day, 900, day, 960), AbsenceKind.TRAINING, actor=TESTER)
    scheduling.hold(
        cast.service("consultation"), cast.ana.actor_id, at(24, 14), visitor=make_visitor(),
        actor=TESTER,
    )  # fmt: skip

    grey = [item for item in column(bea.get(DAY), "Ana") if item[0].startswith("off")]

    assert grey == [
        ("off break s36 d12", "Break until 1:00 pm"),
        ("off away s72 d12", "Away"),
        ("off held s60 d6", "Held until 9:10 am"),
    ]


def test_a_closed_day_is_grey_from_top_to_bottom(bea, cast, visit):
    catalogue.add_closed_day(cast.site, at(24, 0).date(), "Stock-taking", actor=TESTER)

    assert ("off closed s0 d12", "Closed") in column(bea.get(DAY), "Ana")


def test_a_room_out_of_order_is_grey_in_its_own_column(bea, cast, visit):
    room = db.session.scalars(db.select(Room).where(Room.name == "Room 2")).one()
    day = at(24, 0).date()
    rosters.add_absence(room, Away(day, 0, day, 1440), AbsenceKind.OUT_OF_ORDER, actor=TESTER)

    assert column(bea.get(f"{DAY}&by=room"), "Room 2")[0][1] == "Out of use"


def test_where_no_room_is_free_the_physicians_column_says_so(bea, cast):
    spare = db.session.scalars(db.select(Room).where(Room.name == "Room 2")).one()
    day = at(24, 0).date()
    rosters.add_absence(spare, Away(day, 0, day, 1440), AbsenceKind.OUT_OF_ORDER, actor=TESTER)
    make_visit(cast.cal, cast.eli, cast.service("consultation"), at(24, 11))

    page = bea.get(DAY)

    # with its clean-up until twenty to twelve; Eli has the room, who needs to be told nothing
    assert ("off no-room s24 d8", "No room free") in column(page, "Ana")
    assert "No room free" not in str(column(page, "Eli"))
    assert "No room free" in page.follow("Week").text
    assert "No room free" not in page.follow("Room").text


def test_where_two_others_have_both_rooms_the_third_physicians_column_says_so(app):
    bench.make(3)
    with transaction():
        db.session.execute(db.update(Room).where(Room.name == "Room 02").values(active=False))
    service = db.session.scalars(db.select(Service).where(Service.kind == "consultation")).one()
    for physician in db.session.scalars(db.select(Practitioner).order_by(Practitioner.id).limit(2)):
        make_visit(make_patient(), physician, service, at(24, 11))
    desk = db.session.scalars(db.select(User).where(User.email == bench.DESK)).one()

    page = Person(app).sign_in(desk).get(DAY)

    assert column(page, "Bench 02") == [("off both-taken s36 d8", "Both rooms taken")]
    assert len(column(page, "Bench 01")) == 1


def test_what_was_shown_before_is_not_shown_again_once_anything_of_it_is_another(
    bea, cast, visit, travel
):
    """The grid is kept: each of these leaves the visit itself as it was."""
    bea.get(DAY)
    with transaction():
        db.session.execute(
            db.update(Patient).where(Patient.name == "Cal Ortega").values(name="Cal O")
        )
    assert "Cal O" in bea.get(DAY).text
    with transaction():
        db.session.execute(db.update(Room).where(Room.name == "Room 1").values(name="Blue room"))
    assert "Blue room" in bea.get(DAY).text
    make_intake(cast.cal)
    assert "Form missing" not in str(column(bea.get(DAY), "Ana"))
    scheduling.hold(
        cast.service("consultation"), cast.ana.actor_id, at(24, 14), visitor=make_visitor(),
        actor=TESTER,
    )  # fmt: skip
    assert "Held until 9:10 am" in bea.get(DAY).text
    travel(at(24, 9, 12))
    assert "Held until 9:10 am" not in bea.get(DAY).text


def test_somebody_is_late_from_the_first_minute_on(bea, visit, at_work):
    at_work(at(24, 10, 59))
    assert "Late" not in str(column(bea.get(DAY), "Ana"))

    at_work(at(24, 11, 0))

    assert "Late" in str(column(bea.get(DAY), "Ana"))


def test_an_expired_hold_is_nothing(bea, cast, at_work):
    scheduling.hold(
        cast.service("consultation"), cast.ana.actor_id, at(24, 14), visitor=make_visitor(),
        actor=TESTER,
    )  # fmt: skip
    at_work(at(24, 9, 11))

    assert "Held" not in bea.get(DAY).text


def test_who_is_at_another_site_meanwhile_is_grey_here(bea, cast):
    mitte = make_mitte(cast)
    make_visit(cast.cal, cast.ana, mitte, at(24, 13))

    here, there = bea.get(DAY), bea.get(f"{DAY}&site={mitte.location.public_id}")

    assert any(text == "At Mitte" for _class, text in column(here, "Ana"))
    assert any("2:00–2:30 pm" in text for _class, text in column(there, "Ana"))
    assert "Berlin time" in there.text


def test_the_week_of_one_has_a_column_for_each_day(bea, cast, visit):
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(26, 9))
    make_visit(make_patient(), cast.eli, cast.service("consultation"), at(26, 9))

    page = bea.get(DAY).follow("Week")

    heads = columns(page)
    assert page.heading == "Week of Mon 23 November"
    assert (len(heads), min(heads), max(heads)) == (7, "Fri 27 November", "Wed 25 November")
    assert "Cal Ortega" in heads["Tue 24 November"][0][1]
    assert [text for _class, text in heads["Thu 26 November"]] == [
        "Dee NovakForm missingBooked9:00–9:30 am, Consultation, Room 1"
    ]
    assert "Pat Example" in page.follow("Dr Eli Stone").text
    assert page.follow("Thu 26 November").heading == "Thursday 26 November"


def test_a_month_says_how_many_visits_each_day_has_and_how_many_times_are_free(bea, cast, visit):
    page = bea.get(DAY).follow("Month")

    days = [words(cell) for cell in page.root.iter(f"{NS}td")]
    assert page.heading == "November 2026"
    assert any(day.startswith("24 November 20261 visit") for day in days)
    assert "23 November 2026No visit" in days  # it is over: nothing is free on it
    assert f"25 November 2026No visit{times_on_offer(cast, '2026-11-25')} free" in days


def times_on_offer(cast, day):
    """As many as the page of times shows on its tab."""
    facts = diary.current().facts_of(roster.offered(cast.service("consultation")))
    return len({slot.starts_at for slot in free_slots(facts, date.fromisoformat(day), 1)})


def test_zoom_is_kept_in_the_address_on_every_way_on(bea, visit):
    page = bea.get(f"{DAY}&step=30")

    assert 'class="daygrid z30 ' in page.html
    assert "step=30" in page.links()["Week"] and "step=30" in page.links()["Room"]
    assert 'class="daygrid z15 ' in page.follow("15").html


@pytest.mark.parametrize(
    "asked",
    ["?day=soon", "?view=year", "?by=colour", "?step=7", "?step=x", "?site=nowhere", "?who=0"],
)
def test_an_address_that_makes_no_sense_shows_today_by_physician(bea, asked):
    page = bea.get(f"/desk/calendar{asked}")

    assert page.heading == "Tuesday 24 November"
    assert len(columns(page)) == 2 and 'class="daygrid z15 ' in page.html


def test_only_the_one_who_is_asked_for_has_a_column(bea, cast, visit):
    [head] = columns(bea.get(f"{DAY}&who={cast.eli.public_id}"))

    assert head.endswith("Dr Eli Stone9 am to 5 pm")


def test_above_today_stands_who_waits_and_what_is_free(bea, visit, at_work):
    at_work(at(24, 10, 55))
    walk(visit, S.ARRIVED)

    page = bea.get(DAY)

    assert "1 waiting Cal Ortega since 10:55 am" in page.text
    assert "free times left today" in page.text
    assert "nowline s" in page.html


def test_another_day_says_nothing_of_now(bea, visit):
    page = bea.get("/desk/calendar?day=2026-11-25")

    assert "left today" not in page.text and "nowline" not in page.html


# The same asked again by an open page.

PART = {"HX-Request": "true"}


def part_of(page):
    board = next(e for e in page.root.iter(f"{NS}div") if e.get("id") == "board")
    return board.get("hx-get")


def looks():
    found = db.select(AuditEvent).where(AuditEvent.event == Event.DESK_VIEWED)
    return len(db.session.scalars(found).all())


def test_what_shows_nothing_new_is_empty_and_no_look(bea, visit, at_work):
    page = bea.get(DAY)
    before = looks()
    at_work(at(24, 9, 7))  # the line of the time of day is elsewhere: that alone is nothing new

    again = bea.send("GET", part_of(page), headers=PART)

    assert (again.status_code, again.data, looks()) == (204, b"", before)


@pytest.mark.parametrize("what", ["arrived", "moved"])
def test_what_shows_something_new_is_the_grid_alone_and_a_look(bea, cast, visit, what):
    page, before = bea.get(DAY), looks()
    if what == "arrived":
        walk(visit, S.ARRIVED)
    else:
        scheduling.move(visit, cast.eli.actor_id, at(24, 14), shown=visit.version, actor=TESTER)

    again = bea.send("GET", part_of(page), headers=PART)

    body = again.get_data(as_text=True)
    assert again.status_code == 200 and body.startswith('<div id="board"')
    assert ("Arrived" in body) == (what == "arrived")
    assert looks() == before + 1
    assert "seen=" in body and bea.send("GET", part_of_text(body), headers=PART).status_code == 204


def part_of_text(body):
    return body.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")


def test_S20_an_open_page_that_asks_by_itself_keeps_nobody_signed_in(bea, cast, visit, travel):
    page = bea.get(DAY)
    travel(at(24, 9, 10))
    bea.send("GET", part_of(page), headers=PART)

    seen = db.session.scalars(db.select(UserSession.seen_at)).all()
    assert max(seen) < at(24, 9, 9)

    bea.get(DAY)
    assert max(db.session.scalars(db.select(UserSession.seen_at)).all()) >= at(24, 9, 9)


def test_the_part_opened_by_itself_leads_to_the_whole_page(bea, visit):
    answer = bea.send("GET", "/desk/calendar/part?day=2026-11-24&step=30")

    assert (answer.status_code, answer.location) == (303, "/desk/calendar?day=2026-11-24&step=30")


@pytest.mark.parametrize("count", [3, 10, 20])
@pytest.mark.parametrize("view", ["", "&view=week"])
def test_a_calendar_asks_as_many_statements_for_twenty_columns_as_for_three(app, count, view):
    bench.make(count)
    desk = db.session.scalars(db.select(User).where(User.email == bench.DESK)).one()
    person = Person(app).sign_in(desk)
    diary.current(), names.of(set())
    with statements() as sent:
        page = person.get(f"/desk/calendar?day=2026-11-26{view}")

    assert len(columns(page)) == (7 if view else count)
    assert len(reads(sent)) == ASKS, "\n".join(reads(sent))
