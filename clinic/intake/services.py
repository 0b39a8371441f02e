"""Writing intakes: started, saved page by page, resumed, sent."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import force_locale, get_locale

from clinic import clock
from clinic.accounts.models import Patient, Visitor
from clinic.accounts.queries import token_hash
from clinic.accounts.rules import tidy_email
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, lock_row, transaction
from clinic.intake import queries, rules
from clinic.intake.models import Intake
from clinic.intake.questionnaire import CURRENT
from clinic.notices import services as notices
from clinic.notices.models import MessageKind
from clinic.permissions import Actor
from clinic.photos.queries import has_photos
from clinic.sealing import DataKey


class Unfinished(RuntimeError):
    """A form with unanswered questions is not sent; *pages* says where they are."""

    def __init__(self, pages: list[str]) -> None:
        super().__init__(", ".join(pages))
        self.pages = pages


class ChangedElsewhere(RuntimeError):
    """Another window saved the page since this one was opened; both are kept from being lost."""


class Overtaken(RuntimeError):
    """The form before answers another version: what it says cannot fill the rest of this one."""


class AlreadySent(RuntimeError):
    """The form was sent before, perhaps in another window."""


def start(visitor: Visitor, born_on: date, *, actor: Actor) -> Intake:
    """A new draft of somebody not known yet, under a key of its own."""
    with transaction():
        intake = Intake(
            data_key=DataKey.fresh(),
            visitor_id=visitor.id,
            born_on=born_on,
            questionnaire_version=CURRENT.version,
        )
        db.session.add(intake)
        db.session.flush()
        audit.record(Event.INTAKE_STARTED, actor=actor, subject=intake)
    return intake


def start_for(patient: Patient, *, actor: Actor) -> Intake:
    """A draft of a known patient: a copy of the last form they sent, or an empty one."""
    with transaction():
        open_draft = queries.draft_of_patient(patient.id)
        if open_draft is not None:
            return _whole(open_draft, patient)
        last = queries.latest_submitted(patient.id)
        intake = Intake(
            data_key=patient.data_key,
            patient_id=patient.id,
            born_on=patient.born_on,
            questionnaire_version=CURRENT.version,
        )  # what it supersedes shows when it is sent: another form may be sent before it
        if last is not None:
            intake.document = last.document
        db.session.add(intake)
        db.session.flush()
        audit.record(Event.INTAKE_STARTED, actor=actor, patient_id=patient.id, subject=intake)
    return intake


def start_on_tablet(patient: Patient, visitor: Visitor, *, actor: Actor) -> Intake:
    """An empty draft of a patient for the desk's tablet, or their own phone at the check-in.

    It holds nothing that was answered before: the desk knows every date of birth, and would read
    the last form by handing the tablet to itself.
    """
    with transaction():
        intake = Intake(
            data_key=patient.data_key,
            visitor_id=visitor.id,
            patient_id=patient.id,
            born_on=patient.born_on,
            questionnaire_version=CURRENT.version,
        )
        db.session.add(intake)
        db.session.flush()
        audit.record(Event.INTAKE_STARTED, actor=actor, patient_id=patient.id, subject=intake)
    return intake


def ask_only(draft: Intake, topics: Sequence[str] | None) -> None:
    """From now on the draft asks these topics alone; None: everything.

    Answers that were given stay, and what was answered is asked too: nothing is sent unseen.
    """
    with transaction():
        _still_draft(draft)
        document = draft.document
        document.pop(rules.ONLY, None)
        if topics is not None:
            document[rules.ONLY] = sorted({*topics, *rules.answered(document)})
        draft.document = document


def _whole(draft: Intake, patient: Patient) -> Intake:
    """A draft that was begun at the check-in, gone on with where its answers may be shown. The
    device of the check-in, perhaps the desk's, opens it no longer."""
    draft.visitor_id = None
    try:
        complete(draft, patient)
    except Overtaken:
        ask_only(draft, None)
    return draft


def complete(draft: Intake, patient: Patient) -> None:
    """What a draft did not ask again is as in the newest form that was sent, whichever device that
    came from. Raises `Overtaken` where that one answers other questions."""
    with transaction():
        document = draft.document
        if rules.ONLY not in document:
            return
        newest = queries.latest_submitted(patient.id)
        if newest is None or newest.questionnaire_version != draft.questionnaire_version:
            raise Overtaken
        draft.document = rules.completed(document, newest.document)


def drop_empty(visitor: Visitor) -> None:
    """A form that was handed over and not begun would stand before the one begun at home."""
    with transaction():
        draft = queries.draft_for_tablet(visitor.id)
        if draft is not None and rules.holds_nothing(draft.document) and not has_photos(draft.id):
            db.session.delete(draft)


def save(
    intake: Intake,
    page: str,
    changes: dict[str, Any],
    *,
    actor: Actor,
    seen: int | None = None,
) -> None:
    """Put a page's answers into the draft. Raises `AlreadySent` and `ChangedElsewhere`.

    *changes* replaces parts of the document: "answers" and "distress" are merged key by key, the
    others replaced whole. *seen* is how often the page had been saved when it was opened.
    """
    with transaction():
        _still_draft(intake)
        document = intake.document
        if seen is not None and seen != rules.saves_of(document, page):
            raise ChangedElsewhere
        for part, value in changes.items():
            if part in ("answers", "distress"):
                document[part] = {**document.get(part, {}), **value}
            else:
                document[part] = value
        document["saves"] = {**document.get("saves", {}), page: rules.saves_of(document, page) + 1}
        intake.document = document
        intake.changed_at = clock.now()
        audit.record(
            Event.INTAKE_SAVED,
            actor=actor,
            patient_id=intake.patient_id,
            subject=intake,
            page=page,
        )


def mail_resume_link(intake: Intake, email: str, *, actor: Actor) -> None:
    """Send a link that opens this draft on any device, after the date of birth."""
    token = secrets.token_urlsafe(32)
    with transaction():
        _still_draft(intake)
        intake.resume_email = tidy_email(email)
        intake.resume_hash = token_hash(token)
        notices.queue(MessageKind.RESUME, to=intake.resume_email, params={"token": token})
        audit.record(Event.INTAKE_SAVED, actor=actor, subject=intake, page="leave")


def resume(intake: Intake, visitor: Visitor, *, actor: Actor) -> None:
    """Give the draft to the browser that showed its date of birth."""
    with transaction():
        _still_draft(intake)
        if intake.patient_id is None:
            intake.visitor_id = visitor.id
        audit.record(
            Event.INTAKE_RESUMED, actor=actor, patient_id=intake.patient_id, subject=intake
        )


def give(intake: Intake, patient: Patient, *, actor: Actor) -> None:
    """An unsent form turns out to be a known patient's. Raises `AlreadySent`."""
    with transaction():
        _still_draft(intake)
        intake.patient_id = patient.id
        audit.record(Event.INTAKE_RESUMED, actor=actor, patient_id=patient.id, subject=intake)


def submit(intake: Intake, patient: Patient, *, actor: Actor) -> Intake:
    """Send the form: from now on it never changes. Raises `Unfinished` and `AlreadySent`.

    The wording of each question is stored as it was shown.
    """
    with transaction():
        _still_draft(intake)
        lacking = queries.unfinished_pages(intake)
        if lacking:
            raise Unfinished(lacking)
        last = queries.newest_of_record(patient.id)
        intake.document = _with_wording(intake)
        intake.patient_id = patient.id
        intake.supersedes_id = last.id if last else None
        intake.resume_hash = None
        intake.submitted_at = clock.now()
        db.session.flush()
        audit.record(
            Event.INTAKE_SUBMITTED,
            actor=actor,
            patient_id=patient.id,
            subject=intake,
            version=intake.questionnaire_version,
            supersedes=last.public_id if last else None,
        )
    return intake


def _with_wording(intake: Intake) -> dict[str, Any]:
    document = intake.document
    locale = str(get_locale() or "en")
    questions = queries.questionnaire(intake)
    answers, feelings = document.get("answers", {}), document.get("distress", {})
    with force_locale(locale):
        for question in questions.questions:
            if question.topic in answers:
                answers[question.topic]["asked"] = str(question.asked)
        for page in questions.pages:
            for feeling in page.feelings:
                if feeling.key in feelings:
                    feelings[feeling.key]["asked"] = str(feeling.asked)
    document["locale"] = locale
    document.pop("saves", None)
    return document


def _still_draft(intake: Intake) -> None:
    lock_row(intake)
    if intake.submitted_at is not None:
        raise AlreadySent
