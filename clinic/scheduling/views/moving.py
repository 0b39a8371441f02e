"""Another time for a visit: chosen on the page of times, asked about, moved with one press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock, idempotency
from clinic.audit.events import Event
from clinic.forms import typed
from clinic.journey import book, move
from clinic.journey import cancel as cancelling
from clinic.permissions import Permission, current_actor, requires
from clinic.scheduling import forms, queries, services
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.scheduling.views import patient, staff, times
from clinic.scheduling.views.blueprint import bp


@dataclass(frozen=True)
class Mover:
    """Who moves a visit: their page of times, the page that asks, and what their press does."""

    visit: Appointment
    way: times.Way
    back: str
    form: forms.MoveForm
    asks: str
    do: Callable[[times.Chosen], None]
    ended: Callable[[], ResponseReturnValue]
    is_late: bool = False


@bp.get("/visits/<visit>/move")
@requires(Permission.OWN_VISITS_MOVE, of=queries.own_visit, audit=Event.OWN_RECORD_VIEWED)
def move_visit(visit: Appointment) -> ResponseReturnValue:
    """The times that one's own visit could have instead; each leads to the page that asks."""
    return _choose(_patient(visit))


@bp.route("/visits/<visit>/move/to", methods=["GET", "POST"])
@requires(Permission.OWN_VISITS_MOVE, of=queries.own_visit, audit=Event.OWN_RECORD_VIEWED)
def move_visit_to(visit: Appointment) -> ResponseReturnValue:
    """The page asks, the press moves."""
    return _ask(_patient(visit))


@bp.get("/moves/<visit>")
@requires(Permission.VISIT_CHANGE, of=staff.visit_to_change, audit=Event.DESK_VIEWED)
def move_for_patient(visit: Appointment) -> ResponseReturnValue:
    """The same for staff."""
    return _choose(_staff(visit))


@bp.route("/moves/<visit>/to", methods=["GET", "POST"])
@requires(Permission.VISIT_CHANGE, of=staff.visit_to_change, audit=Event.DESK_VIEWED)
def move_for_patient_to(visit: Appointment) -> ResponseReturnValue:
    """The same for staff, who say who asked for it or why."""
    return _ask(_staff(visit))


def _patient(visit: Appointment) -> Mover:
    form, actor = forms.MoveForm(), current_actor()

    def do(chosen: times.Chosen) -> None:
        move.by_patient(visit, *chosen, shown=form.version, actor=actor)

    back = url_for("scheduling.booked", visit=visit.public_id)
    return Mover(
        visit=visit,
        way=_way(visit, "scheduling.move_visit", "scheduling/move_visit.html", back),
        back=back,
        form=form,
        asks="scheduling/move_visit_to.html",
        do=do,
        ended=lambda: patient.ended(visit),
        is_late=clock.now() > cancelling.free_until(visit),
    )


def _staff(visit: Appointment) -> Mover:
    form, actor = forms.StaffMoveForm(), current_actor()

    def do(chosen: times.Chosen) -> None:
        reason = form.reason.data
        move.by_staff(visit, *chosen, shown=form.version, reason=reason, actor=actor)

    return Mover(
        visit=visit,
        way=way_of_staff(visit),
        back=staff.page_of(visit),
        form=form,
        asks="scheduling/move_for_patient_to.html",
        do=do,
        ended=lambda: staff.ended(visit),
    )


def way_of_staff(visit: Appointment) -> times.Way:
    """Where staff move a visit: its page of times says why another is not on offer."""
    template, back = "scheduling/move_for_patient.html", staff.page_of(visit)
    way = _way(visit, "scheduling.move_for_patient", template, back)
    return replace(way, why=url_for("scheduling.why_not_to_move", visit=visit.public_id))


def _way(visit: Appointment, endpoint: str, template: str, back: str) -> times.Way:
    return times.Way(
        service=visit.service,
        patient=visit.patient,
        here=url_for(endpoint, visit=visit.public_id),
        onward=url_for(f"{endpoint}_to", visit=visit.public_id),
        template=template,
        extras={
            "visit": visit,
            "now_with": queries.who_and_where([visit])[visit.id],
            "back": back,
        },
        moving=visit,
    )


def _choose(mover: Mover) -> ResponseReturnValue:
    if mover.visit.status != AppointmentStatus.BOOKED:
        return mover.ended()
    return _too_late(mover, 200) if mover.is_late else times.list_times(mover.way)


def _too_late(mover: Mover, status: int) -> ResponseReturnValue:
    return render_template("scheduling/too_late.html", visit=mover.visit), status


def _ask(mover: Mover) -> ResponseReturnValue:
    form, visit = mover.form, mover.visit
    scope = f"{current_actor().label} scheduling.move {visit.public_id}"
    before = form.first_outcome(scope)
    if before is not None:
        return redirect(before, 303)
    if visit.status != AppointmentStatus.BOOKED:
        return mover.ended()
    if mover.is_late:
        return _too_late(mover, 409 if request.method == "POST" else 200)
    chosen = forms.slot_of((form.slot.data or request.args.get("slot") or "").strip())
    if chosen is None:
        return _no_time(mover)
    if form.validate_on_submit():
        return _move(mover, chosen, scope)
    return times.objection(mover.way, chosen) or _question(mover, chosen)


def _no_time(mover: Mover) -> ResponseReturnValue:
    """Something that is no time was sent; or the page was opened without one."""
    if request.method == "POST" or "slot" in request.args:
        return times.wrong(mover.way)
    return redirect(mover.way.here, 303)


def _question(mover: Mover, chosen: times.Chosen) -> ResponseReturnValue:
    actor_id, starts_at = chosen
    page = render_template(
        mover.asks,
        form=mover.form,
        visit=mover.visit,
        back=mover.back,
        way=mover.way,
        starts_at=starts_at,
        slot=forms.slot_value(actor_id, starts_at),
        now_with=mover.way.extras["now_with"],
        then_with=queries.name_of_actor(actor_id),
        free_until=cancelling.free_until_of(starts_at),
    )
    return page, mover.form.status


def _move(mover: Mover, chosen: times.Chosen, scope: str) -> ResponseReturnValue:
    way = mover.way

    def work() -> str:
        mover.do(chosen)
        return mover.back

    try:
        onward = idempotency.once(scope, mover.form.idempotency_key.data, typed(), work)
    except (services.SlotTaken, move.SameTime):
        return times.refuse(way, chosen)
    except book.GateClosed as refused:
        book.note_refusal(way.service, way.patient, refused.reasons, actor=current_actor())
        return times.refused(way, refused.reasons)
    except cancelling.TooLate:
        return _too_late(mover, 409)
    except services.Changed:
        return _changed(mover)
    flash(_("The visit is moved."))
    return redirect(onward, 303)


def _changed(mover: Mover) -> ResponseReturnValue:
    """Somebody was faster: the visit is over, or has another time than the page showed."""
    if mover.visit.status != AppointmentStatus.BOOKED:
        return mover.ended()
    return times.changed(mover.way)
