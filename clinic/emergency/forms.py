"""Forms of emergency access: whom, and why."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from clinic.controls import DatePartsField, name_field, text_area
from clinic.forms import ClinicForm, PressedOnce

FEWEST_LETTERS = 2
SHORTEST, LONGEST = 10, 500


class FindForm(ClinicForm):
    """Birth date and name are both asked for, so that nobody can browse with it."""

    born_on = DatePartsField(
        _l("Date of birth"), _l("Enter the date of birth, for example 12 5 1992"), "12 5 1992"
    )
    name = name_field(
        _l("Name"), _l("Enter how the first or the last name begins"), autocomplete="off"
    )

    def validate_name(self, field: StringField) -> None:
        if len(field.data or "") < FEWEST_LETTERS:
            raise ValidationError(_("Enter at least two letters of the name"))


class ReasonForm(PressedOnce):
    reason = text_area(
        _l("Why can’t it wait?"),
        _l("Write why it can’t wait"),
        LONGEST,
        rows=4,
        maxlength=LONGEST,
    )

    def validate_reason(self, field: TextAreaField) -> None:
        if len(field.data or "") < SHORTEST:
            raise ValidationError(_("Write a few words more: at least 10 characters"))
