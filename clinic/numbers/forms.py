"""Which numbers: the weeks, the site, one of them or all. Travels in the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional, StopValidation, ValidationError

from clinic.catalogue.sites import SiteCard
from clinic.controls import choices
from clinic.forms import ClinicForm
from clinic.local_times import DayField
from clinic.numbers.measures import Of
from clinic.numbers.rules import MOST_DAYS, Weeks
from clinic.numbers.words import TITLES

WEEKS_AT_FIRST = 12


class OneOf(SelectField):
    """One of a list, or nothing for all of it; anything else is told to be chosen."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in [choice.value for choice in self.choices or ()]:
            raise StopValidation(_("Choose one of the list."))


class RangeForm(ClinicForm):
    class Meta:
        csrf = False

    since = DayField(_l("From"), validators=[Optional()])
    until = DayField(_l("Until and including"), validators=[Optional()])
    site = OneOf(_l("Site"), default="")
    of = OneOf(_l("Numbers"), choices=choices(("", _l("All of them")), *TITLES.items()), default="")

    def __init__(self, typed: Any, sites: Sequence[SiteCard], today: date) -> None:
        super().__init__(typed)
        self.sites, self.today = sites, today
        named = ((site.public_id, site.name) for site in sites)
        self.site.choices = choices(("", _("All sites")), *named)

    @property
    def days(self) -> tuple[date, date]:
        """The last twelve weeks, as far as nothing else was typed."""
        last = self.until.data or self.today
        first = self.since.data or last - timedelta(weeks=WEEKS_AT_FIRST - 1)
        if self.until.data is None:
            last = max(first, last)
        return first, last

    def validate_until(self, _field: DayField) -> None:
        if self.since.errors:
            return
        first, last = self.days
        if last < first:
            raise ValidationError(_("The last day is before the first. Change one of them."))
        if (last - first).days > MOST_DAYS:
            raise ValidationError(_("That is more than two years. Choose days closer together."))

    @property
    def weeks(self) -> Weeks:
        return Weeks.around(*self.days)

    @property
    def chosen(self) -> Of | None:
        return Of(self.of.data) if self.of.data else None

    @property
    def site_id(self) -> int | None:
        found = (site.id for site in self.sites if site.public_id == self.site.data)
        return next(found, None)

    def in_use(self) -> dict[str, str]:
        """What stands in the address and is set."""
        sent = {field.name: (field.raw_data or [""])[0] for field in self}
        return {name: value for name, value in sent.items() if value}
