"""My day and the queue of forms to review."""

from __future__ import annotations

from datetime import date, timedelta

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.audit.events import Event
from clinic.catalogue import queries as catalogue
from clinic.catalogue.own_sites import Shown, shown_to
from clinic.controls import day_of
from clinic.forms import PressedOnce
from clinic.intake import confirmations
from clinic.permissions import Actor, Permission, current_actor, requires
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.screening import alerts, left_open, queries, services
from clinic.screening.views.around import wanted
from clinic.screening.views.blueprint import bp
from clinic.treatment import paused, standing


@bp.get("/my-day")
@requires(Permission.MY_DAY_READ, audit=Event.DESK_VIEWED)
def my_day() -> ResponseReturnValue:
    """The physician's own visits of a day; apart, what was left open before."""
    actor = current_actor()
    practitioner_id = actor.practitioner_id or abort(404)
    looked = _looked()
    today = clock.today(looked.zone)
    todays = {site.name: clock.today(site.zone) for site in looked.sites}
    shown = day_of(request.args.get("day")) or today
    booked = visits.visits_on(shown, practitioner_id, looked.ids)
    return render_template(
        "screening/my_day.html",
        visits=booked,
        looked=looked,
        who=visits.who_and_where(booked),
        **_left_open(actor, practitioner_id),
        confirmed=confirmations.confirmed(booked),
        need_renewal=standing.need_renewal(booked),
        **_to_read(today),
        shown=shown,
        elsewhere={name: day for name, day in todays.items() if day != shown},
        is_today=shown in todays.values(),
        before=shown - timedelta(days=1),
        after=shown + timedelta(days=1),
        me=current_actor().user_id,
        form=PressedOnce(),
        now=clock.now(),
        Status=AppointmentStatus,
    )


def _looked() -> Shown:
    return shown_to(current_actor(), request.args.get("site"))


def _left_open(actor: Actor, practitioner_id: int) -> dict[str, object]:
    """Visits over without a note, and drafts of days before; a visit stands in one of them.

    Of every site of theirs: what is left open waits, wherever they look.
    """
    zone = catalogue.site().zone
    unsigned = left_open.unsigned_visits(practitioner_id, actor.sites)
    began = clock.day_bounds(clock.today(zone), zone).starts_at
    over = {visit.appointment_id for visit in unsigned}
    drafts = left_open.drafts_before(began, actor)
    return {
        "unsigned": unsigned,
        "drafts": [draft for draft in drafts if draft.appointment_id not in over],
    }


def _to_read(today: date) -> dict[str, object]:
    """What goes before everything else: forms to be read today, and approvals that are paused."""
    actor = current_actor()
    return {"alerts": alerts.open_alerts(actor), "paused": paused.waiting(actor, today)}


@bp.get("/reviews")
@requires(Permission.REVIEW_QUEUE_READ, audit=Event.DESK_VIEWED)
def queue() -> ResponseReturnValue:
    """Forms that wait for a physician, oldest first: name, since when, level chips."""
    looked = _looked()
    lines = queries.review_queue(current_actor(), looked.ids)
    return render_template(
        "screening/queue.html",
        looked=looked,
        lines=queries.only(lines, wanted()),
        total=len(lines),
        show=wanted(),
        wanted=wanted() or queries.ALL,
        filters=queries.FILTERS,
        form=PressedOnce(),
        **_to_read(clock.today(looked.zone)),
    )


@bp.post("/reviews/<consultation>/take")
@requires(Permission.REVIEW_QUEUE_READ, of=queries.consultation_in_queue)
def take(consultation: Appointment) -> ResponseReturnValue:
    """Opening a colleague's patient takes the review: care begins, and it is written down."""
    patient = consultation.patient or abort(404)
    if patient.user_id is not None and patient.user_id == current_actor().user_id:
        abort(404)
    services.take_review(patient, actor=current_actor())
    return redirect(url_for(".review", consultation=consultation.public_id, show=wanted()), 303)
