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
@requires(Permission.OWN_RECORD_WRITE, of=queries.own_question, audit=Event.OWN_RECORD_VIEWED)
def reply(question: ScreeningNote) -> ResponseReturnValue:
    """One question, one answer; a second one stays on the page and is not sent."""
    form = forms.ReplyForm()
    if not form.validate_on_submit():
        return _page(question, form, 410 if question.reply else form.status)

    def work() -> str:
        services.reply(question, form.text.data, actor=current_actor())
        return url_for("scheduling.my_visits")

    scope = f"{current_actor().label} screening.reply {question.public_id}"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except services.AlreadyAnswered:
        return _page(question, form, 410)
    flash(_("Your answer is sent to your physician."))
    return redirect(onward, 303)


def _page(question: ScreeningNote, form: forms.ReplyForm, status: int) -> ResponseReturnValue:
    return render_template("screening/reply.html", form=form, question=question), status
