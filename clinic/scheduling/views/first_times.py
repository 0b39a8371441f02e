"""Booking at the phone: the first times, booked with one press; and for somebody who walks in, now.

What to say to the patient is on the page after.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.accounts.models import Patient
from clinic.audit.events import Event
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Service
from clinic.catalogue.own_sites import service_for
from clinic.forms import typed
from clinic.intake import queries as intakes
from clinic.journey import at_the_desk, book
from clinic.journey import cancel as cancelling
from clinic.permissions import Permission, current_actor, requires
from clinic.scheduling import first_times as times_found
from clinic.scheduling import forms, queries, services
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import PartOfDay
from clinic.scheduling.views import staff, times
from clinic.scheduling.views.blueprint import bp
from clinic.treatment.rules import Reason, desk_words

Booking = Callable[[Service, times.Chosen], Appointment]


@bp.route("/patients/<patient>/book/<service>/first", methods=["GET", "POST"])
@requires(Permission.VISIT_BOOK, of=staff.patient_to_book, audit=Event.DESK_VIEWED)
def first_times(patient: Patient, service: str) -> ResponseReturnValue:
    """The earliest times of all physicians and sites; a press books one."""

    def booking(wanted: Service, chosen: times.Chosen) -> Appointment:
        return at_the_desk.at_once(wanted, *chosen, patient, actor=current_actor())

    return _answer(patient, service, booking, "first")


@bp.post("/patients/<patient>/book/<service>/now")
@requires(Permission.VISIT_CHECK_IN, of=staff.patient_to_book, audit=Event.DESK_VIEWED)
def walk_in(patient: Patient, service: str) -> ResponseReturnValue:
    """Somebody is here without a booking: booked for now and marked arrived."""

    def booking(wanted: Service, chosen: times.Chosen) -> Appointment:
        actor, why = current_actor(), _("Walk-in")
        return at_the_desk.walk_in(wanted, *chosen, patient, why=why, actor=actor)

    return _answer(patient, service, booking, "now")


def _answer(patient: Patient, service: str, booking: Booking, what: str) -> ResponseReturnValue:
    wanted = service_for(current_actor(), service) or abort(404)
    form = forms.BookSlotForm()
    scope = f"{current_actor().label} {what} {patient.public_id} {wanted.public_id}"
    before = form.first_outcome(scope)
    if before is not None:
        return redirect(before, 303)
    if not wanted.active:
        return times.retired(staff.booking_way(patient, wanted))
    if not form.validate_on_submit():
        return _page(patient, wanted, form, form.status)
    chosen = forms.slot_of(form.slot.data)
    assert chosen is not None  # the form checked it

    def work() -> str:
        return url_for(".what_to_say", visit=booking(wanted, chosen).public_id)

    try:
        return redirect(idempotency.once(scope, form.idempotency_key.data, typed(), work), 303)
    except book.GateClosed as refused:
        book.note_refusal(wanted, patient, refused.reasons, actor=current_actor())
        return _page(patient, wanted, _anew(), 409, refused=refused.reasons)
    except services.SlotTaken:
        return _page(patient, wanted, _anew(), 409, is_gone=True)


def _anew() -> forms.BookSlotForm:
    return forms.BookSlotForm(formdata=None)


def _page(
    patient: Patient,
    service: Service,
    form: forms.BookSlotForm,
    status: int,
    *,
    refused: list[Reason] | None = None,
    is_gone: bool = False,
) -> ResponseReturnValue:
    catalogue.page_is_about(service.location)
    asked = request.args.get("part", "")
    part = PartOfDay(asked) if asked in list(PartOfDay) else None
    found = times_found.of(service, patient, part, actor=current_actor())
    page = render_template(
        "scheduling/first_times.html",
        patient=patient,
        service=service,
        found=found,
        part=part or "",
        form=form,
        refused=refused or found.refused,
        is_gone=is_gone,
        slot_value=forms.slot_value,
        desk_words=desk_words,
    )
    return page, status


@bp.get("/moves/<visit>/say")
@requires(Permission.VISIT_CHANGE, of=staff.visit_to_change, audit=Event.DESK_VIEWED)
def what_to_say(visit: Appointment) -> ResponseReturnValue:
    """Booked: what the patient at the phone is told, in sentences to read out."""
    assert visit.patient is not None  # only holds may have none
    has_form = bool(intakes.submitted_by([visit.patient.id]))
    return render_template(
        "scheduling/what_to_say.html",
        visit=visit,
        who=queries.who_and_where([visit])[visit.id],
        has_form=has_form,
        free_until=cancelling.free_until(visit),
        back=staff.page_of(visit),
    )
