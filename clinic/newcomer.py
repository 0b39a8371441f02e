"""What people say of themselves before we know them, and the code that proves their address.

Shared by the pages of a first booking, of the waiting list, and of one's own contact data.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import Optional

from clinic.controls import PHONE, Printable, Required, code_field, tidy
from clinic.forms import PressedOnce


class CodeForm(PressedOnce):
    """The six digits; pasting with spaces is fine."""

    code = code_field()


def own_phone_field() -> StringField:
    return StringField(
        _l("Phone (optional)"),
        filters=[tidy],
        validators=[Optional(), PHONE, Printable(40)],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )


def consent_field(missing: str) -> BooleanField:
    """Consent to what the form holds; *missing* says what to do without it."""
    return BooleanField(
        _l("The clinic may store my answers and show them to the physicians who treat me."),
        validators=[Required(missing)],
    )
