"""What the manager's forms share: agreeing to what falls outside, numbers, short texts."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import Optional, StopValidation

from clinic.forms import ClinicForm, Printable, Required, ShownBefore, tidy


class RosterForm(ClinicForm):
    """*agreed* stands for the visits that the page showed as falling outside."""

    agreed = HiddenField(id="agreed")


class Changing(ShownBefore, RosterForm):
    """A form over what is stored."""


class NumberField(StringField):
    """A whole number inside its bounds; `data` is an int or None."""

    data: int | None

    def __init__(self, label: str, lowest: int, highest: int, **more: Any) -> None:
        shown = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(label, render_kw=shown, **more)
        self.lowest, self.highest = lowest, highest

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (tidy(valuelist[0]) or "") if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None

    def pre_validate(self, form: Any) -> None:
        if self.data is None or not self.lowest <= self.data <= self.highest:
            self.data = None
            raise StopValidation(
                _(
                    "Enter a whole number from %(low)s to %(high)s",
                    low=self.lowest,
                    high=self.highest,
                )
            )


def short_text(label: str, missing: str | None, longest: int, **more: Any) -> StringField:
    """A line of text; optional without *missing*."""
    first: Any = Required(missing) if missing else Optional()
    return StringField(
        label,
        filters=[tidy],
        validators=[first, Printable(longest)],
        render_kw={"autocomplete": "off"},
        **more,
    )
