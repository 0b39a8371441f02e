"""What the manager's forms share: agreeing to what falls outside, numbers, short texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Self

from flask_babel import gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import Optional, StopValidation

from clinic import clock
from clinic.controls import Printable, Required, tidy
from clinic.forms import ClinicForm, ShownBefore
from clinic.local_times import SECOND, which_field


class RosterForm(ClinicForm):
    """*agreed* stands for the visits that the page showed as falling outside."""

    agreed = HiddenField(id="agreed")


class AsksWhich(RosterForm):
    """A form of local times at sites in *zones*. Of one that the autumn change repeats it asks
    which (S78): a question for each such end is put into the form once the times were sent."""

    zones: Iterable[str] = ()
    _sent: Any = None

    def in_zones(self, *zones: str) -> Self:
        self.zones = zones
        return self

    def ends(self) -> Mapping[str, tuple[date, int]]:
        """The times that were typed, by the name of the question about each."""
        raise NotImplementedError

    def process(self, formdata: Any = None, *more: Any, **values: Any) -> None:
        self._sent = self.meta.wrap_formdata(self, formdata)
        super().process(formdata, *more, **values)

    def validate(self, *more: Any, **named: Any) -> bool:
        for name, (day, at) in self.ends().items():
            zone = next((z for z in self.zones if clock.times_shown(day, at, z) == 2), None)
            if zone is not None:
                asked = self.meta.bind_field(self, which_field(day, at, zone), {"name": name})
                asked.process(self._sent)
                self._fields[name] = asked
        return bool(super().validate(*more, **named))

    def is_second(self, name: str) -> bool | None:
        """The answer; None where nothing was asked, or nothing answered yet."""
        answer = self._fields[name].data if name in self._fields else None
        return None if answer is None else answer == SECOND

    @property
    def is_answered(self) -> bool:
        return all(self.is_second(name) is not None for name in self.ends() if name in self._fields)


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
