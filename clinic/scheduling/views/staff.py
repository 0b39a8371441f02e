"""Booking for a patient: by the front desk at the phone, by a physician from the record."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.accounts import queries as people
from clinic.accounts.models import Patient
from clinic.audit.events import Event
from clinic.catalogue.models import Service
from clinic.catalogue.own_sites import service_for, services_for
from clinic.forms import typed
from clinic.journey import book
from clinic.permissions import Actor, Permission, Role, current_actor, requires
from clinic.scheduling import forms, queries, services
from clinic.scheduling.models import Appointment
from clinic.scheduling.views import times
from clinic.scheduling.views.blueprint import bp
from clinic.screening import care


def patient_to_book(actor: Actor, public_id: str) -> Patient | None:
    """The desk books for any patient, a physician for those in their care.

    An emergency is not care: a visit booked in one would make it last a year.
    """
    if Role.FRONT_DESK in actor.roles:
        return people.patient_for_desk(actor, public_id)
    return care.patient_in_lasting_care(actor, public_id)


def visit_to_change(actor: Actor, public_id: str) -> Appointment | None:
    """The desk moves and cancels any visit, a physician those of patients whom they book for."""
    if Role.FRONT_DESK in actor.roles:
        return queries.visit_for_desk(actor, public_id)
    return care.visit_in_care(actor, public_id)


def visit_to_undo(actor: Actor, public_id: str) -> Appointment | None:
    """The same; a physician whose only visit with somebody this was finds it while it counts."""
    found = visit_to_change(actor, public_id)
    if found is not None or actor.practitioner_id is None:
        return found
    cancelled = queries.visit_for_desk(actor, public_id)
    may = cancelled is not None and queries.undo_until(cancelled, actor) is not None
    return cancelled if may else None


@bp.get("/patients/<patient>/book")
@requires(Permission.VISIT_BOOK, of=patient_to_book, audit=Event.DESK_VIEWED)
def choose_service(patient: Patient) -> ResponseReturnValue:
    """What to book: every service; the gate answers on the next page."""
    return render_template(
        "scheduling/choose_service.html", patient=patient, services=services_for(current_actor())
    )


@bp.route("/patients/<patient>/book/<service>", methods=["GET", "POST"])
@requires(Permission.VISIT_BOOK, of=patient_to_book, audit=Event.DESK_VIEWED)
def times_for_patient(patient: Patient, service: str) -> ResponseReturnValue:
    """Times for this patient; a POST holds one, the next press books it."""
    return times.show(booking_way(patient, _offered(service)))


def _offered(public_id: str) -> Service:
    return service_for(current_actor(), public_id) or abort(404)


def booking_way(patient: Patient, service: Service) -> times.Way:
    ids: dict[str, Any] = {"patient": patient.public_id, "service": service.public_id}
    return times.Way(
        service=service,
        patient=patient,
        here=url_for("scheduling.times_for_patient", **ids),
        onward=url_for("scheduling.book_for_patient", **ids),
        template="scheduling/times_for_patient.html",
        extras={"book_form": forms.BookForm()},
    )


@bp.post("/patients/<patient>/book/<service>/confirm")
@requires(Permission.VISIT_BOOK, of=patient_to_book, audit=Event.DESK_VIEWED)
def book_for_patient(patient: Patient, service: str) -> ResponseReturnValue:
    """Book the held time for the patient."""
    way = booking_way(patient, _offered(service))
    form = forms.BookForm()
    if not form.validate_on_submit():
        return redirect(way.here, 303)
    scope, key = f"{current_actor().label} scheduling.book", form.idempotency_key.data
    onward = idempotency.earlier(scope, key, typed())
    if onward is None:
        held = _hold_for(patient, way.service)
        if held is None:
            flash(_("That time is no longer held. Choose one below."))
            return redirect(way.here, 303)
        try:
            onward = idempotency.once(scope, key, typed(), lambda: _confirm(held, patient))
        except book.GateClosed as refused:
            book.note_refusal(way.service, patient, refused.reasons, actor=current_actor())
            return times.refused(way, refused.reasons)
        except (services.SlotTaken, services.HoldOver):
            return times.gone(way, held)
    flash(_("Booked."))
    return redirect(onward, 303)


def _hold_for(patient: Patient, service: Service) -> Appointment | None:
    held = queries.hold_of(current_actor().visitor_id)
    is_right = held is not None and held.patient_id == patient.id and held.service_id == service.id
    return held if is_right else None


def _confirm(held: Appointment, patient: Patient) -> str:
    return page_of(book.confirm(held, patient, actor=current_actor()))


def page_of(visit: Appointment) -> str:
    """Where whoever works here sees a visit: the desk on its page, a physician in the record."""
    if Role.FRONT_DESK in current_actor().roles or visit.patient is None:
        return url_for("frontdesk.visit", visit=visit.public_id)
    return url_for("records.patient", patient=visit.patient.public_id)


def ended(visit: Appointment, status: int = 410) -> ResponseReturnValue:
    """The visit can't be changed any more: another one can be booked."""
    page = render_template("scheduling/ended_for_patient.html", visit=visit, back=page_of(visit))
    return page, status
