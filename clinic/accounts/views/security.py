"""Security settings: password, second step, passkeys, recovery codes, own sessions, address."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from clinic.accounts import codes, forms, identity, queries, services, sessions
from clinic.accounts.models import CodePurpose, EndedBecause, UserSession
from clinic.accounts.views.blueprint import bp
from clinic.controls import WRONG_CODE
from clinic.forms import ClinicForm
from clinic.permissions import Permission, current_actor, requires

PURPOSE = CodePurpose.NEW_ADDRESS


@bp.get("/account/security")
@requires(Permission.ACCOUNT_SECURE)
def security() -> ResponseReturnValue:
    """How somebody signs in, and where they are signed in."""
    return render_template(
        "accounts/security.html",
        user=current_user,
        codes_left=len(current_user.mf_recovery_codes),
        open_sessions=sessions.open_sessions(current_user.id),
        this_session=identity.current_session(),
        form=ClinicForm(),
    )


@bp.post("/account/sessions/<session>/end")
@requires(Permission.ACCOUNT_SECURE, of=sessions.own_session)
def end_session(session: UserSession) -> ResponseReturnValue:
    """Sign out somewhere else; pressed twice it stays ended."""
    if not ClinicForm().validate_on_submit():
        abort(400)
    sessions.end(session, EndedBecause.ENDED_BY_OWNER, actor=current_actor())
    flash(_("Signed out there."))
    return redirect(url_for(".security"), 303)


@bp.post("/account/sessions/end-others")
@requires(Permission.ACCOUNT_SECURE)
def end_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    if not ClinicForm().validate_on_submit():
        abort(400)
    here = identity.current_session()
    sessions.end_all(current_user, EndedBecause.ENDED_BY_OWNER, actor=current_actor(), but=here)
    flash(_("You are signed in here only."))
    return redirect(url_for(".security"), 303)


@bp.route("/account/new-address", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_SECURE, fresh=True)
def new_address() -> ResponseReturnValue:
    """Another e-mail address to sign in with; a code sent there proves it."""
    form = forms.NewAddressForm()
    if form.validate_on_submit():
        codes.send(identity.ensure_visitor(), form.email.data, PURPOSE, actor=current_actor())
        return redirect(url_for(".new_address_code"), 303)
    return render_template("accounts/new_address.html", form=form), form.status


@bp.route("/account/new-address/code", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_SECURE, fresh=True)
def new_address_code() -> ResponseReturnValue:
    """The code that went to the new address."""
    sent = codes.pending(identity.current_visitor(), PURPOSE)
    if sent is None:
        return redirect(url_for(".new_address"), 303)
    form = forms.CodeForm()
    if form.validate_on_submit():
        try:
            _change(form.code.data)
        except codes.WrongCode:
            form.code.errors = [WRONG_CODE]
        except services.AddressHasAccount:
            form.code.errors = [_("Somebody signs in with this address already. Choose another.")]
        else:
            flash(_("From now on you sign in with %(email)s.", email=current_user.email))
            return redirect(url_for(".security"), 303)
    return render_template("accounts/new_address_code.html", form=form, sent=sent), form.status


def _change(typed: str) -> None:
    visitor = identity.current_visitor() or abort(404)
    code = codes.verify(visitor, PURPOSE, typed, actor=current_actor())
    user = queries.user_by_uniquifier(current_user.fs_uniquifier) or abort(404)
    services.change_address(user, code, actor=current_actor(), here=identity.current_session())
    identity.go_on(user)
