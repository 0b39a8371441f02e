"""Has anything changed? Asked in a minute before each later visit."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import filters, idempotency
from clinic.audit.events import Event
from clinic.changes.forms import ConfirmForm
from clinic.forms import typed
from clinic.intake import changes, confirmations
from clinic.intake import queries as intakes
from clinic.intake.models import Intake
from clinic.permissions import Permission, current_actor, requires
from clinic.scheduling.models import Appointment

bp = Blueprint("changes", __name__)


@bp.get("/visits/<visit>/changed")
@requires(
    Permission.OWN_RECORD_WRITE, of=confirmations.own_visit_to_confirm, audit=Event.FORM_VIEWED
)
def ask(visit: Appointment) -> ResponseReturnValue:
    """What was answered, in short, and two ways on; neither is chosen beforehand."""
    return _page(visit, ConfirmForm())


def _page(
    visit: Appointment, form: ConfirmForm, status: int = 200, *, newer: bool = False
) -> ResponseReturnValue:
    if visit.status not in confirmations.ASKED_IN:
        return render_template("changes/over.html", visit=visit), 410
    newest = intakes.latest_submitted(visit.patient_id or 0)
    if newest is None:
        return redirect(url_for("scheduling.my_visits"), 303)
    told = changes.told(newest.document)
    page = render_template(
        "changes/ask.html",
        visit=visit,
        form=form,
        newest=newest,
        answers=[change for change in told if change.kind == changes.ANSWER],
        tells_more=any(change.kind == changes.DISTRESS for change in told),
        confirmed_at=confirmations.standing(visit),
        newer=newer,
    )
    return page, status


@bp.post("/visits/<visit>/changed")
@requires(
    Permission.OWN_RECORD_WRITE, of=confirmations.own_visit_to_confirm, audit=Event.FORM_VIEWED
)
def confirm(visit: Appointment) -> ResponseReturnValue:
    """Nothing has changed: stored with its moment, once, for the form that the page showed."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _page(visit, form, form.status)
    if visit.status not in confirmations.ASKED_IN:
        return _page(visit, form)
    shown = _shown(visit, form)

    def work() -> str:
        confirmations.confirm(visit, shown, actor=current_actor())
        return url_for("scheduling.my_visits")

    scope = f"{current_actor().label} changes.confirm {visit.public_id}"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except confirmations.NewerForm:
        return _page(visit, ConfirmForm(formdata=None), 409, newer=True)
    when = filters.day_time(visit.starts_at, visit.location.zone)
    flash(_("Your answers are confirmed for your visit on %(when)s.", when=when))
    return redirect(onward, 303)


def _shown(visit: Appointment, form: ConfirmForm) -> Intake:
    """The form that the page showed, which is this patient's; another id is nobody's."""
    return intakes.sent_form(visit.patient_id or 0, form.form.data or "") or abort(404)
