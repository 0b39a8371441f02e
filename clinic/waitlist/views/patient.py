"""A patient joins, changes and leaves the waiting list, and answers an offer."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.accounts import queries as people
from clinic.accounts.models import Patient
from clinic.audit.events import Event
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Service
from clinic.catalogue.rules import TREATMENTS
from clinic.forms import typed
from clinic.journey import offers, waitlist
from clinic.journey.book import GateClosed, note_refusal
from clinic.permissions import Actor, Permission, current_actor, requires
from clinic.scheduling import services as scheduling
from clinic.scheduling.queries import own_visits
from clinic.scheduling.rules import COMING
from clinic.treatment.rules import Reason
from clinic.waitlist import forms, queries, services
from clinic.waitlist.models import Offer, WaitlistEntry
from clinic.waitlist.rules import EntryState
from clinic.waitlist.views import wishes
from clinic.waitlist.views.blueprint import bp

WRITE = Permission.OWN_WAITLIST_WRITE


def service_to_wait_for(_actor: Actor, public_id: str) -> Service | None:
    return catalogue.service(public_id)


@bp.route("/waiting-list/join/<service>", methods=["GET", "POST"])
@requires(WRITE, of=service_to_wait_for, audit=Event.OWN_RECORD_VIEWED)
def join(service: Service) -> ResponseReturnValue:
    """Wait for a time of this service; whoever waits already changes what they wait for."""
    patient: Patient = people.own_patient(current_actor()) or abort(404)
    form = forms.WishForm(
        wishes.people_for(service), wishes.today_for(service), data=wishes.usual_for(service)
    )
    scope = f"{current_actor().label} waitlist.join"
    before = form.first_outcome(scope)
    if before is not None:
        return redirect(before, 303)
    waits = queries.entry_of(patient.id, service.id)
    if waits is not None and waits.until_on >= form.today:
        flash(_("You are on this waiting list already. Here is what you wait for."))
        return redirect(url_for(".change", entry=waits.public_id), 303)
    if not form.validate_on_submit():
        return render_template("waitlist/join.html", form=form, service=service), form.status

    def work() -> str:
        services.join(patient, service, form.wanted, actor=current_actor())
        return _my_visits()

    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except services.WaitsAlready:  # another window was faster
        return redirect(url_for(".join", service=service.public_id), 303)
    flash(_("You are on the waiting list. We write to you when a time becomes free."))
    return redirect(onward, 303)


def _my_visits() -> str:
    return url_for("scheduling.my_visits", _anchor="h-waiting")


@bp.route("/waiting-list/<entry>", methods=["GET", "POST"])
@requires(WRITE, of=queries.own_entry, audit=Event.OWN_RECORD_VIEWED)
def change(entry: WaitlistEntry) -> ResponseReturnValue:
    """Wait for something else; the place in the line stays."""
    service = entry.service
    form = forms.WishForm(
        wishes.people_for(service), wishes.today_for(service), data=forms.as_stored(entry)
    )
    scope = f"{current_actor().label} waitlist.change {entry.public_id}"
    before = form.first_outcome(scope)
    if before is not None:
        return redirect(before, 303)
    if entry.state != EntryState.WAITING:
        return _not_waiting()
    if not form.validate_on_submit():
        page = render_template("waitlist/change.html", form=form, service=service, entry=entry)
        return page, form.status

    def work() -> str:
        services.change(entry, form.wanted, actor=current_actor())
        return _my_visits()

    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except services.NotWaiting:
        return _not_waiting()
    flash(_("Saved. Your place in the line stays the same."))
    return redirect(onward, 303)


def _not_waiting() -> ResponseReturnValue:
    return render_template("waitlist/not_waiting.html"), 410


@bp.post("/waiting-list/<entry>/leave")
@requires(WRITE, of=queries.own_entry)
def leave(entry: WaitlistEntry) -> ResponseReturnValue:
    """Wait no longer; an offer that is open ends."""
    form = forms.PressForm()
    if not form.validate_on_submit():
        return redirect(_my_visits(), 303)

    def work() -> str:
        waitlist.leave(entry, actor=current_actor())
        return _my_visits()

    scope = f"{current_actor().label} waitlist.leave {entry.public_id}"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except services.NotWaiting:
        return _not_waiting()
    flash(_("You are no longer on the waiting list."))
    return redirect(onward, 303)


@bp.post("/waiting-list/offers/<offer>/accept")
@requires(WRITE, of=queries.own_offer)
def accept(offer: Offer) -> ResponseReturnValue:
    """Book the offered time with one press."""
    form = forms.PressForm()
    if not form.validate_on_submit():
        return redirect(_my_visits(), 303)

    def work() -> str:
        visit = offers.accept(offer, actor=current_actor())
        return url_for("scheduling.booked", visit=visit.public_id)

    scope = f"{current_actor().label} waitlist.accept {offer.public_id}"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except GateClosed as refused:
        entry, why = offer.entry, refused.reasons
        note_refusal(entry.service, entry.patient, why, actor=current_actor())
        return _cannot_be_taken(offer, why)
    except (services.OfferOver, scheduling.SlotTaken):
        return _cannot_be_taken(offer, [])
    flash(_("Booked. We have sent you a mail with the details."))
    for other in _others(offer):
        flash(other)
    return redirect(onward, 303)


def _others(offer: Offer) -> list[str]:
    """Somebody who waited for a better time has the old one as well, until they cancel it."""
    entry = offer.entry
    if any(
        visit.service_id == entry.service_id
        and visit.status in COMING
        and visit.id != offer.appointment_id
        for visit in own_visits(entry.patient_id)
    ):
        return [_("You have another visit of this kind. Cancel it if you don’t need it any more.")]
    return []


def _cannot_be_taken(offer: Offer, reasons: list[Reason]) -> ResponseReturnValue:
    """The time went, or the gate closed: the nearest times are one press away."""
    service = offer.entry.service
    times = (
        url_for("scheduling.treatment_times", service=service.public_id)
        if service.kind in TREATMENTS
        else url_for("scheduling.consultation_times")
    )
    page = render_template(
        "waitlist/gone.html", offer=offer, reasons=reasons, times=f"{times}?day={_day(offer)}"
    )
    return page, 409


def _day(offer: Offer) -> str:
    return offer.appointment.starts_on.isoformat()


@bp.post("/waiting-list/offers/<offer>/decline")
@requires(WRITE, of=queries.own_offer)
def decline(offer: Offer) -> ResponseReturnValue:
    """Not this time; the patient goes on waiting."""
    form = forms.PressForm()
    if not form.validate_on_submit():
        return redirect(_my_visits(), 303)

    def work() -> str:
        waitlist.decline(offer, actor=current_actor())
        return _my_visits()

    scope = f"{current_actor().label} waitlist.decline {offer.public_id}"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except services.OfferOver:
        return _cannot_be_taken(offer, [])
    flash(_("Declined. You stay on the waiting list."))
    return redirect(onward, 303)
