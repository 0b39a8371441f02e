"""A patient's visits: opened by sign-in or code, seen, cancelled, treatments booked."""

from __future__ import annotations

from flask import Response, abort, current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock, idempotency
from clinic.accounts import codes, identity
from clinic.accounts import queries as people
from clinic.accounts import services as accounts
from clinic.accounts.models import CodePurpose
from clinic.audit.events import Event
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Service
from clinic.catalogue.rules import MODALITIES, TREATMENTS, ServiceKind
from clinic.controls import day_of
from clinic.forms import typed
from clinic.intake import confirmations
from clinic.intake import queries as intakes
from clinic.journey import cancel as cancelling
from clinic.newcomer import CodeForm
from clinic.permissions import Actor, Permission, current_actor, public, requires
from clinic.records import queries as records
from clinic.scheduling import calendar_file, forms, history, queries, services
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import COMING, AppointmentStatus
from clinic.scheduling.views import times
from clinic.scheduling.views.blueprint import bp
from clinic.scheduling.views.booking import confirm_known, wrong_code
from clinic.treatment import queries as treatment
from clinic.treatment.consent import text_of
from clinic.treatment.rules import Reason, Wish
from clinic.waitlist import queries as waiting

OPENING = "opening"


@bp.route("/visits/open", methods=["GET", "POST"])
@public
def open_visits() -> ResponseReturnValue:
    """The same page for known and unknown people: a code is sent, whoever they are."""
    form = forms.OpenVisitsForm()
    if form.validate_on_submit():
        visitor = identity.ensure_visitor()
        email = form.email.data.lower()
        codes.send(visitor, email, CodePurpose.VISITS, actor=current_actor())
        session[OPENING] = {"email": email, "born_on": form.born_on.data.isoformat()}
        return redirect(url_for(".open_visits_code"), 303)
    return render_template("scheduling/open_visits.html", form=form), form.status


@bp.route("/visits/open/code", methods=["GET", "POST"])
@public
def open_visits_code() -> ResponseReturnValue:
    """The code opens the visits of the one record that has this address and birth date."""
    visitor, opening = identity.current_visitor(), session.get(OPENING)
    if visitor is None or opening is None:
        return redirect(url_for(".open_visits"), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        page = render_template(
            "scheduling/open_visits_code.html", form=form, email=opening["email"]
        )
        return page, form.status
    try:
        proof = codes.verify(visitor, CodePurpose.VISITS, form.code.data, actor=current_actor())
        email = codes.use_up(proof, actor=current_actor())
    except codes.WrongCode:
        return wrong_code(form, "scheduling/open_visits_code.html", opening["email"])
    born_on = day_of(opening["born_on"])
    found = people.patients_at(email, born_on) if born_on else []
    session.pop(OPENING, None)
    if len(found) != 1:
        return render_template("scheduling/nobody_found.html"), 404
    accounts.prove_visitor(visitor, found[0], email)
    identity.renew_visitor(visitor)
    return redirect(url_for(".my_visits"), 303)


@bp.post("/visits/close")
@public
def close_visits() -> ResponseReturnValue:
    """Somebody who came by code leaves: the browser opens nothing any more."""
    visitor = identity.current_visitor()
    if forms.HoldForm().validate_on_submit() and visitor is not None:
        accounts.forget_visitor(visitor)
        session.clear()
    return redirect(url_for("public.home"), 303)


@bp.get("/visits")
@requires(Permission.OWN_VISITS_READ, of=people.own_patient, audit=Event.OWN_RECORD_VIEWED)
def my_visits() -> ResponseReturnValue:
    """Next visit first, then what is missing, then what was approved, then the past."""
    actor = current_actor()
    patient = people.own_patient(actor) or abort(404)
    visits = queries.own_visits(patient.id)
    coming = [v for v in visits if v.status in COMING]
    coming.reverse()
    gate = treatment.gate(patient)
    return render_template(
        "scheduling/my_visits.html",
        patient=patient,
        coming=coming,
        past=[v for v in visits if v not in coming],
        who=queries.who_and_where(visits),
        free_until=cancelling.free_until,
        renewals=_renewals(coming, gate),
        own=records.own_page(patient, gate, visits, actor) if actor.opens_own_record else None,
        confirmed=_confirmed(coming, gate, actor),
        undoable=[(v, until) for v in visits if (until := queries.undo_until(v, actor))],
        waits=waiting.own_waits(patient.id),
        form=forms.HoldForm(),
        now=clock.now(),
    )


def _renewals(coming: list[Appointment], gate: treatment.Gate) -> dict[int, list[Reason]]:
    """Coming treatments whose approval no longer carries them, with the reasons."""
    reasons = {
        v.id: gate.about(v.approval_id, Wish(MODALITIES[v.service.kind], v.starts_at, v.starts_on))
        for v in coming
        if v.service.kind in TREATMENTS
    }
    return {visit: against for visit, against in reasons.items() if against}


def _confirmed(
    coming: list[Appointment], gate: treatment.Gate, actor: Actor
) -> confirmations.Confirmed:
    """Which visits ask whether anything has changed; a code alone opens no answers (S11)."""
    return confirmations.of_coming(coming, gate.form if actor.opens_own_record else None)


@bp.get("/visits/<visit>")
@requires(Permission.OWN_VISITS_READ, of=queries.own_visit, audit=Event.OWN_RECORD_VIEWED)
def booked(visit: Appointment) -> ResponseReturnValue:
    """When, where, who, how to prepare, and until when it may be cancelled."""
    return render_template(
        "scheduling/booked.html",
        visit=visit,
        who=queries.who_and_where([visit])[visit.id],
        free_until=cancelling.free_until(visit),
        may_change=visit.status == AppointmentStatus.BOOKED
        and clock.now() <= cancelling.free_until(visit),
        undo_until=queries.undo_until(visit, current_actor()),
        form=forms.UndoForm(),
        again=again(visit),
        history=history.of(visit),
        text=text_of(MODALITIES[visit.service.kind]),
        offer_password=not current_actor().has_account,
        has_form=bool(intakes.submitted_by([visit.patient_id or 0])),
    )


@bp.get("/visits/<visit>/visit.ics")
@requires(Permission.OWN_VISITS_READ, of=queries.own_visit, audit=Event.OWN_RECORD_VIEWED)
def calendar(visit: Appointment) -> ResponseReturnValue:
    """The visit for the patient's own calendar."""
    host = current_app.config["TRUSTED_HOSTS"][0]
    body = calendar_file.of_visit(visit, visit.location, now=clock.now(), host=host)
    response = Response(body, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


@bp.route("/visits/<visit>/cancel", methods=["GET", "POST"])
@requires(Permission.OWN_VISITS_CANCEL, of=queries.own_visit, audit=Event.OWN_RECORD_VIEWED)
def cancel(visit: Appointment) -> ResponseReturnValue:
    """The page asks, the press cancels; too late, or over, says what to do instead."""
    form, page = forms.CancelForm(), "scheduling/cancel.html"
    scope = f"{current_actor().label} scheduling.cancel {visit.public_id}"
    before = form.first_outcome(scope)
    if before is not None:
        return redirect(before, 303)
    if visit.status != AppointmentStatus.BOOKED:
        return ended(visit)
    if not form.validate_on_submit():
        late = clock.now() > cancelling.free_until(visit)
        return render_template(page, form=form, visit=visit, late=late), form.status

    def work() -> str:
        cancelling.by_patient(visit, shown=form.version, actor=current_actor())
        return url_for("scheduling.my_visits")

    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except cancelling.TooLate:
        return render_template(page, form=form, visit=visit, late=True), 409
    except services.Changed:
        return _moved_meanwhile(visit)
    return redirect(onward, 303)


def _moved_meanwhile(visit: Appointment) -> ResponseReturnValue:
    """The page asks again, about the visit as it is now; or it is over."""
    if visit.status != AppointmentStatus.BOOKED:
        return ended(visit)
    late = clock.now() > cancelling.free_until(visit)
    form = forms.CancelForm(formdata=None)
    page = render_template("scheduling/cancel.html", form=form, visit=visit, late=late, moved=True)
    return page, 409


def ended(visit: Appointment, status: int = 410) -> ResponseReturnValue:
    """The visit is over or cancelled, for good: another one can be booked."""
    return render_template("scheduling/ended.html", visit=visit, again=again(visit)), status


def again(visit: Appointment) -> str | None:
    """Where the patient books the same once more; None where only the clinic books it."""
    service = visit.service
    if service.active and service.kind in TREATMENTS:
        return url_for("scheduling.treatment_times", service=service.public_id)
    is_consultation = service.kind == ServiceKind.CONSULTATION
    return url_for("scheduling.consultation_times") if is_consultation else None


def treatment_service(_actor: Actor, public_id: str) -> Service | None:
    """A service that the patient books after a consultation; a retired one says that it is."""
    found = catalogue.service_ever(public_id)
    return found if found is not None and found.kind in TREATMENTS else None


@bp.route("/book/<service>", methods=["GET", "POST"])
@requires(Permission.OWN_VISITS_BOOK, of=treatment_service, audit=Event.OWN_RECORD_VIEWED)
def treatment_times(service: Service) -> ResponseReturnValue:
    """Times of a treatment inside the approval; without one, the reasons."""
    return times.show(treatment_way(service))


def treatment_way(service: Service) -> times.Way:
    return times.Way(
        service=service,
        patient=people.own_patient(current_actor()) or abort(404),
        here=url_for("scheduling.treatment_times", service=service.public_id),
        onward=url_for("scheduling.book_treatment", service=service.public_id),
        template="scheduling/treatment_times.html",
        extras={"book_form": forms.BookForm()},
    )


@bp.post("/book/<service>/confirm")
@requires(Permission.OWN_VISITS_BOOK, of=treatment_service)
def book_treatment(service: Service) -> ResponseReturnValue:
    """Book the held time."""
    way = treatment_way(service)
    form = forms.BookForm()
    if not form.validate_on_submit():
        return redirect(way.here, 303)
    key = form.idempotency_key.data
    assert way.patient is not None
    before = idempotency.earlier(f"{current_actor().label} scheduling.confirm", key, typed())
    if before is not None:
        return redirect(before, 303)
    held = queries.hold_of(current_actor().visitor_id)
    if held is None or held.patient_id != way.patient.id or held.service_id != service.id:
        flash(_("That time is no longer held. Choose one below."))
        return redirect(way.here, 303)
    return confirm_known(queries.Held(held.id, held.public_id), way.patient.id, lambda: way, key)
