"""The date of birth that a link asks for, and another address to sign in with."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from clinic.controls import DatePartsField, email_field
from clinic.forms import ClinicForm


class BirthForm(ClinicForm):
    born_on = DatePartsField(
        _l("Date of birth"),
        _l("Enter your date of birth, for example 12 5 1992"),
        "12 5 1992",
    )


class AgainForm(ClinicForm):
    """Asking for a new link: nothing but the press."""


class AddressForm(ClinicForm):
    email = email_field(_l("Enter the e-mail address that you want to sign in with"))
