"""What leaves a review unsigned: the draft that saves itself, a question before the visit."""

from __future__ import annotations

from datetime import datetime

from flask import flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.audit.events import Event
from clinic.filters import time
from clinic.forms import typed
from clinic.intake import queries as intakes
from clinic.intake.models import Intake
from clinic.journey import ask as asking_now
from clinic.journey.decide import Typed
from clinic.permissions import Permission, current_actor, requires
from clinic.scheduling.models import Appointment
from clinic.screening import asking, care, forms, queries, services
from clinic.screening.models import Decision
from clinic.screening.views.around import wanted
from clinic.screening.views.blueprint import bp
from clinic.screening.views.review import conflict, version_of
from clinic.screening.views.review_page import Examined, examined, form_of, page


@bp.post("/reviews/<consultation>/draft")
@requires(Permission.NOTE_WRITE, of=care.consultation_in_care)
def autosave(consultation: Appointment) -> ResponseReturnValue:
    """Store what is typed, and say when, for the script that asked; a page needs no script.

    A form that the patient has changed meanwhile stops nothing here: nothing typed is lost. It is
    read before anything is signed.
    """
    seen = examined(consultation)
    form = form_of(seen)
    form.validate_on_submit()
    form.read_more()
    if form.idempotency_key.errors:  # no page of ours
        return jsonify(stopped=" ".join(form.idempotency_key.errors)), 409
    try:
        draft = services.save_if_changed(
            consultation,
            seen.patient,
            _read(seen, form),
            version_of(form),
            text=form.text.data or "",
            findings=form.findings,
            decided=form.decided,
            actor=current_actor(),
        )
    except services.SomebodyElseSaved:
        said = _(
            "This note was saved meanwhile, by a colleague or in another window of yours."
            " What you type here is not saved any more. Press “Save draft” to see both."
        )
        return jsonify(stopped=said), 409
    except services.Replaced:
        said = _("This record leads to another one of the same person. Nothing is saved here.")
        return jsonify(stopped=said), 409
    return jsonify(version=draft.version, saved=_saved(seen, form, draft.changed_at))


def _read(seen: Examined, form: forms.ReviewForm) -> Intake | None:
    """The form that the page showed: what is written over its flags goes with it, not with a newer
    one that nobody has read."""
    return intakes.sent_form(seen.patient.id, form.intake_id.data or "") or seen.intake


def _saved(seen: Examined, form: forms.ReviewForm, at: datetime) -> str:
    said = [_("Saved %(time)s", time=time(at, seen.consultation.location.zone))]
    wrong = [message for _id, message in form.problems()]
    if wrong:
        said.append(_("Not saved: %(what)s.", what=", ".join(wrong)))
    if form.intake_id.data != seen.intake_id:
        said.append(_("The patient has sent a changed form. Save the draft to read it."))
    return " ".join(said)


@bp.post("/reviews/<consultation>/questions")
@requires(Permission.NOTE_WRITE, of=care.consultation_in_care, audit=Event.RECORD_VIEWED)
def ask(consultation: Appointment) -> ResponseReturnValue:
    """Send a question before the visit: it signs nothing, and the draft stays."""
    seen = examined(consultation)
    form = form_of(seen)
    sound = form.validate_on_submit()
    form.read_more()
    form.decision.data = Decision.ASK.value
    if form.intake_id.data != seen.intake_id:
        return _again(seen, form, newer=True, status=409)
    if not (form.question.data or "").strip():
        form.question.errors = [*form.question.errors, _("Write your question to the patient")]
    if not sound or form.status == 422:
        return _again(seen, form, status=422)
    return _send(seen, form)


def _again(
    seen: Examined, form: forms.ReviewForm, *, status: int, **more: object
) -> ResponseReturnValue:
    """The page as it was typed, with what stands in the way."""
    return page(seen, form, queries.draft_note(seen.consultation), status=status, **more)


def _send(seen: Examined, form: forms.ReviewForm) -> ResponseReturnValue:
    here = seen.consultation
    written = Typed(version_of(form), form.text.data or "", form.findings, form.decided)

    def work() -> str:
        asking_now.before_the_visit(here, seen.patient, seen.intake, written, actor=current_actor())
        return url_for("screening.review", consultation=here.public_id, show=wanted())

    scope = f"{current_actor().label} screening.ask {here.public_id}"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except asking_now.NoAddress:
        form.question.errors = [
            _("%(name)s has no e-mail address on file: call instead", name=seen.patient.name)
        ]
        return _again(seen, form, status=422)
    except asking.TooLate:
        return _again(seen, form, status=409, in_room=True)
    except services.SomebodyElseSaved:
        return conflict(seen, form)
    flash(_("Your question is sent. The answer comes back to the queue."))
    return redirect(onward, 303)
