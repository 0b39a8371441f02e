"""What the form is, and the date of birth that begins it."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.accounts import identity
from clinic.accounts import services as accounts
from clinic.accounts.rules import ADULT
from clinic.catalogue import queries as catalogue
from clinic.intake import forms, queries, services
from clinic.intake.views import way
from clinic.intake.views.blueprint import bp
from clinic.permissions import current_actor, public


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """What the form is, how long it takes, who will see it."""
    visitor = identity.current_visitor()
    draft = queries.draft_of_visitor(visitor.id) if visitor else None
    return render_template("intake/start.html", draft=draft, service=catalogue.consultation())


@bp.route("/birth", methods=["GET", "POST"])
@public
def birth() -> ResponseReturnValue:
    """Date of birth first: under 18 the way ends here, and nothing is kept."""
    form = forms.BirthForm(today=way.today())
    if not form.validate_on_submit():
        steps_all = queries.steps_of_a_booking()
        page = render_template("intake/birth.html", form=form, draft=None, steps_all=steps_all)
        return page, form.status
    if clock.age_on(form.born_on.data, way.today()) < ADULT:
        return render_template("intake/under_18.html")
    visitor = identity.ensure_visitor()
    draft = queries.draft_of_visitor(visitor.id)
    if draft is None or draft.born_on != form.born_on.data or accounts.is_idle(visitor):
        draft = services.start(visitor, form.born_on.data, actor=current_actor())
    return redirect(way.next_page(draft), 303)
