"""Letters of visits that move, are cancelled and come back: one tells the newest, in order."""

import pytest
from icalendar import Calendar

from clinic.database import db, transaction
from clinic.journey import cancel, move
from clinic.notices import letters, worker
from clinic.notices.models import Message, MessageState
from tests.factories import TESTER, at, make_visit
from tests.full_record import CLINICAL, found_in
from tests.rows import everything_stored

THURSDAY, FRIDAY, MONDAY = at(26, 11), at(27, 9, 20), at(30, 10)


@pytest.fixture
def visit(cast):
    """Cal's consultation with Ana on Thursday at eleven."""
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), THURSDAY)


def moved(visit, practitioner, starts_at):
    more = {"shown": visit.version, "reason": "ill", "actor": TESTER}
    move.by_staff(visit, practitioner.actor_id, starts_at, **more)


def of_version(version):
    db.session.rollback()
    return db.session.scalars(db.select(Message).filter_by(version=version)).one()


def calendar(version):
    """METHOD, UID, SEQUENCE and start in the file of one letter."""
    (part,) = letters.write(of_version(version)).iter_attachments()
    file = Calendar.from_ical(part.get_content())
    entry = file.walk("VEVENT")[0]
    return str(file["METHOD"]), str(entry["UID"]), entry["SEQUENCE"], entry["DTSTART"].dt


def sent():
    """The kinds and states of all letters, in order."""
    db.session.rollback()
    rows = db.session.scalars(db.select(Message).order_by(Message.id)).all()
    return [(row.kind.value, row.state.value) for row in rows]


def test_the_letter_of_a_move_says_the_new_time_the_old_one_and_the_zone(cast, visit):
    moved(visit, cast.eli, FRIDAY)

    mail = letters.write(of_version(2))

    assert mail["Subject"] == "Moved: your visit is now on Fri 27 November, 9:20 am"
    text = mail.get_body(("plain",)).get_content()
    assert "Fri 27 November, 9:20 am\nDr Eli Stone\nHalden, 14 Orchard Row" in text
    assert "It was booked for: Thu 26 November, 11:00 am" in text
    assert "All times are London time." in text
    assert "http://localhost/visits" in text


def test_the_letter_of_a_change_of_physician_alone_names_no_other_time(cast, visit):
    moved(visit, cast.eli, THURSDAY)

    text = letters.write(of_version(2)).get_body(("plain",)).get_content()

    assert "Dr Eli Stone" in text
    assert "It was booked for" not in text


def test_S82_the_letter_of_a_move_names_no_reason_and_no_service(cast, visit):
    moved(visit, cast.eli, FRIDAY)

    raw = letters.write(of_version(2)).as_string()

    assert found_in(raw, [*CLINICAL, "Consultation", "ill ", "Ortega"]) == []


def test_M7_moved_twice_and_cancelled_once_is_one_uid_with_a_sequence_that_counts(cast, visit):
    files = [calendar(1)]
    moved(visit, cast.ana, FRIDAY)
    files.append(calendar(2))
    moved(visit, cast.ana, MONDAY)
    files.append(calendar(3))
    cancel.by_staff(visit, "clinic", actor=TESTER)
    files.append(calendar(4))

    first = files[0][2]
    assert [method for method, *_rest in files] == ["REQUEST"] * 3 + ["CANCEL"]
    assert len({uid for _method, uid, *_rest in files}) == 1
    assert [sequence - first for _method, _uid, sequence, _start in files] == [0, 1, 2, 3]
    assert [start for *_rest, start in files] == [THURSDAY, FRIDAY, MONDAY, MONDAY]


def test_M7_what_is_booked_again_after_a_cancellation_counts_on(cast, visit):
    cancel.by_staff(visit, "clinic", actor=TESTER)
    ended = calendar(2)
    with transaction():
        db.session.execute(db.update(Message).values(state=MessageState.SENT))
    cancel.undo(visit, actor=TESTER)

    again = calendar(3)

    assert (ended[0], again[0]) == ("CANCEL", "REQUEST")
    assert (again[1], again[2] - ended[2]) == (ended[1], 1)


def test_M1_of_letters_that_wait_only_the_newest_goes_out(cast, visit):
    moved(visit, cast.ana, FRIDAY)
    moved(visit, cast.ana, MONDAY)

    worker.work_once()

    assert sent() == [("booked", "dropped"), ("moved", "dropped"), ("moved", "sent")]


def test_M1_a_visit_cancelled_after_its_move_is_told_as_cancelled_only(cast, visit):
    moved(visit, cast.ana, FRIDAY)
    cancel.by_staff(visit, "clinic", actor=TESTER)

    worker.work_once()

    assert sent() == [("booked", "dropped"), ("moved", "dropped"), ("cancelled", "sent")]


def test_M5_each_change_that_was_told_is_followed_by_the_next(cast, visit):
    worker.work_once()
    moved(visit, cast.ana, FRIDAY)
    worker.work_once()
    cancel.by_staff(visit, "clinic", actor=TESTER)
    worker.work_once()
    cancel.undo(visit, actor=TESTER)
    worker.work_once()

    kinds = ["booked", "moved", "cancelled", "booked"]
    assert sent() == [(kind, "sent") for kind in kinds]


def test_M1_a_cancellation_taken_back_in_time_is_never_told(visit):
    worker.work_once()
    cancel.by_staff(visit, "clinic", actor=TESTER)
    cancel.undo(visit, actor=TESTER)

    worker.work_once()

    assert sent() == [("booked", "sent"), ("cancelled", "dropped")]


def test_M1_cancelled_taken_back_and_cancelled_again_is_told_once(visit):
    worker.work_once()
    for _ in range(2):
        cancel.by_staff(visit, "clinic", actor=TESTER)
        cancel.undo(visit, actor=TESTER)
    cancel.by_staff(visit, "clinic", actor=TESTER)

    worker.work_once()

    assert [one for one in sent() if one[1] == "sent"] == [
        ("booked", "sent"),
        ("cancelled", "sent"),
    ]


def test_M6_opening_the_link_of_a_move_changes_nothing(cast, visit, anyone):
    moved(visit, cast.ana, FRIDAY)
    stored = everything_stored()

    anyone.get(f"/visits/{visit.public_id}/move")

    assert everything_stored() == stored
