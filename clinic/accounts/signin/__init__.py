"""Signing in: Flask-Security, and what we add to it (design section 8).

Its mails go through our outbox, its pages are drawn by our templates and answer 422 when
something typed was wrong, what it stores goes through `transaction()`. `hooks` gives each sign-in a
session row, `forms` count wrong answers, `second_step` lets a code work once.
"""

from __future__ import annotations

from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    has_request_context,
    make_response,
    render_template,
    request,
)
from flask_security import MailUtil, Security

from clinic.accounts.models import Passkey, RoleRow, User
from clinic.accounts.signin import forms, hooks, messages
from clinic.accounts.signin.datastore import Datastore
from clinic.accounts.signin.passwords import PasswordRules
from clinic.accounts.signin.second_step import OneTimeCodes, Passkeys, RecoveryCodes
from clinic.database import db


class OutboxMail(MailUtil):
    """The library sends nothing itself: our own messages say what has to be said."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        return None


def render(template: str, **context: Any) -> str | Response:
    """Draw a page of the library with our template; 422 when the posted form has errors."""
    page = render_template(template, **context)
    if not has_request_context() or request.method != "POST":
        return page
    shown = [value for name, value in context.items() if name.endswith("_form")]
    return make_response(page, 422 if any(form.errors for form in shown) else 200)


def init_app(app: Flask) -> None:
    app.config.update({f"SECURITY_MSG_{key}": words for key, words in messages.WORDS.items()})
    # These are read from the constructor alone; init_app lets them drop without a word.
    security = Security(
        mail_util_cls=OutboxMail,
        password_util_cls=PasswordRules,
        totp_cls=OneTimeCodes,
        webauthn_util_cls=Passkeys,
        mf_recovery_codes_util_cls=RecoveryCodes,
    )
    security.init_app(
        app,
        Datastore(db, User, RoleRow, Passkey),
        login_form=forms.SignInForm,
        forgot_password_form=forms.ForgottenPasswordForm,
        change_password_form=forms.NewPasswordForm,
        verify_form=forms.ConfirmForm,
        two_factor_verify_code_form=forms.CodeForm,
        mf_recovery_form=forms.RecoveryForm,
        wan_register_form=forms.NewPasskeyForm,
        wan_signin_response_form=forms.PasskeyAnswerForm,
        wan_delete_form=forms.RemovePasskeyForm,
        render_template=render,
    )
    hooks.init_app(app, security)
    if app.config["DEMO"]:
        app.jinja_env.globals["demo_code"] = _demo_code


def _demo_code(user: User) -> str:
    """A code that the app of a demo's person shows, not used before; a page of the demo says it."""
    factory: OneTimeCodes = current_app.extensions["security"].totp_factory
    return factory.next_code(user)
