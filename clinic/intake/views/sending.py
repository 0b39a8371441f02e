"""Sending a form of somebody known, and beginning to change one that was sent."""

from __future__ import annotations

from contextlib import suppress

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic.accounts import queries as people
from clinic.accounts.models import Patient
from clinic.audit.events import Event
from clinic.forms import PressedOnce
from clinic.intake import queries, services
from clinic.intake.models import Intake
from clinic.intake.views import way
from clinic.intake.views.blueprint import bp
from clinic.journey import arrive, submit
from clinic.permissions import Permission, current_actor, owner, requires
from clinic.scheduling import queries as visits


@bp.route("/<intake>/send", methods=["GET", "POST"])
@owner(queries.own_form, audit=Event.FORM_VIEWED)
def send(intake: Intake) -> ResponseReturnValue:
    """A changed form of a known patient: look it over, send it."""
    patient = intake.patient or abort(404)
    if intake.submitted_at is not None:
        return redirect(url_for("scheduling.my_visits"), 303)
    if queries.unfinished_pages(intake):
        return redirect(way.next_page(intake), 303)
    form = PressedOnce()
    if form.validate_on_submit():
        try:
            with suppress(services.AlreadySent):  # the second press of two at one moment
                submit.intake(intake, patient, actor=current_actor())
        except services.Overtaken:
            services.ask_only(intake, None)
            return redirect(way.next_page(intake), 303)
        if current_actor().on_phone:
            arrive.once_sent(actor=current_actor())
            return redirect(url_for("arriving.here"), 303)
        if current_actor().on_tablet:
            return way.give_tablet_back()
        expected = visits.open_consultation_at(patient.id) or visits.coming_treatments(patient.id)
        if not expected:
            return redirect(url_for("scheduling.consultation_times"), 303)
        flash(_("Your changed form is sent. Your physician reads it before your visit."))
        return redirect(url_for("scheduling.my_visits"), 303)
    page = render_template(
        "intake/send.html", form=form, intake=intake, questions=queries.questionnaire(intake)
    )
    return page, form.status


@bp.post("/change")
@requires(Permission.OWN_RECORD_WRITE, of=people.own_record)
def change() -> ResponseReturnValue:
    """A known patient changes a sent form: a copy becomes the new draft, and all its answers are
    shown, each with a link to change it."""
    patient: Patient = people.own_record(current_actor()) or abort(404)
    draft = services.start_for(patient, actor=current_actor())
    return redirect(way.next_page(draft), 303)
