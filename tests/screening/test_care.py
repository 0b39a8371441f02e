"""Whose record a physician may open: who is in their care, since when, and until when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from clinic.database import transaction
from clinic.scheduling import services as scheduling
from clinic.screening import care, left_open, queries, services
from clinic.screening.models import Decision
from tests.factories import (
    TESTER,
    at,
    make_account,
    make_intake,
    make_patient,
    make_visit,
    sign,
    staff_actor,
)


@pytest.fixture
def ana(cast):
    return staff_actor(cast.ana_user, cast.ana)


@pytest.fixture
def eli(cast):
    return staff_actor(cast.eli_user, cast.eli)


@pytest.fixture
def elis(cast):
    """A consultation of Dee with Eli, signed; Ana has a patient of her own, Cal."""
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    visit = make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 11))
    sign(visit, cast.eli_user, cast.eli, Decision.ASK, question="Since when?")
    return visit


def opened(actor, visit):
    """What the guards' queries find for *actor* of a signed consultation, by name."""
    note = queries.signed_notes(visit.patient_id)[0]
    found = {
        "patient": care.patient_in_care(actor, visit.patient.public_id),
        "consultation": care.consultation_in_care(actor, visit.public_id),
        "visit": care.visit_in_care(actor, visit.public_id),
        "note": care.note_in_care(actor, note.public_id),
    }
    return {name for name, row in found.items() if row is not None}


EVERYTHING = {"patient", "consultation", "visit", "note"}


def test_a_visit_with_a_physician_opens_the_record_to_them(eli, elis):
    assert opened(eli, elis) == EVERYTHING


def test_having_patients_of_ones_own_opens_nobody_elses_record(ana, elis):
    assert opened(ana, elis) == set()


def test_each_physician_lists_their_own_patients(cast, ana, eli, elis):
    assert care.patients_in_care(ana) == [cast.cal]
    assert care.patients_in_care(eli) == [cast.dee]


def test_taking_the_review_opens_the_record(cast, ana, elis):
    services.take_review(cast.dee, actor=ana)

    assert opened(ana, elis) == EVERYTHING


def test_a_visit_of_any_kind_counts_and_a_cancelled_one_does_not(cast, ana, elis):
    visit = make_visit(cast.dee, cast.ana, cast.service("follow-up"), at(25, 11))
    before = opened(ana, elis)
    scheduling.cancel(visit, "ill", actor=TESTER)

    assert (before, opened(ana, elis)) == (EVERYTHING, set())


@pytest.mark.parametrize(("days", "is_open"), [(364, True), (366, False)])
def test_S7_care_ends_twelve_months_after_the_last_visit_or_review(
    cast, ana, eli, elis, travel, days, is_open
):
    services.take_review(cast.dee, actor=ana)
    travel(at(24, 11) + timedelta(days=days) - timedelta(hours=2))

    expected = EVERYTHING if is_open else set()
    assert (opened(ana, elis), opened(eli, elis)) == (expected, expected)


@pytest.mark.parametrize("hours", [-1, 1], ids=["an hour before", "an hour after"])
@pytest.mark.parametrize("begun", ["visit", "review"])
def test_S7_care_ends_to_the_day_whatever_it_began_with(cast, ana, eli, travel, begun, hours):
    if begun == "review":
        services.take_review(cast.dee, actor=ana)
        since = at(24, 9)
    else:
        make_visit(cast.dee, cast.ana, cast.service("follow-up"), at(24, 11))
        since = at(24, 11)

    travel(since + care.CARE_LASTS + timedelta(hours=hours))

    found = care.patient_in_care(ana, cast.dee.public_id)
    assert (found is not None) is (hours < 0)
    assert care.patient_in_care(eli, cast.dee.public_id) is None


# An emergency.


@pytest.mark.parametrize(("minutes", "is_open"), [(59, True), (61, False)])
def test_S7_an_emergency_opens_the_record_for_sixty_minutes(
    cast, ana, elis, travel, minutes, is_open
):
    services.open_in_emergency(cast.dee, "Called by another hospital.", actor=ana)
    travel(at(24, 9) + timedelta(minutes=minutes))

    assert opened(ana, elis) == ({"patient", "note"} if is_open else set())


def test_S7_an_emergency_opens_one_record_to_one_physician(cast, ana, eli, elis):
    other = make_patient(name="Pat Other")
    services.open_in_emergency(other, "Called by another hospital.", actor=ana)

    assert care.patient_in_care(ana, other.public_id) == other
    assert care.patient_in_care(eli, other.public_id) is None
    assert opened(ana, elis) == set()


def test_S7_an_emergency_lets_nobody_examine_sign_finish_or_book(cast, ana, elis):
    """None of these may turn an hour into a care relation of a year."""
    services.open_in_emergency(cast.dee, "Called by another hospital.", actor=ana)

    assert care.consultation_in_care(ana, elis.public_id) is None
    assert care.visit_in_care(ana, elis.public_id) is None
    assert care.patient_in_lasting_care(ana, cast.dee.public_id) is None


def test_S7_an_emergency_ends_at_once_when_it_is_closed(cast, ana, elis):
    access = services.open_in_emergency(cast.dee, "Called by another hospital.", actor=ana)
    before = opened(ana, elis)

    services.close_emergency(access, actor=ana)

    assert (before, opened(ana, elis)) == ({"patient", "note"}, set())


def test_S7_a_second_press_makes_no_second_hour(cast, ana, travel):
    first = services.open_in_emergency(cast.dee, "Called by another hospital.", actor=ana)
    travel(at(24, 9, 30))

    again = services.open_in_emergency(cast.dee, "Called by another hospital.", actor=ana)

    assert (again.id, again.until) == (first.id, first.until)


def test_S7_nobody_opens_their_own_record_and_nobody_without_a_licence(cast, ana, eli, travel):
    own = make_patient(name="Ana Silva")
    with transaction():
        own.user_id = cast.ana_user.id
    with pytest.raises(services.OwnRecord):
        services.open_in_emergency(own, "Called by another hospital.", actor=ana)

    travel(at(1, 9, month=1, year=2032))
    with pytest.raises(services.NotLicensed):
        services.open_in_emergency(cast.dee, "Called by another hospital.", actor=ana)


def test_a_physician_who_is_a_patient_opens_their_patients_and_not_themself(cast, eli, elis):
    """The patient that Eli is, with a visit by mistake booked with Eli."""
    own = make_patient(name="Eli Stone")
    with transaction():
        own.user_id = cast.eli_user.id
    visit = make_visit(own, cast.eli, cast.service("consultation"), at(25, 11))

    assert opened(eli, elis) == EVERYTHING
    assert care.patients_in_care(eli) == [cast.dee]
    assert care.patient_in_care(eli, own.public_id) is None
    assert care.consultation_in_care(eli, visit.public_id) is None
    assert care.visit_in_care(eli, visit.public_id) is None


def test_nobody_who_is_not_a_physician_has_anybody_in_care(cast, elis):
    assert opened(staff_actor(cast.bea), elis) == set()
    assert opened(staff_actor(cast.max), elis) == set()


def test_the_queue_says_of_each_line_whether_it_is_open(cast, ana, eli):
    make_intake(cast.cal)
    make_intake(cast.dee)
    cals = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    dees = make_visit(cast.dee, cast.eli, cast.service("consultation"), at(24, 11))

    lines = {line.appointment_id: line for line in queries.review_queue(ana)}

    assert (lines[cals.public_id].mine, lines[cals.public_id].in_care) == (True, True)
    assert (lines[dees.public_id].mine, lines[dees.public_id].in_care) == (False, False)


def test_the_queue_counts_the_flags_of_the_newest_form_alone(cast, ana):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})
    make_intake(cast.cal, answers={"blood-thinners": {"value": "yes"}})

    (line,) = queries.review_queue(ana)

    assert line.levels == {"caution": 1}


# The question to a patient.


def test_a_question_is_found_by_the_patient_it_was_asked(cast, elis):
    note = queries.signed_notes(cast.dee.id)[0]
    dee, cal = patient_actor(cast.dee), patient_actor(cast.cal)

    assert queries.own_question(dee, note.public_id) == note
    assert queries.own_question(cal, note.public_id) is None


def patient_actor(patient):
    return replace(staff_actor(make_account(patient)), patient_id=patient.id)


# What is over and unsigned.


def test_a_consultation_is_unsigned_from_its_end_on(cast, travel):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))

    travel(visit.ends_at - timedelta(seconds=5))
    before = left_open.unsigned_visits(cast.ana.id)
    travel(visit.ends_at + timedelta(seconds=1))
    after = left_open.unsigned_visits(cast.ana.id)

    assert (before, [line.patient_name for line in after]) == ([], ["Cal Ortega"])
    assert left_open.unsigned_visits(cast.eli.id) == []


def test_the_version_counts_over_drafts_and_signed_notes(cast, elis, eli):
    services.save_draft(elis, cast.dee, None, 1, text="More.", findings={}, decided={}, actor=eli)

    assert queries.note_version(elis) == 2
