"""The treatments with toxin that a patient tells of: the last one, and up to three before it.

Each needs its day once anything is said of it, because what is counted is counted by the day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from clinic.controls import DatePartsField, Printable, choices, tidy
from clinic.intake import rules
from clinic.screening.rules import ToxinProduct

# Patients know brands; the code is the product's own name, because units differ by product.
BRANDS: Mapping[str, str] = {
    ToxinProduct.ONABOTULINUMTOXIN_A.value: "Botox",
    ToxinProduct.ABOBOTULINUMTOXIN_A.value: "Dysport",
    ToxinProduct.INCOBOTULINUMTOXIN_A.value: "Xeomin",
    ToxinProduct.DAXIBOTULINUMTOXIN_A.value: "Daxxify",
    ToxinProduct.PRABOTULINUMTOXIN_A.value: "Jeuveau, Nuceiva",
    ToxinProduct.LETIBOTULINUMTOXIN_A.value: "Letybo",
}
PRODUCTS = [("", _l("I don’t know")), *BRANDS.items()]
DAY = "date"
TEXTS = ("product", "units", "where")
WHERE_LENGTH = 300


@dataclass(frozen=True)
class Place:
    """Where one of them is typed: what its controls begin with, its heading, what a lack says."""

    prefix: str
    heading: Any
    undated: Any


PLACES = (
    Place("", "", _l("Enter the date of the last time, roughly if need be")),
    Place(
        "2_",
        _l("Second treatment"),
        _l("Enter the date of the second treatment, roughly if need be"),
    ),
    Place(
        "3_",
        _l("Third treatment"),
        _l("Enter the date of the third treatment, roughly if need be"),
    ),
    Place(
        "4_",
        _l("Fourth treatment"),
        _l("Enter the date of the fourth treatment, roughly if need be"),
    ),
)


@dataclass(frozen=True)
class Treatment:
    """One of them as its form holds it."""

    place: Place
    day: DatePartsField
    product: Field
    units: Field
    where: Field

    @property
    def fields(self) -> tuple[Field, ...]:
        return (self.day, self.product, self.units, self.where)

    @property
    def says_something(self) -> bool:
        texts = (field.data for field in self.fields[1:])
        return any(self.day.parts) or any((text or "").strip() for text in texts)

    @property
    def is_open(self) -> bool:
        """Whether it stands open on the page: it holds something, or something is wrong in it."""
        return self.says_something or any(field.errors for field in self.fields)

    @property
    def given(self) -> dict[str, Any]:
        """What the document keeps of it; what is not known is left out."""
        texts = {part: getattr(self, part).data for part in TEXTS}
        return {DAY: self.day.data.isoformat(), **{k: text for k, text in texts.items() if text}}


def treatments_of(form: Form, base: str) -> list[Treatment]:
    """All four, filled in or not; the controls of *base* are named as `fields` says."""
    return [
        Treatment(place, *(form[f"{base}_{place.prefix}{part}"] for part in (DAY, *TEXTS)))
        for place in PLACES
    ]


def kept(treatments: Iterable[Treatment]) -> dict[str, Any]:
    """They as the document keeps them: the newest, and those before it, in whatever order they
    were typed."""
    dated = [treatment.given for treatment in treatments if treatment.day.data]
    if not dated:
        return {}
    newest, *earlier = sorted(dated, key=lambda given: str(given[DAY]), reverse=True)
    return {rules.NEWEST: newest, **({rules.EARLIER: earlier} if earlier else {})}


def ask_for_days(treatments: Iterable[Treatment]) -> None:
    """A day that is missing where something else is said: an error at its place."""
    for one in treatments:
        if one.says_something and not one.day.data and not one.day.errors:
            one.day.errors = [one.place.undated]


def saved(given: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer holds of them, by the names of the controls without their question's."""
    data: dict[str, Any] = {}
    for place, told in zip(PLACES, rules.sessions_told(given), strict=False):
        data |= {f"{place.prefix}{part}": told.get(part) for part in TEXTS}
        data[f"{place.prefix}{DAY}"] = date.fromisoformat(told[DAY])
    return data


def fields(today: date) -> dict[str, Any]:
    """The controls of all four, by the name that follows their question's."""
    return {
        f"{place.prefix}{part}": field
        for place in PLACES
        for part, field in _fields(today, place.heading).items()
    }


def _fields(today: date, heading: Any) -> dict[str, Any]:
    """*heading* tells them apart where two windows are compared."""
    return {
        DAY: DatePartsField(
            _l("When?"),
            "",
            "3 9 2026",
            required=False,
            earliest=date(2000, 1, 1),
            validators=[_not_after(today)],
            description=heading,
        ),
        "product": SelectField(
            _l("Which product?"),
            choices=choices(*PRODUCTS),
            validators=[Optional()],
            description=heading,
        ),
        "units": StringField(
            _l("How many units?"),
            filters=[tidy],
            validators=[Optional(), _units],
            description=heading,
        ),
        "where": StringField(
            _l("Where on your body?"),
            filters=[tidy],
            validators=[Optional(), Printable(WHERE_LENGTH)],
            description=heading,
        ),
    }


def _units(_form: Any, field: StringField) -> None:
    text = (field.data or "").replace(",", ".")
    try:
        units = float(text)
    except ValueError:
        units = -1
    if not 0 < units <= 5000:
        raise ValidationError(_("Enter the units as a number, for example 20, or leave it empty"))


def _not_after(today: date) -> Callable[[Any, DatePartsField], None]:
    def check(_form: Any, field: DatePartsField) -> None:
        if field.data and field.data > today:
            raise ValidationError(_("Enter a date that is not in the future"))

    return check
