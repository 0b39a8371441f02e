"""Emergency access: find the patient, say why, read for an hour; and the manager's list of it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.accounts.models import Patient
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.emergency import queries
from clinic.emergency.forms import FindForm, ReasonForm
from clinic.forms import typed
from clinic.permissions import Permission, current_actor, requires
from clinic.screening import care, services
from clinic.screening.models import EmergencyAccess

bp = Blueprint("emergency", __name__)


@bp.get("/emergency")
@requires(Permission.EMERGENCY_OPEN, audit=Event.PATIENT_FOUND)
def find() -> ResponseReturnValue:
    """Whom is it about? Birth date and name, both."""
    return render_template("emergency/find.html", form=FindForm(), found=None)


@bp.post("/emergency")
@requires(Permission.EMERGENCY_OPEN)
def search() -> ResponseReturnValue:
    """Who fits, by name and birth date alone; each is written down as found.

    It changes nothing, so it is answered with a page; it is posted to keep names out of addresses.
    """
    form = FindForm()
    found = None
    if form.validate_on_submit():
        found = queries.found(current_actor(), form.name.data, form.born_on.data)
        if found:
            shown = [(patient.id, audit.name_of(patient) or "") for patient in found]
            audit.record_each(Event.PATIENT_FOUND, shown, actor=current_actor())
        else:
            audit.record(Event.PATIENT_FOUND, actor=current_actor())
    return render_template("emergency/find.html", form=form, found=found), form.status


@bp.get("/emergency/<patient>")
@requires(Permission.EMERGENCY_OPEN, of=queries.patient_to_open, audit=Event.PATIENT_FOUND)
def reason(patient: Patient) -> ResponseReturnValue:
    """What happens, and why it cannot wait. Who is in care already needs no emergency."""
    if care.patient_in_care(current_actor(), patient.public_id) is not None:
        return redirect(url_for("records.patient", patient=patient.public_id), 303)
    return _reason_page(patient, ReasonForm())


def _reason_page(
    patient: Patient, form: ReasonForm, status: int = 200, **more: object
) -> ResponseReturnValue:
    page = render_template("emergency/reason.html", patient=patient, form=form, **more)
    return page, status


@bp.post("/emergency/<patient>")
@requires(
    Permission.EMERGENCY_OPEN, of=queries.patient_to_open, fresh=True, audit=Event.PATIENT_FOUND
)
def open_record(patient: Patient) -> ResponseReturnValue:
    """Open the record for an hour; the reason is kept for the manager and the patient."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _reason_page(patient, form, 422)

    def work() -> str:
        services.open_in_emergency(patient, form.reason.data, actor=current_actor())
        return url_for("records.patient", patient=patient.public_id)

    scope = f"{current_actor().label} emergency.open_record {patient.public_id}"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except services.NotLicensed:
        return _reason_page(patient, form, 409, unlicensed=True)
    return redirect(onward, 303)


@bp.post("/emergency/<access>/close")
@requires(Permission.EMERGENCY_OPEN, of=queries.own_access)
def close(access: EmergencyAccess) -> ResponseReturnValue:
    """Give it back before the hour is over."""
    services.close_emergency(access, actor=current_actor())
    flash(_("The emergency access is closed."))
    return redirect(url_for("records.patients"), 303)


@bp.get("/manage/emergencies")
@requires(Permission.EMERGENCY_READ, audit=Event.EMERGENCIES_VIEWED)
def opened() -> ResponseReturnValue:
    """Who opened whose record in an emergency, when and why; newest first."""
    text = request.args.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    total = queries.count()
    last = max(1, -(-total // queries.PAGE_LENGTH))
    if not 1 <= page <= last:
        abort(404)
    lines = queries.opened(page)
    return render_template("emergency/opened.html", lines=lines, page=page, last=last, total=total)
