"""Days and times of day as people type them: "2026-11-24", "09:00", "09:00-12:30, 13:30-17:00".

Wall time, in minutes after midnight; 24:00 is the midnight at the end of the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, RadioField, StringField
from wtforms.validators import StopValidation

from clinic import clock, filters
from clinic.controls import choices, is_usual, tidy

TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?", re.ASCII)
DASHES = re.compile(r"\s*[-–—]\s*")

Stretches = tuple[tuple[int, int], ...]  # opening and closing minute, in order


class Overlap(ValueError):
    """Two stretches of a day meet."""


def minute(text: str) -> int:
    """ "9", "09:00" or "9.30" as minutes after midnight. Raises `ValueError` for anything else."""
    found = TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    hours, minutes = int(found[1]), int(found[2] or 0)
    total = hours * 60 + minutes
    if minutes > 59 or total > clock.MINUTES_IN_A_DAY:
        raise ValueError(text)
    return total


def stretches(text: str) -> Stretches:
    """ "09:00-12:30, 13:30-17:00" in order of time; nothing for an empty text.

    Raises `Overlap`, and `ValueError` for what is no stretch, with the part that is none.
    """
    found: list[tuple[int, int]] = []
    for part in re.split(r"[,;]", text):
        if not part.strip():
            continue
        try:
            opens, closes = (minute(end) for end in DASHES.split(part.strip()))
        except ValueError as error:
            raise ValueError(part.strip()) from error
        if opens >= closes:
            raise ValueError(part.strip())
        found.append((opens, closes))
    found.sort()
    if any(a[1] > b[0] for a, b in pairwise(found)):
        raise Overlap(text)
    return tuple(found)


def clock_words(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def written(found: Iterable[tuple[int, int]]) -> str:
    return ", ".join(f"{clock_words(opens)}-{clock_words(closes)}" for opens, closes in found)


class Needed:
    """Something was typed; what could not be read has been told already."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if field.process_errors:
            raise StopValidation
        if field.data is None or field.data == ():
            raise StopValidation(str(self.message))


class DayField(DateField):
    """A day as a browser's own control sends it; anything else is told how to be written."""

    data: date | None

    def __call__(self, **attributes: Any) -> Any:
        """What is no date stays to be read: a control for dates would show an empty one."""
        kind = {"type": "text"} if self.process_errors else {}
        return super().__call__(**kind, **attributes)

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not any(text.strip() for text in valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
            if self.data and not is_usual(self.data):
                self.data = None
                raise ValueError
        except ValueError as error:
            raise ValueError(_("That is not a date. Enter a day like 2026-11-24.")) from error


class MinuteField(StringField):
    """A time of day; `data` is minutes after midnight, None for nothing."""

    data: int | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else clock_words(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (tidy(valuelist[0]) or "") if valuelist else ""
        self.data = None
        if text:
            try:
                self.data = minute(text)
            except ValueError as error:
                raise ValueError(_("Enter a time like 09:00; 24:00 is midnight.")) from error


class StretchesField(StringField):
    """The hours of a day; `data` is a tuple of stretches, empty for none."""

    data: Stretches

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return written(self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (tidy(valuelist[0]) or "") if valuelist else ""
        self.data = ()
        try:
            self.data = stretches(text)
        except Overlap as error:
            raise ValueError(_("Two of these stretches overlap. Write them apart.")) from error
        except ValueError as error:
            raise ValueError(
                _("Write hours like 09:00-12:30, 13:30-17:00; 24:00 is midnight.")
            ) from error


def must_exist(day: date, at: int, zone: str) -> None:
    """A time of day that the spring change skips is no time (S78)."""
    if clock.times_shown(day, at, zone) == 0:
        then = clock.local(clock.instant(day, at, zone), zone)
        raise StopValidation(
            _(
                "Clocks in %(city)s skip %(time)s on %(day)s. Write %(then)s or later.",
                city=filters.zone_city(zone),
                time=filters.minute_of_day(at),
                day=filters.day(day),
                then=filters.minute_of_day(then.hour * 60 + then.minute),
            )
        )


class WhichField(RadioField):
    """Which of the two is meant, of a time that the autumn change repeats; `data` is a code."""


FIRST, SECOND = "first", "second"


def which_field(day: date, at: int, zone: str) -> Any:
    """The question about one such time, both answers in words, to be bound to a form."""
    time = filters.minute_of_day(at)
    return WhichField(
        _(
            "Clocks in %(city)s show %(time)s twice on %(day)s. Which one do you mean?",
            city=filters.zone_city(zone),
            time=time,
            day=filters.day(day),
        ),
        choices=choices(
            (FIRST, _("%(time)s summer time, before the clocks go back", time=time)),
            (SECOND, _("%(time)s winter time, after", time=time)),
        ),
        invalid_choice_message=_(
            "Clocks show %(time)s twice that day: choose one of the two", time=time
        ),
    )
