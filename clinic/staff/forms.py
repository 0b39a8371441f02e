"""The manager's forms: the roles of somebody, and somebody new."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectMultipleField
from wtforms.validators import Email, Length

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
