"""One's own contact data."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from clinic.controls import email_field
from clinic.forms import ShownBefore
from clinic.newcomer import own_phone_field


class OwnContactForm(ShownBefore):
    """Whoever has an account has no *email* here."""

    phone = own_phone_field()
    email = email_field(_l("Enter the e-mail address that we may write to"))
