"""Somebody is ill today: each visit gets a proposal, and nobody is moved before it is accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.clock import Period
from clinic.database import db, transaction
from clinic.notices.models import Message
from clinic.scheduling import availability, outside, queries, rosters
from clinic.scheduling.models import Absence, Appointment
from clinic.scheduling.rules import AbsenceKind, Away
from tests import factories
from tests.factories import TESTER, at
from tests.full_record import by_code


@pytest.fixture
def bea(cast, signed_in):
    return signed_in(cast.bea)


@pytest.fixture
def visits(cast) -> list[Appointment]:
    """Cal at eleven and Dee at one, both with Ana, today."""
    service = cast.service("consultation")
    return [
        factories.make_visit(cast.cal, cast.ana, service, at(24, 11)),
        factories.make_visit(cast.dee, cast.ana, service, at(24, 13)),
    ]


def away(cast, who=None, day=None):
    day = day or at(24, 0).date()
    found = Away(day, 0, day, 1440)
    rosters.add_absence(who or cast.ana, found, AbsenceKind.ILL, actor=TESTER)


def with_whom():
    """Each visit's start and practitioner, in order."""
    db.session.rollback()
    rows = db.session.scalars(db.select(Appointment).order_by(Appointment.id)).all()
    return [(row.starts_at, queries.practitioner_of(row).name) for row in rows]


def ill(person, cast):
    return person.get("/roster/ill").form("starts_on").set(who=cast.ana.public_id)


def test_S78_ill_until_a_time_that_comes_twice_asks_which(bea, cast):
    form = ill(bea, cast).set(starts_on="2027-10-31", starts_at="", ends_on="", ends_at="01:30")

    asked = form.press(status=422)
    asked.form("starts_on").set(ends_which="second").press()

    assert "1:30 am winter time, after" in asked.text
    db.session.rollback()
    assert db.session.scalars(db.select(Absence.ends_second)).one() is True


def test_ill_today_is_from_now_until_midnight_unless_typed_otherwise(bea, cast):
    form = bea.get("/roster/ill").form("starts_on")

    fields = dict(form.fields)
    assert (fields["starts_on"], fields["starts_at"]) == ("2026-11-24", "09:00")
    assert (fields["ends_on"], fields["ends_at"]) == ("2026-11-24", "24:00")


def test_the_absence_is_stored_and_the_next_page_proposes_a_time_for_each(bea, cast, visits):
    page = ill(bea, cast).press()

    assert page.path == "/roster/outside"
    assert "2 booked visits can’t be kept." in page.text
    assert "Dr Ana Silva is away until Tue 24 November" in page.text
    assert "ProposedTue 24 November, 11:00 amDr Eli Stone" in page.text
    [absence] = db.session.scalars(db.select(Absence)).all()
    assert (absence.starts_minute, absence.kind) == (540, AbsenceKind.ILL)


def test_nobody_is_moved_and_nobody_told_before_somebody_accepts(bea, cast, visits):
    before, mails = with_whom(), len(db.session.scalars(db.select(Message)).all())

    ill(bea, cast).press()

    assert with_whom() == before
    assert len(db.session.scalars(db.select(Message)).all()) == mails


def test_one_is_accepted_alone_and_the_patient_is_told(bea, cast, visits):
    away(cast)
    page = bea.get("/roster/outside")

    page = next(f for f in page.forms() if f.buttons[0][0].startswith("Accept Cal")).press()

    assert "1 visit is moved. The patient is told by mail." in page.text
    assert with_whom() == [(at(24, 11), "Dr Eli Stone"), (at(24, 13), "Dr Ana Silva")]
    newest = db.session.scalars(db.select(Message).order_by(Message.id.desc())).first()
    assert (newest.to, newest.appointment_id) == ("cal@example.org", visits[0].id)


def test_all_are_accepted_together(bea, cast, visits):
    away(cast)

    page = bea.get("/roster/outside").form("Accept all 2 proposals").press()

    assert "2 visits are moved." in page.text
    assert "Every booked visit can be kept." in page.text
    assert {name for _at, name in with_whom()} == {"Dr Eli Stone"}


def test_a_time_that_went_meanwhile_moves_nobody_and_proposes_others(bea, cast, visits):
    away(cast)
    page = bea.get("/roster/outside")
    other = factories.make_patient(name="Pat", email="pat@example.org")
    factories.make_visit(other, cast.eli, cast.service("consultation"), at(24, 13))

    page = page.form("Accept all").press(status=409)

    assert "Nobody was moved" in page.text
    assert [name for _at, name in with_whom()][:2] == ["Dr Ana Silva"] * 2
    page.form("Accept all").press()
    assert [name for _at, name in with_whom()][:2] == ["Dr Eli Stone"] * 2


def test_a_visit_that_somebody_moved_or_cancelled_meanwhile_is_not_moved_again(bea, cast, visits):
    away(cast)
    page = bea.get("/roster/outside")
    with transaction():
        visits[0].version += 1

    page = page.form("Accept all").press(status=409)

    assert "Nobody was moved" in page.text


@pytest.mark.parametrize(
    "value", ["", "x", "a|b|c|d", f"{'0' * 32}|1|{'0' * 32}|2026-11-24T11:00:00+00:00"]
)
def test_a_proposal_that_nobody_made_is_refused(bea, cast, visits, value):
    away(cast)
    form = bea.get("/roster/outside").form("Accept all")

    page = form.put("proposal", value).press(status=422)

    assert "That button is out of date" in page.text


def test_a_forged_time_that_is_not_free_is_refused(bea, cast, visits):
    away(cast)
    form = bea.get("/roster/outside").form("Accept all")
    forged = dict(form.fields)["proposal"].replace("T11:00", "T11:05").replace("T13:00", "T13:05")

    page = form.put("proposal", forged).press(status=409)

    assert "Nobody was moved" in page.text


def test_a_visit_that_nobody_can_take_says_so_with_the_phone_number(bea, cast, visits):
    with transaction():
        cast.ana.active = cast.eli.active = False

    page = bea.get("/roster/outside")

    assert "No free time nearCall 020 7946 0555" in page.text
    page.follow("Move")


def test_a_manager_sees_no_phone_number_and_no_page_of_the_patient(cast, signed_in, visits):
    with transaction():
        cast.ana.active = cast.eli.active = False

    page = signed_in(cast.max).get("/roster/outside")

    assert "020 7946 0555" not in page.html
    assert "/desk/" not in page.html


@pytest.mark.parametrize(("who", "path"), [("bea", "/desk/"), ("max", "/manage/")])
def test_desk_and_manager_are_told_how_many_and_led_there(cast, signed_in, visits, who, path):
    person = signed_in(getattr(cast, who))
    assert "outside the roster." not in person.get(path).text
    away(cast)

    page = person.get(path)

    assert "2 booked visits fall outside the roster." in page.text
    assert page.follow("See and move them").heading == "Visits outside the roster"


def test_the_count_goes_down_as_visits_are_moved_or_cancelled(bea, cast, visits):
    away(cast)
    assert len(outside.now_outside()) == 2
    factories.walk(visits[0], "arrived")

    assert "1 booked visit falls outside the roster." in bea.get("/desk/").text


def test_a_treatment_is_proposed_inside_its_approval_only(bea, cast):
    factories.make_approval(cast, valid_until="2026-11-30")
    factories.make_visit(cast.cal, cast.ana, cast.service("toxin"), at(30, 10))
    away(cast, day=at(30, 0).date())
    away(cast, who=cast.eli, day=at(30, 0).date())

    page = bea.get("/roster/outside")

    assert "Sun 29 November, 10:00 am" in page.text


def test_a_treatment_moves_with_the_approval_that_carries_it(bea, cast):
    factories.make_approval(cast)
    visit = factories.make_visit(cast.cal, cast.ana, cast.service("toxin"), at(30, 10))
    away(cast, day=at(30, 0).date())

    bea.get("/roster/outside").form("Accept").press()

    db.session.rollback()
    assert queries.practitioner_of(visit).name == "Dr Eli Stone"
    assert visit.approval_id is not None


def test_a_combined_treatment_is_never_proposed_to_somebody_without_filler(bea, cast):
    """Eli may not inject fillers."""
    site = cast.service("combined")
    factories.make_approval(
        cast,
        modality="combined",
        filler_areas=["lips"],
        filler_ceiling="1",
    )
    factories.make_visit(cast.cal, cast.ana, site, at(30, 10))
    away(cast, day=at(30, 0).date())

    page = bea.get("/roster/outside")

    assert "ProposedTue 1 December, 10:00 amDr Ana Silva" in page.text


def test_a_room_out_of_order_moves_the_visit_to_another_at_the_same_time(bea, cast, visits):
    day = at(24, 0).date()
    room = cast.site.rooms[0]
    rosters.add_absence(room, Away(day, 0, day, 1440), AbsenceKind.OUT_OF_ORDER, actor=TESTER)

    bea.get("/roster/outside").form("Accept all").press()

    assert with_whom() == [(at(24, 11), "Dr Ana Silva"), (at(24, 13), "Dr Ana Silva")]
    who = queries.who_and_where(db.session.scalars(db.select(Appointment)).all())
    assert {one.room for one in who.values()} == {"Room 2"}


def test_accepting_leaves_who_moved_what_in_the_log(bea, cast, visits):
    away(cast)

    bea.get("/roster/outside").form("Accept all").press()

    moved = db.session.scalars(
        db.select(AuditEvent).filter_by(event=Event.APPOINTMENT_MOVED).order_by(AuditEvent.id)
    ).all()
    assert [row.actor for row in moved] == [f"user:{cast.bea.public_id}"] * 2
    assert {row.facts["practitioner"] for row in moved} == {cast.eli.public_id}


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("who", None, "Choose who is away"),
        ("who", "0" * 32, "Choose who is away"),
        ("starts_on", "", "Enter a day like 2026-11-24"),
        ("ends_at", "08:00", "This ends before it begins."),
    ],
)
def test_a_form_with_something_wrong_says_what_fits(bea, cast, field, typed, words):
    page = ill(bea, cast).put(field, typed).press(status=422)

    assert words in page.text


def test_a_physician_neither_writes_an_absence_nor_moves_anybody(cast, signed_in):
    ana = signed_in(cast.ana_user)

    ana.get("/roster/ill", status=403)
    ana.get("/roster/outside", status=403)


def test_what_falls_outside_is_listed_with_patient_names_so_the_look_is_written_down(
    cast, signed_in, visits
):
    person = signed_in(cast.max)
    form = person.get(f"/manage/people/{cast.ana.public_id}/hours").form("tuesday")

    form.set(tuesday="").press()

    looks = db.session.scalars(
        db.select(AuditEvent).filter_by(event=Event.DESK_VIEWED).order_by(AuditEvent.id)
    ).all()
    assert [row.actor for row in looks] == [f"user:{cast.max.public_id}"]


def test_the_desk_and_the_patient_read_the_order_of_a_combined_visit(bea, cast, app):
    factories.make_approval(cast, modality="combined", filler_areas=["lips"], filler_ceiling="1")
    visit = factories.make_visit(cast.cal, cast.ana, cast.service("combined"), at(30, 10))

    desk = bea.get(f"/desk/visits/{visit.public_id}")
    patient = by_code(app, cast.cal).get(f"/visits/{visit.public_id}")

    assert "Filler first, then Botox" in desk.text
    assert "Filler first, then Botox." in patient.text
    assert (visit.ends_at - visit.starts_at).total_seconds() == 75 * 60


def test_proposals_see_every_visit_but_the_one_itself(cast, visits):
    """One statement reads them for all."""
    known = availability.roster.current()
    offered = availability.roster.offered(visits[0].service)
    window = Period(at(24, 0), at(25, 0))

    facts = availability.facts_for_each(
        known,
        {visit.id: offered for visit in visits},
        {visits[0].id: cast.cal.actor_id, visits[1].id: cast.dee.actor_id},
        window,
    )

    first, second = (facts[v.id].practitioner(cast.ana.actor_id).busy for v in visits)
    assert [taken.visit.starts_at for taken in first] == [at(24, 13)]
    assert [taken.visit.starts_at for taken in second] == [at(24, 11)]
    assert replace(facts[visits[0].id], patient_busy=()) == facts[visits[0].id]
