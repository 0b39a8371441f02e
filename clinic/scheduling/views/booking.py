"""A first booking: choose a time, check the answers, prove an address, book."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from clinic import idempotency
from clinic.accounts import codes, identity
from clinic.accounts import queries as people
from clinic.accounts.models import CodePurpose, Patient, Visitor
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue import queries as catalogue
from clinic.catalogue.rules import ServiceKind
from clinic.controls import WRONG_CODE
from clinic.forms import pressed_key, typed
from clinic.intake import queries as intakes
from clinic.intake import services as intake_services
from clinic.intake.models import Intake
from clinic.journey import book
from clinic.journey import cancel as cancelling
from clinic.newcomer import CodeForm
from clinic.permissions import Actor, current_actor, owner, public
from clinic.scheduling import forms, queries, services
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries import Held
from clinic.scheduling.views import times
from clinic.scheduling.views.blueprint import bp
from clinic.scheduling.views.consultation import (
    consultation_page,
    consultation_way,
    own_draft,
    own_patient,
)

NEWCOMER = "newcomer"


def own_hold(actor: Actor, public_id: str) -> Appointment | None:
    """The hold of the browser that asks, live, past its end or lost to somebody else."""
    held = queries.hold_of(actor.visitor_id) or queries.lost_hold(actor.visitor_id)
    return held if held is not None and held.public_id == public_id else None


@bp.post("/holds/<hold>/extend")
@owner(own_hold)
def extend(hold: Appointment) -> ResponseReturnValue:
    """Ten minutes more."""
    form = forms.HoldForm()
    form.validate_on_submit()
    try:
        services.extend(hold, actor=current_actor())
    except services.HoldAtItsLongest:
        page = render_template("scheduling/hold_at_longest.html", hold=hold, onward=_onward(hold))
        return page, 409
    except (services.HoldOver, services.SlotTaken):
        return render_template("scheduling/hold_over.html", back=_page_of(hold)), 409
    return redirect(_page_of(hold), 303)


@bp.post("/holds/<hold>/release")
@owner(own_hold)
def release(hold: Appointment) -> ResponseReturnValue:
    """Choose another time: this one is free at once."""
    back = _page_of(hold)
    services.release(hold, actor=current_actor())
    return redirect(back, 303)


def _page_of(hold: Appointment) -> str:
    """The page of times that a hold was made on."""
    if current_actor().is_staff and hold.patient is not None:
        return url_for(
            "scheduling.times_for_patient",
            patient=hold.patient.public_id,
            service=hold.service.public_id,
        )
    if hold.approval_id is not None:
        return url_for("scheduling.treatment_times", service=hold.service.public_id)
    return consultation_page(hold.service)


def _onward(hold: Appointment) -> str:
    """Where a held time is booked: a first consultation on the last page, others where it is."""
    is_first = hold.approval_id is None and not current_actor().is_staff
    return url_for("scheduling.check") if is_first else _page_of(hold)


@bp.route("/book/check", methods=["GET", "POST"])
@public
def check() -> ResponseReturnValue:
    """Everything once more before it is booked; a visitor gives name and address."""
    pressed = _pressed_by_known(g.actor) if request.method == "POST" else None
    if pressed is not None:
        return pressed
    held = queries.hold_of(g.actor.visitor_id)
    if held is None or held.approval_id is not None:
        # Nothing is held any more when this very press has booked it before.
        before = forms.BookForm().first_outcome(_confirm_scope())
        if before is not None:
            return redirect(before, 303)
        return _start_over(queries.lost_hold(g.actor.visitor_id))
    patient = own_patient()
    if patient is not None:
        return _check_known(held, patient)
    draft = own_draft()
    if draft is None or intakes.unfinished_pages(draft):
        return redirect(url_for("intake.start"), 303)
    form = forms.CheckForm(data=session.get(NEWCOMER, {}))
    if form.validate_on_submit():
        # Name and contact data only, signed, for as long as the page needs them.
        session[NEWCOMER] = {
            "name": form.name.data,
            "email": form.email.data,
            "phone": form.phone.data,
            "consent": True,
        }
        visitor = identity.ensure_visitor()
        codes.send(visitor, form.email.data.lower(), CodePurpose.BOOK, actor=current_actor())
        return redirect(url_for("scheduling.code"), 303)
    return _check_page(form, held, draft), form.status


def _check_page(form: object, held: Appointment, draft: Intake | None) -> str:
    catalogue.page_is_about(held.location)
    questions = intakes.questionnaire(draft) if draft else None
    if draft is not None:  # the page shows every answer; the door does not know yet whose they are
        audit.record(
            Event.FORM_VIEWED, actor=current_actor(), patient_id=draft.patient_id, subject=draft
        )
    return render_template(
        "scheduling/check.html",
        form=form,
        held=held,
        who=queries.who_and_where([held])[held.id],
        draft=draft,
        questions=questions,
        steps_all=intakes.steps_of_a_booking(),
        patient=own_patient(),
        free_until=cancelling.free_until,
        times_page=consultation_page(held.service),
    )


def _pressed_by_known(actor: Actor) -> ResponseReturnValue | None:
    """Somebody known books with one press, for which numbers are enough. None where the page must
    say something: nothing is held, a form is not sent yet, the press is not whole."""
    if actor.patient_id is None:
        return None
    held = book.held_by_known(actor.visitor_id, actor.patient_id)
    if held is None or held.approval_id is not None:
        return None
    if actor.opens_own_record and not held.form_is_sent:
        return None
    return _press(Held(held.id, held.public_id), actor.patient_id)


def _press(held: Held, patient_id: int, draft: Intake | None = None) -> ResponseReturnValue | None:
    key = pressed_key()
    if key is None:
        return None

    def way_back() -> times.Way | None:
        return consultation_way(queries.visit_of(held.id).service)

    return confirm_known(held, patient_id, way_back, key, draft=draft)


def _check_known(held: Appointment, patient: Patient) -> ResponseReturnValue:
    """The page for somebody known; a form not finished yet is asked for first."""
    draft = None
    if current_actor().opens_own_record:
        newest = intakes.draft_or_sent(patient.id)
        if newest is None:
            newest = intake_services.start_for(patient, actor=current_actor())
        draft = newest if newest.submitted_at is None else None
    if draft is not None and intakes.unfinished_pages(draft):
        first = intakes.unfinished_pages(draft)[0]
        return redirect(url_for("intake.page", intake=draft.public_id, key=first), 303)
    if request.method == "POST":
        pressed = _press(Held(held.id, held.public_id), patient.id, draft)
        if pressed is not None:
            return pressed
    form = forms.BookForm()
    form.validate_on_submit()
    return _check_page(form, held, draft), form.status


def _confirm_scope() -> str:
    return f"{current_actor().label} scheduling.confirm"


def confirm_known(
    held: Held,
    patient_id: int,
    way_back: Callable[[], times.Way | None],
    key: str,
    *,
    draft: Intake | None = None,
) -> ResponseReturnValue:
    """Book a held time for somebody known, once however often it is pressed.

    *way_back* is asked for only when it is refused.
    """

    def work() -> str:
        book.confirm_held(held.id, patient_id, actor=current_actor(), draft=draft)
        return url_for("scheduling.booked", visit=held.public_id)

    try:
        return redirect(idempotency.once(_confirm_scope(), key, typed(), work), 303)
    except book.GateClosed as refused:
        visit, patient = queries.visit_of(held.id), people.patient_of(patient_id)
        book.note_refusal(visit.service, patient, refused.reasons, actor=current_actor())
        return times.refused(way_back() or abort(404), refused.reasons)
    except (services.SlotTaken, services.HoldOver):
        return times.gone(way_back() or abort(404), queries.visit_of(held.id))


@bp.route("/book/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    """The code proves the address and books, in one press."""
    visitor = identity.current_visitor()
    newcomer = session.get(NEWCOMER)
    form = CodeForm()
    # Read before the key: a press that has used the hold up has left its outcome as well.
    held = queries.hold_of(visitor.id if visitor else None)
    if held is not None:
        catalogue.page_is_about(held.location)
    before = form.first_outcome(_code_scope(visitor)) if visitor else None
    if before is not None:
        return _newcomer_is_booked(before)
    if visitor is None or newcomer is None:
        return redirect(url_for("scheduling.check"), 303)
    if form.validate_on_submit():
        return _book_newcomer(form, visitor, held)
    return render_template("scheduling/code.html", form=form, email=newcomer["email"]), form.status


def _code_scope(visitor: Visitor) -> str:
    return f"visitor:{visitor.id} scheduling.code"


def _newcomer_is_booked(onward: str) -> ResponseReturnValue:
    session.pop(NEWCOMER, None)
    return redirect(onward, 303)


def _book_newcomer(
    form: CodeForm, visitor: Visitor, held: Appointment | None
) -> ResponseReturnValue:
    newcomer, draft = session[NEWCOMER], own_draft()
    if held is None or draft is None:
        return _start_over(held or queries.lost_hold(visitor.id))

    def work() -> str:
        email = codes.use_up(proof, actor=current_actor())
        who = book.Newcomer(newcomer["name"], email, newcomer.get("phone"))
        done = book.first_consultation(held, draft, who, visitor, actor=current_actor())
        return url_for("scheduling.booked", visit=done.public_id)

    scope, key = _code_scope(visitor), form.idempotency_key.data
    try:
        proof = codes.verify(visitor, CodePurpose.BOOK, form.code.data, actor=current_actor())
        return _newcomer_is_booked(idempotency.once(scope, key, typed(), work))
    except codes.WrongCode:
        before = form.first_outcome(scope)  # a press at the same moment may have used the code up
        if before is not None:
            return _newcomer_is_booked(before)
        return wrong_code(form, "scheduling/code.html", newcomer["email"])
    except (services.SlotTaken, services.HoldOver):
        return _start_over(held)


def _start_over(held: Appointment | None) -> ResponseReturnValue:
    """The time is gone: the page of times again, with what is near it."""
    way = consultation_way(held.service) if held is not None else None
    if way is None or held is None or held.service.kind != ServiceKind.CONSULTATION:
        return redirect(url_for("scheduling.consultation_times"), 303)
    return times.gone(way, held)


def wrong_code(form: CodeForm, template: str, email: str) -> ResponseReturnValue:
    """The page of a code again, with what to do."""
    form.code.errors = [WRONG_CODE]
    return render_template(template, form=form, email=email), 422


@bp.post("/book/code/again")
@public
def code_again() -> ResponseReturnValue:
    """Send a new code to the same address."""
    visitor, newcomer = identity.current_visitor(), session.get(NEWCOMER)
    if visitor is None or newcomer is None or not forms.HoldForm().validate_on_submit():
        return redirect(url_for("scheduling.check"), 303)
    codes.send(visitor, newcomer["email"].lower(), CodePurpose.BOOK, actor=current_actor())
    return redirect(url_for("scheduling.code", again=1), 303)
