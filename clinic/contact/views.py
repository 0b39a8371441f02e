"""A patient's own contact data."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic.accounts import codes, contact, identity
from clinic.accounts import queries as people
from clinic.accounts.models import CodePurpose, Patient
from clinic.accounts.rules import tidy_email
from clinic.audit.events import Event
from clinic.contact import forms
from clinic.controls import WRONG_CODE
from clinic.database import transaction
from clinic.newcomer import CodeForm
from clinic.permissions import Permission, current_actor, requires, writable

bp = Blueprint("contact", __name__)

CONTACT = CodePurpose.CONTACT


def own() -> Patient:
    return people.own_record(current_actor()) or abort(404)


@bp.route("/account/contact", methods=["GET", "POST"])
@requires(Permission.OWN_CONTACT_WRITE, of=people.own_record, audit=Event.OWN_RECORD_VIEWED)
def edit() -> ResponseReturnValue:
    """The phone number is stored at once, a new address after its code."""
    patient = own()
    form = forms.OwnContactForm(obj=patient, shown=contact.fingerprint(patient))
    if "email" not in writable("contact", current_actor().roles):
        del form.email
    if not form.validate_on_submit():
        return _page(patient, form, form.status)
    try:
        phone = {"phone": form.phone.data}
        contact.change(patient, phone, shown=form.shown.data, actor=current_actor())
    except contact.ChangedMeanwhile:
        form.shown.data = contact.fingerprint(patient)
        return _page(patient, form, 409, changed=True)
    if form.email and tidy_email(form.email.data) != patient.email:
        visitor = identity.ensure_visitor()
        codes.send(visitor, tidy_email(form.email.data), CONTACT, actor=current_actor())
        return redirect(url_for(".prove"), 303)
    flash(_("Contact data saved."))
    return redirect(url_for("scheduling.my_visits"), 303)


def _page(
    patient: Patient, form: forms.OwnContactForm, status: int, *, changed: bool = False
) -> ResponseReturnValue:
    return render_template("contact/edit.html", form=form, patient=patient, changed=changed), status


@bp.route("/account/contact/code", methods=["GET", "POST"])
@requires(Permission.OWN_CONTACT_WRITE, of=people.own_record, audit=Event.OWN_RECORD_VIEWED)
def prove() -> ResponseReturnValue:
    """The code proves the new address; only then do we write to it."""
    patient, visitor = own(), identity.current_visitor()
    sent = codes.pending(visitor, CONTACT)
    if visitor is None or sent is None or "email" not in writable("contact", current_actor().roles):
        return redirect(url_for(".edit"), 303)
    email, form = sent.email, CodeForm()
    if not form.validate_on_submit():
        return render_template("contact/prove.html", form=form, email=email), form.status
    try:
        proof = codes.verify(visitor, CONTACT, form.code.data, actor=current_actor())
        with transaction():
            wanted = {"email": codes.use_up(proof, actor=current_actor())}
            shown = contact.fingerprint(patient)
            contact.change(patient, wanted, shown=shown, actor=current_actor(), proved=True)
    except codes.WrongCode:
        form.code.errors = [WRONG_CODE]
        return render_template("contact/prove.html", form=form, email=email), 422
    flash(_("From now on we write to %(email)s.", email=email))
    return redirect(url_for("scheduling.my_visits"), 303)
