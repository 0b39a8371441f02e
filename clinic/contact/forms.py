"""One's own contact data, and the code that proves a new address."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Optional

from clinic.forms import PHONE, PressedOnce, Printable, ShownBefore, code_field, email_field, tidy


class OwnContactForm(ShownBefore):
    """Whoever has an account has no *email* here."""

    phone = StringField(
        _l("Phone (optional)"),
        filters=[tidy],
        validators=[Optional(), PHONE, Printable(40)],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    email = email_field(_l("Enter the e-mail address that we may write to"))


class CodeForm(PressedOnce):
    code = code_field()
