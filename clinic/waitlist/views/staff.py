"""The desk's waiting list: who waits for what, what was offered, and a time offered by hand.

Names, services and times; of the gate only the desk's five words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock, idempotency
from clinic.accounts import queries as people
from clinic.accounts.models import Patient
from clinic.audit.events import Event
from clinic.catalogue.own_sites import services_for, shown_to
from clinic.controls import day_of
from clinic.forms import typed
from clinic.journey import line, offers, waitlist
from clinic.journey.book import GateClosed, note_refusal
from clinic.permissions import Permission, current_actor, requires
from clinic.scheduling import diary, roster
from clinic.scheduling import services as scheduling
from clinic.scheduling.rules import Slot, free_on
from clinic.treatment.rules import DeskWord, desk_words
from clinic.waitlist import forms, queries, services
from clinic.waitlist.models import Offer, WaitlistEntry
from clinic.waitlist.rules import EntryState
from clinic.waitlist.views import wishes
from clinic.waitlist.views.blueprint import bp

MOST_TIMES = 60
READ, WRITE = Permission.WAITLIST_READ, Permission.WAITLIST_WRITE


@bp.get("/desk/waiting-list")
@requires(READ, audit=Event.DESK_VIEWED)
def desk() -> ResponseReturnValue:
    """Who waits for what since when; what was offered to whom, when, and what became of it."""
    return _desk_page(200)


def _desk_page(
    status: int, *, words: Sequence[DeskWord] = (), is_over: bool = False
) -> ResponseReturnValue:
    looked = shown_to(current_actor(), request.args.get("site"))
    page = render_template(
        "waitlist/desk.html",
        listed=queries.desk_list(looked.ids),
        looked=looked,
        form=forms.PressForm(formdata=None),
        now=clock.now(),
        words=words,
        is_over=is_over,
    )
    return page, status


@bp.post("/desk/waiting-list/offers/<offer>/answer")
@requires(WRITE, of=queries.offer_for_desk, audit=Event.DESK_VIEWED)
def answer(offer: Offer) -> ResponseReturnValue:
    """What the patient says at the phone: the time is booked for them, or goes on to the next."""
    form = forms.LinkForm()
    if not form.validate_on_submit():
        return redirect(url_for(".desk"), 303)
    takes_it = form.go.data == "accept"

    def work() -> str:
        if not takes_it:
            waitlist.decline(offer, actor=current_actor())
            return url_for(".desk")
        visit = offers.accept(offer, actor=current_actor())
        return url_for("frontdesk.visit", visit=visit.public_id)

    scope = f"{current_actor().label} waitlist.answer {offer.public_id}"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except GateClosed as refused:
        entry, why = offer.entry, refused.reasons
        note_refusal(entry.service, entry.patient, why, actor=current_actor())
        return _desk_page(409, words=desk_words(why))
    except (services.OfferOver, scheduling.SlotTaken):
        return _desk_page(409, is_over=True)
    flash(_("Booked.") if takes_it else _("Declined. The patient stays on the list."))
    return redirect(onward, 303)


@bp.route("/desk/patients/<patient>/wait", methods=["GET", "POST"])
@requires(WRITE, of=people.patient_for_desk, audit=Event.DESK_VIEWED)
def add(patient: Patient) -> ResponseReturnValue:
    """Put a patient on the list, at the phone."""
    offered = services_for(current_actor())
    if not offered:
        return redirect(url_for("frontdesk.patient", patient=patient.public_id), 303)
    wanted = next((s for s in offered if s.public_id == request.args.get("service")), offered[0])
    form = forms.AddForm(
        offered,
        roster.current().people,
        wishes.today_for(wanted),
        data={**wishes.usual_for(wanted), "service": wanted.public_id},
    )
    scope = f"{current_actor().label} waitlist.add {patient.public_id}"
    before = form.first_outcome(scope)
    if before is not None:
        return redirect(before, 303)
    if not form.validate_on_submit():
        return _add_page(patient, form, form.status)
    service = next(s for s in offered if s.public_id == form.service.data)
    if form.who.data not in (forms.ANYONE, *(who.public_id for who in wishes.people_for(service))):
        form.who.errors = [_("This physician does not offer that. Choose another one or anyone.")]
        return _add_page(patient, form, 422)

    def work() -> str:
        services.join(patient, service, form.wanted, actor=current_actor())
        return url_for(".desk")

    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except services.WaitsAlready:
        form.service.errors = [_("%(name)s waits for this already.", name=patient.name)]
        return _add_page(patient, form, 409)
    flash(_("%(name)s is on the waiting list.", name=patient.name))
    return redirect(onward, 303)


def _add_page(patient: Patient, form: forms.AddForm, status: int) -> ResponseReturnValue:
    return render_template("waitlist/add.html", form=form, patient=patient), status


@bp.post("/desk/waiting-list/<entry>/off")
@requires(WRITE, of=queries.entry_for_desk, audit=Event.DESK_VIEWED)
def take_off(entry: WaitlistEntry) -> ResponseReturnValue:
    """Take a patient off the list; an open offer ends."""
    form = forms.PressForm()
    if not form.validate_on_submit():
        return redirect(url_for(".desk"), 303)

    def work() -> str:
        waitlist.leave(entry, actor=current_actor())
        return url_for(".desk")

    scope = f"{current_actor().label} waitlist.take-off {entry.public_id}"
    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except services.NotWaiting:
        return _not_waiting(entry)
    flash(_("%(name)s is off the waiting list.", name=entry.patient.name))
    return redirect(onward, 303)


def _not_waiting(entry: WaitlistEntry) -> ResponseReturnValue:
    return render_template("waitlist/not_waiting_for_desk.html", wish=entry), 410


@bp.route("/desk/waiting-list/<entry>/offer", methods=["GET", "POST"])
@requires(WRITE, of=queries.entry_for_desk, audit=Event.DESK_VIEWED)
def offer_time(entry: WaitlistEntry) -> ResponseReturnValue:
    """Offer one of the free times by hand: those that fit the wish, or any."""
    form = forms.TimeForm()
    scope = f"{current_actor().label} waitlist.offer {entry.public_id}"
    before = form.first_outcome(scope)
    if before is not None:
        return redirect(before, 303)
    if entry.state != EntryState.WAITING:
        return _not_waiting(entry)
    listed = _times(entry)
    if not form.validate_on_submit():
        return _offer_page(entry, listed, form, form.status)
    chosen = listed.chosen(form.time.data)
    if chosen is None:
        return _offer_page(entry, listed, form, 409, is_taken=True)

    def work() -> str:
        offers.by_hand(entry, chosen.practitioner_id, chosen.starts_at, actor=current_actor())
        return url_for(".desk")

    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except GateClosed as refused:
        note_refusal(entry.service, entry.patient, refused.reasons, actor=current_actor())
        return _offer_page(entry, listed, form, 409, words=desk_words(refused.reasons))
    except scheduling.SlotTaken:
        return _offer_page(entry, _times(entry), form, 409, is_taken=True)
    except offers.StillOffered:
        return _offer_page(entry, listed, form, 409, has_offer=True)
    except services.NotWaiting:
        return _not_waiting(entry)
    flash(_("Offered to %(name)s.", name=entry.patient.name))
    return redirect(onward, 303)


def value_of(slot: Slot) -> str:
    """What a time's button sends."""
    return f"{slot.practitioner_id}.{slot.starts_at:%Y%m%dT%H%M}"


@dataclass(frozen=True)
class Listed:
    """Free times by day; *later* is the first day that no longer had room on the page."""

    by_day: Mapping[date, Sequence[Slot]]
    later: date | None = None

    def chosen(self, value: str) -> Slot | None:
        slots = (slot for some in self.by_day.values() for slot in some)
        return next((slot for slot in slots if value_of(slot) == value), None)


def _any_time() -> bool:
    return request.args.get("any") == "1"


def _times(entry: WaitlistEntry) -> Listed:
    """Free times of the service that the patient's own visits allow: by the wish, or any."""
    service, zone = entry.service, entry.service.location.zone
    today = clock.today(zone)
    facts = diary.current().facts_of(roster.offered(service), patient=entry.patient)
    wish = line.plain(entry)
    first, last = today, today + timedelta(days=service.horizon_days)
    if not _any_time():
        first, last = max(first, entry.from_on), min(last, entry.until_on)
    day = max(first, day_of(request.args.get("day")) or first)
    by_day: dict[date, Sequence[Slot]] = {}
    while day <= last:
        if sum(map(len, by_day.values())) >= MOST_TIMES:
            return Listed(by_day, day)
        slots = free_on(facts, day)
        slots = [slot for slot in slots if _any_time() or wish.fits(slot, zone)]
        if slots:
            by_day[day] = slots
        day += timedelta(days=1)
    return Listed(by_day)


def _offer_page(
    entry: WaitlistEntry,
    listed: Listed,
    form: forms.TimeForm,
    status: int,
    *,
    words: Sequence[DeskWord] = (),
    is_taken: bool = False,
    has_offer: bool = False,
) -> ResponseReturnValue:
    page = render_template(
        "waitlist/offer_time.html",
        wish=entry,
        listed=listed,
        names=roster.current().names,
        value_of=value_of,
        form=form,
        any_time=_any_time(),
        words=words,
        is_taken=is_taken,
        has_offer=has_offer,
    )
    return page, status
