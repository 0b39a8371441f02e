"""Leaving the form and coming back to it, on this device or another."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic.accounts import identity, throttle
from clinic.accounts import services as accounts
from clinic.audit.events import Event
from clinic.intake import forms, queries, services
from clinic.intake.models import Intake
from clinic.intake.views import way
from clinic.intake.views.blueprint import bp
from clinic.permissions import current_actor, owner, public

RESUME = "resume"


@bp.route("/<intake>/leave", methods=["GET", "POST"])
@owner(queries.own_form, audit=Event.FORM_VIEWED)
def leave(intake: Intake) -> ResponseReturnValue:
    """Answers are saved already; a link by mail opens them on any device."""
    if intake.submitted_at is not None:
        return render_template("intake/sent.html"), 410
    if way.is_locked(intake) and request.method != "POST":
        return redirect(url_for(".unlock"), 303)
    form = forms.LeaveForm()
    if form.validate_on_submit():
        throttle.check(RESUME, form.email.data.lower())
        throttle.fail(RESUME, form.email.data.lower())
        services.mail_resume_link(intake, form.email.data, actor=current_actor())
        return render_template("intake/left.html", intake=intake, email=intake.resume_email)
    return render_template("intake/leave.html", form=form, intake=intake), form.status


@bp.route("/resume/<token>", methods=["GET", "POST"])
@public
def resume(token: str) -> ResponseReturnValue:
    """A link from a mail opens its draft after the date of birth; a sent form it never opens."""
    form = forms.BirthForm(today=way.today())
    if form.validate_on_submit():
        address = request.remote_addr or "-"
        throttle.check(RESUME, token, address)
        draft = queries.draft_by_resume_token(token)
        if draft is not None and draft.born_on == form.born_on.data:
            visitor = identity.ensure_visitor()
            accounts.see_visitor(visitor)
            services.resume(draft, visitor, actor=current_actor())
            return redirect(way.next_page(draft), 303)
        throttle.fail(RESUME, token)
        throttle.fail(RESUME, address, per_address=True)
        form.born_on.errors = [
            _("No form fits this link and date of birth. Check the date, or start a new form.")
        ]
    return render_template("intake/unlock.html", form=form, by_link=True), form.status


@bp.route("/unlock", methods=["GET", "POST"])
@public
def unlock() -> ResponseReturnValue:
    """After half an hour away the same browser shows its date of birth again."""
    visitor = identity.current_visitor()
    draft = queries.draft_of_visitor(visitor.id) if visitor else None
    if visitor is None or draft is None:
        return redirect(url_for(".start"), 303)
    form = forms.BirthForm(today=way.today())
    if form.validate_on_submit():
        throttle.check(RESUME, draft.public_id)
        if draft.born_on == form.born_on.data:
            accounts.see_visitor(visitor)
            services.resume(draft, visitor, actor=current_actor())
            return redirect(way.next_page(draft), 303)
        throttle.fail(RESUME, draft.public_id)
        form.born_on.errors = [_("That is not the date of birth in this form.")]
    return render_template("intake/unlock.html", form=form), form.status
