"""A patient is here early: today’s visit moves to an earlier free time, without a letter."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock, filters, idempotency
from clinic.audit.events import Event
from clinic.forms import typed
from clinic.journey import at_the_desk, book
from clinic.permissions import Permission, current_actor, requires
from clinic.scheduling import diary, forms, queries, roster, services
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus, Slot, earlier_slots
from clinic.scheduling.views import staff, times
from clinic.scheduling.views.blueprint import bp
from clinic.treatment.rules import DeskWord, desk_words

MAY_BE_EARLIER = (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED)


@bp.route("/moves/<visit>/earlier", methods=["GET", "POST"])
@requires(Permission.VISIT_CHECK_IN, of=queries.visit_for_desk, audit=Event.DESK_VIEWED)
def take_earlier(visit: Appointment) -> ResponseReturnValue:
    """Today's free times before the visit's own; a press takes one."""
    form = forms.EarlierForm()
    scope = f"{current_actor().label} scheduling.earlier {visit.public_id}"
    before = form.first_outcome(scope)
    if before is not None:
        return redirect(before, 303)
    if visit.status not in MAY_BE_EARLIER or visit.starts_on != clock.today(visit.location.zone):
        return staff.ended(visit)
    if not form.validate_on_submit():
        return _page(visit, form, form.status)
    chosen = forms.slot_of(form.slot.data)
    assert chosen is not None  # the form checked it
    return _take(visit, chosen, form, scope)


def _take(
    visit: Appointment, chosen: times.Chosen, form: forms.EarlierForm, scope: str
) -> ResponseReturnValue:
    def work() -> str:
        at_the_desk.take_earlier(
            visit,
            *chosen,
            shown=form.version,
            is_here=form.is_here.data,
            why=_("The patient was here early"),
            actor=current_actor(),
        )
        return url_for("frontdesk.visit", visit=visit.public_id)

    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except book.GateClosed as refused:
        book.note_refusal(visit.service, visit.patient, refused.reasons, actor=current_actor())
        return _page(visit, _anew(), 409, words=desk_words(refused.reasons))
    except services.SlotTaken:
        return _page(visit, _anew(), 409, problem="gone")
    except services.Changed:
        if visit.status not in MAY_BE_EARLIER:
            return staff.ended(visit)
        return _page(visit, _anew(), 409, problem="changed")
    when = filters.time(chosen[1], visit.location.zone)
    flash(
        _("Moved to %(time)s and marked arrived. No e-mail was sent.", time=when)
        if form.is_here.data
        else _("Moved to %(time)s.", time=when)
    )
    return redirect(onward, 303)


def _anew() -> forms.EarlierForm:
    return forms.EarlierForm(formdata=None)


def _page(
    visit: Appointment,
    form: forms.EarlierForm,
    status: int,
    *,
    words: Sequence[DeskWord] = (),
    problem: str = "",
) -> ResponseReturnValue:
    known = diary.current()
    page = render_template(
        "scheduling/take_earlier.html",
        visit=visit,
        form=form,
        slots=_slots(visit, known),
        names=known.roster.names,
        who=queries.who_and_where([visit])[visit.id],
        slot_value=forms.slot_value,
        words=words,
        problem=problem,
    )
    return page, status


def _slots(visit: Appointment, known: diary.Diary) -> list[Slot]:
    facts = known.facts_of(roster.offered(visit.service), patient=visit.patient, besides=visit)
    return earlier_slots(facts, visit.starts_at)
