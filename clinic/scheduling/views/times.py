"""What every page of times does: show, hold, and say so when a time is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock
from clinic.accounts import identity
from clinic.accounts.models import Patient
from clinic.catalogue.models import Service
from clinic.catalogue.rules import MODALITIES
from clinic.forms import day_of
from clinic.journey import book
from clinic.journey import cancel as cancelling
from clinic.permissions import current_actor
from clinic.scheduling import availability, forms, picker, queries, rules
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import Slot
from clinic.scheduling.services import SlotTaken, TooManyHolds
from clinic.treatment import queries as treatment
from clinic.treatment.rules import Reason, Wish, desk_words


@dataclass(frozen=True)
class Way:
    """Where a page of times stands: who books what for whom, and where its buttons lead."""

    service: Service
    patient: Patient | None
    here: str
    onward: str
    template: str
    extras: dict[str, object] = field(default_factory=dict)


def show(way: Way) -> ResponseReturnValue:
    """The page of times; a POST holds the pressed one."""
    form = forms.SlotForm()
    if form.validate_on_submit():
        return _hold(way, form)
    return _page(way, form, form.status)


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
        return _page(way, form, 409, taken=starts_at)
    except TooManyHolds:
        flash(_("Several times are held from your connection already. Book one, or wait a little."))
        return _page(way, form, 429)
    except book.GateClosed as refused:
        book.note_refusal(way.service, way.patient, refused.reasons, actor=current_actor())
        return _page(way, form, 409, reasons=refused.reasons)
    return redirect(f"{way.here}{'&' if '?' in way.here else '?'}{_query()}#chosen", 303)


def _query() -> str:
    who, day = request.args.get("who", "any"), request.args.get("day", "")
    return f"who={who}&day={day}"


def _page(
    way: Way,
    form: forms.SlotForm,
    status: int,
    *,
    taken: datetime | None = None,
    reasons: list[Reason] | None = None,
) -> ResponseReturnValue:
    held = _own_hold(way)
    today = clock.today(way.service.location.zone)
    found = availability.times(
        way.service, today, way.service.horizon_days + 1, patient=way.patient, besides=held
    )
    facts = found.facts
    allowed, refused = _gate(way, facts.now)
    page = picker.build(
        facts,
        found.people,
        who=request.args.get("who", "any"),
        wanted=day_of(request.args.get("day")) or _held_day(held),
        allowed=allowed,
    )
    names = {person.actor_id: person.name for person in found.people}
    nearest = _nearest(facts, taken, allowed) if taken else []
    body = render_template(
        way.template,
        form=form,
        hold_form=forms.HoldForm(),
        way=way,
        page=page,
        held=held,
        held_who=queries.who_and_where([held]).get(held.id) if held else None,
        names=names,
        taken=taken,
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


def _gate(way: Way, now: datetime) -> tuple[Callable[[Slot], bool], list[Reason]]:
    """Whether the gate lets a slot through, and its reasons about a treatment today."""
    needed = MODALITIES[way.service.kind]
    if not needed or way.patient is None:
        return (lambda slot: True), []
    zone = way.service.location.zone
    gate = treatment.gate(way.patient)

    def allowed(slot: Slot) -> bool:
        day = clock.local(slot.starts_at, zone).date()
        return not gate.ask(Wish(needed, slot.starts_at, day))[1]

    today = Wish(needed, now, clock.local(now, zone).date())
    return allowed, gate.ask(today)[1]


def _nearest(facts: rules.Facts, taken: datetime, allowed: Callable[[Slot], bool]) -> list[Slot]:
    """The three free times nearest to the one that is gone, within the days around it."""
    first = max(clock.local(facts.now, facts.zone).date(), clock.local(taken, facts.zone).date())
    slots = [s for s in rules.free_slots(facts, first, picker.WEEK) if allowed(s)]
    return rules.nearest(rules.anyone(slots), taken)


def gone(way: Way, starts_at: datetime) -> ResponseReturnValue:
    """The page of times again, after a booking found its time taken."""
    flash(_("Someone has just taken that time. The nearest free times are below."))
    return _page(way, forms.SlotForm(formdata=None), 409, taken=starts_at)


def refused(way: Way, reasons: list[Reason]) -> ResponseReturnValue:
    """The page of times again, after the gate closed between holding and booking."""
    return _page(way, forms.SlotForm(formdata=None), 409, reasons=reasons)
