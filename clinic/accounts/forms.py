"""Forms of accounts: a password for somebody who came by code, another address to sign in with."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_security.proxies import _security
from wtforms import PasswordField, ValidationError

from clinic.accounts.models import Patient
from clinic.controls import Required, code_field, email_field
from clinic.forms import ClinicForm


class PasswordForm(ClinicForm):
    """One field: it can be shown by the browser, pasted and made by a password manager."""

    password = PasswordField(
        _l("Password"),
        validators=[Required(_l("Choose a password"))],
        render_kw={"autocomplete": "new-password", "spellcheck": "false"},
    )

    def __init__(self, person: Patient, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person = person

    def validate_password(self, field: PasswordField) -> None:
        problems, plain = _security.password_util.validate(field.data, False, person=self.person)
        if problems:
            raise ValidationError(str(problems[0]))
        field.data = plain


class NewAddressForm(ClinicForm):
    email = email_field(_l("Enter the new e-mail address"), _l("New e-mail address"))


class CodeForm(ClinicForm):
    code = code_field()
