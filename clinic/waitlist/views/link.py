"""The page behind the link of an offer's mail: it shows the time, only a press answers (S41)."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic import clock, idempotency
from clinic.catalogue import queries as catalogue
from clinic.forms import typed
from clinic.journey import offers, waitlist
from clinic.journey.book import GateClosed, note_refusal
from clinic.permissions import Actor, current_actor, public
from clinic.scheduling import queries as visits
from clinic.scheduling import services as scheduling
from clinic.scheduling.rules import AppointmentStatus
from clinic.waitlist import forms, queries, services
from clinic.waitlist.models import Offer
from clinic.waitlist.rules import ANSWERABLE, EntryState, OfferState
from clinic.waitlist.views.blueprint import bp


@bp.route("/offers/<token>", methods=["GET", "POST"])
@public
def offered(token: str) -> ResponseReturnValue:
    """One offer, answered once. The page names no treatment: a mail is easily passed on."""
    offer = queries.by_token(token)
    if offer is None:
        return render_template("waitlist/dead_link.html"), 410
    form = forms.LinkForm()
    if not form.validate_on_submit():
        return _page(offer, form, form.status)

    def work() -> str:
        if form.go.data == "accept":
            offers.accept(offer, actor=_whoever_has_the_mail(offer))
        else:
            waitlist.decline(offer, actor=_whoever_has_the_mail(offer))
        return url_for(".offered", token=token)

    try:
        scope = f"offer:{offer.public_id} waitlist.offered"
        return redirect(idempotency.once(scope, form.idempotency_key.data, typed(), work), 303)
    except GateClosed as refused:
        actor, entry = _whoever_has_the_mail(offer), offer.entry
        note_refusal(entry.service, entry.patient, refused.reasons, actor=actor)
        return _page(offer, form, 409, problem="gate")
    except (services.OfferOver, scheduling.SlotTaken):
        return _page(offer, form, 409, problem="gone")


def _whoever_has_the_mail(offer: Offer) -> Actor:
    """Who opens a link that went to the patient's address is taken for the patient, here alone."""
    patient = offer.entry.patient
    if current_actor().patient_id == patient.id:
        return current_actor()
    return Actor(label=f"patient:{patient.public_id}", patient_id=patient.id)


def _page(
    offer: Offer, form: forms.LinkForm, status: int, problem: str | None = None
) -> ResponseReturnValue:
    held = offer.appointment
    catalogue.page_is_about(held.location)
    state = problem or _state(offer)
    page = render_template(
        "waitlist/offered.html",
        offer=offer,
        held=held,
        who=visits.who_and_where([held])[held.id],
        form=form,
        state=state,
    )
    return page, status


def _state(offer: Offer) -> str:
    """What the page says: open, late (past its end, perhaps still free), or how it ended."""
    held = offer.appointment
    if offer.state not in ANSWERABLE:
        is_booked = offer.state == OfferState.ACCEPTED
        return "accepted" if is_booked and held.status == AppointmentStatus.BOOKED else "over"
    if offer.entry.state != EntryState.WAITING or held.starts_at <= clock.now():
        return "over"
    return "open" if offer.until > clock.now() else "late"
