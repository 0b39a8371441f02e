"""Forms, reviews, notes and emergencies, ready to be changed; each with the event it must leave."""

from __future__ import annotations

from typing import Any

from clinic.audit.events import Event
from clinic.database import db
from clinic.intake import confirmations
from clinic.intake import services as intakes
from clinic.journey import (
    decide,
    submit,
    withdraw,
)
from clinic.journey import resume as going_on
from clinic.scheduling.models import Appointment
from clinic.screening import alerts, asking
from clinic.screening import services as screening
from clinic.screening.models import Decision
from clinic.treatment import queries as treatment
from tests import factories
from tests.audit.calls import BORN, Acts, Call, ana, consultation
from tests.factories import TESTER, Cast


def start(cast: Cast) -> Call:
    visitor = factories.make_visitor()
    return lambda: intakes.start(visitor, BORN, actor=TESTER)


def start_for(cast: Cast) -> Call:
    return lambda: intakes.start_for(cast.cal, actor=TESTER)


def save(cast: Cast) -> Call:
    draft = intakes.start_for(cast.cal, actor=TESTER)
    return lambda: intakes.save(draft, "words", {"words": {"change": "x"}}, actor=TESTER)


def mail_resume_link(cast: Cast) -> Call:
    draft = intakes.start(factories.make_visitor(), BORN, actor=TESTER)
    return lambda: intakes.mail_resume_link(draft, "a@example.org", actor=TESTER)


def resume(cast: Cast) -> Call:
    draft = intakes.start(factories.make_visitor(), BORN, actor=TESTER)
    visitor = factories.make_visitor()
    return lambda: intakes.resume(draft, visitor, actor=TESTER)


def submit_intake(cast: Cast) -> Call:
    draft = intakes.start_for(cast.cal, actor=TESTER)
    intakes.save(draft, "all", factories.ANSWERS, actor=TESTER)
    return lambda: submit.intake(draft, cast.cal, actor=TESTER)


def take_review(cast: Cast) -> Call:
    return lambda: screening.take_review(cast.cal, actor=ana(cast))


def save_draft(cast: Cast) -> Call:
    visit = consultation(cast)
    typed: dict[str, Any] = {"text": "x", "findings": {}, "decided": {}}
    return lambda: screening.save_draft(visit, cast.cal, None, 0, **typed, actor=ana(cast))


def sign(cast: Cast) -> Call:
    factories.make_intake(cast.cal)
    visit = consultation(cast)
    return lambda: factories.sign(visit, cast.ana_user, cast.ana)


def supersede(cast: Cast) -> Call:
    note = factories.make_approval(cast)
    visit = db.session.get_one(Appointment, note.appointment_id)
    return lambda: factories.sign(visit, cast.ana_user, cast.ana, version=note.version)


def withdraw_approval(cast: Cast) -> Call:
    factories.make_approval(cast)
    approval = treatment.approvals_of(cast.cal.id)[0]
    return lambda: withdraw.approval(approval, cast.cal, "x", actor=ana(cast))


def resume_approval(cast: Cast) -> Call:
    factories.make_approval(cast)
    form = factories.make_intake(cast.cal, answers={"blood-thinners": {"value": "yes"}})
    approval = treatment.approvals_of(cast.cal.id)[0]
    return lambda: going_on.approval(approval, cast.cal, form.public_id, "x", actor=ana(cast))


def add_addendum(cast: Cast) -> Call:
    note = factories.make_approval(cast)
    return lambda: screening.add_addendum(note, "x", actor=ana(cast))


def reply(cast: Cast) -> Call:
    typed = decide.Typed(0, "Asked.", {}, {"question": "x"})
    visit = consultation(cast)
    asked = decide.sign(visit, cast.cal, None, typed, Decision.ASK, actor=ana(cast))
    return lambda: screening.reply(asked, "x", actor=TESTER)


def ask_before_the_visit(cast: Cast) -> Call:
    visit = consultation(cast)
    return lambda: asking.store(visit, "x", actor=ana(cast))


def answer_before_the_visit(cast: Cast) -> Call:
    question = asking.store(consultation(cast), "x", actor=ana(cast))
    return lambda: asking.answer(question, "x", actor=TESTER)


def open_in_emergency(cast: Cast) -> Call:
    eli = factories.staff_actor(cast.eli_user, cast.eli)
    return lambda: screening.open_in_emergency(cast.cal, "It can't wait.", actor=eli)


def close_emergency(cast: Cast) -> Call:
    eli = factories.staff_actor(cast.eli_user, cast.eli)
    access = screening.open_in_emergency(cast.cal, "It can't wait.", actor=eli)
    return lambda: screening.close_emergency(access, actor=eli)


def confirm_answers(cast: Cast) -> Call:
    form = factories.make_intake(cast.cal)
    visit = consultation(cast)
    return lambda: confirmations.confirm(visit, form, actor=TESTER)


def pause_approval(cast: Cast) -> Call:
    factories.make_approval(cast)
    return lambda: factories.make_intake(cast.cal, answers={"pregnancy": {"value": "yes"}})


def raise_alert(cast: Cast) -> Call:
    form = factories.make_intake(cast.cal)
    return lambda: alerts.raise_for(form, actor=TESTER)


def take_alert(cast: Cast) -> Call:
    form = factories.make_intake(cast.cal)
    alerts.raise_for(form, actor=TESTER)
    alert = alerts.of_form(form)
    assert alert is not None
    return lambda: alerts.take_on(alert, actor=ana(cast))


OF_CARE: Acts = (
    (start, Event.INTAKE_STARTED),
    (start_for, Event.INTAKE_STARTED),
    (save, Event.INTAKE_SAVED),
    (mail_resume_link, Event.INTAKE_SAVED),
    (resume, Event.INTAKE_RESUMED),
    (submit_intake, Event.INTAKE_SUBMITTED),
    (take_review, Event.REVIEW_TAKEN),
    (save_draft, Event.NOTE_SAVED),
    (sign, Event.NOTE_SIGNED),
    (sign, Event.APPROVAL_GIVEN),
    (supersede, Event.APPROVAL_SUPERSEDED),
    (withdraw_approval, Event.APPROVAL_WITHDRAWN),
    (pause_approval, Event.APPROVAL_SUSPENDED),
    (resume_approval, Event.APPROVAL_RESUMED),
    (confirm_answers, Event.INTAKE_CONFIRMED),
    (raise_alert, Event.FORM_URGENT),
    (take_alert, Event.FORM_URGENT_TAKEN),
    (add_addendum, Event.NOTE_ADDENDUM),
    (reply, Event.REPLY_GIVEN),
    (ask_before_the_visit, Event.QUESTION_SENT),
    (answer_before_the_visit, Event.REPLY_GIVEN),
    (open_in_emergency, Event.EMERGENCY_OPENED),
    (close_emergency, Event.EMERGENCY_CLOSED),
)
