"""Why two records are one person's, and the press that takes it back."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, ValidationError

from clinic.controls import text_area
from clinic.forms import PressedOnce

SHORTEST, LONGEST = 10, 500


class MergeForm(PressedOnce):
    other = HiddenField("", id="main", validators=[Length(max=64)])  # the record that closes
    reason = text_area(
        _l("How do you know that it is one person?"),
        _l("Write how you know"),
        LONGEST,
        rows=3,
        maxlength=LONGEST,
    )

    def validate_reason(self, field: TextAreaField) -> None:
        if len(field.data or "") < SHORTEST:
            raise ValidationError(_("Write a few words more: at least 10 characters"))


class PartForm(PressedOnce):
    """Nothing but the press."""
