"""Which page of the form follows which, and who may see what is on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.accounts import identity
from clinic.accounts import services as accounts
from clinic.catalogue import queries as catalogue
from clinic.intake import queries
from clinic.intake.models import Intake
from clinic.intake.questionnaire import BIRTH
from clinic.permissions import current_actor


def today() -> date:
    return clock.today(catalogue.site().zone)


def next_page(draft: Intake) -> str:
    """The first page that lacks something; a finished form goes on to the time."""
    lacking = queries.unfinished_pages(draft)
    if lacking and lacking[0] != BIRTH:
        return url_for("intake.page", intake=draft.public_id, key=lacking[0])
    return after(draft)


def after(draft: Intake) -> str:
    """Where a finished form leads: to a time, or to sending it when a visit is booked."""
    if draft.patient_id is not None:
        return url_for("intake.send", intake=draft.public_id)
    return url_for("scheduling.consultation_times")


def onward(intake: Intake, key: str) -> str:
    """The next page; back to the check page when the answer was changed from there."""
    if request.args.get("then") == "check" and not queries.unfinished_pages(intake):
        return url_for("scheduling.check") if intake.patient_id is None else after(intake)
    keys = queries.page_keys(queries.questionnaire(intake))
    following = keys[keys.index(key) + 1 :]
    if following:
        return url_for("intake.page", intake=intake.public_id, key=following[0])
    return next_page(intake)


def before(intake: Intake, key: str) -> str | None:
    """What Back leads to; on the desk's tablet, or a phone at the check-in, nothing lies before
    the questions."""
    keys = queries.page_keys(queries.questionnaire(intake))
    earlier = keys[keys.index(key) - 1]
    if earlier != BIRTH:
        return url_for("intake.page", intake=intake.public_id, key=earlier)
    return None if current_actor().keeps_to_one_form else url_for("intake.start")


def frame(intake: Intake, key: str) -> dict[str, object]:
    """Where a page stands among the steps, and what Back leads to."""
    questions = queries.questionnaire(intake)
    return {
        "intake": intake,
        "step": questions.step_of(key),
        # Somebody known sends the form and chooses no time with it.
        "steps_all": len(questions.steps) + (2 if intake.patient_id is None else 0),
        "back": before(intake, key),
    }


def is_locked(intake: Intake) -> bool:
    """After half an hour away the birth date opens a form again; what is typed is still taken."""
    visitor = identity.current_visitor()
    return intake.patient_id is None and visitor is not None and accounts.is_idle(visitor)


def saved(intake: Intake) -> Mapping[str, Any]:
    """The answers that a page may show."""
    return {} if is_locked(intake) else intake.document


def leaves() -> bool:
    return request.method == "POST" and request.form.get("go") == "leave"


def leave(intake: Intake) -> ResponseReturnValue:
    if current_actor().on_phone:
        return redirect(url_for("arriving.here"), 303)
    if current_actor().on_tablet:
        return give_tablet_back()
    return redirect(url_for("intake.leave", intake=intake.public_id), 303)


def give_tablet_back() -> ResponseReturnValue:
    identity.end_tablet()
    return redirect(url_for("tablet.over"), 303)
