"""Handing the tablet over, the date of birth that opens its form, and giving it back."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock
from clinic.accounts import identity, throttle
from clinic.accounts import queries as people
from clinic.accounts.models import Patient
from clinic.audit.events import Event
from clinic.catalogue import queries as catalogue
from clinic.intake import confirmations
from clinic.intake import queries as intakes
from clinic.intake.rules import holds_nothing
from clinic.journey import tablet
from clinic.permissions import Permission, current_actor, public, requires
from clinic.tablet import forms

bp = Blueprint("tablet", __name__)

BIRTH = "tablet-birth"


@bp.route("/desk/patients/<patient>/tablet", methods=["GET", "POST"])
@requires(Permission.TABLET_HAND_OVER, of=people.patient_for_desk, audit=Event.DESK_VIEWED)
def hand_over(patient: Patient) -> ResponseReturnValue:
    """The page says what happens; the press signs the desk out and makes this browser a tablet."""
    form = forms.HandOverForm()
    if form.validate_on_submit():
        identity.become_tablet(tablet.hand_over(patient, actor=current_actor()))
        return redirect(url_for(".home"), 303)
    return render_template("tablet/hand_over.html", form=form, patient=patient), form.status


@bp.route("/tablet", methods=["GET", "POST"])
@requires(Permission.TABLET_ANSWER, of=people.tablet_patient, audit=Event.FORM_VIEWED)
def home() -> ResponseReturnValue:
    """A first name and the question for the date of birth; after that, on with the form."""
    patient: Patient = people.tablet_patient(current_actor()) or abort(404)
    if current_actor().patient_id is not None:
        return _begun()
    form = forms.BirthForm()
    if form.validate_on_submit():
        throttle.check(BIRTH, patient.public_id)
        draft = intakes.draft_for_tablet(current_actor().visitor_id)
        visitor = identity.current_visitor()
        if draft is not None and visitor is not None and patient.born_on == form.born_on.data:
            throttle.clear(BIRTH, patient.public_id)
            tablet.open_form(visitor, draft, actor=current_actor())
            identity.renew_visitor(visitor)
            return redirect(url_for(".home"), 303)
        throttle.fail(BIRTH, patient.public_id)
        form.born_on.errors = [
            _("That is not the date of birth we have. Check it, or give the tablet back.")
        ]
    name = patient.name.split()[0]
    page = render_template("tablet/home.html", form=form, name=name, back=forms.HandOverForm())
    return page, form.status


@bp.route("/tablet/changed", methods=["GET", "POST"])
@requires(Permission.TABLET_ANSWER, of=people.tablet_patient, audit=Event.FORM_VIEWED)
def changed() -> ResponseReturnValue:
    """At check-in: has anything changed? It shows no answer, for the desk knows the birth date."""
    actor = current_actor()
    if actor.patient_id is None:
        return redirect(url_for(".home"), 303)
    asking = tablet.visit_that_asks(actor.patient_id, _today())
    if asking is None:
        return _on_with_the_form()
    visit, sent = asking
    form = forms.ChangedForm()
    if form.validate_on_submit():
        if request.form.get("go") != "same":
            tablet.ask(intakes.draft_on_tablet(actor), sent, form.topics)
            return _on_with_the_form()
        try:
            confirmations.confirm(visit, sent, actor=actor)
        except confirmations.NewerForm:  # sent on another device at this moment
            return redirect(url_for(".changed"), 303)
        identity.end_tablet()
        return redirect(url_for(".over"), 303)
    page = render_template(
        "tablet/changed.html",
        form=form,
        visit=visit,
        sent=sent,
        may_ask_less=intakes.may_ask_less(sent),
    )
    return page, form.status


def _today() -> date:
    return clock.today(catalogue.site().zone)


def _begun() -> ResponseReturnValue:
    """After the date of birth: a visit that asks comes first, while the form is not begun."""
    actor, draft = current_actor(), intakes.draft_on_tablet(current_actor())
    is_fresh = draft is not None and holds_nothing(draft.document)
    if is_fresh and actor.patient_id and tablet.visit_that_asks(actor.patient_id, _today()):
        return redirect(url_for(".changed"), 303)
    return _on_with_the_form()


def _on_with_the_form() -> ResponseReturnValue:
    draft = intakes.draft_on_tablet(current_actor())
    if draft is None:
        identity.end_tablet()
        return redirect(url_for(".over"), 303)
    lacking = intakes.unfinished_pages(draft)
    if lacking:
        return redirect(url_for("intake.page", intake=draft.public_id, key=lacking[0]), 303)
    return redirect(url_for("intake.send", intake=draft.public_id), 303)


@bp.post("/tablet/back")
@requires(Permission.TABLET_ANSWER, of=people.tablet_patient)
def give_back() -> ResponseReturnValue:
    """What was answered is kept; the tablet opens nothing any more."""
    if not forms.HandOverForm().validate_on_submit():
        abort(400)
    identity.end_tablet()
    return redirect(url_for(".over"), 303)


@bp.get("/tablet/over")
@public
def over() -> ResponseReturnValue:
    """Thanks, and nothing of anybody."""
    return render_template("tablet/over.html")
