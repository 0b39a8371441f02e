"""The sign-in library's forms with what it lacks: the throttle, one use, our words."""

from __future__ import annotations

from typing import Any, cast

from flask import session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_security.forms import (
    ChangePasswordForm,
    ForgotPasswordForm,
    Form,
    LoginForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.proxies import _datastore, _security
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.webauthn import (
    WebAuthnDeleteForm,
    WebAuthnRegisterForm,
    WebAuthnSigninResponseForm,
)
from wtforms import EmailField, HiddenField
from wtforms.validators import DataRequired, Email, Length

from clinic.accounts import attempts, identity, services
from clinic.accounts.attempts import Door
from clinic.accounts.models import User
from clinic.accounts.signin import half_way
from clinic.accounts.signin.passwords import MAXIMUM, characters
from clinic.accounts.signin.second_step import answer_once


def _wrong(door: Door, person: User) -> None:
    """A wrong answer for an account that is known by now."""
    actor = identity.actor_of(person)
    attempts.wrong(door, person.public_id, actor=actor, tell=person.email)


def _account(typed: str) -> str:
    """The address as the library looks it up: the spellings of one domain are one account's
    tries, or each would be a door of its own (S13)."""
    try:
        found: str = _security._mail_util.normalize(typed)
    except ValueError:  # no address at all: nobody's
        return typed
    return found


class SignInForm(LoginForm):
    """A closed door is told before anything is hashed, alike for every address (S13, S14)."""

    remember = None  # no cookie outlives the session

    def validate(self, **kwargs: Any) -> bool:
        email = _account(self.email.data or "")
        attempts.check(Door.SIGN_IN, email)
        if characters(self.password.data or "") > MAXIMUM:
            self.password.errors = [_l("That e-mail address and password do not fit together.")]
            return False
        right = bool(super().validate(**kwargs))
        _datastore.commit()  # a password hashed anew because our costs have risen
        if right:
            attempts.right(Door.SIGN_IN, email)
            half_way.begin(session)
        else:
            attempts.wrong(Door.SIGN_IN, email, actor=identity.stranger("sign-in"), tell=email)
        return right


class ForgottenPasswordForm(ForgotPasswordForm):
    """The same page and the same work for every address: the worker looks it up (S14)."""

    email = EmailField(
        _l("E-mail address"),
        validators=[
            DataRequired(_l("Enter your e-mail address")),
            Length(max=254, message=_l("Enter an e-mail address like name@example.org")),
            Email(_l("Enter an e-mail address like name@example.org")),
        ],
    )

    def validate(self, **kwargs: Any) -> bool:
        if Form.validate(self, **kwargs):
            attempts.check(Door.RESET, self.email.data)
            attempts.count(Door.RESET, self.email.data)
            services.ask_for_reset(self.email.data)
        # What is no address at all is said: the library keeps errors of the form, not of the field.
        self.form_errors = self.email.errors[:1]
        # False sends the library into its one generic answer, which finds nothing to reveal.
        return False


class CodeForm(TwoFactorVerifyCodeForm):
    """A code of the app. Setting an app up counts wrong codes like signing in does."""

    def validate(self, **kwargs: Any) -> bool:
        person = cast(User, self.user)
        attempts.check(Door.SECOND_STEP, person.public_id)
        if not (self.code.data or "").strip():
            self.code.errors = [_("Enter the six digits that your app shows now.")]
            return False
        right = bool(super().validate(**kwargs))
        if right:
            attempts.right(Door.SECOND_STEP, person.public_id)
        else:
            self.code.errors = [
                _("That is not the code of this moment. Wait for the next one and type it.")
            ]
            _wrong(Door.SECOND_STEP, person)
        return right


class RecoveryForm(MfRecoveryForm):
    """A recovery code; checked and used up in one step, so that it works once."""

    def validate(self, **kwargs: Any) -> bool:
        person = cast(User, self.user)
        attempts.check(Door.SECOND_STEP, person.public_id)
        if super().validate(**kwargs):
            attempts.right(Door.SECOND_STEP, person.public_id)
            return True
        self.code.errors = [_("That is not one of your recovery codes, or it was used before.")]
        _wrong(Door.SECOND_STEP, person)
        return False


class ConfirmForm(VerifyForm):
    """The password again, before what is delicate. It renews the session's id (S16, S20)."""

    def validate(self, **kwargs: Any) -> bool:
        person = current_user
        attempts.check(Door.CONFIRM, person.public_id)
        typed = self.password.data or ""
        right = 0 < characters(typed) <= MAXIMUM and bool(super().validate(**kwargs))
        _datastore.commit()
        if right:
            attempts.right(Door.CONFIRM, person.public_id)
            identity.confirm("password")
            return True
        self.password.errors = [_("That is not your password. Type it again.")]
        _wrong(Door.CONFIRM, person)
        return False


class NewPasswordForm(ChangePasswordForm):
    """A new password for somebody signed in; the one they have is asked for as well."""

    def validate(self, **kwargs: Any) -> bool:
        person = current_user
        attempts.check(Door.CONFIRM, person.public_id)
        if characters(self.password.data or "") > MAXIMUM:
            self.password.errors = [_("That is not your password. Type it again.")]
            return False
        right = bool(super().validate(**kwargs))
        if self.password.errors:
            self.password.errors = [_("That is not your password. Type it again.")]
            _wrong(Door.CONFIRM, person)
        elif right:
            attempts.right(Door.CONFIRM, person.public_id)
        return right


class NewPasskeyForm(WebAuthnRegisterForm):
    """Every passkey is a whole sign-in: what it is used for is no question."""

    usage = HiddenField(default="first")

    def validate(self, **kwargs: Any) -> bool:
        self.usage.data = "first"
        return bool(super().validate(**kwargs))


class PasskeyAnswerForm(WebAuthnSigninResponseForm):
    """A passkey's answer, at the sign-in page, as second step, or to confirm.

    A throttled account still comes in by it: nobody can shut a physician out by guessing (S13).
    """

    def validate(self, **kwargs: Any) -> bool:
        attempts.check(Door.PASSKEY)
        self.remember.data = None  # no cookie outlives the session
        is_second, self.is_secondary = self.is_secondary, False
        right = bool(super().validate(**kwargs))
        self.is_secondary = is_second
        right = right and bool(self.user and self.user.is_active) and answer_once(self.challenge)
        if right and is_second:
            right = self.user is not None and self.user.fs_uniquifier == session.get("tf_user_id")
        if not right:
            self.credential.errors = [_("That passkey did not work here. Try again.")]
            attempts.wrong(Door.PASSKEY, actor=identity.stranger("passkey"))
            return False
        if self.is_verify and self.user is not None and self.user.id == current_user.id:
            identity.confirm("passkey")
        return True


class RemovePasskeyForm(WebAuthnDeleteForm):
    """Staff keep one second step: the last passkey goes only where an app is set up."""

    def validate(self, **kwargs: Any) -> bool:
        if not super().validate(**kwargs):
            return False
        is_last = len(current_user.webauthn) == 1 and current_user.totp_sealed is None
        if current_user.is_staff and is_last:
            self.name.errors = [
                _("This is your only second step. Set up an app or another passkey first.")
            ]
            return False
        return True
