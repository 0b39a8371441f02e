"""A paused approval on the physician's pages: read, resumed with one press, or decided anew."""

import pytest

from clinic.database import db, transaction
from clinic.journey import withdraw
from clinic.screening import services as screening
from clinic.screening.models import Decision
from clinic.treatment import queries as treatment
from clinic.treatment.rules import ApprovalState
from tests.factories import (
    TESTER,
    at,
    make_account,
    make_approval,
    make_intake,
    make_visit,
    sign,
    staff_actor,
)
from tests.screening.page import mails

THINNER = {"blood-thinners": {"value": "yes", "note": "aspirin"}}
BUTTON = "Read, resume the approval"
NO_LICENCE = "No licence of yours is on file for today."


@pytest.fixture
def note(cast):
    """Cal's approval of Botox until 24 May, with a treatment on Friday."""
    note = make_approval(cast)
    make_visit(cast.cal, cast.ana, cast.service("toxin"), at(27, 10))
    return note


@pytest.fixture
def paused(cast, note):
    make_intake(cast.cal, answers=THINNER)
    return note


def address(note):
    return f"/notes/{note.public_id}"


def post(person, note, form):
    """The status that a form, taken from somebody else's page, is answered with."""
    token = dict(person.get("/account/security").form("/sign-out").fields)["csrf_token"]
    typed = {**dict(form.fields), "csrf_token": token}
    return person.raw_post(f"{address(note)}/resume", typed).status_code


def state(patient):
    db.session.rollback()
    return treatment.state_of(treatment.approvals_of(patient.id)[0])


def test_one_press_with_a_reason_on_the_page_of_the_review_resumes_it(cast, ana, paused):
    page = ana.get("/reviews").follow("Cal Ortega")
    assert "NoYes, aspirin" in page.text

    again = page.form("/resume").set(because="A low dose is no reason against it.").press()

    assert "The approval is in force again. Visits booked on it go on." in again.text
    assert "A low dose is no reason against it. (Dr Ana Silva)" in again.text
    assert "What has changed" not in again.text
    assert state(cast.cal) == ApprovalState.IN_FORCE
    assert mails()[-1] == "resumed"


def test_the_visit_it_carried_is_unmarked_for_the_patient_and_the_desk(
    cast, ana, signed_in, paused
):
    cal, desk = signed_in(make_account(cast.cal)), signed_in(cast.bea)
    assert "Needs renewal" in cal.get("/visits").text
    assert "Needs renewal" in desk.get("/desk?day=2026-11-27").text

    ana.get(address(paused)).form("/resume").set(because="Low dose.").press()

    assert "Needs renewal" not in cal.get("/visits").text
    assert "In force" in cal.get("/visits").text
    assert "Needs renewal" not in desk.get("/desk?day=2026-11-27").text


def test_it_needs_a_reason_and_keeps_the_page(cast, ana, paused):
    again = ana.get(address(paused)).form("/resume").set(because=" ").press(status=422)

    assert "Write why it may go on" in again.text
    assert "NoYes, aspirin" in again.text
    assert state(cast.cal) == ApprovalState.SUSPENDED


def test_a_form_sent_between_page_and_press_is_shown_and_what_was_typed_is_kept(cast, ana, paused):
    form = ana.get(address(paused)).form("/resume").set(because="Low dose.")
    make_intake(cast.cal, answers={"breastfeeding": {"value": "yes"}})

    again = form.press(status=409)

    assert "The patient has sent a changed form" in again.text
    assert "aspirin" not in again.text
    assert dict(again.form("/resume").fields)["because"].strip() == "Low dose."
    assert state(cast.cal) == ApprovalState.SUSPENDED


def test_the_page_shown_again_names_the_newer_form_and_takes_the_next_press(cast, ana, paused):
    form = ana.get(address(paused)).form("/resume").set(because="Low dose.")
    make_intake(cast.cal, answers={"breastfeeding": {"value": "yes"}})

    form.press(status=409).form("/resume").press()

    assert state(cast.cal) == ApprovalState.IN_FORCE


@pytest.mark.parametrize("path", ["/notes/{note}", "/reviews/{visit}"])
def test_an_absolute_flag_leaves_only_a_new_decision_and_is_named(cast, ana, note, path):
    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})

    page = ana.get(path.format(note=note.public_id, visit=note.appointment.public_id))

    assert "only a new decision lets it go on" in page.text
    assert "Absolute flag about what was approved: pregnancy" in page.text
    assert BUTTON not in page.text


def test_a_page_from_before_the_flag_is_refused(cast, ana, paused, monkeypatch):
    form = ana.get(address(paused)).form("/resume").set(because="Low dose.")
    stop = make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})

    again = form.set(intake_id=stop.public_id).press(status=409)

    assert "This approval can’t be resumed" in again.text
    assert state(cast.cal) == ApprovalState.SUSPENDED


def test_a_second_window_finds_it_resumed(cast, ana, eli, paused):
    form = ana.get(address(paused)).form("/resume").set(because="The same.")
    ana.get(address(paused)).form("/resume").set(because="Low dose.").press()

    again = form.press(status=409)

    assert "This approval is not paused any more" in again.text
    assert mails().count("resumed") == 1


def test_one_press_sent_twice_counts_once(cast, ana, paused):
    form = ana.get(address(paused)).form("/resume").set(because="Low dose.")

    assert form.press().path == form.press().path == address(paused)

    assert mails().count("resumed") == 1


def test_a_withdrawal_meanwhile_is_said(cast, ana, paused):
    form = ana.get(address(paused)).form("/resume").set(because="Low dose.")
    withdraw.approval(treatment.approvals_of(cast.cal.id)[0], cast.cal, "No.", actor=TESTER)

    assert "This approval has ended before" in form.press(status=409).text
    assert state(cast.cal) == ApprovalState.WITHDRAWN


def test_G3_without_a_licence_of_today_it_is_refused_and_what_was_typed_stays(cast, ana, paused):
    form = ana.get(address(paused)).form("/resume").set(because="Low dose.")
    with transaction():
        for held in cast.ana.credentials:
            held.valid_until = at(23, 0).date()

    again = form.press(status=409)

    assert NO_LICENCE in again.text
    assert dict(again.form("/resume").fields)["because"].strip() == "Low dose."
    assert state(cast.cal) == ApprovalState.SUSPENDED


def test_a_colleague_without_care_resumes_nothing(cast, ana, eli, paused):
    form = ana.get(address(paused)).form("/resume").set(because="Mine.")

    assert post(eli, paused, form) == 404

    assert state(cast.cal) == ApprovalState.SUSPENDED


def test_an_emergency_opens_the_note_to_read_and_not_to_resume(cast, ana, eli, paused):
    form = ana.get(address(paused)).form("/resume").set(because="Mine.")
    screening.open_in_emergency(
        cast.cal, "It can't wait.", actor=staff_actor(cast.eli_user, cast.eli)
    )

    page = eli.get(address(paused))

    assert "NoYes, aspirin" in page.text
    assert BUTTON not in page.text
    assert post(eli, paused, form) == 404
    assert state(cast.cal) == ApprovalState.SUSPENDED


def test_a_note_that_approved_nothing_is_not_resumed(cast, ana, paused):
    form = ana.get(address(paused)).form("/resume").set(because="Mine.")
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 12))
    asked = sign(visit, cast.ana_user, cast.ana, Decision.ASK, question="Since when?")

    assert post(ana, asked, form) == 404


# Over: a day past the last one, and nothing says that it is in force.


@pytest.mark.parametrize(
    ("moment", "words", "not_words"),
    [
        (at(24, 9, month=5, year=2027), "In force", "Over since"),
        (at(25, 9, month=5, year=2027), "Over since 25 May 2027", "In force"),
    ],
)
@pytest.mark.parametrize("path", ["/notes/{note}", "/reviews/{visit}", "/records/{patient}"])
def test_an_approval_past_its_last_day_reads_over_on_every_page_of_the_physician(
    cast, ana, note, at_work, path, moment, words, not_words
):
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(30, 11))
    at_work(moment)
    ids = {"note": note, "visit": note.appointment, "patient": cast.cal}

    page = ana.get(path.format(**{name: row.public_id for name, row in ids.items()})).text

    assert words in page
    assert not_words not in page


@pytest.mark.parametrize(
    ("moment", "words", "not_words"),
    [
        (at(24, 9, month=5, year=2027), "In force", "Over since"),
        (at(25, 9, month=5, year=2027), "Over since 25 May 2027", "In force"),
    ],
)
def test_the_patient_reads_over_too(cast, note, signed_in, at_work, moment, words, not_words):
    cal = signed_in(make_account(cast.cal))
    at_work(moment)

    page = cal.get("/visits").text

    assert words in page
    assert not_words not in page


def test_a_paused_approval_past_its_last_day_waits_for_nobody(cast, ana, paused, at_work):
    at_work(at(25, 9, month=5, year=2027))

    page = ana.get(address(paused)).text

    assert "Over since 25 May 2027" in page
    assert "Paused, " in page  # what happened stays written
    assert "What has changed" not in page
    assert BUTTON not in page


def test_a_note_offers_no_treatment_once_its_approval_is_over(ana, note, at_work):
    assert "Book the treatment" in ana.get(address(note)).text

    at_work(at(25, 9, month=5, year=2027))

    assert "Book the treatment" not in ana.get(address(note)).text
