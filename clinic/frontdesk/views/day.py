"""The front desk: the day and a visit. No clinical content anywhere."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock, idempotency
from clinic.audit.events import Event
from clinic.catalogue.own_sites import Shown, shown_to
from clinic.catalogue.rules import ServiceKind
from clinic.controls import day_of
from clinic.forms import typed
from clinic.frontdesk import arrivals as arriving
from clinic.frontdesk import checklist, forms, queries, readiness
from clinic.frontdesk.views.asked import CALENDAR, asked_of
from clinic.frontdesk.views.blueprint import bp
from clinic.intake import queries as intakes
from clinic.journey import cancel as cancelling
from clinic.journey import check_in
from clinic.journey.book import GateClosed, note_refusal
from clinic.permissions import Permission, current_actor, requires
from clinic.scheduling import history, outside, roster, services
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.treatment.rules import desk_words

S = AppointmentStatus
# What the desk's buttons do; finishing a consultation is the physician's signature.
STEPS = {
    S.BOOKED: (S.ARRIVED, S.NOSHOW),  # missed is what a person says, never a clock
    S.ARRIVED: (S.IN_ROOM, S.BOOKED),
    S.IN_ROOM: (S.ARRIVED,),
    S.NOSHOW: (S.ARRIVED, S.BOOKED),
    S.FULFILLED: (),
}
MOVES = frozenset((was, new) for was, following in STEPS.items() for new in following)


@bp.get("/")
@requires(Permission.DAY_SHEET_READ, audit=Event.DESK_VIEWED)
def day() -> ResponseReturnValue:
    """The day as a list, by time or by physician."""
    known = roster.current()
    looked = _looked()
    today = clock.today(looked.zone)
    todays = {site.name: clock.today(site.zone) for site in looked.sites}
    shown = day_of(request.args.get("day")) or today
    by = "physician" if request.args.get("by") == "physician" else "time"
    return render_template(
        "frontdesk/day.html",
        sheet=queries.day_sheet(shown, looked.ids),
        looked=looked,
        by=by,
        unready_alone=request.args.get("show") == "not-ready",
        shown=shown,
        today=today,
        elsewhere={name: day for name, day in todays.items() if day != shown},
        is_today=shown in todays.values(),
        before=shown - timedelta(days=1),
        after=shown + timedelta(days=1),
        outside_count=len(outside.at_sites(outside.now_outside(known), current_actor().sites)),
    )


def _looked() -> Shown:
    return shown_to(current_actor(), request.args.get("site"))


@bp.get("/arrivals")
@requires(Permission.DAY_SHEET_READ, audit=Event.DESK_VIEWED)
def arrivals() -> ResponseReturnValue:
    """Who is late and by how much, who waits and who sits in a room since when."""
    looked = _looked()
    return render_template(
        "frontdesk/arrivals.html",
        here=arriving.todays(looked.ids),
        looked=looked,
        steps=STEPS,
        now=clock.now(),
    )


@bp.get("/visits/<visit>")
@requires(Permission.DAY_SHEET_READ, of=visits.visit_for_desk, audit=Event.DESK_VIEWED)
def visit(visit: Appointment) -> ResponseReturnValue:
    """One visit: time, place, service, state, and what can be done."""
    return _visit_page(visit)


def _visit_page(visit: Appointment, status: int = 200, **more: object) -> ResponseReturnValue:
    now = clock.now()
    is_before = visit.status in readiness.BEFORE_THE_ROOM and now < visit.starts_at
    page = render_template(
        "frontdesk/visit.html",
        visit=visit,
        is_late=visit.status == S.BOOKED and visit.starts_at < now,
        chips=checklist.of(visit),
        consult=_consultation_for(visit),
        may_be_earlier=is_before and visit.starts_on == clock.today(visit.location.zone),
        who=visits.who_and_where([visit])[visit.id],
        approvals=queries.approvals_for_desk([visit.patient_id or 0]).get(
            visit.patient_id or 0, []
        ),
        form=forms.StatusForm(),
        cancel_form=more.pop("cancel_form", None) or forms.DeskCancelForm(),
        undo_until=visits.undo_until(visit, current_actor()),
        history=history.of(visit),
        steps=steps_of(visit),
        help_wanted=intakes.help_at_the_visit(visit.patient_id, current_actor().roles),
        **more,
    )
    return page, status


def steps_of(visit: Appointment) -> tuple[S, ...]:
    """A missed visit comes back on its own day only (truth 6)."""
    if visit.status == S.NOSHOW and visit.starts_on != clock.today(visit.location.zone):
        return ()
    return STEPS.get(visit.status, ())


def _consultation_for(visit: Appointment) -> str:
    """Where a consultation is booked for the patient of *visit*, at its own site if that offers
    one."""
    patient = visit.patient.public_id if visit.patient else ""
    offered = [
        service
        for service in roster.current().services
        if service.facts.kind == ServiceKind.CONSULTATION
        and current_actor().works_at(service.location_id)
    ]
    offered.sort(key=lambda service: service.location_id != visit.location_id)
    if not offered:
        return url_for("scheduling.choose_service", patient=patient)
    return url_for("scheduling.first_times", patient=patient, service=offered[0].public_id)


@bp.post("/visits/<visit>/status")
@requires(Permission.VISIT_CHECK_IN, of=visits.visit_for_desk, audit=Event.DESK_VIEWED)
def change_status(visit: Appointment) -> ResponseReturnValue:
    """Arrived, in room, no show, and back; the button says what state its page showed."""
    form = forms.StatusForm()
    if not form.validate_on_submit() or form.move not in MOVES:
        return _visit_page(visit, 422, problem="reload")
    was, new = map(S, form.move)

    def work() -> str:
        check_in.move(visit, was, new, shown=form.version, actor=current_actor())
        return _list_of(visit)

    try:
        scope = f"{current_actor().label} frontdesk.status {visit.public_id}"
        return redirect(idempotency.once(scope, form.idempotency_key.data, typed(), work), 303)
    except GateClosed as refused:
        note_refusal(visit.service, visit.patient, refused.reasons, actor=current_actor())
        return _visit_page(visit, 409, words=desk_words(refused.reasons))
    except services.Changed:
        return _visit_page(visit, 409, problem="changed")


def _list_of(visit: Appointment) -> str:
    """Where a button stands: the grid, the arrivals, or the day in its order."""
    if request.args.get("back") == CALENDAR:
        return asked_of(roster.current()).url()
    if request.args.get("to") == "arrivals":
        return url_for("frontdesk.arrivals", site=request.args.get("site"))
    day, by = visit.starts_on.isoformat(), request.args.get("by")
    return url_for("frontdesk.day", day=day, by=by, site=request.args.get("site"))


@bp.post("/visits/<visit>/cancel")
@requires(Permission.VISIT_CANCEL, of=visits.visit_for_desk, audit=Event.DESK_VIEWED)
def cancel(visit: Appointment) -> ResponseReturnValue:
    """Cancel with a reason; the patient is told by mail."""
    form = forms.DeskCancelForm()
    if not form.validate_on_submit():
        return _visit_page(visit, 422, cancel_form=form)

    def work() -> str:
        cancelling.by_staff(visit, form.reason.data, shown=form.version, actor=current_actor())
        return url_for("frontdesk.visit", visit=visit.public_id)

    try:
        scope = f"{current_actor().label} frontdesk.cancel {visit.public_id}"
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except services.Changed:
        return _visit_page(visit, 409, problem="changed")
    return redirect(onward, 303)
