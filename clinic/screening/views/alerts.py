"""A physician takes on a form that must be read today."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.forms import PressedOnce, typed
from clinic.permissions import Permission, current_actor, requires
from clinic.screening import alerts
from clinic.screening.models import SafetyAlert
from clinic.screening.views.blueprint import bp


@bp.post("/my-day/alerts/<alert>/take")
@requires(Permission.SAFETY_ALERT_TAKE, of=alerts.alert_to_take)
def take_alert(alert: SafetyAlert) -> ResponseReturnValue:
    """Care begins and the record opens: there are the answers and how to reach the patient."""
    form = PressedOnce()
    if not form.validate_on_submit():
        return redirect(url_for(".my_day"), 303)

    def work() -> str:
        alerts.take_on(alert, actor=current_actor())
        return url_for("records.patient", patient=alert.patient.public_id)

    try:
        scope = f"{current_actor().label} screening.take_alert {alert.public_id}"
        return redirect(idempotency.once(scope, form.idempotency_key.data, typed(), work), 303)
    except alerts.AlreadyTaken:
        flash(_("A colleague has taken that form on before you."))
        return redirect(url_for(".my_day"), 303)
