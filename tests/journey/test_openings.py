"""The roster changes and time opens: who is offered it, and who is not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinic.catalogue import queries as catalogue
from clinic.catalogue import services as sites
from clinic.catalogue.models import ClosedDay
from clinic.database import db
from clinic.journey import change_roster, waitlist
from clinic.scheduling import rosters
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Absence, Appointment, ExtraHours
from clinic.scheduling.rules import AbsenceKind, Away, DayHours, Week
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.waitlist.rules import OfferState
from tests.factories import TESTER, at, make_approval, make_patient, make_visit
from tests.test_statements import statements
from tests.waiting import offers as made
from tests.waiting import somebody, told, wait

EVENINGS = 0b100
FRIDAY = date(2026, 11, 27)
FIVE, SEVEN = 17 * 60, 19 * 60


def saved(change):
    db.session.rollback()
    return change_roster.carefully(change, agreed=None)


def extra_evening(cast, who=None, day=FRIDAY):
    hours = DayHours(day, FIVE, SEVEN)
    return lambda: rosters.add_extra(cast.site, who or cast.ana, hours, actor=TESTER)


def times():
    return [offer.appointment.starts_at for offer in made()]


# What opens.


def test_extra_hours_are_offered_to_whoever_waits_for_an_evening(cast):
    entry = wait(cast, cast.cal, parts=EVENINGS)

    assert saved(extra_evening(cast)).offers == 1

    (offer,) = made()
    held = offer.appointment
    assert (offer.entry_id, offer.state) == (entry.id, OfferState.OPEN)
    assert (held.starts_at, held.status, held.patient_id) == (at(27, 17), S.PROPOSED, cast.cal.id)
    assert told() == ["cal@example.org"]


def test_without_the_change_there_is_nothing_to_offer(cast):
    """The control: a wish alone, and a change of something else, offer nothing."""
    wait(cast, cast.cal, parts=EVENINGS)

    assert saved(extra_evening(cast, day=date(2026, 11, 20))).offers == 0

    assert made() == []


def test_longer_weekly_hours_are_offered_on_the_first_day_that_fits(cast):
    wait(cast, cast.cal, parts=EVENINGS, weekdays=0b001_0000)
    rows = rosters.hours_of(cast.eli)
    week = Week(date(2026, 11, 24), None, tuple((day, 9 * 60, SEVEN) for day in range(7)))

    saved(
        lambda: rosters.put_hours(
            cast.eli, cast.site, week, shown_before=rosters.hours_shown(rows), actor=TESTER
        )
    )

    assert times() == [at(27, 17)]


def test_an_absence_that_is_taken_back_is_offered(cast):
    for who in (cast.ana, cast.eli):
        away = Away(FRIDAY, 0, FRIDAY, 1440)
        rosters.add_absence(who, away, AbsenceKind.HOLIDAY, actor=TESTER)
    wait(cast, cast.cal, from_on=FRIDAY, until_on=FRIDAY)
    absence = db.session.scalars(db.select(Absence).filter_by(actor_id=cast.eli.actor_id)).one()

    saved(lambda: rosters.remove(absence, actor=TESTER))

    assert times() == [at(27, 9)]


def test_an_absence_of_every_room_that_ends_is_offered(cast):
    rooms = catalogue.rooms(cast.site)
    for room in rooms:
        away = Away(FRIDAY, 0, FRIDAY, 1440)
        rosters.add_absence(room, away, AbsenceKind.OUT_OF_ORDER, actor=TESTER)
    wait(cast, cast.cal, from_on=FRIDAY, until_on=FRIDAY)
    absence = db.session.scalars(db.select(Absence).limit(1)).one()

    saved(lambda: rosters.remove(absence, actor=TESTER))

    assert times() == [at(27, 9)]


def test_a_day_that_is_open_again_is_offered(cast):
    sites.add_closed_day(cast.site, FRIDAY, "Works", actor=TESTER)
    wait(cast, cast.cal, from_on=FRIDAY, until_on=FRIDAY)
    closed = db.session.scalars(db.select(ClosedDay)).one()

    saved(lambda: sites.remove_closed_day(closed, actor=TESTER))

    assert times() == [at(27, 9)]


def test_extra_opening_is_offered_where_somebody_works_then(cast):
    early = DayHours(FRIDAY, 7 * 60, 8 * 60)
    rosters.add_extra(cast.site, cast.ana, early, actor=TESTER)
    wait(cast, cast.cal, from_on=FRIDAY, until_on=FRIDAY)

    saved(lambda: rosters.add_extra(cast.site, None, early, actor=TESTER))

    assert times() == [at(27, 7)]


# To whom.


def test_each_of_the_line_gets_the_next_time(cast):
    wait(cast, cast.cal, parts=EVENINGS)
    wait(cast, somebody("Lee Fox"), parts=EVENINGS)
    named = wait(cast, somebody("Max Ray"), parts=EVENINGS, practitioner_id=cast.ana.id)
    wait(cast, somebody("Kim Moss"), parts=EVENINGS, practitioner_id=cast.eli.id)

    assert saved(extra_evening(cast)).offers == 3

    assert times() == [at(27, 17), at(27, 17, 40), at(27, 18, 20)]
    assert made()[0].entry_id == named.id
    assert told() == ["max@example.org", "cal@example.org", "lee@example.org"]


def test_nobody_else_is_told_when_there_is_no_more(cast):
    for name in ("Al Ash", "Bo Birch", "Cy Cedar", "Di Dogwood"):
        wait(cast, somebody(name), parts=EVENINGS)

    assert saved(extra_evening(cast)).offers == 3


@pytest.mark.parametrize(
    "wish",
    [
        {"weekdays": 0b110_1111},
        {"from_on": date(2026, 11, 28)},
        {"until_on": date(2026, 11, 26)},
    ],
    ids=["no Fridays", "from Saturday", "until Thursday"],
)
def test_a_time_that_was_not_wished_for_is_not_offered(cast, wish):
    wait(cast, cast.cal, parts=EVENINGS, **wish)

    saved(extra_evening(cast))

    assert made() == []


def test_C7_nobody_is_offered_a_time_that_meets_another_visit_of_theirs(cast):
    saved(extra_evening(cast, who=cast.eli))
    make_visit(cast.cal, cast.eli, cast.service("follow-up"), at(27, 17))
    wait(cast, cast.cal, parts=EVENINGS)

    saved(extra_evening(cast))

    assert times() == [at(27, 17, 20)]


def test_nobody_is_offered_the_same_time_twice(cast):
    wait(cast, cast.cal, parts=EVENINGS, from_on=FRIDAY, until_on=FRIDAY)
    saved(extra_evening(cast))
    waitlist.decline(made()[0], actor=TESTER)
    extra = db.session.scalars(db.select(ExtraHours)).one()
    saved(lambda: rosters.remove(extra, actor=TESTER))

    saved(extra_evening(cast))

    assert times() == [at(27, 17), at(27, 17, 40)]


def test_whoever_has_an_open_offer_gets_no_second_one(cast):
    wait(cast, cast.cal, parts=EVENINGS)
    saved(extra_evening(cast))

    assert saved(extra_evening(cast, who=cast.eli)).offers == 0


def test_whoever_waits_no_longer_is_offered_nothing(cast):
    entry = wait(cast, cast.cal, parts=EVENINGS)
    waitlist.leave(entry, actor=TESTER)

    assert saved(extra_evening(cast)).offers == 0


def test_somebody_without_an_address_is_left_to_the_desk(cast):
    wait(cast, make_patient(name="No Mail", email=None), parts=EVENINGS)

    assert saved(extra_evening(cast)).offers == 0


def test_nobody_under_18_on_the_day_is_offered_a_time(cast):
    child = make_patient(name="Kid Young", email="kid@example.org", born_on=date(2008, 11, 28))
    wait(cast, child, parts=EVENINGS, until_on=FRIDAY)

    assert saved(extra_evening(cast)).offers == 0


def test_L2_a_treatment_is_offered_with_an_approval_in_force_alone(cast):
    wait(cast, cast.cal, "toxin", parts=EVENINGS)
    approved = somebody("Lee Fox")
    make_approval(cast, approved)
    entry = wait(cast, approved, "toxin", parts=EVENINGS)
    monday = date(2026, 12, 14)

    saved(extra_evening(cast, day=monday))

    (offer,) = made()
    assert offer.entry_id == entry.id
    assert offer.appointment.approval is not None


def test_an_offer_that_runs_out_goes_to_the_next(cast, travel):
    wait(cast, cast.cal, parts=EVENINGS)
    for number in range(2):
        wait(cast, somebody(f"Lee{number} Fox"), parts=EVENINGS)
    nobody_else = wait(cast, somebody("Max Ray"), parts=EVENINGS)
    saved(extra_evening(cast))
    first = made()[0]
    travel(first.until + timedelta(seconds=1))

    waitlist.expire(first)

    assert (made()[-1].entry_id, times()[-1]) == (nobody_else.id, at(27, 17))


# Nothing else.


def test_what_is_only_looked_at_offers_nothing(cast):
    """Saving is refused until what falls outside was seen: nobody is told before."""
    make_visit(cast.dee, cast.ana, cast.service("consultation"), at(26, 10))
    wait(cast, cast.cal, parts=EVENINGS)

    def change():
        away = Away(date(2026, 11, 26), 0, date(2026, 11, 26), 1440)
        rosters.add_absence(cast.ana, away, AbsenceKind.HOLIDAY, actor=TESTER)
        return extra_evening(cast)()

    with pytest.raises(change_roster.FallOutside) as refused:
        saved(change)
    assert (made(), told()) == ([], [])

    change_roster.carefully(change, agreed=refused.value.token)
    assert times() == [at(27, 17)]


def test_fewer_hours_and_the_same_hours_again_offer_nothing(cast):
    wait(cast, cast.cal)
    away = Away(FRIDAY, 0, FRIDAY, 1440)

    for _ in range(2):
        saved(lambda: rosters.add_absence(cast.ana, away, AbsenceKind.ILL, actor=TESTER))

    assert made() == []


def test_what_cannot_be_offered_keeps_nothing_from_being_saved(cast, monkeypatch):
    wait(cast, cast.cal, parts=EVENINGS)
    monkeypatch.setattr(
        scheduling, "hold_for", lambda *_a, **_k: (_ for _ in ()).throw(scheduling.SlotTaken)
    )

    assert saved(extra_evening(cast)).changed == ["extra-hours"]

    assert made() == []
    assert db.session.scalars(db.select(ExtraHours)).one().day == FRIDAY
    assert db.session.scalars(db.select(Appointment)).all() == []


def test_T9_with_nobody_waiting_it_costs_a_change_one_statement(cast):
    with statements() as sent:
        saved(extra_evening(cast))

    assert len([s for s in sent if "waitlist_entry" in s or "offer" in s]) == 1


def test_the_retired_service_of_a_wish_is_not_offered(cast):
    wait(cast, cast.cal, "follow-up", parts=EVENINGS)
    service = cast.service("follow-up")
    shown = sites.shown(service)
    sites.change(service, {"active": False}, shown_before=shown, actor=TESTER)

    assert saved(extra_evening(cast)).offers == 0
