"""Moving where no time is on offer: against the clinic's habits, never against its truths."""

from datetime import date

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.journey import cancel, move
from clinic.journey.book import GateClosed
from clinic.notices.models import Message, MessageKind
from clinic.scheduling import outside, services
from clinic.scheduling.models import Absence, Schedule
from clinic.scheduling.queries import participants_by_kind
from clinic.scheduling.rules import AbsenceKind
from clinic.scheduling.services import Changed, CleanUpBegun, SlotTaken
from tests.factories import TESTER, at, make_approval, make_patient, make_visit, walk

WHY = "Comes from far away and asked for it."
EVENING = at(25, 19, 40)


@pytest.fixture
def visit(cast):
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(25, 10))


def put(visit, practitioner, starts_at, **over):
    more = {"shown": visit.version, "reason": "patient-asked", "why": WHY, "actor": TESTER}
    move.all_the_same(visit, practitioner.actor_id, starts_at, **more | over)


def stored(visit):
    db.session.rollback()
    db.session.refresh(visit)
    return visit.starts_at, visit.version, visit.overrode, visit.override_reason


def periods(visit):
    return {
        kind.value: (one.starts_at, one.ends_at)
        for kind, one in participants_by_kind(visit).items()
    }


def events(visit):
    rows = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.id))
    return [row for row in rows if row.subject == f"appointment:{visit.public_id}"]


def test_a_visit_moves_outside_the_hours_and_keeps_why(cast, visit):
    put(visit, cast.ana, EVENING)

    assert stored(visit) == (EVENING, 2, "closed,hours", WHY)
    assert periods(visit)["practitioner"] == (EVENING, at(25, 20, 20))
    assert periods(visit)["patient"] == (EVENING, at(25, 20, 10))


def test_the_log_says_that_it_moved_and_against_what(cast, visit):
    put(visit, cast.eli, EVENING)

    moved, against = events(visit)[-2:]
    assert (moved.event, moved.facts["reason"]) == (Event.APPOINTMENT_MOVED, "patient-asked")
    assert (moved.facts["was_practitioner"], moved.facts["practitioner"]) == (
        cast.ana.public_id,
        cast.eli.public_id,
    )
    assert (against.event, against.facts) == (
        Event.APPOINTMENT_OVERRIDDEN,
        {"overrode": ["closed", "hours"]},
    )


def test_the_patient_gets_the_letter_of_any_move(cast, visit):
    put(visit, cast.ana, EVENING)

    letter = db.session.scalars(db.select(Message).filter_by(kind=MessageKind.MOVED)).one()
    assert letter.appointment_id == visit.id


def test_a_visit_moves_into_a_buffer_which_gives_way(cast, visit):
    before = make_visit(cast.dee, cast.ana, cast.service("consultation"), at(25, 14))

    put(visit, cast.ana, at(25, 14, 30))

    assert stored(visit)[2] == "off-grid,practitioner-buffer"
    assert periods(before)["practitioner"] == (at(25, 14), at(25, 14, 30))
    assert periods(visit)["practitioner"] == (at(25, 14, 30), at(25, 15, 10))


def test_a_visit_that_keeps_its_time_and_changes_its_physician_cuts_a_buffer_too(cast, visit):
    before = make_visit(cast.dee, cast.eli, cast.service("consultation"), at(25, 9, 20))
    services.move_all_the_same(
        before, cast.eli.actor_id, at(25, 9, 30), shown=before.version, why=WHY, actor=TESTER
    )

    put(visit, cast.eli, at(25, 10))

    assert stored(visit)[:3] == (at(25, 10), 2, "practitioner-buffer")
    assert periods(before)["practitioner"] == (at(25, 9, 30), at(25, 10))


def test_what_it_takes_up_itself_is_not_in_its_way(cast, visit):
    put(visit, cast.ana, at(25, 10, 10))

    assert stored(visit)[:3] == (at(25, 10, 10), 2, "off-grid")


def test_a_time_that_is_free_is_taken_as_in_any_other_move(cast, visit):
    put(visit, cast.ana, at(26, 11))

    assert stored(visit) == (at(26, 11), 2, None, None)
    assert events(visit)[-1].event == Event.APPOINTMENT_MOVED


def test_a_visit_that_moves_back_among_the_times_on_offer_goes_against_nothing_any_more(
    cast, visit
):
    put(visit, cast.ana, EVENING)

    move.by_staff(
        visit, cast.ana.actor_id, at(26, 11), shown=2, reason="patient-asked", actor=TESTER
    )

    assert stored(visit) == (at(26, 11), 3, None, None)


def test_a_cancellation_of_it_is_taken_back_to_where_it_was_put(cast, visit):
    put(visit, cast.ana, EVENING)
    cancel.by_staff(visit, "mistake", actor=TESTER)

    cancel.undo(visit, actor=TESTER)

    assert (visit.status, *stored(visit)) == ("booked", EVENING, 4, "closed,hours", WHY)


def test_the_time_that_it_left_is_free_at_once(cast, visit):
    put(visit, cast.ana, EVENING)

    assert make_visit(cast.dee, cast.ana, cast.service("consultation"), at(25, 10)).version == 1


# Never.


def unmoved(visit):
    assert stored(visit) == (at(25, 10), 1, None, None)
    assert Event.APPOINTMENT_MOVED not in {row.event for row in events(visit)}


def test_truth_1_nobody_moves_onto_another_visit(cast, visit):
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(25, 14))

    with pytest.raises(SlotTaken):
        put(visit, cast.ana, at(25, 14, 10))

    unmoved(visit)


def test_truth_1_nobody_moves_onto_another_visit_of_the_patient(cast, visit):
    make_visit(cast.cal, cast.eli, cast.service("follow-up"), at(25, 14))

    with pytest.raises(SlotTaken):
        put(visit, cast.ana, at(25, 14, 10))

    unmoved(visit)


def test_nobody_moves_into_an_absence(cast, visit):
    day = date(2026, 11, 25)
    with transaction():
        db.session.add(
            Absence(
                actor_id=cast.ana.actor_id,
                kind=AbsenceKind.HOLIDAY,
                starts_on=day,
                starts_minute=18 * 60,
                ends_on=day,
                ends_minute=24 * 60,
            )
        )

    with pytest.raises(SlotTaken):
        put(visit, cast.ana, EVENING)

    unmoved(visit)


def test_nobody_moves_into_the_past(cast, visit):
    with pytest.raises(SlotTaken):
        put(visit, cast.ana, at(24, 6))

    unmoved(visit)


def test_the_gate_is_asked_about_the_new_time(cast):
    make_approval(cast, valid_until="2026-11-27")
    treated = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))

    with pytest.raises(GateClosed):
        put(treated, cast.ana, at(28, 19))

    assert stored(treated)[:2] == (at(26, 10), 1)


def test_truth_5_nobody_under_18_on_that_day_is_moved_there(cast):
    young = make_patient(born_on=date(2008, 11, 25))
    visit = make_visit(young, cast.ana, cast.service("consultation"), at(25, 10))

    with pytest.raises(GateClosed):
        put(visit, cast.ana, at(24, 19))

    unmoved(visit)


def test_the_clean_up_of_a_visit_that_has_begun_is_not_shortened(cast, visit, travel):
    begun = make_visit(cast.dee, cast.ana, cast.service("consultation"), at(24, 10, 20))
    travel(at(24, 10, 20))
    walk(begun, "arrived")

    with pytest.raises(CleanUpBegun):
        put(visit, cast.ana, at(24, 10, 50))

    unmoved(visit)
    assert periods(begun)["practitioner"] == (at(24, 10, 20), at(24, 11))


def test_S75_a_page_that_shows_an_older_time_moves_nothing(cast, visit):
    with pytest.raises(Changed):
        put(visit, cast.ana, EVENING, shown=0)

    unmoved(visit)


def test_L7_a_visit_that_is_over_does_not_move(cast, visit):
    cancel.by_staff(visit, "ill", actor=TESTER)

    with pytest.raises(Changed):
        put(visit, cast.ana, EVENING)


def test_the_time_where_it_is_already_is_no_move(cast, visit):
    with pytest.raises(move.SameTime):
        put(visit, cast.ana, at(25, 10))


# What was set aside counts where the visit stands, and nowhere else.


def test_a_visit_that_was_moved_there_on_purpose_is_no_mistake_of_the_roster(cast, visit):
    put(visit, cast.ana, EVENING)

    assert visit.id not in outside.now_outside()


def test_a_visit_that_came_back_is_one_when_its_hours_end(cast, visit):
    put(visit, cast.ana, EVENING)
    shown = {"shown": visit.version, "reason": "clinic", "actor": TESTER}
    move.by_staff(visit, cast.ana.actor_id, at(26, 16), **shown)

    with transaction():
        db.session.execute(db.update(Schedule).values(closes_minute=12 * 60))

    assert visit.id in outside.now_outside()
