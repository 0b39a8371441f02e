"""A signed note: read, added to, and its approval withdrawn; a finished treatment marked done."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock, idempotency
from clinic.audit.events import Event
from clinic.catalogue.rules import ServiceKind
from clinic.forms import PressedOnce, typed
from clinic.intake.questionnaire import CURRENT
from clinic.journey import decide
from clinic.journey import resume as resuming
from clinic.journey import withdraw as withdrawing
from clinic.permissions import Permission, current_actor, requires
from clinic.records import queries as records
from clinic.scheduling import services as scheduling
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.screening import care, forms, queries, services
from clinic.screening.models import ScreeningNote
from clinic.screening.views.around import queue_of, wanted
from clinic.screening.views.blueprint import bp
from clinic.treatment import paused
from clinic.treatment import queries as treatment
from clinic.treatment.models import Approval
from clinic.treatment.services import AlreadyEnded, NotPaused

# Why an approval cannot be resumed at the moment, by the word under which the page says so.
NOT_RESUMED: Mapping[type[Exception], str] = {
    decide.FormChanged: "newer",
    decide.NotLicensed: "unlicensed",
    resuming.Stopped: "stopped",
    AlreadyEnded: "already_ended",
    NotPaused: "not_paused",
}


@bp.get("/notes/<note>")
@requires(Permission.RECORD_READ, of=care.note_in_care, audit=Event.RECORD_VIEWED)
def note(note: ScreeningNote) -> ResponseReturnValue:
    """What was found and decided, as signed."""
    if not note.is_signed:
        abort(404)
    return _page(note)


def _page(note: ScreeningNote, status: int = 200, **more: object) -> ResponseReturnValue:
    approval = _approval_of(note)
    today = clock.today(note.appointment.location.zone)
    page = render_template(
        "screening/note.html",
        note=note,
        approval=approval,
        state=treatment.state_on(approval, today) if approval else None,
        changed=paused.changed([approval] if approval else [], today),
        view=records.approval_view(approval, current_actor()) if approval else None,
        names=CURRENT.area_names(),
        mitigation_words=forms.MITIGATION_WORDS,
        addendum_form=more.pop("addendum_form", None) or forms.AddendumForm(formdata=None),
        withdraw_form=more.pop("withdraw_form", None) or forms.WithdrawForm(formdata=None),
        resume_form=more.pop("resume_form", None) or forms.ResumeForm(formdata=None),
        following=_following(note),
        show=wanted(),
        cares=care.patient_in_lasting_care(current_actor(), note.patient.public_id),
        may_withdraw=approval is not None
        and approval.practitioner_id == current_actor().practitioner_id,
        **more,
    )
    return page, status


def _following(note: ScreeningNote) -> queries.Waiting | None:
    """Who is next in the queue, for whoever comes from signing: no way back is needed."""
    if "show" not in request.args:
        return None
    following: queries.Waiting | None = queue_of(note.appointment)["following"]
    return following


def _approval_of(note: ScreeningNote) -> Approval | None:
    return next((a for a in treatment.approvals_of(note.patient_id) if a.note_id == note.id), None)


@bp.post("/notes/<note>/addendum")
@requires(Permission.NOTE_WRITE, of=care.note_in_care, audit=Event.RECORD_VIEWED)
def add_addendum(note: ScreeningNote) -> ResponseReturnValue:
    """Later text; the note itself stays as it was signed."""
    form = forms.AddendumForm()
    if not note.is_signed:
        abort(404)
    if not form.validate_on_submit():
        return _page(note, 422, addendum_form=form)

    def work() -> str:
        services.add_addendum(note, form.text.data, actor=current_actor())
        return url_for("screening.note", note=note.public_id)

    scope = f"{current_actor().label} screening.addendum {note.public_id}"
    return redirect(idempotency.once(scope, form.idempotency_key.data, typed(), work), 303)


@bp.post("/notes/<note>/withdraw")
@requires(Permission.NOTE_SIGN, of=care.note_in_care, audit=Event.RECORD_VIEWED)
def withdraw(note: ScreeningNote) -> ResponseReturnValue:
    """The physician who approved ends the approval, with a reason."""
    approval = _approval_of(note)
    if approval is None or approval.practitioner_id != current_actor().practitioner_id:
        abort(404)
    form = forms.WithdrawForm()
    if not form.validate_on_submit():
        return _page(note, 422, withdraw_form=form)

    def work() -> str:
        withdrawing.approval(approval, note.patient, form.reason.data, actor=current_actor())
        return url_for("screening.note", note=note.public_id)

    try:
        scope = f"{current_actor().label} screening.withdraw {note.public_id}"
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except AlreadyEnded:
        return _page(note, 409, already_ended=True)
    flash(_("The approval is withdrawn. Coming visits need renewal."))
    return redirect(onward, 303)


@bp.post("/notes/<note>/resume")
@requires(Permission.NOTE_SIGN, of=care.note_in_lasting_care, fresh=True, audit=Event.RECORD_VIEWED)
def resume(note: ScreeningNote) -> ResponseReturnValue:
    """A physician in care has read the answers that paused the approval, and lets it go on."""
    approval = _approval_of(note) or abort(404)
    form = forms.ResumeForm()
    if not form.validate_on_submit():
        return _page(note, 422, resume_form=form)

    def work() -> str:
        resuming.approval(
            approval,
            note.patient,
            form.intake_id.data or "",
            form.because.data,
            actor=current_actor(),
        )
        return url_for("screening.note", note=note.public_id)

    try:
        scope = f"{current_actor().label} screening.resume {note.public_id}"
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except tuple(NOT_RESUMED) as refused:
        return _page(note, 409, resume_form=form, **{NOT_RESUMED[type(refused)]: True})
    except decide.OwnPatient:
        abort(404)
    flash(_("The approval is in force again. Visits booked on it go on."))
    return redirect(onward, 303)


@bp.post("/my-day/<visit>/done")
@requires(Permission.VISIT_FINISH, of=care.visit_in_care)
def finish(visit: Appointment) -> ResponseReturnValue:
    """A treatment or follow-up is over. A consultation ends with a signed note instead."""
    form = PressedOnce()
    if visit.service.kind == ServiceKind.CONSULTATION or not form.validate_on_submit():
        abort(409)

    def work() -> str:
        scheduling.change_status(
            visit, AppointmentStatus.IN_ROOM, AppointmentStatus.FULFILLED, actor=current_actor()
        )
        return url_for("screening.my_day", day=visit.starts_on.isoformat())

    try:
        scope = f"{current_actor().label} screening.finish {visit.public_id}"
        return redirect(idempotency.once(scope, form.idempotency_key.data, typed(), work), 303)
    except scheduling.Changed:
        flash(_("That visit is not in the room any more. Here is the day as it is now."))
        return redirect(url_for(".my_day", day=visit.starts_on.isoformat()), 303)
