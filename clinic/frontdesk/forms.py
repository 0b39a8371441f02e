"""The desk's forms: a status changed, a visit cancelled with a reason, a patient entered."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import Length, Optional, Regexp, StopValidation

from clinic.controls import PHONE, DatePartsField, Printable, choices, email_field, name_field, tidy
from clinic.forms import ClinicForm, PressedOnce, ShownBefore, ShownVersion
from clinic.local_times import DayField, MinuteField
from clinic.scheduling.words import DESK_REASON_WORDS


class DeskCancelForm(PressedOnce, ShownVersion):
    reason = RadioField(
        _l("Why?"),
        choices=choices(*DESK_REASON_WORDS.items()),
        invalid_choice_message=_l("Choose a reason"),
    )


# As templates/_macros/desk.html writes it (`step_value`).
STEP = re.compile(r"([a-z-]+)/([a-z-]+)/([0-9]{1,9})\Z")


START = re.compile(r"[0-9]{1,11}\Z")


class StatusForm(PressedOnce):
    """Moving a visit through the day: the button says where from, where to, and which version."""

    step = StringField(validators=[Regexp(STEP, message=_l("Reload the page"))])

    @property
    def move(self) -> tuple[str, str]:
        """Where from and where to, whether or not any button leads there."""
        was, new, _version = self.step.data.split("/")
        return was, new

    @property
    def version(self) -> int:
        return int(self.step.data.rpartition("/")[2])


def _reachable(form: PatientForm | ContactForm, field: StringField) -> None:
    """One way to reach the patient; asked before `Optional` lets an empty field pass."""
    if not field.data and not form.email.data:
        raise StopValidation(_("Enter a phone number or an e-mail address, or both"))


def _phone() -> StringField:
    return StringField(
        _l("Phone"),
        filters=[tidy],
        validators=[_reachable, Optional(), PHONE, Printable(40)],
        render_kw={"autocomplete": "off", "inputmode": "tel"},
    )


class PatientForm(ClinicForm):
    """A patient whom the desk enters at the phone; e-mail and phone may be missing, not both."""

    name = name_field(_l("Full name"), _l("Enter the patient’s full name"), autocomplete="off")
    born_on = DatePartsField(
        _l("Date of birth"), _l("Enter the date of birth, for example 12 5 1992"), "12 5 1992"
    )
    email = email_field(None, _l("E-mail address (optional)"), autocomplete="off")
    phone = _phone()
    seen = StringField(validators=[Length(max=2000)])  # by the button of who is somebody else

    @property
    def seen_ids(self) -> frozenset[str]:
        """The records that the page showed as perhaps the same person."""
        return frozenset((self.seen.data or "").split(","))


class ContactForm(ShownBefore):
    """How a patient is called and reached."""

    name = name_field(_l("Full name"), _l("Enter the patient’s full name"), autocomplete="off")
    phone = _phone()
    email = email_field(None, _l("E-mail address (optional)"), autocomplete="off")


class InviteForm(PressedOnce):
    """Sending the invitation once more: nothing but the press."""


class MoveForm(PressedOnce, ShownVersion):
    """Where a visit goes: a physician, a room, a day and a time of day.

    What is not sent stays as it is. *second* says which is meant of a time that clocks show twice.
    *start* is the same as day and time for a script that knows the instant, in seconds.
    """

    who = SelectField(_l("Move to"), validate_choice=False)
    room = SelectField(_l("Room"), validate_choice=False)
    day = DayField(_l("Day"))
    at = MinuteField(
        _l("Time"),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "5"},
    )
    second = RadioField(
        _l("Clocks show this time twice that night. Which one?"),
        choices=choices(("no", _l("Before the clocks go back")), ("yes", _l("After"))),
        validators=[Optional()],
        invalid_choice_message=_l("Choose one of the two"),
    )
    start = HiddenField("", validators=[Optional(), Regexp(START, message=_l("Reload the page"))])
