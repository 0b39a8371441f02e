"""Forms of accounts: a password for somebody who came by code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_security.proxies import _security
from wtforms import PasswordField, ValidationError

from clinic.forms import ClinicForm, Required


class PasswordForm(ClinicForm):
    """One field: it can be shown by the browser, pasted and made by a password manager."""

    password = PasswordField(
        _l("Password"),
        validators=[Required(_l("Choose a password"))],
        render_kw={"autocomplete": "new-password", "spellcheck": "false"},
    )

    def validate_password(self, field: PasswordField) -> None:
        problems, plain = _security.password_util.validate(field.data, False)
        if problems:
            raise ValidationError(str(problems[0]))
        field.data = plain
