"""The examination of eyelids and brows on the physician's page: what is measured, in which range.

Source: clinical reference d.1.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from clinic.controls import Printable, choices, tidy
from clinic.forms import ClinicForm
from clinic.screening.rules import Rating

BROW = [("", "–"), ("above", _l("above rim")), ("at", _l("at rim")), ("below", _l("below rim"))]
PRESENT = [("", "–"), ("no", _l("absent")), ("yes", _l("present"))]
NO_YES = [("", "–"), ("no", _l("no")), ("yes", _l("yes"))]
NONE_YES = [("", "–"), ("no", _l("none")), ("yes", _l("yes"))]
SKIN = [
    ("", "–"),
    ("none", _l("none")),
    ("mild", _l("mild")),
    ("moderate", _l("moderate")),
    ("severe", _l("severe")),
]
TIMES = [("", "–"), ("none", _l("none")), ("once", _l("once")), ("more", _l("more than once"))]
RATINGS = [
    ("", _l("as the rules say")),
    (Rating.LOW.value, _l("low")),
    (Rating.MODERATE.value, _l("moderate")),
    (Rating.HIGH.value, _l("high")),
]


class Measured:
    """A number with at most one decimal inside a range; a comma is read as a point."""

    def __init__(self, lowest: str, highest: str, unit: str) -> None:
        self.lowest, self.highest, self.unit = Decimal(lowest), Decimal(highest), unit

    def __call__(self, form: ClinicForm, field: StringField) -> None:
        try:
            number = Decimal((field.data or "").replace(",", "."))
        except InvalidOperation:
            number = None
        in_range = (
            number is not None
            and number.is_finite()
            and (self.lowest <= number <= self.highest and number == round(number, 1))
        )
        if not in_range:
            raise ValidationError(
                _(
                    "%(what)s: a number from %(low)s to %(high)s %(unit)s, at most one decimal",
                    what=field.label.text,
                    low=self.lowest,
                    high=self.highest,
                    unit=self.unit,
                )
            )
        field.data = str(number)


def number(label: str, lowest: str, highest: str, unit: str) -> StringField:
    return StringField(
        label,
        filters=[tidy],
        validators=[Optional(), Measured(lowest, highest, unit)],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )


def pick(label: str, pairs: list[tuple[str, Any]]) -> SelectField:
    return SelectField(label, choices=choices(*pairs), validators=[Optional()])


FINDING_FIELDS = (
    "brow_right",
    "brow_left",
    "mrd1_right",
    "mrd1_left",
    "levator_right",
    "levator_left",
    "frontalis_compensation",
    "dermatochalasis",
    "fatigable",
    "droop_after_toxin",
    "eyelid_or_brow_surgery",
    "neuromuscular_disease",
    "lowest_line_cm",
    "short_forehead",
)


class FindingFields:
    """The fields of the examination; every one may stay empty until the decision needs it."""

    brow_right = pick(_l("Brow position, right"), BROW)
    brow_left = pick(_l("Brow position, left"), BROW)
    mrd1_right = number(_l("MRD1, right, millimetres"), "-5", "8", "mm")
    mrd1_left = number(_l("MRD1, left, millimetres"), "-5", "8", "mm")
    levator_right = number(_l("Levator function, right, millimetres"), "0", "20", "mm")
    levator_left = number(_l("Levator function, left, millimetres"), "0", "20", "mm")
    frontalis_compensation = pick(_l("Frontalis compensation"), PRESENT)
    dermatochalasis = pick(_l("Dermatochalasis"), SKIN)
    fatigable = pick(_l("Fatigable lid"), NO_YES)
    droop_after_toxin = pick(_l("Previous droop"), TIMES)
    eyelid_or_brow_surgery = pick(_l("Surgery or injury"), NONE_YES)
    neuromuscular_disease = pick(_l("Neuromuscular disease"), NONE_YES)
    lowest_line_cm = number(_l("Lowest forehead line to brow, centimetres"), "0", "10", "cm")
    short_forehead = BooleanField(_l("short"))

    rating_overruled = pick(_l("Your rating"), RATINGS)
    rating_because = StringField(
        _l("Because"), filters=[tidy], validators=[Optional(), Printable(500)]
    )
