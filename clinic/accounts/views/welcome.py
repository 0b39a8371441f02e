"""Where a sign-in leads, and the password offered after a first booking."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security.utils import hash_password, login_user

from clinic.accounts import codes, identity, queries, services
from clinic.accounts.forms import PasswordForm
from clinic.accounts.models import CodePurpose, Patient
from clinic.accounts.views.blueprint import bp
from clinic.audit.events import Event
from clinic.permissions import Permission, Role, current_actor, public, requires

FIRST_PAGES = (
    (Role.PHYSICIAN, "screening.my_day"),
    (Role.FRONT_DESK, "frontdesk.calendar"),
    (Role.MANAGER, "catalogue.manage"),
    (Role.PATIENT, "scheduling.my_visits"),
    (Role.CODE, "scheduling.my_visits"),
)


@bp.get("/welcome")
@public
def welcome() -> ResponseReturnValue:
    """To the main page of whoever signed in."""
    roles = current_actor().roles
    for role, endpoint in FIRST_PAGES:
        if role in roles:
            return redirect(url_for(endpoint), 303)
    return redirect(url_for("public.home"), 303)


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MAKE, of=queries.own_patient, audit=Event.OWN_RECORD_VIEWED)
def set_password() -> ResponseReturnValue:
    """A password makes the e-mail address that a code proved into an account."""
    patient: Patient = queries.own_patient(current_actor()) or abort(404)
    if current_actor().has_account or patient.email_proved_at is None:
        return redirect(url_for("security.login"), 303)
    other = codes.proved(identity.current_visitor(), CodePurpose.NEW_ADDRESS)
    email = other or patient.email
    form, page = PasswordForm(patient), "accounts/set_password.html"
    if form.validate_on_submit():
        hashed = hash_password(form.password.data)
        try:
            user = services.open_account(patient, hashed, actor=current_actor(), email=email)
        except services.AddressHasAccount:
            return render_template(page, form=form, email=email, taken=True), 409
        login_user(user, authn_via=["password"])
        flash(_("Your password is set. From now on you can sign in with it."))
        return redirect(url_for("scheduling.my_visits"), 303)
    return render_template(page, form=form, email=email), form.status
