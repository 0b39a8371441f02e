"""Moving a visit to where no time is on offer: why not, and all the same, with a typed reason."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import idempotency
from clinic.audit.events import Event
from clinic.forms import typed
from clinic.journey import book, move
from clinic.permissions import Permission, current_actor, requires
from clinic.scheduling import forms, services
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import AppointmentStatus
from clinic.scheduling.views import moving, staff, times, why
from clinic.scheduling.views.blueprint import bp
from clinic.scheduling.why import Answer
from clinic.treatment.rules import desk_words


@bp.route("/moves/<visit>/why-not", methods=["GET", "POST"])
@requires(Permission.VISIT_CHANGE, of=staff.visit_to_change, audit=Event.DESK_VIEWED)
def why_not_to_move(visit: Appointment) -> ResponseReturnValue:
    """Why a visit can't move to a time; a POST moves it all the same, with a reason."""
    form = forms.MoveAllTheSameForm()
    scope = f"{current_actor().label} scheduling.move-override {visit.public_id}"
    before = form.first_outcome(scope)
    if before is not None:
        return redirect(before, 303)
    if visit.status != AppointmentStatus.BOOKED:
        return staff.ended(visit)
    asked = why.asked_now(visit.patient, visit)
    if request.method != "POST":
        return _page(asked)
    if not form.validate_on_submit() or asked.answer is None:
        return _page(asked, form, 422)
    return _move(visit, asked.answer, form, scope)


def _move(
    visit: Appointment, answer: Answer, form: forms.MoveAllTheSameForm, scope: str
) -> ResponseReturnValue:
    def work() -> str:
        move.all_the_same(
            visit,
            answer.person.actor_id,
            answer.starts_at,
            shown=form.version,
            reason=form.asked_by.data,
            why=form.reason.data or "",
            actor=current_actor(),
        )
        return staff.page_of(visit)

    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except book.GateClosed as refused:
        whom = visit.service, visit.patient
        book.note_refusal(*whom, refused.reasons, actor=current_actor())
        return _again(visit, form)
    except (services.SlotTaken, move.SameTime):
        return _again(visit, form)
    except services.CleanUpBegun:
        why.clean_up_begun(form)
        return _again(visit, form)
    except services.Changed:
        if visit.status != AppointmentStatus.BOOKED:
            return staff.ended(visit)
        return times.changed(moving.way_of_staff(visit))
    flash(_("The visit is moved."))
    return redirect(onward, 303)


def _again(visit: Appointment, form: forms.MoveAllTheSameForm) -> ResponseReturnValue:
    """The page as things are by now, with what was typed."""
    return _page(why.asked_now(visit.patient, visit), form, 409)


def _page(
    asked: why.Asked, form: forms.MoveAllTheSameForm | None = None, status: int = 200
) -> ResponseReturnValue:
    visit, answer = asked.moving, asked.answer
    assert visit is not None  # that is what this page is about
    way, chosen = moving.way_of_staff(visit), None
    if answer is not None:
        chosen = answer.person.actor_id, answer.starts_at
    page = render_template(
        "scheduling/why_not_to_move.html",
        asked=asked,
        question=asked.form,
        answer=answer,
        visit=visit,
        now_with=way.extras["now_with"],
        form=form or forms.MoveAllTheSameForm(formdata=None),
        desk_words=desk_words,
        back=url_for(
            "scheduling.move_for_patient",
            visit=visit.public_id,
            who=asked.form.practitioner.data,
            day=asked.form.day.data,
        ),
        is_there=chosen is not None and chosen == times.own_slot(visit),
        onward=f"{way.onward}?slot={forms.slot_value(*chosen)}" if chosen else None,
    )
    return page, 422 if asked.form.errors else status
