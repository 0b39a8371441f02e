"""The review: flags, words, areas, examination, note and decision on one page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock, idempotency
from clinic.accounts.models import Patient
from clinic.audit.events import Event
from clinic.forms import typed
from clinic.intake import confirmations
from clinic.intake import queries as intakes
from clinic.intake import rules as intake_rules
from clinic.intake.models import Intake
from clinic.intake.questionnaire import CURRENT
from clinic.journey import assess, decide
from clinic.permissions import Permission, current_actor, requires
from clinic.photos import queries as photos
from clinic.photos import words as photo_words
from clinic.photos.rules import Purpose
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.scheduling.services import Changed
from clinic.screening import care, forms, queries, services
from clinic.screening.models import Decision, ScreeningNote
from clinic.screening.rules import Rating, Side
from clinic.screening.services import flag_key
from clinic.screening.views.blueprint import bp
from clinic.treatment import paused
from clinic.treatment import queries as treatment
from clinic.treatment.rules import STRICTEST

OVER = (AppointmentStatus.CANCELLED, AppointmentStatus.NOSHOW)

# Why nothing can be signed at the moment, by the word under which the page says so.
STOPPED: Mapping[type[Exception], str] = {
    Changed: "over",
    decide.NotYet: "early",
    decide.NotLicensed: "unlicensed",
    decide.FormChanged: "newer",
}


@bp.get("/reviews/<consultation>")
@requires(Permission.NOTE_WRITE, of=care.consultation_in_care, audit=Event.RECORD_VIEWED)
def review(consultation: Appointment) -> ResponseReturnValue:
    """The page with its draft; a consultation already decided shows its signed notes first."""
    draft = queries.draft_note(consultation)
    form = _form(consultation)
    if draft is not None:
        form.text.data = draft.text
        form.fill(draft.findings, draft.decided)
        form.version.data = str(draft.version)
    else:
        _propose(form, consultation)
    return _page(consultation, form, draft)


def _propose(form: forms.ReviewForm, consultation: Appointment) -> None:
    """A fresh page: the default validity is filled in, every clinical field is empty."""
    form.version.data = str(queries.note_version(consultation))
    months = STRICTEST.default_validity_months
    form.valid_until.data = clock.months_later(_today(consultation), months)


def _today(consultation: Appointment) -> date:
    """The date where the patient sits."""
    return clock.today(consultation.location.zone)


def _form(consultation: Appointment) -> forms.ReviewForm:
    intake = _intake(consultation)
    names = CURRENT.area_names()
    wanted = [c.area for c in intake_rules.concerns(intake.document)] if intake else []
    lines = {area for area, choice in CURRENT.area_choices().items() if choice.is_line}
    first = [(area.value, names[area]) for area in dict.fromkeys(wanted)]
    rest = [(area.value, name) for area, name in names.items() if area not in wanted]
    graded = [(area.value, names[area]) for area in dict.fromkeys(wanted) if area in lines]
    return forms.ReviewForm(areas=first + rest, graded=graded, today=_today(consultation))


def _intake(consultation: Appointment) -> Intake | None:
    return intakes.latest_submitted(consultation.patient_id or 0)


def _intake_id(consultation: Appointment) -> str:
    intake = _intake(consultation)
    return intake.public_id if intake is not None else ""


def _patient(consultation: Appointment) -> Patient:
    return consultation.patient or abort(404)


def is_signing() -> bool:
    """Whether the button of a decision was pressed, not the one that saves the draft."""
    return request.form.get("do") in list(Decision)


@bp.post("/reviews/<consultation>")
@requires(
    Permission.NOTE_WRITE, of=care.consultation_in_care, fresh=is_signing, audit=Event.RECORD_VIEWED
)
def save(consultation: Appointment) -> ResponseReturnValue:
    """Save the draft, or sign when the button of a decision was pressed."""
    form = _form(consultation)
    sound = form.validate_on_submit()
    form.read_more()
    if form.intake_id.data != _intake_id(consultation):
        return _page(consultation, form, queries.draft_note(consultation), status=409, newer=True)
    pressed = request.form.get("do", "save")
    if is_signing():
        if not current_actor().may(Permission.NOTE_SIGN):
            abort(403)
        form.decision.data = pressed
        complete = forms.demand(form, Decision(pressed))
        if sound and complete and not form.grade_errors:
            return _sign(consultation, form, Decision(pressed))
        return _page(consultation, form, queries.draft_note(consultation), status=422)
    try:
        draft = _save(consultation, form)
    except services.SomebodyElseSaved:
        return _conflict(consultation, form)
    if form.status == 422 or request.headers.get("HX-Request"):
        form.version.raw_data = None
        form.version.data = str(draft.version)
        return _page(consultation, form, draft, status=form.status)
    flash(_("Draft saved."))
    return redirect(url_for(".review", consultation=consultation.public_id), 303)


def _version(form: forms.ReviewForm) -> int:
    text = form.version.data or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def _save(consultation: Appointment, form: forms.ReviewForm) -> ScreeningNote:
    return services.save_draft(
        consultation,
        _patient(consultation),
        _intake(consultation),
        _version(form),
        text=form.text.data or "",
        findings=form.findings,
        decided=form.decided,
        actor=current_actor(),
    )


@bp.post("/reviews/<consultation>/rating")
@requires(Permission.NOTE_WRITE, of=care.consultation_in_care)
def rating(consultation: Appointment) -> ResponseReturnValue:
    """The droop rating of what is typed right now; it is stored nowhere."""
    form = _form(consultation)
    form.validate_on_submit()
    form.read_more()
    found = _evaluate(consultation, form)
    page = render_template("screening/_rating.html", droop=found.droop)
    words = render_template(
        "screening/_approve_words.html", form=form, approving=_approving(form), swap=True
    )
    return make_response(page + words)


def _approving(form: forms.ReviewForm) -> list[dict[str, Any]]:
    """What the button would approve, part by part; empty until areas are ticked."""
    decided = form.decided
    return [
        {"modality": m, "areas": sorted(areas), "ceiling": decided.get(f"{m}_ceiling")}
        for m, areas in decide.scope_of(decided).items()
        if areas
    ]


def _evaluate(consultation: Appointment, form: forms.ReviewForm) -> Any:
    return assess.evaluate(
        _patient(consultation),
        _intake(consultation),
        _today(consultation),
        form.findings,
        decide.toxin_areas(form.decided),
    )


def _sign(
    consultation: Appointment, form: forms.ReviewForm, decision: Decision
) -> ResponseReturnValue:
    patient = _patient(consultation)
    page = decide.Typed(_version(form), form.text.data or "", form.findings, form.decided)

    def work() -> str:
        note = decide.sign(
            consultation, patient, _intake(consultation), page, decision, actor=current_actor()
        )
        return url_for("screening.note", note=note.public_id)

    try:
        scope = f"{current_actor().label} screening.sign {consultation.public_id}"
        return redirect(idempotency.once(scope, form.idempotency_key.data, typed(), work), 303)
    except decide.CannotSign as cannot:
        return _page(
            consultation,
            form,
            queries.draft_note(consultation),
            status=422,
            objections=cannot.objections,
        )
    except services.SomebodyElseSaved:
        return _conflict(consultation, form)
    except tuple(STOPPED) as stopped:
        draft, word = queries.draft_note(consultation), STOPPED[type(stopped)]
        return _page(consultation, form, draft, status=409, **{word: True})
    except decide.OwnPatient:
        abort(404)


def _conflict(consultation: Appointment, form: forms.ReviewForm) -> ResponseReturnValue:
    """Somebody saved or signed meanwhile: what was typed stays, beside a link to the newer one."""
    newer = queries.draft_note(consultation)
    signed = [
        n
        for n in queries.signed_notes(consultation.patient_id or 0)
        if n.appointment_id == consultation.id
    ]
    return _page(
        consultation, form, newer, status=409, conflict=True, newest=signed[0] if signed else None
    )


def _page(
    consultation: Appointment,
    form: forms.ReviewForm,
    draft: ScreeningNote | None,
    *,
    status: int = 200,
    **more: object,
) -> ResponseReturnValue:
    patient, intake = _patient(consultation), _intake(consultation)
    questions = intakes.questionnaire(intake) if intake else CURRENT
    found = _evaluate(consultation, form)
    line = queries.review_queue(current_actor())
    order = [waiting.appointment_id for waiting in line]
    place = order.index(consultation.public_id) + 1 if consultation.public_id in order else 0
    following = next((w for w in line[place:] if w.in_care), None) if place else None
    body = render_template(
        "screening/review.html",
        consultation=consultation,
        patient=patient,
        age=clock.age_on(patient.born_on, _today(consultation)),
        intake=intake,
        document=intake.document if intake else {},
        questions=questions,
        names=questions.area_names(),
        photos=photos.sets_for(patient.id, Purpose.ASSESSMENT),
        view_names=photo_words.FOR_STAFF,
        found=found,
        flag_key=flag_key,
        form=form,
        approving=_approving(form),
        swap=False,
        draft=draft,
        zone_marks=zone_marks,
        wanted_count=wanted_count,
        place=place,
        waiting=len(line),
        following=following,
        over=more.pop("over", consultation.status in OVER),
        objections=more.pop("objections", []),
        Rating=Rating,
        Decision=Decision,
        **_history(consultation, patient),
        **more,
    )
    return make_response(body, status)


def _history(consultation: Appointment, patient: Patient) -> dict[str, Any]:
    """What came before on this consultation, and before this consultation."""
    notes = queries.signed_notes(patient.id)
    approvals = treatment.approvals_of(patient.id)
    return {
        "who": visits.who_and_where([consultation])[consultation.id],
        "signed": [note for note in notes if note.appointment_id == consultation.id],
        "approvals": [(a, treatment.state_of(a)) for a in approvals],
        "changed": paused.changed(approvals),
        "confirmed_at": confirmations.confirmed([consultation]).get(consultation.id),
        "earlier": [v for v in visits.own_visits(patient.id) if v.id != consultation.id],
    }


ONE_SIDE = {Side.LEFT: ["only-l"], Side.RIGHT: ["only-r"]}


def zone_marks(document: Mapping[str, Any]) -> dict[str, str]:
    """Class of each named area on the face: m is hatched, r solid, only-l and only-r one side."""
    marks = {}
    for row in document.get("concerns", []):
        still = row.get("at_rest") or row.get("volume") or row.get("bulk")
        seen = [letter for letter, is_so in (("m", row.get("in_motion")), ("r", still)) if is_so]
        marks[row["area"]] = " ".join([*seen, *ONE_SIDE.get(row.get("side"), ())])
    return marks


def wanted_count(document: Mapping[str, Any]) -> int:
    """How many areas the patient named: they come first, the rest behind "More areas"."""
    return len({row["area"] for row in document.get("concerns", [])})
