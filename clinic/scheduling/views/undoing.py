"""Staff cancel a visit; and a cancellation taken back within ten minutes, by whoever cancelled."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.audit.events import Event
from clinic.catalogue.rules import TREATMENTS, ServiceKind
from clinic.forms import typed
from clinic.journey import book
from clinic.journey import cancel as cancelling
from clinic.permissions import Permission, current_actor, requires
from clinic.scheduling import forms, queries, services
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.scheduling.views import consultation, patient, staff, times
from clinic.scheduling.views.blueprint import bp

CANCELLABLE = frozenset({AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED})
Ended = Callable[[Appointment, int], ResponseReturnValue]


@bp.route("/moves/<visit>/cancel", methods=["GET", "POST"])
@requires(Permission.VISIT_CHANGE, of=staff.visit_to_undo, audit=Event.DESK_VIEWED)
def cancel_for_patient(visit: Appointment) -> ResponseReturnValue:
    """The page asks why, the press cancels; after that it offers to take it back."""
    form = forms.StaffCancelForm()
    scope = f"{current_actor().label} scheduling.cancel_for_patient {visit.public_id}"
    before = form.first_outcome(scope)
    if before is not None:
        return redirect(before, 303)
    if visit.status not in CANCELLABLE:
        is_theirs = queries.undo_until(visit, current_actor()) is not None
        return _cancel_page(visit, form) if is_theirs else staff.ended(visit)
    if not form.validate_on_submit():
        return _cancel_page(visit, form)

    def work() -> str:
        reason, shown = form.reason.data, form.version
        cancelling.by_staff(visit, reason, shown=shown, actor=current_actor())
        return url_for("scheduling.cancel_for_patient", visit=visit.public_id)

    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except services.Changed:
        return _changed_meanwhile(visit)
    return redirect(onward, 303)


def _changed_meanwhile(visit: Appointment) -> ResponseReturnValue:
    """The page asks again, about the visit as it is now; or it is over."""
    if visit.status not in CANCELLABLE:
        return staff.ended(visit)
    return _cancel_page(visit, forms.StaffCancelForm(formdata=None), moved=True)


def _cancel_page(
    visit: Appointment, form: forms.StaffCancelForm, *, moved: bool = False
) -> ResponseReturnValue:
    page = render_template(
        "scheduling/cancel_for_patient.html",
        form=form,
        visit=visit,
        who=queries.who_and_where([visit])[visit.id],
        undo_until=queries.undo_until(visit, current_actor()),
        undo_form=forms.UndoForm(formdata=None),
        back=staff.page_of(visit),
        moved=moved,
    )
    return page, 409 if moved else form.status


@bp.post("/visits/<visit>/undo-cancel")
@requires(Permission.OWN_VISITS_CANCEL, of=queries.own_visit, audit=Event.OWN_RECORD_VIEWED)
def undo_cancel(visit: Appointment) -> ResponseReturnValue:
    """One's own cancellation: the visit is booked as before."""
    back = url_for("scheduling.booked", visit=visit.public_id)
    return _undo(visit, back, lambda: _own_way(visit), patient.ended)


@bp.post("/moves/<visit>/undo-cancel")
@requires(Permission.VISIT_CHANGE, of=staff.visit_to_undo, audit=Event.DESK_VIEWED)
def undo_for_patient(visit: Appointment) -> ResponseReturnValue:
    """The same for the desk."""

    def way() -> times.Way | None:
        return staff.booking_way(visit.patient, visit.service) if visit.patient else None

    return _undo(visit, staff.page_of(visit), way, staff.ended)


def _own_way(visit: Appointment) -> times.Way | None:
    """Where the patient books the same again; None where only the clinic books it."""
    if visit.service.kind == ServiceKind.CONSULTATION:
        return consultation.consultation_way(visit.service)
    is_theirs = visit.service.kind in TREATMENTS
    return patient.treatment_way(visit.service) if is_theirs else None


def _undo(
    visit: Appointment, back: str, way: Callable[[], times.Way | None], ended: Ended
) -> ResponseReturnValue:
    form = forms.UndoForm()
    if not form.validate_on_submit():
        return redirect(back, 303)

    def work() -> str:
        cancelling.undo(visit, actor=current_actor())
        return back

    try:
        scope = f"{current_actor().label} scheduling.undo {visit.public_id}"
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except services.UndoOver:
        return ended(visit, 410)
    except book.GateClosed as refused:
        book.note_refusal(visit.service, visit.patient, refused.reasons, actor=current_actor())
        again = way()
        return times.refused(again, refused.reasons) if again else ended(visit, 409)
    except services.SlotTaken:
        again = way()
        return times.gone(again, visit) if again else ended(visit, 409)
    flash(_("Undone: the visit is booked as before."))
    return redirect(onward, 303)
