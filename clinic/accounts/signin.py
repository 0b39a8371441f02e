"""Signing in: Flask-Security, and what we add to it (design section 8).

Its mails go through our outbox, a forgotten password does the same work for every address, its
pages are drawn by our templates and answer 422 when something typed was wrong, and what it
commits goes through `transaction()`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask import (
    Flask,
    Response,
    has_request_context,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import user_logged_out
from flask_security import (
    MailUtil,
    PasswordUtil,
    Security,
    SQLAlchemyUserDatastore,
    user_authenticated,
)
from flask_security.forms import ForgotPasswordForm, Form, LoginForm
from flask_security.proxies import _datastore
from sqlalchemy import inspect
from sqlalchemy.orm.attributes import set_attribute
from wtforms import EmailField
from wtforms.validators import DataRequired, Email, Length

from clinic.accounts import identity, queries, services
from clinic.accounts.models import RoleRow, User
from clinic.audit import services as audit
from clinic.audit.events import Event
from clinic.database import db, in_transaction, transaction
from clinic.journey import adopt
from clinic.permissions import Actor, Role

MINIMUM, MAXIMUM = 12, 128
LOCAL_PATH = re.compile(r"/(?!/)[^\\\s\x00-\x1f\x7f]*")


class Datastore(SQLAlchemyUserDatastore):
    """The library's view of our users. Each page load reads user, roles and person at once."""

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        attribute, value = kwargs.popitem()
        if attribute == "fs_uniquifier":
            return queries.user_by_uniquifier(str(value))
        if attribute == "email":
            return queries.user_by_email(str(value))
        raise LookupError(f"users are not looked up by {attribute}")

    def commit(self) -> None:
        """Repeat what the library changed inside a transaction of ours.

        The change sits on a read snapshot; on SQLite that cannot become a write once anybody else
        has written, so it is taken off, and put on again under the lock.
        """
        if in_transaction():
            return
        changed = [
            (row, {a.key: a.value for a in inspect(row).attrs if a.history.has_changes()})
            for row in db.session.dirty
        ]
        if not changed:
            return
        for row, _values in changed:
            db.session.refresh(row)
        with transaction():
            for row, values in changed:
                for key, value in values.items():
                    set_attribute(row, key, value)
                if {"password", "fs_uniquifier"} <= values.keys():
                    services.note_new_password(row)


def characters(text: str) -> int:
    """How many a person would count: the library stores "ü" as two, some keyboards send two."""
    return len(unicodedata.normalize("NFC", text))


class PasswordRules(PasswordUtil):
    """12 to 128 characters of any kind (S10)."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[Any, str]:
        plain = self.normalize(password)
        if characters(password) < MINIMUM:
            return [gettext("Use at least 12 characters. Three or four words do well.")], plain
        if characters(password) > MAXIMUM:
            return [gettext("Use at most 128 characters.")], plain
        return None, plain


class OutboxMail(MailUtil):
    """The library sends nothing itself: our own messages say what has to be said."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        return None


class SignInForm(LoginForm):
    """Longer passwords than any account has are refused before hashing (S10)."""

    def validate(self, **kwargs: Any) -> bool:
        if characters(self.password.data or "") > MAXIMUM:
            self.password.errors = [_l("That e-mail address and password do not fit together.")]
            return False
        right = bool(super().validate(**kwargs))
        _datastore.commit()  # a password hashed anew because our costs have risen
        if not right:
            actor = Actor(label="visitor:sign-in")
            audit.record(Event.SIGN_IN_REFUSED, actor=actor, result="refused")
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
            services.ask_for_reset(self.email.data)
        # What is no address at all is said: the library keeps errors of the form, not of the field.
        self.form_errors = self.email.errors[:1]
        # False sends the library into its one generic answer, which finds nothing to reveal.
        return False


def render(template: str, **context: Any) -> str | Response:
    """Draw a page of the library with our template; 422 when the posted form has errors."""
    page = render_template(template, **context)
    if not has_request_context() or request.method != "POST":
        return page
    forms = [value for name, value in context.items() if name.endswith("_form")]
    return make_response(page, 422 if any(form.errors for form in forms) else 200)


def init_app(app: Flask) -> None:
    # These two are read from the constructor alone; init_app lets them drop without a word.
    security = Security(mail_util_cls=OutboxMail, password_util_cls=PasswordRules)
    security.init_app(
        app,
        Datastore(db, User, RoleRow),
        login_form=SignInForm,
        forgot_password_form=ForgottenPasswordForm,
        render_template=render,
    )
    app.before_request(_only_local_next)
    user_authenticated.connect(_on_sign_in, app)
    user_logged_out.connect(_on_sign_out, app)


def _only_local_next() -> ResponseReturnValue | None:
    """The sign-in page is asked for again without a "next" that is not a path of ours (S26).

    The library would go on to relative paths and to paths with escaped backslashes; what it does
    refuse, our page would call a wrong password.
    """
    if request.endpoint != "security.login":
        return None
    elsewhere = any(n and not LOCAL_PATH.fullmatch(n) for n in request.values.getlist("next"))
    return redirect(url_for("security.login"), 303) if elsewhere else None


def _on_sign_in(_app: Flask, user: User, **_rest: Any) -> None:
    actor = Actor(
        label=f"user:{user.public_id}", roles=frozenset(Role(role.name) for role in user.roles)
    )
    audit.record(Event.SIGNED_IN, actor=actor)
    identity.end_tablet()
    session.permanent = False  # a draft's cookie outlives the browser, a sign-in does not
    visitor = identity.current_visitor()
    if visitor is not None and user.patient is not None and not identity.is_idle(visitor):
        adopt.draft(visitor, user.patient, actor=actor)


def _on_sign_out(_app: Flask, user: User, **_rest: Any) -> None:
    if user is not None and getattr(user, "public_id", None):
        audit.record(Event.SIGNED_OUT, actor=Actor(label=f"user:{user.public_id}"))
    visitor = identity.current_visitor()
    if visitor is not None:
        services.forget_visitor(visitor)
