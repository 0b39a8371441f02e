"""Choosing a time, checking and booking, cancelling, opening one's visits."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, RadioField, StringField
from wtforms.validators import Email, Length, Optional, Regexp, ValidationError

from clinic.forms import (
    ClinicForm,
    DatePartsField,
    PressedOnce,
    Printable,
    Required,
    name_field,
    tidy,
)
from clinic.journey.cancel import DESK_REASONS

SLOT = "%Y%m%dT%H%M"


def slot_value(practitioner_actor_id: int, starts_at: datetime) -> str:
    """What a time's button sends: the practitioner's actor and the start in UTC."""
    return f"{practitioner_actor_id}.{starts_at.astimezone(UTC).strftime(SLOT)}"


def slot_of(value: str) -> tuple[int, datetime] | None:
    """(actor id, aware start) of a button's value; None for anything else."""
    actor, _dot, stamp = value.partition(".")
    try:
        return int(actor), datetime.strptime(stamp, SLOT).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def day_of(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


class SlotForm(ClinicForm):
    """The buttons of the page of times; the pressed one names its slot."""

    slot = StringField(validators=[Required(_l("Choose a time"))])

    def validate_slot(self, field: StringField) -> None:
        if slot_of(field.data) is None:
            raise ValidationError(_("Choose one of the times on this page"))


class HoldForm(ClinicForm):
    """Extending or releasing a hold: nothing but the press."""


def _email(missing: str) -> EmailField:
    return EmailField(
        _l("E-mail address"),
        filters=[tidy],
        validators=[
            Required(missing),
            Length(max=254),
            Email(_l("Enter an e-mail address like name@example.org")),
        ],
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )


PHONE = Regexp(r"^\+?[\d\s().-]{6,30}$", message=_l("Enter a phone number like 020 7946 0123"))


class CheckForm(ClinicForm):
    """Who you are, before the code is sent."""

    name = name_field(
        _l("Full name"), _l("Enter your full name"), autocomplete="name", spellcheck="false"
    )
    email = _email(_l("Enter your e-mail address; the code goes there"))
    phone = StringField(
        _l("Phone (optional)"),
        filters=[tidy],
        validators=[Optional(), PHONE],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    consent = BooleanField(
        _l("The clinic may store my answers and show them to the physicians who treat me."),
        validators=[Required(_l("Tick the box, or call us: without your answers we can’t book"))],
    )


class CodeForm(PressedOnce):
    """The six digits; pasting with spaces is fine."""

    code = StringField(
        _l("Six-digit code"),
        filters=[lambda text: "".join((text or "").split())],
        validators=[
            Required(_l("Enter the six digits from the e-mail")),
            Regexp(r"^\d{6}$", message=_l("The code is six digits, for example 204816")),
        ],
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "maxlength": "11",
        },
    )


class BookForm(PressedOnce):
    """Booking by somebody known: nothing but the press."""


class OpenVisitsForm(ClinicForm):
    """A code by mail opens one's visits, after the date of birth."""

    email = _email(_l("Enter the e-mail address that you gave us"))
    born_on = DatePartsField(
        _l("Date of birth"),
        _l("Enter your date of birth, for example 12 5 1992"),
        "12 5 1992",
    )


class CancelForm(PressedOnce):
    """Cancelling one's own visit: the page asks, the press answers."""


REASON_WORDS = {
    "patient-asked": _l("Patient asked"),
    "ill": _l("Patient ill"),
    "clinic": _l("Clinic had to"),
    "mistake": _l("Booked by mistake"),
    "other": _l("Other"),
}


class DeskCancelForm(PressedOnce):
    reason = RadioField(
        _l("Why?"),
        choices=[(code, REASON_WORDS[code]) for code in DESK_REASONS],
        validators=[Required(_l("Choose a reason"))],
    )


class StatusForm(PressedOnce):
    """Moving a visit through the day: the button says where to, the page where from."""

    was = StringField(validators=[Required(_l("Reload the page"))])
    now = StringField(validators=[Required(_l("Reload the page"))])


class PatientForm(ClinicForm):
    """A patient whom the desk enters at the phone; e-mail and phone may be missing, not both."""

    name = name_field(_l("Full name"), _l("Enter the patient’s full name"), autocomplete="off")
    born_on = DatePartsField(
        _l("Date of birth"), _l("Enter the date of birth, for example 12 5 1992"), "12 5 1992"
    )
    email = EmailField(
        _l("E-mail address (optional)"),
        filters=[tidy],
        validators=[
            Optional(),
            Length(max=254),
            Email(_l("Enter an e-mail address like name@example.org")),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    phone = StringField(
        _l("Phone"),
        filters=[tidy],
        validators=[Optional(), PHONE, Printable(40)],
        render_kw={"autocomplete": "off", "inputmode": "tel"},
    )

    def validate_phone(self, field: StringField) -> None:
        if not field.data and not self.email.data:
            raise ValidationError(_("Enter a phone number or an e-mail address, or both"))
