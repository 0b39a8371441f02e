"""What every page of times does: show, hold, and say so when a time is gone."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from urllib.parse import urlencode

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock, filters
from clinic.accounts import identity
from clinic.accounts.models import Patient
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Service
from clinic.catalogue.rules import MODALITIES
from clinic.controls import day_of
from clinic.journey import book
from clinic.journey import cancel as cancelling
from clinic.permissions import current_actor
from clinic.scheduling import availability, diary, forms, picker, queries, roster, rules
from clinic.scheduling.models import Appointment
from clinic.scheduling.picker import Allowed
from clinic.scheduling.rules import Slot
from clinic.scheduling.services import SlotTaken, TooManyHolds, release
from clinic.treatment import queries as treatment
from clinic.treatment.rules import Reason, Wish, desk_words

NEAREST = 3


@dataclass(frozen=True)
class Way:
    """Where a page of times stands: who books what for whom, and where its buttons lead.

    *moving* is the visit that is to have another time: nothing is held then, and every time leads
    to *onward*, which asks. *why* is where staff ask why a time is not on offer.
    """

    service: Service
    patient: Patient | None
    here: str
    onward: str
    template: str
    extras: dict[str, object] = field(default_factory=dict)
    moving: Appointment | None = None
    why: str | None = None


Chosen = tuple[int, datetime]  # the practitioner's actor, and the start


def show(way: Way) -> ResponseReturnValue:
    """The page of times; a POST holds the pressed one."""
    if not way.service.active:
        return retired(way)
    form = forms.SlotForm()
    if form.validate_on_submit():
        return _hold(way, form)
    return _page(way, form, form.status)


def list_times(way: Way) -> ResponseReturnValue:
    """The page of times of a visit that is to move: choosing holds nothing."""
    return _page(way, forms.SlotForm(formdata=None), 200)


def _hold(way: Way, form: forms.SlotForm) -> ResponseReturnValue:
    chosen = forms.slot_of(form.slot.data)
    assert chosen is not None  # the form checked it
    actor_id, starts_at = chosen
    try:
        book.hold(
            way.service,
            actor_id,
            starts_at,
            visitor=identity.ensure_visitor(),
            actor=current_actor(),
            patient=way.patient,
            address=None if current_actor().is_staff else request.remote_addr,
        )
    except SlotTaken:
        return refuse(way, chosen)
    except TooManyHolds as many:
        return _too_many(way, form, many.until)
    except book.GateClosed as refused:
        book.note_refusal(way.service, way.patient, refused.reasons, actor=current_actor())
        return _page(way, form, 409, reasons=refused.reasons)
    return redirect(f"{way.here}{'&' if '?' in way.here else '?'}{_query()}#chosen", 303)


def _too_many(way: Way, form: forms.SlotForm, until: datetime) -> ResponseReturnValue:
    when = filters.time(until, way.service.location.zone)
    form.slot.errors = [
        _("Several times are held from your connection. Book one, or try again at %(t)s.", t=when)
    ]
    response = make_response(_page(way, form, 429))
    response.headers["Retry-After"] = str(max(1, math.ceil((until - clock.now()).total_seconds())))
    return response


def _query() -> str:
    who, day = request.args.get("who", "any"), request.args.get("day", "")
    return f"who={who}&day={day}"


def _page(
    way: Way,
    form: forms.SlotForm,
    status: int,
    *,
    chosen: Chosen | None = None,
    reasons: list[Reason] | None = None,
) -> ResponseReturnValue:
    catalogue.page_is_about(way.service.location)
    held = None if way.moving else _own_hold(way)
    known = diary.current()
    wanted = roster.offered(way.service)
    facts = known.facts_of(wanted, patient=way.patient, besides=way.moving or held)
    allowed, refused = _gate(way, facts.now)
    build = picker.kept if allowed is None else partial(picker.build, allowed=allowed)
    page = build(
        facts,
        availability.offering(wanted, facts.now, known.roster),
        who=request.args.get("who", "any"),
        wanted=day_of(request.args.get("day")) or _held_day(held),
    )
    nearest = _nearest(facts, chosen[1], allowed) if chosen else []
    body = render_template(
        way.template,
        form=form,
        hold_form=forms.HoldForm() if held else None,
        way=way,
        page=page,
        held=held,
        held_who=queries.who_and_where([held]).get(held.id) if held else None,
        names=known.roster.names,
        told=_told(way, facts, chosen) if chosen else None,
        why_not_then=_why_not_then(way, chosen) if chosen else None,
        nearest=nearest,
        reasons=reasons or (refused if page.is_empty and page.next_at is None else []),
        slot_value=forms.slot_value,
        free_until=cancelling.free_until,
        desk_words=desk_words,
        **way.extras,
    )
    return make_response(body, status)


def _held_day(held: Appointment | None) -> date | None:
    return held.starts_on if held else None


def _own_hold(way: Way) -> Appointment | None:
    """This browser's live hold of the same service for the same patient."""
    visitor = identity.current_visitor()
    held = queries.hold_of(visitor.id if visitor else None)
    if held is None or held.service_id != way.service.id:
        return None
    wanted = way.patient.id if way.patient else None
    return held if held.patient_id in (None, wanted) else None


def _gate(way: Way, now: datetime) -> tuple[Allowed | None, list[Reason]]:
    """Whether the gate lets a slot through (None: every slot), and its reasons about a treatment
    today.

    The slot in which the visit that is to move stands now is no other time.
    """
    needed = MODALITIES[way.service.kind]
    own = own_slot(way.moving)
    if not needed or way.patient is None:
        if own is None:
            return None, []
        return (lambda slot: (slot.practitioner_id, slot.starts_at) != own), []
    zone = way.service.location.zone
    gate = treatment.gate(way.patient)

    def allowed(slot: Slot) -> bool:
        day = clock.local(slot.starts_at, zone).date()
        is_own = (slot.practitioner_id, slot.starts_at) == own
        return not is_own and not gate.ask(Wish(needed, slot.starts_at, day))[1]

    today = Wish(needed, now, clock.local(now, zone).date())
    return allowed, gate.ask(today)[1]


def own_slot(moving: Appointment | None) -> Chosen | None:
    practitioner = queries.practitioner_of(moving) if moving is not None else None
    if moving is None or practitioner is None:
        return None
    return practitioner.actor_id, moving.starts_at


def _nearest(facts: rules.Facts, wanted: datetime, allowed: Allowed | None) -> list[Slot]:
    """The three free times nearest to the one that is not: on the days around it, else on any."""
    today = clock.local(facts.now, facts.zone).date()
    last = clock.local(facts.now + facts.service.horizon, facts.zone).date()
    middle = min(max(clock.local(wanted, facts.zone).date(), today), last)
    for around in (timedelta(days=picker.WEEK), last - today):
        first = max(middle - around, today)
        days = (min(middle + around, last) - first).days + 1
        slots = rules.free_slots(facts, first, days)
        if allowed is not None:
            slots = [slot for slot in slots if allowed(slot)]
        nearest = rules.nearest(rules.anyone(slots), wanted)
        if len(nearest) >= NEAREST:
            break
    return nearest


def _told(way: Way, facts: rules.Facts, chosen: Chosen) -> tuple[rules.Told, rules.Why | None]:
    if chosen == own_slot(way.moving):
        return rules.Told.SAME, None
    return rules.told(rules.why_not(facts, *chosen))


def _why_not_then(way: Way, chosen: Chosen) -> str | None:
    """Where staff read every reason against a time that was refused."""
    person = roster.current().person_of(chosen[0])
    if way.why is None or person is None:
        return None
    zone = way.service.location.zone
    local = clock.local(chosen[1], zone)
    day, at = local.date().isoformat(), f"{local:%H:%M}"
    asked = {"practitioner": person.public_id, "day": day, "at": at}
    if clock.times_shown(local.date(), local.hour * 60 + local.minute, zone) == 2:
        asked["second"] = "yes" if local.fold else "no"
    return f"{way.why}?{urlencode(asked)}"


def objection(way: Way, chosen: Chosen) -> ResponseReturnValue | None:
    """The page that says why the visit may not move to a time; None when it may at this moment.

    Its press asks the same again, under the lock.
    """
    actor_id, starts_at = chosen
    day = clock.local(starts_at, way.service.location.zone).date()
    found = availability.times(way.service, day, 1, patient=way.patient, besides=way.moving)
    free = rules.is_free(found.facts, actor_id, starts_at)
    if free is None or chosen == own_slot(way.moving):
        return refuse(way, chosen)
    needed = MODALITIES[way.service.kind]
    if not needed or way.patient is None:
        return None
    reasons = treatment.gate(way.patient).ask(Wish(needed, starts_at, day))[1]
    return refused(way, reasons) if reasons else None


def refuse(way: Way, chosen: Chosen) -> ResponseReturnValue:
    """The page of times again: why the chosen one is not on offer, and what is nearest to it."""
    if not way.service.active and way.moving is None:
        return retired(way)
    return _page(way, forms.SlotForm(formdata=None), 409, chosen=chosen)


def gone(way: Way, held: Appointment) -> ResponseReturnValue:
    """The page of times again, after a booking found its held time taken; the hold is let go."""
    if held.status == rules.AppointmentStatus.PROPOSED:
        release(held, actor=current_actor())
    practitioner = queries.practitioner_of(held)
    return refuse(way, (practitioner.actor_id if practitioner else 0, held.starts_at))


def wrong(way: Way) -> ResponseReturnValue:
    """The page of times again, after something that is no time was sent."""
    form = forms.SlotForm(formdata=None)
    form.slot.errors = [_("Choose one of the times on this page")]
    return _page(way, form, 422)


def changed(way: Way) -> ResponseReturnValue:
    """The page of times again, after somebody else moved the visit."""
    form = forms.SlotForm(formdata=None)
    form.slot.errors = [_("This visit was moved meanwhile. Here is when it is now.")]
    return _page(way, form, 409)


def retired(way: Way) -> ResponseReturnValue:
    """The service is not offered any more; what is booked of it stays."""
    catalogue.page_is_about(way.service.location)
    return make_response(render_template("scheduling/retired.html", way=way), 410)


def refused(way: Way, reasons: list[Reason]) -> ResponseReturnValue:
    """The page of times again, after the gate closed between holding and booking."""
    return _page(way, forms.SlotForm(formdata=None), 409, reasons=reasons)
