"""The review: the page of one consultation, its draft, and the signature."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock, idempotency
from clinic.audit.events import Event
from clinic.catalogue import sites
from clinic.forms import typed
from clinic.intake import queries as intakes
from clinic.journey import decide
from clinic.journey.may_sign import CannotSign
from clinic.permissions import Permission, current_actor, requires
from clinic.scheduling.models import Appointment
from clinic.scheduling.services import Changed
from clinic.screening import care, forms, queries, services
from clinic.screening.models import Decision, ScreeningNote
from clinic.screening.views import review_page
from clinic.screening.views.around import wanted
from clinic.screening.views.blueprint import bp
from clinic.screening.views.review_page import Examined, page

# Why nothing can be signed at the moment, by the word under which the page says so.
STOPPED: Mapping[type[Exception], str] = {
    Changed: "over",
    decide.NotYet: "early",
    decide.NotLicensed: "unlicensed",
    decide.FormChanged: "newer",
    services.Replaced: "replaced",
}


@bp.get("/reviews/<consultation>")
@requires(Permission.NOTE_WRITE, of=care.consultation_in_care, audit=Event.RECORD_VIEWED)
def review(consultation: Appointment) -> ResponseReturnValue:
    """The page with its draft; a consultation already decided shows its signed notes first."""
    seen = review_page.examined(consultation)
    draft = queries.draft_note(consultation)
    form = review_page.form_of(seen)
    if draft is not None:
        form.text.data = draft.text
        form.fill(draft.findings, draft.decided)
        form.version.data = str(draft.version)
        review_page.forget_what_other_answers_raised(form, seen, draft.intake)
    else:
        _propose(form, seen)
    return page(seen, form, draft)


def _propose(form: forms.ReviewForm, seen: Examined) -> None:
    """A fresh page: the default validity is filled in, every clinical field is empty."""
    form.version.data = str(queries.note_version(seen.consultation))
    months = sites.profile().default_validity_months
    form.valid_until.data = clock.months_later(seen.today, months)


def is_signing() -> bool:
    """Whether the button of a decision was pressed, not the one that saves the draft."""
    return request.form.get("do") in list(Decision)


@bp.post("/reviews/<consultation>")
@requires(
    Permission.NOTE_WRITE, of=care.consultation_in_care, fresh=is_signing, audit=Event.RECORD_VIEWED
)
def save(consultation: Appointment) -> ResponseReturnValue:
    """Save the draft, or sign when the button of a decision was pressed."""
    seen = review_page.examined(consultation)
    form = review_page.form_of(seen)
    sound = form.validate_on_submit()
    form.read_more()
    if form.intake_id.data != seen.intake_id:
        read = intakes.sent_form(seen.patient.id, form.intake_id.data or "")
        review_page.forget_what_other_answers_raised(form, seen, read)
        return page(seen, form, queries.draft_note(consultation), status=409, newer=True)
    pressed = request.form.get("do", "save")
    if is_signing():
        if not current_actor().may(Permission.NOTE_SIGN):
            abort(403)
        form.decision.data = pressed
        complete = forms.demand(form, Decision(pressed))
        if sound and complete and not form.grade_errors:
            return _sign(seen, form, Decision(pressed))
        return page(seen, form, queries.draft_note(consultation), status=422)
    try:
        draft = _save(seen, form)
    except services.SomebodyElseSaved:
        return conflict(seen, form)
    except services.Replaced:
        return page(seen, form, queries.draft_note(consultation), status=409, replaced=True)
    if form.status == 422 or request.headers.get("HX-Request"):
        form.version.raw_data = None
        form.version.data = str(draft.version)
        return page(seen, form, draft, status=form.status)
    flash(_("Draft saved."))
    return redirect(url_for(".review", consultation=consultation.public_id, show=wanted()), 303)


def version_of(form: forms.ReviewForm) -> int:
    text = form.version.data or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def _save(seen: Examined, form: forms.ReviewForm) -> ScreeningNote:
    return services.save_draft(
        seen.consultation,
        seen.patient,
        seen.intake,
        version_of(form),
        text=form.text.data or "",
        findings=form.findings,
        decided=form.decided,
        actor=current_actor(),
    )


@bp.post("/reviews/<consultation>/rating")
@requires(Permission.NOTE_WRITE, of=care.consultation_in_care)
def rating(consultation: Appointment) -> ResponseReturnValue:
    """The droop rating of what is typed right now; it is stored nowhere."""
    seen = review_page.examined(consultation)
    form = review_page.form_of(seen)
    form.validate_on_submit()
    form.read_more()
    were = request.form.get("flags_shown", "")
    parts = review_page.live_parts(seen, form)
    return render_template("screening/_live.html", flags_were=were, **parts)


def _sign(seen: Examined, form: forms.ReviewForm, decision: Decision) -> ResponseReturnValue:
    consultation = seen.consultation
    written = decide.Typed(version_of(form), form.text.data or "", form.findings, form.decided)

    def work() -> str:
        note = decide.sign(
            consultation, seen.patient, seen.intake, written, decision, actor=current_actor()
        )
        return url_for("screening.note", note=note.public_id, show=wanted() or queries.ALL)

    try:
        scope = f"{current_actor().label} screening.sign {consultation.public_id}"
        return redirect(idempotency.once(scope, form.idempotency_key.data, typed(), work), 303)
    except CannotSign as cannot:
        draft = queries.draft_note(consultation)
        return page(seen, form, draft, status=422, objections=cannot.objections)
    except services.SomebodyElseSaved:
        return conflict(seen, form)
    except tuple(STOPPED) as stopped:
        draft, word = queries.draft_note(consultation), STOPPED[type(stopped)]
        now = review_page.examined(consultation)  # a form that was sent meanwhile is read
        return page(now, form, draft, status=409, **{word: True})
    except decide.OwnPatient:
        abort(404)


def conflict(seen: Examined, form: forms.ReviewForm) -> ResponseReturnValue:
    """Somebody saved or signed meanwhile: what was typed stays, beside a link to the newer one."""
    here = seen.consultation
    signed = [n for n in queries.signed_notes(here.patient_id or 0) if n.appointment_id == here.id]
    newest = signed[0] if signed else None
    draft = queries.draft_note(here)
    return page(seen, form, draft, status=409, conflict=True, newest=newest)
