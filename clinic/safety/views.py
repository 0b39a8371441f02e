"""The page of support: whom to call now, who of us knows, and the way on with the form."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import identity
from clinic.accounts import services as accounts
from clinic.audit.events import Event
from clinic.intake import queries
from clinic.intake.changes import says_unsafe
from clinic.intake.models import Intake
from clinic.permissions import owner
from clinic.screening import alerts

bp = Blueprint("safety", __name__)


@bp.get("/support/<intake>")
@owner(queries.own_form, audit=Event.FORM_VIEWED)
def support(intake: Intake) -> ResponseReturnValue:
    """Help at once; a form that says nothing of the kind, or is locked, has no such page."""
    visitor = identity.current_visitor()
    if intake.patient_id is None and visitor is not None and accounts.is_idle(visitor):
        return redirect(url_for("intake.unlock"), 303)
    if not says_unsafe(intake.document):
        return redirect(_onward(intake), 303)
    return render_template(
        "safety/support.html", onward=_onward(intake), is_told=alerts.of_form(intake) is not None
    )


def _onward(intake: Intake) -> str:
    """Where the form goes on; a sent one is among the visits."""
    if intake.submitted_at is not None:
        return url_for("scheduling.my_visits")
    lacking = queries.unfinished_pages(intake)
    if lacking:
        return url_for("intake.page", intake=intake.public_id, key=lacking[0])
    if intake.patient_id is not None:
        return url_for("intake.send", intake=intake.public_id)
    return url_for("scheduling.consultation_times")
