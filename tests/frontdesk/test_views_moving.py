"""Moving in the calendar: decided by the server, put back in words, never over somebody else."""

import json
from datetime import UTC, datetime

import pytest

from clinic.accounts.models import Practitioner
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.catalogue.models import OpeningHours, Room
from clinic.database import db, transaction
from clinic.journey import withdraw
from clinic.notices import worker
from clinic.notices.models import Message, MessageKind, MessageState
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Schedule
from clinic.scheduling.queries import practitioner_of, who_and_where
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import queries as treatment
from tests.factories import TESTER, at, make_approval, make_patient, make_visit, walk
from tests.visitor import Person

JSON = {"Accept": "application/json", "Referer": "https://localhost/desk/calendar"}


@pytest.fixture
def visit(cast):
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))


@pytest.fixture
def pull(bea):
    """Pull a visit, with what the page of it has shown before: (status, answer)."""

    def pulled(visit, **to):
        fields = dict(bea.get(address(visit)).form("Move").fields)
        kept = {name: fields[name] for name in ("csrf_token", "idempotency_key", "shown")}
        sent = {**kept, **{name: plain(value) for name, value in to.items()}}
        answer = bea.send("POST", address(visit), data=sent, headers=JSON)
        return answer.status_code, json.loads(answer.data)

    return pulled


def plain(value):
    return int(value.timestamp()) if hasattr(value, "timestamp") else value


def address(visit):
    return f"/desk/calendar/visits/{visit.public_id}"


def room(name):
    return db.session.scalars(db.select(Room).where(Room.name == name)).one()


def place(visit):
    db.session.refresh(visit)
    return visit.starts_at, practitioner_of(visit).name, who_and_where([visit])[visit.id].room


HERE = (at(24, 11), "Dr Ana Silva", "Room 1")


@pytest.mark.parametrize(
    ("to", "there"),
    [
        ({"start": at(24, 14)}, (at(24, 14), "Dr Ana Silva", "Room 1")),
        ({"start": at(24, 11), "who": "eli"}, (at(24, 11), "Dr Eli Stone", "Room 1")),
        ({"start": at(24, 11), "room": "Room 2"}, (at(24, 11), "Dr Ana Silva", "Room 2")),
        (
            {"start": at(25, 9), "who": "eli", "room": "Room 2"},
            (at(25, 9), "Dr Eli Stone", "Room 2"),
        ),
        ({"day": "2026-11-25", "at": "9:40"}, (at(25, 9, 40), "Dr Ana Silva", "Room 1")),
    ],
)
def test_a_visit_goes_to_a_time_a_physician_and_a_room(cast, visit, pull, to, there):
    to = {**to}
    if "who" in to:
        to["who"] = cast.eli.public_id
    if "room" in to:
        to["room"] = room(to["room"]).public_id

    status, answer = pull(visit, **to)

    assert (status, place(visit)) == (200, there)
    assert answer["said"].startswith("Cal Ortega is now on ")
    assert answer["undo"] == {
        "who": cast.ana.public_id,
        "room": room("Room 1").public_id,
        "start": int(at(24, 11).timestamp()),
        "shown": visit.version,
    }


def test_it_is_written_down_like_any_move(cast, visit, pull):
    pull(visit, start=at(24, 14))

    [row] = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.event == Event.APPOINTMENT_MOVED)
    )
    assert row.patient_id == cast.cal.id
    assert (row.facts["was_starts_at"], row.facts["starts_at"]) == (
        at(24, 11).isoformat(),
        at(24, 14).isoformat(),
    )


def test_what_answered_takes_the_visit_back(visit, pull):
    _status, answer = pull(visit, start=at(24, 14), room=room("Room 2").public_id)

    status, _answer = pull(visit, **{k: v for k, v in answer["undo"].items() if k != "shown"})

    assert (status, place(visit)) == (200, HERE)


def test_a_taken_room_is_refused_with_until_when(cast, visit, pull):
    make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 14))
    taken = room("Room 1").public_id

    status, answer = pull(visit, start=at(24, 14), room=taken)

    assert (status, place(visit)) == (409, HERE)
    assert answer["problem"] == ["Room 1 is taken until 2:40 pm with 10 minutes of clean-up."]
    assert answer["onward"] is None


def test_without_a_wish_the_other_room_will_do(cast, visit, pull):
    make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 14))

    assert pull(visit, start=at(24, 14))[0] == 200
    assert place(visit)[2] == "Room 2"


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (at(24, 14, 5), "this lies between two starts"),
        (at(24, 19), "Dr Ana Silva does not work then"),
        (at(24, 9, 20), "Notice of 1 hour"),
        (at(24, 8), "This time has passed."),
        (at(24, 11), "The visit is there already."),
    ],
)
def test_a_time_that_is_not_on_offer_is_refused_in_words(visit, pull, start, words):
    status, answer = pull(visit, start=start)

    assert (status, place(visit)) == (409, HERE)
    assert any(words in sentence for sentence in answer["problem"])


def test_what_staff_may_override_leads_to_where_they_say_why(bea, visit, pull):
    _status, answer = pull(visit, start=at(24, 14, 5))

    assert "lies between two starts" in bea.get(answer["onward"]).text


def test_a_room_that_cannot_host_the_service_says_so(cast, visit, pull):
    with transaction():
        small = room("Room 2")
        small.hosts.clear()

    status, answer = pull(visit, start=at(24, 14), room=room("Room 2").public_id)

    assert (status, answer["problem"]) == (409, ["Room 2 can’t host: Consultation."])


def test_the_gate_refuses_in_the_desks_words(cast, pull):
    make_approval(cast)
    treated = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))
    withdraw.approval(treatment.approvals_of(cast.cal.id)[0], cast.cal, "Flimmer.", actor=TESTER)

    status, answer = pull(treated, start=at(26, 12))

    assert (status, answer["problem"]) == (409, ["Needs physician."])
    [refused] = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.event == Event.BOOKING_REFUSED)
    )
    assert refused.patient_id == cast.cal.id


def test_two_desks_never_overwrite_each_other(cast, bea, visit):
    shown = bea.get(address(visit)).form("Move")
    scheduling.move(visit, cast.ana.actor_id, at(24, 14), shown=visit.version, actor=TESTER)
    sent = {**dict(shown.fields), "start": plain(at(24, 15))}

    answer = bea.send("POST", address(visit), data=sent, headers=JSON)

    assert answer.status_code == 409
    assert "Somebody else moved this visit meanwhile" in json.loads(answer.data)["problem"][0]
    assert place(visit)[0] == at(24, 14)


def test_what_has_arrived_does_not_move(bea, visit, at_work):
    at_work(at(24, 10, 55))
    shown = bea.get(address(visit)).form("Move")
    walk(visit, S.ARRIVED)
    sent = {**dict(shown.fields), "start": plain(at(24, 14))}

    answer = bea.send("POST", address(visit), data=sent, headers=JSON)

    assert answer.status_code == 409
    assert "no longer booked" in json.loads(answer.data)["problem"][0]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"who": "0" * 32}, "Choose a physician of this list"),
        ({"room": "0" * 32}, "Choose a room of this list"),
        ({"start": "soon"}, "Reload the page"),
        ({"start": "99999999999"}, "Enter day and time"),
        ({"start": "", "day": "", "at": ""}, "Enter day and time"),
        ({"start": "", "day": "2026-11-25", "at": "25:00"}, "Enter a time like 09:00"),
        ({"start": "", "day": "2027-03-28", "at": "1:30"}, "Clocks skip this time."),
        ({"start": "", "day": "2026-10-25", "at": "1:30"}, "Clocks show 1:30 am twice that night"),
        ({"start": "", "day": "2026-10-25", "at": "1:30", "second": "x"}, "Choose one of the two"),
        ({"shown": "x"}, "This page is out of date."),
    ],
)
def test_what_makes_no_sense_is_named_and_moves_nothing(visit, pull, wrong, words):
    status, answer = pull(visit, **{"start": at(24, 14), **wrong})

    assert (status, place(visit)) == (422, HERE)
    assert any(words in sentence for sentence in answer["problem"]), answer


@pytest.fixture
def all_night(cast, travel):
    """Ana sees people at any hour of Sunday, 31 October 2027, at whose second hour clocks go back,
    and Cal comes that day at ten."""
    travel(datetime(2027, 10, 30, 9, tzinfo=UTC))
    with transaction():
        for hours in (OpeningHours, Schedule):
            day = db.update(hours).where(hours.weekday == 6)
            db.session.execute(day.values(opens_minute=0, closes_minute=1440))
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), in_october(10))


def in_october(hour, minute=0):
    return datetime(2027, 10, 31, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "there"), [("no", in_october(0, 20)), ("yes", in_october(1, 20))]
)
def test_of_an_hour_that_clocks_show_twice_either_can_be_chosen(all_night, bea, second, there):
    form = bea.get(address(all_night)).form("Move")

    asked = form.set(day="2027-10-31", at="1:20").press("Move", status=422)
    assert "1:20 am, before the clocks go back" in asked.text and "1:20 am, after" in asked.text
    asked.form("Move").set(second=second).press("Move")

    assert place(all_night)[0] == there


def test_a_script_is_told_both_that_there_are_to_choose_from(all_night, pull):
    status, answer = pull(all_night, day="2027-10-31", at="1:20")

    assert (status, answer["twice"]) == (
        422,
        ["1:20 am, before the clocks go back", "1:20 am, after"],
    )


def test_what_is_in_the_second_of_two_hours_stays_there_when_its_room_is_changed(all_night, bea):
    scheduling.move(
        all_night,
        practitioner_of(all_night).actor_id,
        in_october(1, 20),
        shown=all_night.version,
        actor=TESTER,
    )

    bea.get(address(all_night)).form("Move").set(room=room("Room 2").public_id).press("Move")

    assert place(all_night) == (in_october(1, 20), "Dr Ana Silva", "Room 2")


def test_a_visit_that_is_not_there_is_404(bea, visit):
    assert bea.send("GET", f"/desk/calendar/visits/{'0' * 32}").status_code == 404


def test_a_physician_moves_those_in_their_care_elsewhere_and_has_no_calendar(app, cast, visit):
    physician = Person(app).sign_in(cast.ana_user)

    assert physician.send("GET", address(visit)).status_code == 404
    assert physician.send("GET", "/desk/calendar").status_code == 403


def test_the_same_press_twice_moves_once(bea, visit):
    sent = {**dict(bea.get(address(visit)).form("Move").fields), "start": plain(at(24, 14))}

    answers = [bea.send("POST", address(visit), data=sent, headers=JSON) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data == answers[1].data


def test_without_scripts_the_dialog_is_a_page_that_does_the_same(cast, bea, visit):
    form = bea.get(address(visit)).form("Move").set(who=cast.eli.public_id, at="14:00")

    page = form.press("Move")

    assert page.path == f"/desk/calendar?day=2026-11-24&moved={visit.public_id}"
    assert "Cal Ortega is now on Tue 24 November, 2:00 pm with Dr Eli Stone" in page.text


def moved_away(cast, bea, visit):
    """Moved without scripts to Eli at two, in the other room: the page that follows."""
    to = {"who": cast.eli.public_id, "at": "14:00", "room": room("Room 2").public_id}
    return bea.get(address(visit)).form("Move").set(**to).press("Move")


def test_without_scripts_the_page_that_follows_takes_the_move_back(cast, bea, visit, travel):
    page = moved_away(cast, bea, visit)
    assert place(visit) == (at(24, 14), "Dr Eli Stone", "Room 2")
    assert "Until 9:03 am you can take it back." in page.text

    back = page.form("Undo").press()
    travel(at(24, 9, 10))
    worker.work_once()

    assert place(visit) == HERE
    assert "Cal Ortega is now on Tue 24 November, 11:00 am with Dr Ana Silva" in back.text
    assert [state for state, _due in letters()] == [MessageState.DROPPED]


@pytest.mark.parametrize("what", ["late", "moved by somebody else", "arrived"])
def test_a_move_that_is_no_slip_any_more_is_not_taken_back_there(cast, bea, visit, travel, what):
    path = moved_away(cast, bea, visit).path
    if what == "late":
        travel(at(24, 9, 4))
    elif what == "arrived":
        travel(at(24, 9, 2))
        walk(visit, S.ARRIVED)
    else:
        scheduling.move(visit, cast.ana.actor_id, at(24, 15), shown=visit.version, actor=TESTER)

    assert "Undo" not in bea.get(path).html.split('id="toast"')[0]


@pytest.mark.parametrize("which", ["0" * 32, "x", ""])
def test_an_address_that_says_a_visit_was_moved_that_is_not_there_shows_the_day(bea, visit, which):
    page = bea.get(f"/desk/calendar?day=2026-11-24&moved={which}")

    assert page.heading == "Tuesday 24 November"


def test_a_page_that_was_refused_keeps_what_was_typed(bea, visit):
    page = bea.get(address(visit)).form("Move").set(at="14:05").press("Move", status=409)

    assert "Not moved." in page.text and "lies between two starts" in page.text
    assert dict(page.form("Move").fields)["at"] == "14:05"


def test_a_state_is_one_press_from_the_dialog_and_leads_back_to_the_calendar(bea, visit):
    page = bea.get(f"{address(visit)}?step=30&by=room").form("Mark arrived").press()

    assert page.path == "/desk/calendar?by=room&day=2026-11-24&step=30"
    assert "Arrived" in page.text


# Told.


def letters():
    moved = db.select(Message).where(Message.kind == MessageKind.MOVED).order_by(Message.id)
    return [(m.state, m.due_at) for m in db.session.scalars(moved)]


def test_the_patient_is_told_three_minutes_later(visit, pull, travel):
    pull(visit, start=at(24, 14))
    [(state, due_at)] = letters()

    assert state == MessageState.QUEUED
    assert at(24, 9, 3) <= due_at < at(24, 9, 4)
    worker.work_once()
    assert letters()[0][0] == MessageState.QUEUED
    travel(at(24, 9, 4))
    worker.work_once()
    db.session.expire_all()
    assert letters()[0][0] == MessageState.SENT


def test_of_a_slip_that_is_taken_back_the_patient_hears_nothing(cast, visit, pull, travel):
    pull(visit, start=at(24, 14), who=cast.eli.public_id)
    pull(visit, start=at(24, 11), who=cast.ana.public_id)
    travel(at(24, 9, 10))
    worker.work_once()

    assert [state for state, _due in letters()] == [MessageState.DROPPED]


def test_back_at_its_time_with_another_physician_is_news(cast, visit, pull):
    pull(visit, start=at(24, 14))
    pull(visit, start=at(24, 11), who=cast.eli.public_id)

    assert [state for state, _due in letters()] == [MessageState.DROPPED, MessageState.QUEUED]


def test_taken_back_after_the_letter_is_news_again(visit, pull, travel):
    pull(visit, start=at(24, 14))
    travel(at(24, 9, 4))
    worker.work_once()
    pull(visit, start=at(24, 11))

    db.session.expire_all()
    assert [state for state, _due in letters()] == [MessageState.SENT, MessageState.QUEUED]


def test_another_room_is_no_news(visit, pull):
    pull(visit, start=at(24, 11), room=room("Room 2").public_id)

    assert letters() == []


def test_another_room_keeps_the_news_of_a_move_before(visit, pull):
    pull(visit, start=at(24, 14))
    pull(visit, start=at(24, 14), room=room("Room 2").public_id)

    assert [state for state, _due in letters()] == [MessageState.DROPPED, MessageState.QUEUED]


def test_somebody_who_works_here_no_longer_can_be_moved_from(cast, visit, pull):
    with transaction():
        db.session.execute(
            db.update(Practitioner).where(Practitioner.id == cast.ana.id).values(active=False)
        )

    status, answer = pull(visit, start=at(24, 14), who=cast.eli.public_id)

    assert (status, answer["undo"]["who"]) == (200, "")


def test_a_patient_without_an_address_is_told_nothing(cast, pull):
    visit = make_visit(make_patient(email=None), cast.ana, cast.service("consultation"), at(24, 11))
    pull(visit, start=at(24, 14))

    assert letters() == []
