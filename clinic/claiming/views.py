"""The link of an invitation, and another address for whoever shares theirs with a relative."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from clinic.accounts import claims, codes, identity
from clinic.accounts import queries as people
from clinic.accounts.models import CodePurpose, Patient
from clinic.audit.events import Event
from clinic.claiming import forms
from clinic.controls import WRONG_CODE
from clinic.newcomer import CodeForm
from clinic.permissions import Permission, current_actor, public, requires

bp = Blueprint("claiming", __name__)

NEW_ADDRESS = CodePurpose.NEW_ADDRESS


@bp.route("/claim/<token>", methods=["GET", "POST"])
@public
def claim(token: str) -> ResponseReturnValue:
    """Asks for the date of birth, whatever the link is; only the right press opens anything."""
    if request.form.get("go") == "again":
        return _again(token)
    form = forms.BirthForm()
    if not form.validate_on_submit():
        return _claim_page(form, form.status)
    try:
        link = claims.verify(token, form.born_on.data, actor=current_actor())
        visitor = identity.ensure_visitor_alone()
        claims.use_up(link, visitor, actor=current_actor())
        identity.renew_visitor(visitor)
    except claims.SignsInAlready:
        flash(_("You have a password already. Sign in with it."))
        return redirect(url_for("security.login"), 303)
    except claims.DeadLink:
        form.born_on.errors = [
            _("This link and date of birth open nothing. Check the date, or have a new link sent.")
        ]
        return _claim_page(form, 422)
    return redirect(url_for("accounts.set_password"), 303)


def _claim_page(form: forms.BirthForm, status: int) -> ResponseReturnValue:
    page = render_template("claiming/claim.html", form=form, again=forms.AgainForm())
    return page, status


def _again(token: str) -> ResponseReturnValue:
    """The same answer for every token: what is sent goes to the address on file, if anywhere."""
    if not forms.AgainForm().validate_on_submit():
        abort(400)
    claims.ask_again(token, actor=current_actor())
    return render_template("claiming/again.html")


@bp.route("/account/address", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MAKE, of=people.own_patient, audit=Event.OWN_RECORD_VIEWED)
def address() -> ResponseReturnValue:
    """Another address to sign in with; a free and a taken one are answered alike (S14)."""
    patient: Patient = people.own_patient(current_actor()) or abort(404)
    if current_actor().has_account or patient.email_proved_at is None:
        return redirect(url_for("security.login"), 303)
    form = forms.AddressForm()
    if form.validate_on_submit():
        visitor = identity.ensure_visitor()
        codes.send(visitor, form.email.data.lower(), NEW_ADDRESS, actor=current_actor())
        return redirect(url_for(".address_code"), 303)
    return render_template("claiming/address.html", form=form), form.status


@bp.route("/account/address/code", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MAKE, of=people.own_patient, audit=Event.OWN_RECORD_VIEWED)
def address_code() -> ResponseReturnValue:
    """The code proves the address; who reads its mail may know if somebody signs in with it."""
    visitor = identity.current_visitor()
    sent = codes.pending(visitor, NEW_ADDRESS)
    if visitor is None or sent is None:
        return redirect(url_for(".address"), 303)
    email, form = sent.email, CodeForm()
    if not form.validate_on_submit():
        return render_template("claiming/address_code.html", form=form, email=email), form.status
    try:
        proof = codes.verify(visitor, NEW_ADDRESS, form.code.data, actor=current_actor())
        codes.use_up(proof, actor=current_actor())
    except codes.WrongCode:
        form.code.errors = [WRONG_CODE]
        return render_template("claiming/address_code.html", form=form, email=email), 422
    if people.user_by_email(email) is not None:
        return _taken(email)
    return redirect(url_for("accounts.set_password"), 303)


def _taken(email: str) -> ResponseReturnValue:
    form = forms.AddressForm(data={"email": email})
    form.email.errors = [_("Someone already signs in with this address. Enter another one.")]
    return render_template("claiming/address.html", form=form), 409
