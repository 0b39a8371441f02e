"""What the check-in asks: the date of birth, at the desk one thing more, and whether anything has
changed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import ValidationError

from clinic.accounts.rules import phone_key
from clinic.arriving.queries import LAST_DIGITS
from clinic.controls import DatePartsField, Printable, Required, tidy
from clinic.forms import ClinicForm, PressedOnce
from clinic.intake.what_changed import WhatChanged

SAY = _l("Enter the last 4 digits of your phone number, or your e-mail address")


class BirthForm(ClinicForm):
    born_on = DatePartsField(
        _l("Date of birth"),
        _l("Enter your date of birth, for example 12 5 1992"),
        "12 5 1992",
    )


class DeskForm(BirthForm):
    said = StringField(
        _l("Last 4 digits of your phone number, or your e-mail address"),
        filters=[tidy],
        validators=[Required(SAY), Printable(254)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def validate_said(self, field: StringField) -> None:
        if "@" not in field.data and len(phone_key(field.data)) < LAST_DIGITS:
            raise ValidationError(str(SAY))


class HereForm(WhatChanged, PressedOnce):
    """One of several buttons; *form* is the public id of the form that the page spoke of, what
    has changed since is ticked."""

    form = HiddenField("", id="main")


class StopForm(ClinicForm):
    """Nothing but the press."""
