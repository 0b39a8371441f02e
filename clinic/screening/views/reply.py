"""The patient answers a physician's question; it comes back to the queue."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.audit.events import Event
from clinic.forms import typed
from clinic.permissions import Permission, current_actor, requires
from clinic.screening import asking, forms, services
from clinic.screening.models import Question, ScreeningNote
from clinic.screening.views.blueprint import bp

Asked = Question | ScreeningNote


@bp.route("/questions/<question>", methods=["GET", "POST"])
@requires(Permission.OWN_RECORD_WRITE, of=asking.own_question, audit=Event.OWN_RECORD_VIEWED)
def reply(question: Asked) -> ResponseReturnValue:
    """One question, one answer; a second one stays on the page and is not sent."""
    form = forms.ReplyForm()
    if not form.validate_on_submit():
        return _page(question, form, 410 if _is_over(question) else form.status)

    def work() -> str:
        if isinstance(question, Question):
            asking.answer(question, form.text.data, actor=current_actor())
        else:
            services.reply(question, form.text.data, actor=current_actor())
        return url_for("scheduling.my_visits")

    scope = f"{current_actor().label} screening.reply {question.public_id}"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except (services.AlreadyAnswered, asking.NotNeeded):
        return _page(question, form, 410)
    flash(_("Your answer is sent to your physician."))
    return redirect(onward, 303)


def _is_over(question: Asked) -> bool:
    """Whether no answer is waited for: there is one, or the visit that it was for is over."""
    if isinstance(question, Question):
        return not asking.is_open(question)
    return question.reply is not None


def _page(question: Asked, form: forms.ReplyForm, status: int) -> ResponseReturnValue:
    words = question.text if isinstance(question, Question) else question.decided["question"]
    page = render_template(
        "screening/reply.html",
        form=form,
        question=question,
        words=words,
        is_over=_is_over(question),
    )
    return page, status
