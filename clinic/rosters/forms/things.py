"""Sites, people, rooms, devices and services."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation

from clinic.accounts.models import CredentialKind
from clinic.accounts.practitioners import Held, Newcomer
from clinic.catalogue.rules import ServiceKind
from clinic.controls import PHONE, Required, choices, email_field, text_area, tidy
from clinic.forms import ClinicForm, PressedOnce
from clinic.local_times import DayField
from clinic.rosters.forms.base import Changing, NumberField, short_text

SERVICE_KINDS = {
    ServiceKind.CONSULTATION: _l("Consultation"),
    ServiceKind.TOXIN: _l("Botox treatment"),
    ServiceKind.FILLER: _l("Filler treatment"),
    ServiceKind.COMBINED: _l("Combined treatment: filler, then Botox"),
    ServiceKind.FOLLOW_UP: _l("Follow-up"),
}
MONEY = re.compile(r"(\d{1,6})(?:\.(\d{2}))?", re.ASCII)
ON_OFFER = _l("On offer for booking")
IN_USE = _l("In use")


class SiteForm(Changing):
    name = short_text(_l("Name"), _l("Enter the name of the site"), 120)
    address = short_text(_l("Address"), _l("Enter the address"), 300)
    zone = short_text(
        _l("Time zone"),
        _l("Enter a time zone like Europe/London"),
        60,
        description=_l("Like Europe/London. It stays once the site has visits."),
    )
    phone = StringField(
        _l("Phone"), filters=[tidy], validators=[Required(_l("Enter the phone number")), PHONE]
    )
    email = email_field(_l("Enter the e-mail address of the site"))

    def validate_zone(self, field: StringField) -> None:
        if field.data not in available_timezones():
            raise StopValidation(_("Enter a time zone like Europe/London"))

    @property
    def wanted(self) -> dict[str, Any]:
        return {n: self[n].data for n in ("name", "address", "zone", "phone", "email")}


def _about() -> TextAreaField:
    return text_area(_l("What patients read about them (optional)"), longest=1000, rows="3")


class PersonForm(Changing):
    name = short_text(_l("Name"), _l("Enter the full name"), 200)
    about = _about()
    active = BooleanField(ON_OFFER)

    @property
    def wanted(self) -> dict[str, Any]:
        about = self.about.data or ""
        return {"name": self.name.data, "about": about, "active": self.active.data}


def _reference(hint: str = "") -> StringField:
    return short_text(_l("Reference (optional)"), None, 80, description=hint)


class NewcomerFields(PressedOnce):
    """Who somebody new is. It stands before the credentials: so are errors summed up, as shown."""

    name = short_text(
        _l("Name as patients see it"),
        _l("Enter the name that patients see"),
        200,
        description=_l("With the title, like Dr Amara Okafor. Staff see it too."),
    )
    email = email_field(
        _l("Enter the e-mail address; the link goes there"),
        description=_l("They sign in with it. A link to set a password goes there."),
        autocomplete="off",
    )
    about = _about()


class CredentialFields(ClinicForm):
    """What somebody may do, from when, until when; a kind that was never held stays empty."""

    licence_reference = _reference(_l("Kind and number, like GMC 7654321."))
    licence_from = DayField(_l("From"))
    licence_until = DayField(_l("Until and including"))
    toxin_reference = _reference()
    toxin_from = DayField(_l("From"))
    toxin_until = DayField(_l("Until and including"))
    filler_reference = _reference()
    filler_from = DayField(_l("From"))
    filler_until = DayField(_l("Until and including"))

    held: frozenset[CredentialKind] = frozenset()

    def of(self, kind: CredentialKind) -> tuple[StringField, DayField, DayField]:
        return self[f"{kind}_reference"], self[f"{kind}_from"], self[f"{kind}_until"]

    def validate_licence_until(self, field: DayField) -> None:
        self._in_order(CredentialKind.LICENCE)

    def validate_toxin_until(self, field: DayField) -> None:
        self._in_order(CredentialKind.TOXIN)

    def validate_filler_until(self, field: DayField) -> None:
        self._in_order(CredentialKind.FILLER)

    def _in_order(self, kind: CredentialKind) -> None:
        reference, first, last = self.of(kind)
        if first.errors or last.process_errors:
            return
        if first.data is None and last.data is None:
            if kind in self.held:
                raise StopValidation(_("To end it, enter its last day."))
            if reference.data:
                raise StopValidation(_("Enter the first and the last day"))
            return
        if first.data is None or last.data is None:
            raise StopValidation(_("Enter the first and the last day"))
        if last.data < first.data:
            raise StopValidation(_("The last day is before the first. Change one of them."))

    @property
    def credentials(self) -> dict[CredentialKind, Held]:
        found = {}
        for kind in CredentialKind:
            reference, first, last = self.of(kind)
            if isinstance(first.data, date) and isinstance(last.data, date):
                found[kind] = Held(reference.data or "", first.data, last.data)
        return found


class CredentialsForm(Changing, CredentialFields):
    """The same over what is on file."""


class PhysicianForm(NewcomerFields, CredentialFields):
    """Somebody new whom patients will book, and who is invited."""

    @property
    def newcomer(self) -> Newcomer:
        return Newcomer(self.name.data or "", self.about.data or "", self.credentials)


class BookableForm(PhysicianForm):
    """The same for somebody who has an account."""

    email = None


class RoomForm(Changing):
    name = short_text(_l("Name"), _l("Enter a name like Room 3"), 60)
    hosts = SelectMultipleField(
        _l("What it can host"),
        choices=choices(*((kind.value, words) for kind, words in SERVICE_KINDS.items())),
        validators=[Required(_l("Tick at least one. To close the room, take it out of use."))],
    )
    active = BooleanField(IN_USE)

    @property
    def wanted(self) -> dict[str, Any]:
        hosts = sorted(ServiceKind(kind) for kind in self.hosts.data or ())
        return {"name": self.name.data, "hosts": hosts, "active": self.active.data}


class DeviceForm(Changing):
    name = short_text(_l("Name"), _l("Enter a name like Ultrasound 1"), 60)
    kind = short_text(
        _l("Kind"),
        _l("Enter what services ask for, like ultrasound"),
        40,
        description=_l("What services ask for: any device of the kind will do."),
    )
    active = BooleanField(IN_USE)

    @property
    def wanted(self) -> dict[str, Any]:
        return {"name": self.name.data, "kind": self.kind.data, "active": self.active.data}


class ServiceForm(Changing):
    """A combined service takes its minutes from its parts, so its form has none."""

    name = short_text(_l("Name"), _l("Enter the name that patients read"), 80)
    price = StringField(
        _l("Price"),
        filters=[tidy],
        validators=[Required(_l("Enter the price, for example 220 or 0"))],
        description=_l("In the clinic’s currency, for example 220 or 59.50."),
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    duration_minutes = NumberField(_l("Minutes"), 5, 300)
    buffer_before_minutes = NumberField(_l("Minutes kept free before"), 0, 120)
    buffer_after_minutes = NumberField(_l("Minutes kept free after"), 0, 120)
    notice_hours = NumberField(_l("Notice, in hours"), 0, 336)
    horizon_days = NumberField(_l("How many days ahead"), 1, 365)
    step_minutes = NumberField(_l("A start every … minutes"), 5, 240)
    device_kind = short_text(
        _l("Device it needs (optional)"),
        None,
        40,
        description=_l("The kind of device, as the devices’ pages have it."),
    )
    active = BooleanField(ON_OFFER)

    def validate_price(self, field: StringField) -> None:
        if MONEY.fullmatch(field.data or "") is None:
            raise StopValidation(_("Enter the price, for example 220 or 59.50"))

    @property
    def price_pence(self) -> int:
        whole, _dot, rest = (self.price.data or "0").partition(".")
        return int(whole) * 100 + int(rest or 0)

    @property
    def wanted(self) -> dict[str, Any]:
        numbers = ("duration_minutes", "buffer_before_minutes", "buffer_after_minutes")
        more = ("notice_hours", "horizon_days", "step_minutes")
        found = {name: self[name].data for name in (*numbers, *more) if name in self}
        return {
            **found,
            "name": self.name.data,
            "price_pence": self.price_pence,
            "device_kind": self.device_kind.data or None,
            "active": self.active.data,
        }


class NewServiceForm(ServiceForm):
    """What kind it is never changes: approvals and visits rest on it."""

    kind = RadioField(
        _l("Kind"),
        choices=choices(*((kind.value, words) for kind, words in SERVICE_KINDS.items())),
        invalid_choice_message=_l("Choose a kind"),
    )

    @property
    def wanted(self) -> dict[str, Any]:
        return {**super().wanted, "kind": ServiceKind(self.kind.data)}
