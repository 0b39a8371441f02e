"""Resuming, sending and withdrawing at one moment: nothing goes on over answers nobody has read."""

from __future__ import annotations

import pytest

from clinic.database import db
from clinic.intake import queries as intake_queries
from clinic.intake import services as intakes
from clinic.journey import resume, submit, suspend, withdraw
from clinic.notices.models import Message, MessageKind
from clinic.treatment import queries as treatment
from clinic.treatment import services as approvals
from clinic.treatment.rules import ApprovalState
from tests import rush
from tests.factories import ANSWERS, TESTER, make_approval, make_intake, staff_actor
from tests.rush import Meeting, together

WAIT_IN_VAIN = 0.4  # behind a lock nobody else comes
THINNER = {"blood-thinners": {"value": "yes", "note": "aspirin"}}
PREGNANT = {**ANSWERS, "answers": {**ANSWERS["answers"], "pregnancy": {"value": "yes"}}}


@pytest.fixture
def read(cast):
    """The form that paused Cal's approval, as Ana has it before her."""
    make_approval(cast)
    return make_intake(cast.cal, answers=THINNER)


def approval_of(patient):
    db.session.rollback()
    return treatment.approvals_of(patient.id)[0]


def resuming(cast, read, user="ana"):
    physician = getattr(cast, user)
    actor = staff_actor(getattr(cast, f"{user}_user"), physician)
    stopped = approval_of(cast.cal)

    def work():
        resume.approval(stopped, cast.cal, read.public_id, "Low dose.", actor=actor)
        return "resumed"

    return work


def sending(cast):
    draft = intakes.start_for(cast.cal, actor=TESTER)
    intakes.save(draft, "all", PREGNANT, actor=TESTER)

    def work():
        submit.intake(draft, cast.cal, actor=TESTER)
        return "sent"

    return work


def withdrawing(cast):
    stopped = approval_of(cast.cal)

    def work():
        withdraw.approval(stopped, cast.cal, "No more.", actor=TESTER)
        return "withdrawn"

    return work


def goes_on_unread(patient):
    """Whether the approval is in force over answers that no physician has read for it."""
    approval = approval_of(patient)
    newest = intake_queries.latest_submitted(patient.id)
    in_force = treatment.state_of(approval) == ApprovalState.IN_FORCE
    return in_force and treatment.rests_on_other_answers(approval, newest)


def let_them_meet(monkeypatch, patience):
    """The approval is resumed on the form that was the newest, and the patient's new one has found
    nothing to pause, before either is committed."""
    meeting = Meeting(2, patience)

    def resumed(*args, **kwargs):
        approvals_resume(*args, **kwargs)
        db.session.flush()

    approvals_resume = approvals.resume
    monkeypatch.setattr(approvals, "resume", meeting.after(resumed))
    monkeypatch.setattr(
        submit.suspend,
        "what_rests_on_other_answers",
        meeting.after(suspend.what_rests_on_other_answers),
    )


def test_a_form_sent_while_the_approval_is_resumed_never_finds_it_going_on_unread(
    cast, read, monkeypatch
):
    let_them_meet(monkeypatch, WAIT_IN_VAIN)

    answers = together(resuming(cast, read), sending(cast))

    assert answers[0] in ("resumed", "FormChanged")
    assert answers[1] == "sent"
    assert not goes_on_unread(cast.cal)
    assert treatment.state_of(approval_of(cast.cal)) == ApprovalState.SUSPENDED


@pytest.mark.only_on("postgresql")
def test_without_the_patients_lock_it_would_go_on_unread(cast, read, monkeypatch):
    """The control: the race above is one, where nothing holds the two apart."""
    let_them_meet(monkeypatch, rush.LONGEST)
    monkeypatch.setattr(resume, "lock_person", lambda _patient: True)
    monkeypatch.setattr(submit, "lock_person", lambda _patient: True)

    answers = together(resuming(cast, read), sending(cast), longest=20)

    assert answers == ["resumed", "sent"]
    assert goes_on_unread(cast.cal)


@pytest.mark.parametrize("_turn", range(4))
def test_resuming_and_sending_at_one_moment(cast, read, _turn):
    answers = together(resuming(cast, read), sending(cast))

    assert answers[0] in ("resumed", "FormChanged")
    assert answers[1] == "sent"
    assert not goes_on_unread(cast.cal)


@pytest.mark.parametrize("_turn", range(4))
def test_resuming_and_withdrawing_at_one_moment_ends_it(cast, read, _turn):
    answers = together(resuming(cast, read), withdrawing(cast))

    assert answers[0] in ("resumed", "AlreadyEnded")
    assert answers[1] == "withdrawn"
    assert treatment.state_of(approval_of(cast.cal)) == ApprovalState.WITHDRAWN


def test_a_withdrawal_between_looking_and_writing_still_ends_it(cast, read, monkeypatch):
    """Both have found the approval paused; whoever writes second finds what the first wrote."""
    meeting = Meeting(2, WAIT_IN_VAIN)
    monkeypatch.setattr(approvals, "lock_row", meeting.after(approvals.lock_row))

    answers = together(resuming(cast, read), withdrawing(cast))

    assert answers[0] in ("resumed", "AlreadyEnded")
    assert answers[1] == "withdrawn"
    assert treatment.state_of(approval_of(cast.cal)) == ApprovalState.WITHDRAWN


def test_two_physicians_resume_at_one_moment_and_it_is_resumed_once(cast, read):
    answers = together(resuming(cast, read), resuming(cast, read, "eli"))

    assert sorted(answers) == ["NotPaused", "resumed"]
    kinds = [event.kind for event in approval_of(cast.cal).events]
    assert kinds == ["suspended", "resumed"]
    told = db.select(Message).where(Message.kind == MessageKind.RESUMED)
    assert len(db.session.scalars(told).all()) == 1


def test_without_the_lock_the_database_itself_refuses_the_second_of_two(cast, read, monkeypatch):
    """The control: the service's own look is fooled, and the guard is what holds."""
    meeting = Meeting(2, rush.LONGEST)

    def meet_first(approval, today):
        meeting.wait()
        return ApprovalState.SUSPENDED

    monkeypatch.setattr(treatment, "state_on", meet_first)
    monkeypatch.setattr(approvals, "lock_row", lambda _row: None)
    monkeypatch.setattr(resume, "lock_person", lambda _patient: True)
    if db.engine.dialect.name == "sqlite":
        meeting.patience = WAIT_IN_VAIN  # one writer at a time

    answers = together(resuming(cast, read), resuming(cast, read, "eli"), longest=20)

    assert sorted(answers) == ["IntegrityError", "resumed"]
    assert [event.kind for event in approval_of(cast.cal).events] == ["suspended", "resumed"]
