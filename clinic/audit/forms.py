"""What the log is filtered by: everything comes from a list, but for the two days (S5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional, StopValidation, ValidationError

from clinic import clock
from clinic.accounts.models import User
from clinic.audit.queries import Wanted
from clinic.audit.words import GROUPS, RESULTS
from clinic.controls import choices
from clinic.forms import ClinicForm
from clinic.local_times import DayField


class OneOf(SelectField):
    """One of a list or, left alone, all of it."""

    def __init__(self, label: str, everything: str, pairs: Any = (), **more: Any) -> None:
        super().__init__(label, choices=choices(("", everything), *pairs), default="", **more)
        self.everything = everything

    def offer(self, *pairs: tuple[str, Any]) -> None:
        self.choices = choices(("", self.everything), *pairs)

    def pre_validate(self, form: Any) -> None:
        if self.data not in [choice.value for choice in self.choices or ()]:
            raise StopValidation(_("Choose one of the list."))


class FilterForm(ClinicForm):
    """Travels in the address, so it carries no token; an export asks for one of its own."""

    class Meta:
        csrf = False

    since = DayField(_l("From"), validators=[Optional()])
    until = DayField(_l("Until and including"), validators=[Optional()])
    about = OneOf(
        _l("What"), _l("Everything"), [(code, name) for code, (name, _words) in GROUPS.items()]
    )
    person = OneOf(_l("Who"), _l("Everybody"))
    result = OneOf(_l("Result"), _l("All"), RESULTS.items())

    def __init__(self, typed: Any, staff: Sequence[User]) -> None:
        super().__init__(typed)
        self.person.offer(*((user.public_id, user.name) for user in staff))

    def validate_until(self, field: DayField) -> None:
        if self.since.data and field.data and field.data < self.since.data:
            raise ValidationError(_("The last day is before the first. Change one of them."))

    def wanted(self, zone: str) -> Wanted:
        """The filter as instants and codes; days are those of a site in *zone*."""
        since, until = self.since.data, self.until.data
        person = self.person.data
        return Wanted(
            since=clock.day_bounds(since, zone).starts_at if since else None,
            until=clock.day_bounds(until, zone).ends_at if until else None,
            events=frozenset(GROUPS[self.about.data][1]) if self.about.data else None,
            actor=f"user:{person}" if person else None,
            result=self.result.data or None,
        )

    def in_use(self) -> dict[str, str]:
        """The filters that are set, as they stand in the address."""
        sent = {field.name: (field.raw_data or [""])[0] for field in self}
        return {name: value for name, value in sent.items() if value}
