"""Forms and signatures at one moment: no approval outlives the answers that it rests on."""

from __future__ import annotations

import pytest

from clinic.database import db
from clinic.intake import queries as intake_queries
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.journey import decide, safety, submit, suspend
from clinic.notices.models import Message, MessageKind
from clinic.screening.models import SafetyAlert
from clinic.treatment import queries as treatment
from clinic.treatment.models import ApprovalEventKind
from clinic.treatment.rules import ApprovalState
from tests import factories, rush
from tests.factories import ANSWERS, TESTER, at, make_approval, make_intake, make_visit
from tests.rush import Meeting, together

WAIT_IN_VAIN = 0.4  # behind a lock nobody else comes
PREGNANT = {**ANSWERS, "answers": {**ANSWERS["answers"], "pregnancy": {"value": "yes"}}}


@pytest.fixture
def visit(cast):
    """Cal's consultation with Ana at eleven, on a form in order."""
    make_intake(cast.cal)
    return make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))


def changed_draft(patient, document=PREGNANT):
    draft = intakes.start_for(patient, actor=TESTER)
    intakes.save(draft, "all", document, actor=TESTER)
    return draft


def sending(draft, patient):
    def work():
        submit.intake(draft, patient, actor=TESTER)
        return "sent"

    return work


def signature(visit, cast):
    def work():
        factories.sign(visit, cast.ana_user, cast.ana)
        return "signed"

    return work


def in_force_over_the_newest_form(patient):
    """Approvals in force whose form the patient has answered otherwise since."""
    db.session.rollback()
    newest = intake_queries.latest_submitted(patient.id)
    return [
        approval.id
        for approval in treatment.approvals_of(patient.id)
        if treatment.state_of(approval) == ApprovalState.IN_FORCE
        and treatment.rests_on_other_answers(approval, newest)
    ]


def test_a_signature_that_has_read_the_form_before_never_outlives_the_changed_one(
    cast, visit, monkeypatch
):
    """The physician's page has compared the forms; before it signs, another form is sent."""
    draft = changed_draft(cast.cal)
    meeting = Meeting(2, WAIT_IN_VAIN)
    monkeypatch.setattr(decide, "_same_form", meeting.after(decide._same_form))
    monkeypatch.setattr(
        submit.suspend,
        "what_rests_on_other_answers",
        meeting.after(suspend.what_rests_on_other_answers),
    )

    answers = together(signature(visit, cast), sending(draft, cast.cal))

    assert answers[1] == "sent"
    assert answers[0] in ("signed", "FormChanged")
    assert in_force_over_the_newest_form(cast.cal) == []
    states = [treatment.state_of(a) for a in treatment.approvals_of(cast.cal.id)]
    assert states == ([ApprovalState.SUSPENDED] if answers[0] == "signed" else [])


@pytest.mark.only_on("postgresql")
def test_without_the_patients_lock_the_approval_would_stay_in_force(cast, visit, monkeypatch):
    """The control: the race above is one, where nothing holds the two apart."""
    draft = changed_draft(cast.cal)
    meeting = Meeting(2, rush.LONGEST)
    monkeypatch.setattr(submit, "lock_person", lambda _patient: True)
    monkeypatch.setattr(decide, "_same_form", meeting.after(decide._same_form))
    monkeypatch.setattr(
        submit.suspend,
        "what_rests_on_other_answers",
        meeting.after(suspend.what_rests_on_other_answers),
    )

    answers = together(signature(visit, cast), sending(draft, cast.cal), longest=20)

    assert answers == ["signed", "sent"]
    assert len(in_force_over_the_newest_form(cast.cal)) == 1


@pytest.mark.parametrize("_turn", range(4))
def test_a_signature_and_a_changed_form_at_one_moment(cast, visit, _turn):
    draft = changed_draft(cast.cal)

    answers = together(signature(visit, cast), sending(draft, cast.cal))

    assert answers[1] == "sent"
    assert answers[0] in ("signed", "FormChanged")
    assert in_force_over_the_newest_form(cast.cal) == []


def test_one_form_sent_twice_at_one_moment_is_sent_once_and_pauses_once(cast):
    make_approval(cast)
    draft = changed_draft(cast.cal)

    answers = together(sending(draft, cast.cal), sending(draft, cast.cal))

    assert sorted(answers) == ["AlreadySent", "sent"]
    db.session.rollback()
    (approval,) = treatment.approvals_of(cast.cal.id)
    assert [event.kind for event in approval.events] == [ApprovalEventKind.SUSPENDED]
    paused = db.select(Message).where(Message.kind == MessageKind.PAUSED)
    assert len(db.session.scalars(paused).all()) == 1


def test_two_forms_of_one_patient_sent_at_one_moment_follow_each_other(cast):
    """One is at home, one on the desk's tablet: both are sent, and the approval is paused once."""
    make_approval(cast)
    first = changed_draft(cast.cal)
    second = intakes.start_on_tablet(cast.cal, factories.make_visitor(), actor=TESTER)
    intakes.save(second, "all", PREGNANT, actor=TESTER)

    answers = together(sending(first, cast.cal), sending(second, cast.cal))

    assert answers == ["sent", "sent"]
    db.session.rollback()
    sent = db.session.scalars(db.select(Intake).order_by(Intake.submitted_at)).all()
    assert [form.supersedes_id for form in sent] == [None, sent[0].id, sent[1].id]
    (approval,) = treatment.approvals_of(cast.cal.id)
    assert [event.kind for event in approval.events] == [ApprovalEventKind.SUSPENDED]


def test_one_answer_saved_in_two_windows_at_one_moment_raises_one_alert(cast):
    draft = changed_draft(cast.cal, {**ANSWERS, "distress": {"unsafe": {"value": "yes"}}})

    def noting():
        return str(safety.note_answer(draft, actor=TESTER))

    assert together(noting, noting) == ["True", "True"]
    db.session.rollback()
    assert len(db.session.scalars(db.select(SafetyAlert)).all()) == 1
