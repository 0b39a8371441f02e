"""The pages of the form: date of birth, questions, areas, own words, leaving, resuming."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField
from wtforms.validators import Email, Length, ValidationError

from clinic.controls import (
    DatePartsField,
    Required,
    choices,
    text_area,
    tidy,
)
from clinic.forms import ClinicForm

WORDS_LENGTH = 600


class BirthForm(ClinicForm):
    born_on = DatePartsField(
        _l("What is your date of birth?"),
        _l("Enter your date of birth, for example 12 5 1992"),
        "12 5 1992",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def validate_born_on(self, field: DatePartsField) -> None:
        if field.data and field.data >= self.today:
            raise ValidationError(_("Enter a date of birth in the past"))


class LeaveForm(ClinicForm):
    email = EmailField(
        _l("E-mail address"),
        filters=[tidy],
        validators=[
            Required(_l("Enter the e-mail address that the link should go to")),
            Length(max=254),
            Email(_l("Enter an e-mail address like name@example.org")),
        ],
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )


class WordsForm(ClinicForm):
    """Own words; what is missing may be left for later, what cannot be stored may not."""

    @property
    def words(self) -> dict[str, Any]:
        """The words as the document keeps them."""
        return {part: self[part].data for part in ("change", "how_long", "matters", "fears")}

    @property
    def has_unstorable_text(self) -> bool:
        return any((field.data or "") and field.errors for field in (self.change, self.fears))

    change = text_area(
        _l("What would you like to change?"),
        _l("Write in a few words what you would like to change"),
        WORDS_LENGTH,
        rows=5,
    )
    how_long = RadioField(
        _l("How long have you noticed it?"),
        choices=choices(
            ("weeks", _l("Weeks")),
            ("months", _l("Months")),
            ("years", _l("Years")),
        ),
        validators=[Required(_l("Choose how long you have noticed it"))],
    )
    matters = RadioField(
        _l("How much does it matter to you?"),
        choices=choices(
            ("1", _l("Hardly")),
            ("2", _l("A little")),
            ("3", _l("Quite")),
            ("4", _l("A lot")),
            ("5", _l("Very much")),
        ),
        validators=[Required(_l("Choose how much it matters to you"))],
    )
    fears = text_area(_l("Is there a result you would not like?"), None, WORDS_LENGTH, rows=3)
