"""What somebody waits for, typed; the presses around it; a free time chosen by the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from clinic import filters
from clinic.controls import DatePartsField, Required, choices, email_field, name_field
from clinic.forms import PressedOnce
from clinic.newcomer import consent_field, own_phone_field
from clinic.scheduling.on_offer import Person
from clinic.scheduling.rules import PartOfDay
from clinic.waitlist.models import WaitlistEntry
from clinic.waitlist.rules import EVERY_DAY, WHOLE_DAY, Wanted

ANYONE = "any"
LONGEST = timedelta(days=366)
PART_WORDS = {
    PartOfDay.MORNING: _l("Morning, before noon"),
    PartOfDay.AFTERNOON: _l("Afternoon, noon to 5 pm"),
    PartOfDay.EVENING: _l("Evening, from 5 pm"),
}


def bits(numbers: Iterable[str]) -> int:
    return sum(1 << int(number) for number in set(numbers))


def numbers(mask: int) -> list[str]:
    return [str(number) for number in range(7) if mask >> number & 1]


def _numbered(field: SelectMultipleField) -> list[str]:
    return [str(value) for value in field.data or []]


class WishForm(PressedOnce):
    """Everything is ticked at first: anyone, any day, any part of it, as long as times are made."""

    who = RadioField(
        _l("Who would you like to see?"), validators=[Required(_l("Choose a physician or anyone"))]
    )
    weekdays = SelectMultipleField(
        _l("Which days suit you?"), validators=[Required(_l("Tick at least one day"))]
    )
    parts = SelectMultipleField(
        _l("Which parts of the day?"),
        validators=[Required(_l("Tick at least one part"))],
    )
    from_on = DatePartsField(_l("From"), _l("Enter the first day that suits you"), "24 11 2026")
    until_on = DatePartsField(
        _l("Until and including"), _l("Enter the last day that suits you"), "24 12 2026"
    )

    def __init__(self, people: Iterable[Person], today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.people: Mapping[str, Person] = {who.public_id: who for who in people}
        self.today = today
        self.who.choices = choices(
            (ANYONE, _("Anyone, soonest")), *((key, who.name) for key, who in self.people.items())
        )
        days = [(str(n), filters.weekday_name(n)) for n in range(7)]
        self.weekdays.choices = choices(*days)
        self.parts.choices = choices(*((str(n), PART_WORDS[p]) for n, p in enumerate(PartOfDay)))

    def validate_until_on(self, field: DatePartsField) -> None:
        if field.data is None:
            return
        if field.data < self.today:
            raise ValidationError(_("That day is over. Enter a later one."))
        if field.data > self.today + LONGEST:
            raise ValidationError(_("Enter a day within the next year."))
        if self.from_on.data is not None and field.data < self.from_on.data:
            raise ValidationError(_("The last day lies before the first. Enter a later one."))

    @property
    def wanted(self) -> Wanted:
        person = self.people.get(self.who.data)
        return Wanted(
            practitioner_id=person.id if person is not None else None,
            weekdays=bits(_numbered(self.weekdays)),
            parts=bits(_numbered(self.parts)),
            from_on=self.from_on.data,
            until_on=self.until_on.data,
        )


def usual(today: date, until: date) -> dict[str, Any]:
    return {
        "who": ANYONE,
        "weekdays": numbers(EVERY_DAY),
        "parts": numbers(WHOLE_DAY),
        "from_on": today,
        "until_on": until,
    }


def as_stored(entry: WaitlistEntry) -> dict[str, Any]:
    return {
        "who": entry.practitioner.public_id if entry.practitioner is not None else ANYONE,
        "weekdays": numbers(entry.weekdays),
        "parts": numbers(entry.parts),
        "from_on": entry.from_on,
        "until_on": entry.until_on,
    }


class NewcomerForm(WishForm):
    """The same by somebody not known yet, with where the code goes."""

    name = name_field(
        _l("Full name"), _l("Enter your full name"), autocomplete="name", spellcheck="false"
    )
    email = email_field(_l("Enter your e-mail address; the code goes there"))
    phone = own_phone_field()
    consent = consent_field(_l("Tick the box, or call us: without your answers we can’t help"))


class PressForm(PressedOnce):
    """Accept, decline, leave, take off: nothing but the press."""


class LinkForm(PressedOnce):
    """The page behind the link of an offer: the pressed button says what to do."""

    go = StringField(id="main", validators=[Required(_l("Press one of the two buttons"))])

    def validate_go(self, field: StringField) -> None:
        if field.data not in ("accept", "decline"):
            raise ValidationError(_("Press one of the two buttons"))


class AddForm(WishForm):
    """The desk puts a patient on the list for a service."""

    service = RadioField(_l("What for?"), validators=[Required(_l("Choose a service"))])

    def __init__(self, services: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.service.choices = choices(*((one.public_id, one.name) for one in services))
        self.who.label.text = _("With whom?")
        self.weekdays.label.text = _("Which days?")


class TimeForm(PressedOnce):
    """One of the free times that the page listed."""

    time = StringField(id="main", validators=[Required(_l("Choose a time"))])
