"""Has anything changed? One minute before each later visit."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from clinic.audit.models import AuditEvent
from clinic.database import db, transaction
from clinic.frontdesk import queries as desk
from clinic.frontdesk.lines import Answers
from clinic.intake import confirmations
from clinic.intake.models import IntakeConfirmation
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.treatment import queries as treatment
from clinic.treatment.rules import ApprovalState
from tests.factories import (
    TESTER,
    at,
    make_account,
    make_approval,
    make_intake,
    make_visit,
    walk,
)
from tests.full_record import by_code

THURSDAY = at(10, 10, month=12)
YES = {"blood-thinners": {"value": "yes", "note": "fish oil"}}


@pytest.fixture
def visit(cast):
    """Cal's treatment in December, on an approval and a form of today."""
    make_approval(cast)
    return make_visit(cast.cal, cast.ana, cast.service("toxin"), THURSDAY)


@pytest.fixture
def cal(cast, signed_in):
    return signed_in(make_account(cast.cal))


def address(visit):
    return f"/visits/{visit.public_id}/changed"


def stored():
    db.session.rollback()
    return db.session.scalars(db.select(IntakeConfirmation).order_by(IntakeConfirmation.id)).all()


def line_of(visit):
    db.session.rollback()
    return next(
        line for line in desk.day_sheet(visit.starts_on).lines if line.public_id == visit.public_id
    )


def test_my_visits_asks_and_one_press_confirms(cast, cal, visit):
    page = cal.get("/visits").follow("Has anything changed?")

    after = page.form("Nothing has changed").press()

    (confirmation,) = stored()
    assert confirmation.appointment_id == visit.id
    assert "Your answers are confirmed for your visit on Thu 10 December, 10:00 am." in after.text
    assert "Answers confirmed Tue 24 November, 9:0" in after.text
    assert "Has anything changed?" not in after.text


def test_nothing_is_chosen_beforehand(cal, visit):
    html = cal.get(address(visit)).html

    assert "checked" not in html
    assert html.count('class="btn wide"') == 2


def test_the_page_shows_what_was_told_and_sums_the_rest_up(cast, cal, visit):
    make_intake(cast.cal, answers=YES, distress={"upset": {"value": "a-lot"}})

    page = cal.get(address(visit)).text

    assert "Yes, fish oil" in page
    assert "To all other questions about your health you answered no." in page
    assert "You also told us how much this weighs on you." in page
    assert "a lot" not in page


def test_each_treatment_that_was_told_is_shown_whole(cast, cal, visit):
    newest = {"date": "2026-11-01", "product": "onabotulinumtoxinA", "units": "20", "where": "neck"}
    answer = {"value": "yes", "session": newest, "earlier_sessions": [{"date": "2026-09-20"}]}
    make_intake(cast.cal, answers={"recent-toxin": answer})

    page = cal.get(address(visit)).text

    first = "Yes, 1 November 2026, Botox (onabotulinumtoxinA), 20 units, neck"
    assert f"{first}; 20 September 2026" in page


def test_a_form_with_nothing_to_tell_is_one_line(cal, visit):
    page = cal.get(address(visit)).text

    assert "You answered no to all questions about your health." in page


def test_a_confirmation_is_dated_bound_and_written_down(cast, cal, visit):
    cal.get(address(visit)).form("Nothing has changed").press()

    (confirmation,) = stored()
    line = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.event == "intake:confirmed")
    ).one()
    assert line.patient_id == cast.cal.id
    assert line.subject == f"appointment:{visit.public_id}"
    assert line.actor == confirmation.by


def test_two_windows_confirm_once(cal, visit):
    first, second = (cal.get(address(visit)).form("Nothing has changed") for _window in range(2))

    first.press()
    second.press()

    assert len(stored()) == 1


def test_a_form_sent_between_page_and_press_is_shown_first(cast, cal, visit):
    page = cal.get(address(visit))
    make_intake(cast.cal, answers=YES)

    again = page.form("Nothing has changed").press(status=409)

    assert "You have sent a newer form meanwhile" in again.text
    assert "Yes, fish oil" in again.text
    assert stored() == []


def test_a_newer_form_undoes_the_confirmation(cast, cal, visit):
    cal.get(address(visit)).form("Nothing has changed").press()
    make_intake(cast.cal)

    assert dict(confirmations.confirmed([visit])) == {}


def test_something_has_changed_opens_the_form_and_comes_back(cast, cal, visit):
    page = cal.get(address(visit)).form("Something has changed").press()
    assert page.heading == "Check and send your form"

    page = page.follow("Change Your health").form("Continue").set(pregnancy="yes").press("Continue")
    page = page.follow("Go on").form("Send my form").press()

    assert page.heading == "My visits"
    assert "Your answers have changed, so the approval is paused." in page.text
    assert treatment.state_of(treatment.approvals_of(cast.cal.id)[0]) == ApprovalState.SUSPENDED


def test_another_patient_and_a_code_over_an_account_find_no_page(app, cast, signed_in, visit):
    signed_in(make_account(cast.dee)).get(address(visit), status=404)
    make_account(cast.cal)
    by_code(app, cast.cal).get(address(visit), status=404)


def test_somebody_elses_form_is_not_confirmed(cast, cal, visit):
    foreign = make_intake(cast.dee)

    form = cal.get(address(visit)).form("Nothing has changed").set(form=foreign.public_id)
    form.press(status=404)

    assert stored() == []


def test_a_visit_that_is_over_asks_nothing(cast, cal, visit, at_work):
    at_work(THURSDAY)
    walk(visit, S.ARRIVED, S.IN_ROOM)

    page = cal.get(address(visit), status=410)

    assert page.heading == "This visit asks nothing any more"


def test_without_a_form_there_is_nothing_to_confirm(cast, signed_in):
    visit = make_visit(cast.dee, cast.ana, cast.service("follow-up"), at(26, 10))

    page = signed_in(make_account(cast.dee)).get(address(visit))

    assert page.heading == "My visits"


# Who is asked, and when.


def test_the_consultation_that_the_form_was_sent_for_is_not_asked_about(cast, cal):
    make_intake(cast.cal)
    first = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(10, 10, month=12))

    assert "Has anything changed?" not in cal.get("/visits").text
    assert line_of(first).answers == Answers.NOT_ASKED


def test_a_later_consultation_is(cast, cal):
    make_approval(cast)
    second = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(10, 10, month=12))

    assert "Has anything changed?" in cal.get("/visits").text
    assert line_of(second).answers == Answers.NOT_CONFIRMED


def test_answers_of_the_last_days_are_fresh_enough(cast, cal):
    make_approval(cast)
    soon = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(26, 10))

    assert "Has anything changed?" not in cal.get("/visits").text
    assert line_of(soon).answers == Answers.NOT_ASKED


# What desk and physician read of it.


def test_the_desk_reads_whether_and_never_what(cast, signed_in, visit):
    make_intake(cast.cal)
    bea = signed_in(cast.bea)
    assert "Answers not confirmed" in bea.get(f"/desk/?day={visit.starts_on}").text
    assert "Answers not confirmed" in bea.get(f"/desk/visits/{visit.public_id}").text

    confirmations.confirm(visit, treatment.gate(cast.cal).form, actor=TESTER)

    assert "confirmed" not in bea.get(f"/desk/?day={visit.starts_on}").text
    page = bea.get(f"/desk/visits/{visit.public_id}").text
    assert "Answers confirmed" in page
    assert "Answers confirmed Tue" not in page


def test_the_physician_reads_when(cast, cal, signed_in, visit):
    cal.get(address(visit)).form("Nothing has changed").press()
    ana = signed_in(cast.ana_user)

    day = ana.get(f"/my-day?day={visit.starts_on}").text
    record = ana.get(f"/records/{cast.cal.public_id}").text

    assert "Answers confirmed Tue 24 November, 9:0" in day
    assert "answers confirmed Tue 24 November, 9:0" in record


def test_the_physician_reads_it_on_the_review_of_a_later_consultation(cast, signed_in, visit):
    later = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(11, 10, month=12))
    confirmations.confirm(later, treatment.gate(cast.cal).form, actor=TESTER)

    page = signed_in(cast.ana_user).get(f"/reviews/{later.public_id}").text

    assert "answers confirmed Tue 24 November, 9:0" in page


def test_the_physician_reads_old_and_new_answer_question_by_question(cast, signed_in, visit):
    make_intake(cast.cal, answers={**YES, "pregnancy": {"value": "not-sure"}})
    ana = signed_in(cast.ana_user)

    page = ana.get("/reviews").follow("Cal Ortega")

    assert "What has changed" in page.text
    assert "NoYes, fish oil" in page.text
    assert "NoNot sure" in page.text
    assert "Paused since Tue 24 November" in ana.get("/my-day").text
    record = ana.get(f"/records/{cast.cal.public_id}").text
    assert "NoYes, fish oil" in record


def test_a_colleague_without_care_reads_of_no_paused_approval(cast, signed_in, visit):
    make_intake(cast.cal, answers=YES)

    assert "Cal Ortega" not in signed_in(cast.eli_user).get("/reviews").text


def test_the_note_says_in_words_why_it_was_paused(cast, signed_in, visit):
    make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})
    note = treatment.approvals_of(cast.cal.id)[0].note

    page = signed_in(cast.ana_user).get(f"/notes/{note.public_id}").text

    assert "changed answers: pregnancy; new absolute flags: pregnancy" in page


@pytest.mark.parametrize(
    "statement",
    ["UPDATE intake_confirmation SET at = at", "DELETE FROM intake_confirmation"],
)
def test_the_database_keeps_a_confirmation_as_it_is(cal, visit, statement):
    cal.get(address(visit)).form("Nothing has changed").press()

    with pytest.raises(DBAPIError, match="truth 4"), transaction():
        db.session.execute(text(statement))


# Said before the day of the visit, it is asked for once more on that day.


@pytest.mark.parametrize(("day", "asks"), [(3, False), (4, True)])
def test_what_was_confirmed_before_is_asked_again_on_the_day(cast, cal, at_work, day, asks):
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(4, 10, month=12))
    at_work(at(3, 18, month=12))
    cal.get(address(visit)).form("Nothing has changed").press()

    at_work(at(day, 23 if day == 3 else 8, month=12))

    assert ("Has anything changed?" in cal.get("/visits").text) == asks


def test_on_the_day_it_is_confirmed_once(cast, cal, at_work):
    make_approval(cast)
    visit = make_visit(cast.cal, cast.ana, cast.service("toxin"), at(4, 10, month=12))
    at_work(at(3, 18, month=12))
    form = treatment.gate(cast.cal).form
    confirmations.confirm(visit, form, actor=TESTER)
    at_work(at(4, 8, month=12))

    confirmations.confirm(visit, form, actor=TESTER)
    confirmations.confirm(visit, form, actor=TESTER)

    assert [one.at.day for one in stored()] == [3, 4]
