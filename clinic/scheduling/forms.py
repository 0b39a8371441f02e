"""Choosing a time, checking and booking, cancelling, opening one's visits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from clinic import filters
from clinic.controls import (
    DatePartsField,
    Required,
    choices,
    email_field,
    is_usual,
    name_field,
    text_area,
)
from clinic.forms import ClinicForm, PressedOnce, ShownVersion
from clinic.local_times import DayField, MinuteField, Needed
from clinic.newcomer import consent_field, own_phone_field
from clinic.scheduling.on_offer import Offered, Roster
from clinic.scheduling.words import DESK_REASON_WORDS

SHORTEST_REASON, LONGEST_REASON = 10, 300
SLOT = "%Y%m%dT%H%M"
LARGEST_ID = 2**31  # of a row, on either engine


def slot_value(practitioner_actor_id: int, starts_at: datetime) -> str:
    """What a time's button sends: the practitioner's actor and the start in UTC."""
    return f"{practitioner_actor_id}.{starts_at.astimezone(UTC).strftime(SLOT)}"


def slot_of(value: str) -> tuple[int, datetime] | None:
    """(actor id, aware start) of a button's value; None for anything else."""
    actor, _dot, stamp = value.partition(".")
    try:
        starts_at = datetime.strptime(stamp, SLOT).replace(tzinfo=UTC)
        is_id = 0 < int(actor) < LARGEST_ID
    except (ValueError, OverflowError):
        return None
    return (int(actor), starts_at) if is_id and is_usual(starts_at.date()) else None


class SlotForm(ClinicForm):
    """The buttons of the page of times; the pressed one names its slot."""

    slot = StringField(id="main", validators=[Required(_l("Choose a time"))])

    def validate_slot(self, field: StringField) -> None:
        if slot_of(field.data) is None:
            raise ValidationError(_("Choose one of the times on this page"))


class BookSlotForm(SlotForm, PressedOnce):
    """The buttons of the first times, and of now: the pressed one is booked at once."""


class HoldForm(ClinicForm):
    """Extending or releasing a hold: nothing but the press."""


class CheckForm(ClinicForm):
    """Who you are, before the code is sent."""

    name = name_field(
        _l("Full name"), _l("Enter your full name"), autocomplete="name", spellcheck="false"
    )
    email = email_field(_l("Enter your e-mail address; the code goes there"))
    phone = own_phone_field()
    consent = consent_field(_l("Tick the box, or call us: without your answers we can’t book"))


class BookForm(PressedOnce):
    """Booking by somebody known: nothing but the press."""


class OpenVisitsForm(ClinicForm):
    """A code by mail opens one's visits, after the date of birth."""

    email = email_field(_l("Enter the e-mail address that you gave us"))
    born_on = DatePartsField(
        _l("Date of birth"),
        _l("Enter your date of birth, for example 12 5 1992"),
        "12 5 1992",
    )


class WhyForm(ClinicForm):
    """Which time staff ask about; it travels in the address, so it carries no token.

    *second* is asked for only where clocks show the time twice on that day.
    """

    class Meta:
        csrf = False

    service = SelectField(_l("Service"))
    practitioner = SelectField(_l("Physician"))
    day = DayField(_l("Day"), validators=[Needed(_l("Enter the day, for example 2026-11-24"))])
    at = MinuteField(
        _l("Time"),
        validators=[Needed(_l("Enter the time, for example 14:00"))],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "5"},
    )
    second = RadioField(
        _l("Clocks go back that night and show this time twice. Which one?"),
        choices=choices(("no", _l("The first")), ("yes", _l("The second"))),
        validators=[Optional()],
    )

    def offer(self, services: Iterable[Offered], known: Roster) -> None:
        """What can be asked about; where there are several sites, each service with its own."""
        self.service.choices = choices(*((s.public_id, self._name(s, known)) for s in services))
        self.practitioner.choices = choices(*((p.public_id, p.name) for p in known.people))

    def _name(self, service: Offered, known: Roster) -> str:
        if len(known.sites) == 1:
            return service.name
        site = known.sites[service.location_id]
        return _(
            "%(service)s, %(site)s (%(city)s time)",
            service=service.name,
            site=site.name,
            city=filters.zone_city(site.zone),
        )


class OverrideForm(PressedOnce):
    """Booking all the same: never without a reason."""

    reason = text_area(
        _l("Why all the same?"),
        _l("Write why the visit is put there all the same"),
        LONGEST_REASON,
        rows=3,
        maxlength=LONGEST_REASON,
    )

    def validate_reason(self, field: TextAreaField) -> None:
        if len(field.data or "") < SHORTEST_REASON:
            raise ValidationError(_("Write a few words more: at least 10 characters"))


class CancelForm(PressedOnce, ShownVersion):
    """Cancelling one's own visit: the page asks, the press answers."""


def _reason(question: str) -> RadioField:
    return RadioField(
        question,
        choices=choices(*DESK_REASON_WORDS.items()),
        invalid_choice_message=_l("Choose a reason"),
    )


class StaffCancelForm(PressedOnce, ShownVersion):
    """Cancelling for somebody else, with a reason."""

    reason = _reason(_l("Why?"))


class UndoForm(PressedOnce):
    """Taking a cancellation back: nothing but the press."""


class MoveForm(SlotForm, PressedOnce, ShownVersion):
    """Moving a visit to *slot*."""


class StaffMoveForm(MoveForm):
    """The same for somebody else, with who asked for it and why."""

    reason = _reason(_l("Who asked for it, or why?"))


class EarlierForm(SlotForm, PressedOnce, ShownVersion):
    """Today's earlier times: the pressed one is taken. *is_here* means no letter is needed."""

    is_here = BooleanField(_l("The patient is here and knows"), default=True)


class MoveAllTheSameForm(OverrideForm, ShownVersion):
    """Moving where no time is on offer: who asked for it, and why all the same."""

    asked_by = _reason(_l("Who asked for it, or why?"))
