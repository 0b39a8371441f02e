"""The manager's forms: roles and sites of somebody, and somebody new."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import Email, Length, ValidationError

from clinic.catalogue.sites import SiteCard
from clinic.controls import Required, choices, name_field, tidy
from clinic.forms import ClinicForm
from clinic.permissions import Role

ROLE_WORDS = {
    Role.FRONT_DESK: _l("Front desk: calendar, patients, bookings; nothing clinical"),
    Role.PHYSICIAN: _l("Physician: reviews, notes and approvals of patients in their care"),
    Role.MANAGER: _l("Manager: staff, services, the audit log; no records"),
}


class OfferingRoles(ClinicForm):
    """Only what may be given is offered, and nothing else is read from what is sent."""

    roles: SelectMultipleField

    def offer(self, roles: Collection[Role]) -> Self:
        self.roles.choices = choices(*((r.value, ROLE_WORDS[r]) for r in ROLE_WORDS if r in roles))
        return self

    @property
    def chosen(self) -> frozenset[Role]:
        return frozenset(Role(code) for code in self.roles.data or [])


class RolesForm(OfferingRoles):
    roles = SelectMultipleField(
        _l("Roles"),
        validators=[Required(_l("Choose at least one role. To close the account, shut it out."))],
    )


EVERY, SOME = "every", "some"


class SitesForm(ClinicForm):
    """At which sites somebody works; only those of the manager are offered. *agreed* stands for the
    visits that the page named."""

    where = RadioField(_l("Works at"), invalid_choice_message=_l("Choose one of both"))
    sites = SelectMultipleField(_l("Sites"))
    agreed = HiddenField("")

    def offer(self, own: Sequence[SiteCard], *, is_limited: bool) -> Self:
        every = [] if is_limited else [(EVERY, _l("All sites"))]
        self.where.choices = choices(*every, (SOME, _l("Only at these")))
        self.sites.choices = choices(*((site.public_id, site.name) for site in own))
        self.own = own
        return self

    def validate_sites(self, field: SelectMultipleField) -> None:
        if self.where.data == SOME and not field.data:
            raise ValidationError(_("Tick at least one site. To close the account, shut it out."))

    @property
    def wanted(self) -> frozenset[int] | None:
        """Row numbers; None for every site."""
        if self.where.data == EVERY:
            return None
        return frozenset(one.id for one in self.own if one.public_id in (self.sites.data or []))


class PersonForm(OfferingRoles):
    name = name_field(_l("Full name"), _l("Enter the full name"), autocomplete="off")
    email = EmailField(
        _l("E-mail address"),
        filters=[tidy],
        validators=[
            Required(_l("Enter the e-mail address; the link goes there")),
            Length(max=254),
            Email(_l("Enter an e-mail address like name@example.org")),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    roles = SelectMultipleField(_l("Roles"), validators=[Required(_l("Choose at least one role"))])
