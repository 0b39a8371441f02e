"""The patient answers a physician's question; it comes back to the queue."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.audit.events import Event
from clinic.forms import typed
from clinic.permissions import Permission, current_actor, requires
from clinic.screening import forms, queries, services
from clinic.screening.models import ScreeningNote
from clinic.screening.views.blueprint import bp


@bp.route("/questions/<question>", methods=["GET", "POST"])
@requires(Permission.OWN_RECORD_WRITE, of=queries.open_question, audit=Event.OWN_RECORD_VIEWED)
def reply(question: ScreeningNote) -> ResponseReturnValue:
    """One question, one answer."""
    form = forms.ReplyForm()
    if not form.validate_on_submit():
        page = render_template("screening/reply.html", form=form, question=question)
        return page, form.status

    def work() -> str:
        services.reply(question, form.text.data, actor=current_actor())
        return url_for("scheduling.my_visits")

    scope = f"{current_actor().label} screening.reply {question.public_id}"
    onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    flash(_("Your answer is sent to your physician."))
    return redirect(onward, 303)
