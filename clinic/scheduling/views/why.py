"""Why no time? What stands against one, in words; and booking it all the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from clinic import filters, idempotency
from clinic.accounts.models import Patient
from clinic.audit.events import Event
from clinic.catalogue import queries as catalogue
from clinic.forms import typed
from clinic.journey import book
from clinic.permissions import Permission, current_actor, requires
from clinic.scheduling import forms, roster, services, why
from clinic.scheduling.models import Appointment
from clinic.scheduling.on_offer import Offered, Roster
from clinic.scheduling.views.blueprint import bp
from clinic.scheduling.views.staff import page_of, patient_to_book
from clinic.scheduling.why import Answer
from clinic.treatment.rules import Reason, desk_words


@dataclass(frozen=True)
class Asked:
    """What was asked, with the answer, where it could be read, and what the gate says.

    *moving* is the visit that is to have another time.
    """

    form: forms.WhyForm
    answer: Answer | None
    refusals: list[Reason]
    patient: Patient | None
    moving: Appointment | None = None

    @property
    def may_override(self) -> bool:
        """Whether the page offers to book, or to move, all the same."""
        is_open = self.patient is not None and not self.refusals
        return is_open and self.answer is not None and self.answer.may_override


@bp.get("/why-not")
@requires(Permission.VISIT_BOOK)
def why_not() -> ResponseReturnValue:
    """Why a physician has no time then; about no patient."""
    return _page(asked_now(None))


@bp.route("/patients/<patient>/why-not", methods=["GET", "POST"])
@requires(Permission.VISIT_BOOK, of=patient_to_book, audit=Event.DESK_VIEWED)
def why_not_for_patient(patient: Patient) -> ResponseReturnValue:
    """Why this patient can't have a time; a POST books it all the same, with a reason."""
    if request.method != "POST":
        return _page(asked_now(patient))
    form = forms.OverrideForm()
    scope = f"{current_actor().label} scheduling.override {patient.public_id}"
    before = form.first_outcome(scope)
    if before is not None:
        return redirect(before, 303)
    asked = asked_now(patient)
    if not form.validate_on_submit() or asked.answer is None:
        return _page(asked, form, 422)
    return _book(asked, asked.answer, patient, form, scope)


def _book(
    asked: Asked, answer: Answer, patient: Patient, form: forms.OverrideForm, scope: str
) -> ResponseReturnValue:
    service = catalogue.service_ever(answer.service.public_id)
    assert service is not None  # its times were asked about

    def work() -> str:
        visit = book.all_the_same(
            service,
            answer.person.actor_id,
            answer.starts_at,
            patient,
            reason=form.reason.data or "",
            actor=current_actor(),
        )
        return page_of(visit)

    try:
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except book.GateClosed as refused:
        book.note_refusal(service, patient, refused.reasons, actor=current_actor())
        return _page(asked_now(patient), form, 409)
    except services.SlotTaken:
        return _page(asked_now(patient), form, 409)
    except services.CleanUpBegun:
        clean_up_begun(form)
        return _page(asked_now(patient), form, 409)
    flash(_("Booked."))
    return redirect(onward, 303)


def clean_up_begun(form: forms.OverrideForm) -> None:
    form.reason.errors = [
        _("The clean-up of a visit that has begun can’t be shortened. Choose a later time.")
    ]


def asked_now(patient: Patient | None, moving: Appointment | None = None) -> Asked:
    """What the address asks, answered where it can be read.

    About a visit that is *moving* nobody asks for which service.
    """
    known = roster.current()
    offered = [roster.offered(moving.service)] if moving is not None else _offered(known)
    query = request.args.to_dict()
    # The empty stretch of a site's day leads here: what is asked about is one of its services.
    here = [s for s in offered if known.sites[s.location_id].public_id == query.get("site")]
    if moving is not None:
        query["service"] = offered[0].public_id
    elif offered:
        query.setdefault("service", (here or offered)[0].public_id)
    form = forms.WhyForm(MultiDict(query))
    form.offer(offered, known)
    answer = None
    if "at" in request.args and form.validate():
        service = next(one for one in offered if one.public_id == form.service.data)
        answer = _answer(form, known, service, patient, moving)
    refusals = _refusals(answer, patient) if answer and patient else []
    return Asked(form, answer, refusals, patient, moving)


def _offered(known: Roster) -> list[Offered]:
    return [one for one in known.services if current_actor().works_at(one.location_id)]


def _answer(
    form: forms.WhyForm,
    known: Roster,
    service: Offered,
    patient: Patient | None,
    moving: Appointment | None,
) -> Answer | None:
    person = known.person(form.practitioner.data)
    assert person is not None  # the form checked it
    starts_at = _instant(form, known.sites[service.location_id].zone)
    if starts_at is None:
        return None
    return why.ask(service, person, starts_at, patient=patient, moving=moving, known=known)


def _instant(form: forms.WhyForm, zone: str) -> datetime | None:
    """The instant that a form without errors means; None where clocks skip it, or show it twice."""
    day, minute = form.day.data, form.at.data
    assert day is not None and minute is not None  # the form checked both
    second = {"yes": True, "no": False}.get(form.second.data or "")
    try:
        return why.instant(day, minute, zone, second=second)
    except why.NoSuchTime as skipped:
        then = filters.time(skipped.then, zone)
        form.at.errors = [
            _(
                "Clocks go forward that night and skip this time. Enter %(then)s or later.",
                then=then,
            )
        ]
    except why.TwiceThatDay:
        form.second.errors = [_("Choose the first or the second")]
    return None


def _refusals(answer: Answer, patient: Patient) -> list[Reason]:
    """What the gate says: nobody overrides that."""
    service = catalogue.service_ever(answer.service.public_id)
    assert service is not None  # its times were asked about
    try:
        book.allowed(service, patient, answer.starts_at)
    except book.GateClosed as refused:
        return refused.reasons
    return []


def _page(
    asked: Asked, form: forms.OverrideForm | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "scheduling/why_not.html",
        asked=asked,
        question=asked.form,
        answer=asked.answer,
        patient=asked.patient,
        form=form or forms.OverrideForm(formdata=None),
        desk_words=desk_words,
        back=_back(asked),
    )
    return page, 422 if asked.form.errors else status


def _back(asked: Asked) -> str | None:
    """The page of times that this one was reached from."""
    service = asked.form.service.data
    if asked.patient is None or service is None:
        return None
    return url_for(
        "scheduling.times_for_patient",
        patient=asked.patient.public_id,
        service=service,
        who=asked.form.practitioner.data,
        day=asked.form.day.data,
    )
