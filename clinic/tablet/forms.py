"""What the tablet asks before it opens a form; handing it over and giving it back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from clinic.controls import DatePartsField
from clinic.forms import ClinicForm
from clinic.intake.what_changed import WhatChanged


class HandOverForm(ClinicForm):
    """Handing the tablet over, or giving it back: nothing but the press."""


class ChangedForm(WhatChanged):
    """Whether anything has changed since the form that was sent, and what; one of two buttons."""


class BirthForm(ClinicForm):
    born_on = DatePartsField(
        _l("Date of birth"),
        _l("Enter your date of birth, for example 12 5 1992"),
        "12 5 1992",
    )
