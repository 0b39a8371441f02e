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
from clinic.screening.rules import EYES, MEASURED_RANGES, Rating

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
DROOPED = [("", "–"), ("lid", _l("lid")), ("brow", _l("brow")), ("both", _l("both"))]
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


class NumberField(StringField):
    """A measured number; it knows its limits, so that they can stand beside it."""

    def __init__(self, label: str, lowest: str, highest: str, unit: str, **options: Any) -> None:
        self.lowest, self.highest, self.unit = lowest, highest, unit
        super().__init__(
            label,
            filters=[tidy],
            validators=[Optional(), Measured(lowest, highest, unit)],
            render_kw={"inputmode": "decimal"},
            **options,
        )


def eye(label: str, sign: str) -> NumberField:
    """What the rules measure on each eye, in their range and unit."""
    lowest, highest, unit = MEASURED_RANGES[sign]
    return NumberField(label, str(lowest), str(highest), unit)


def pick(label: str, pairs: list[tuple[str, Any]]) -> SelectField:
    return SelectField(label, choices=choices(*pairs), validators=[Optional()])


FINDING_FIELDS = (
    "brow_right",
    "brow_left",
    *(f"{sign}_{side}" for sign in MEASURED_RANGES for side in EYES),
    "frontalis_compensation",
    "dermatochalasis",
    "fatigable",
    "droop_after_toxin",
    "droop_of",
    "eyelid_or_brow_surgery",
    "surgery_what",
    "neuromuscular_disease",
    "lowest_line_cm",
    "short_forehead",
)


class FindingFields:
    """The fields of the examination; every one may stay empty until the decision needs it."""

    brow_right = pick(_l("Brow position, right"), BROW)
    brow_left = pick(_l("Brow position, left"), BROW)
    mrd1_right = eye(_l("MRD1, right, millimetres"), "mrd1")
    mrd1_left = eye(_l("MRD1, left, millimetres"), "mrd1")
    levator_right = eye(_l("Levator function, right, millimetres"), "levator")
    levator_left = eye(_l("Levator function, left, millimetres"), "levator")
    snap_back_right = eye(_l("Lower lid snap-back, right, seconds"), "snap_back")
    snap_back_left = eye(_l("Lower lid snap-back, left, seconds"), "snap_back")
    distraction_right = eye(_l("Lower lid distraction, right, millimetres"), "distraction")
    distraction_left = eye(_l("Lower lid distraction, left, millimetres"), "distraction")
    frontalis_compensation = pick(_l("Frontalis compensation"), PRESENT)
    dermatochalasis = pick(_l("Dermatochalasis"), SKIN)
    fatigable = pick(_l("Fatigable lid"), NO_YES)
    droop_after_toxin = pick(_l("Previous droop"), TIMES)
    droop_of = pick(_l("What drooped"), DROOPED)
    eyelid_or_brow_surgery = pick(_l("Surgery or injury"), NONE_YES)
    surgery_what = StringField(
        _l("What surgery or injury"), filters=[tidy], validators=[Optional(), Printable(120)]
    )
    neuromuscular_disease = pick(_l("Neuromuscular disease"), NONE_YES)
    lowest_line_cm = NumberField(_l("Lowest forehead line to brow, centimetres"), "0", "10", "cm")
    short_forehead = BooleanField(_l("short"))

    rating_overruled = pick(_l("Your rating"), RATINGS)
    rating_because = StringField(
        _l("Because"), filters=[tidy], validators=[Optional(), Printable(500)]
    )
