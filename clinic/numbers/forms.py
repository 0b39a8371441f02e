"""Which numbers: the weeks, the site, one of them or all. Travels in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import StopValidation, ValidationError

from clinic.catalogue.own_sites import Shown
from clinic.controls import choices
from clinic.forms import ClinicForm
from clinic.local_times import DayField
from clinic.numbers.measures import OF_ALL_SITES, Of
from clinic.numbers.rules import MOST_DAYS, Weeks
from clinic.numbers.words import TITLES

WEEKS_AT_FIRST = 12


class OneOf(SelectField):
    """One of a list, or nothing for all of it; anything else is told to be chosen."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in [choice.value for choice in self.choices or ()]:
            raise StopValidation(_("Choose one of the list."))


def _is_typed(field: DayField) -> bool:
    return any(text.strip() for text in field.raw_data or ())


class RangeForm(ClinicForm):
    class Meta:
        csrf = False

    since = DayField(_l("From"))
    until = DayField(_l("Until and including"))
    site = OneOf(_l("Site"), default="")
    of = OneOf(_l("Numbers"), default="")

    def __init__(self, typed: Any, looked: Shown, today: date) -> None:
        super().__init__(typed, site=looked.site.public_id if looked.site else "")
        self.looked = looked
        self._fill_in(today)
        named = ((site.public_id, site.name) for site in looked.own)
        self.site.choices = choices(("", _("All sites")), *named)
        offered = ((one.value, TITLES[one]) for one in self.offered)
        self.of.choices = choices(("", _("All of them")), *offered)

    def _fill_in(self, today: date) -> None:
        """The last twelve weeks, as far as nothing else was typed."""
        since, until = self.since, self.until
        if not _is_typed(until):
            until.data = max(since.data or today, today)
        if not _is_typed(since) and until.data is not None:
            since.data = until.data - timedelta(weeks=WEEKS_AT_FIRST - 1)

    def validate_until(self, _field: DayField) -> None:
        first, last = self.since.data, self.until.data
        if first is None or last is None:
            return  # what is no date was told
        if last < first:
            raise ValidationError(_("The last day is before the first. Change one of them."))
        if (last - first).days > MOST_DAYS:
            raise ValidationError(_("That is more than two years. Choose days closer together."))

    @property
    def weeks(self) -> Weeks:
        assert self.since.data is not None  # asked for after the check
        assert self.until.data is not None
        return Weeks.around(self.since.data, self.until.data)

    @property
    def chosen(self) -> Of | None:
        return Of(self.of.data) if self.of.data else None

    @property
    def offered(self) -> Sequence[Of]:
        """What is counted for all sites together is for those who work at every one."""
        return [one for one in Of if one not in OF_ALL_SITES or not self.looked.is_limited]

    @property
    def sites(self) -> frozenset[int] | None:
        """Row numbers of the sites that are counted; None for every one."""
        chosen = next((s for s in self.looked.own if s.public_id == self.site.data), None)
        return replace(self.looked, site=chosen).ids

    def in_use(self) -> dict[str, str]:
        """What stands in the address and is set."""
        sent = {field.name: (field.raw_data or [""])[0] for field in self}
        return {name: value for name, value in sent.items() if value}
