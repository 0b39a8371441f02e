"""Patients at the desk: found while somebody types, entered once, their contact data kept right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic import clock, idempotency
from clinic.accounts import claims, contact, finding, links, lookup
from clinic.accounts import queries as people
from clinic.accounts.lookup import Known
from clinic.accounts.models import Patient
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.catalogue.own_sites import own_sites
from clinic.controls import day_of
from clinic.forms import typed
from clinic.frontdesk import forms, queries
from clinic.frontdesk.views.blueprint import bp
from clinic.journey import enter
from clinic.permissions import Permission, current_actor, requires
from clinic.records.queries import contact_view
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules import COMING

SHORTEST_WHILE_TYPING = 3  # letters; who shows fewer waits for more, or presses Find


@bp.get("/patients")
@requires(Permission.PATIENT_FIND, audit=Event.PATIENT_FOUND, by_view=True)
def patients() -> ResponseReturnValue:
    """Find a patient by name, phone, e-mail address or date of birth; each is written down.

    While somebody types, the list alone is drawn again.
    """
    words = request.args.get("q", "").replace("\0", "").strip()[:100]
    types_on = bool(request.headers.get("HX-Request"))
    is_short = types_on and len(words) < SHORTEST_WHILE_TYPING
    asked = finding.wanted("" if is_short else words)
    hits = lookup.found(asked)
    _note(hits.shown)
    page = "frontdesk/_found.html" if types_on else "frontdesk/patients.html"
    return render_template(
        page, words=words, asked=asked, hits=hits, is_short=is_short, types_on=types_on
    )


def _note(shown: Sequence[Known]) -> None:
    """Whoever a list shows was looked at; and that somebody looked, where it shows nobody."""
    if shown:
        looks = [(one.id, one.subject) for one in shown]
        audit.record_each(Event.PATIENT_FOUND, looks, actor=current_actor())
    else:
        audit.record(Event.PATIENT_FOUND, actor=current_actor())


@bp.get("/patients/<patient>")
@requires(Permission.PATIENT_FIND, of=people.patient_for_desk, audit=Event.DESK_VIEWED)
def patient(patient: Patient) -> ResponseReturnValue:
    """Contact data, visits, what is approved until when: yes or no, never what for.

    The page of a record that is replaced is the page of the one that goes on.
    """
    if not request.path.endswith(f"/{patient.public_id}"):
        return redirect(url_for(".patient", patient=patient.public_id), 303)
    together = sorted(patient.stands_for, key=lambda link: link.id, reverse=True)
    others = {link.replaced_id for link in together}
    booked, elsewhere = _visits_of(patient)
    return render_template(
        "frontdesk/patient.html",
        patient=patient,
        contact=contact_view(patient, current_actor()),
        invitation=queries.invitation(patient),
        form=forms.InviteForm(),
        visits=booked,
        elsewhere=elsewhere,
        who=visits.who_and_where(booked),
        approvals=queries.approvals_for_desk([patient.id]).get(patient.id, []),
        today=_today(),
        together=[(link, links.undo_until(link), links.may_be_undone(link)) for link in together],
        is_marked=patient.possible_duplicate_of_id not in {None, *others},
    )


def _visits_of(patient: Patient) -> tuple[list[Appointment], list[Appointment]]:
    """Newest first: those at the desk's sites, and those elsewhere that are still to come, so that
    nothing is booked at the same time; of these the page says when and no more."""
    seen, actor = visits.own_visits(patient.id), current_actor()
    here = [visit for visit in seen if actor.works_at(visit.location_id)]
    return here, [one for one in seen if one.status in COMING and one not in here]


def _today() -> date:
    return clock.today(own_sites(current_actor())[0].zone)


@bp.route("/patients/new", methods=["GET", "POST"])
@requires(Permission.PATIENT_ADD)
def new_patient() -> ResponseReturnValue:
    """Enter somebody at the phone, with or without an e-mail address.

    Who may be known already is shown first, and entered at a second press.
    """
    form = forms.PatientForm(data=_looked_for())
    if not form.validate_on_submit():
        return render_template("frontdesk/new_patient.html", form=form), form.status
    try:
        added = enter.patient(
            name=form.name.data,
            born_on=form.born_on.data,
            email=form.email.data,
            phone=form.phone.data,
            seen=form.seen_ids,
            actor=current_actor(),
        )
    except enter.MayBeKnown as known:
        _note(known.doubles)
        return render_template("frontdesk/new_patient.html", form=form, doubles=known.doubles), 409
    return redirect(url_for("scheduling.choose_service", patient=added.public_id), 303)


def _looked_for() -> Mapping[str, object]:
    """What a search that found nobody was for: nobody types it twice."""
    asked = {field: request.args.get(field, "")[:200] for field in ("name", "phone", "email")}
    return {**asked, "born_on": day_of(request.args.get("born_on"))}


@bp.route("/patients/<patient>/edit", methods=["GET", "POST"])
@requires(Permission.PATIENT_CONTACT_WRITE, of=people.patient_for_desk, audit=Event.DESK_VIEWED)
def edit_patient(patient: Patient) -> ResponseReturnValue:
    """Name, phone and e-mail address; what a colleague changed meanwhile is shown first."""
    form = forms.ContactForm(obj=patient, shown=contact.fingerprint(patient))
    if not form.validate_on_submit():
        return _edit_page(patient, form, form.status)
    wanted = {field: form[field].data for field in contact.FIELDS}
    try:
        contact.change(patient, wanted, shown=form.shown.data, actor=current_actor())
    except contact.ChangedMeanwhile:
        form.shown.data = contact.fingerprint(patient)
        return _edit_page(patient, form, 409, changed=True)
    flash(_("Contact data saved."))
    return redirect(url_for(".patient", patient=patient.public_id), 303)


def _edit_page(
    patient: Patient, form: forms.ContactForm, status: int, *, changed: bool = False
) -> ResponseReturnValue:
    page = render_template(
        "frontdesk/edit_patient.html", form=form, patient=patient, changed=changed
    )
    return page, status


@bp.post("/patients/<patient>/invite")
@requires(Permission.PATIENT_INVITE, of=people.patient_for_desk)
def invite(patient: Patient) -> ResponseReturnValue:
    """Send a new link to the address on file; the one before it ends."""
    form, back = forms.InviteForm(), url_for(".patient", patient=patient.public_id)
    if not form.validate_on_submit():
        return redirect(back, 303)

    def work() -> str:
        claims.send_again(patient, actor=current_actor())
        return back

    try:
        scope = f"{current_actor().label} frontdesk.invite {patient.public_id}"
        onward = idempotency.once(scope, form.idempotency_key.data, typed(), work)
    except claims.NotInvited:
        abort(409)
    flash(_("A new link is on its way to %(email)s.", email=patient.email))
    return redirect(onward, 303)
