"""Hours of a week, of one day, and absences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField
from wtforms.validators import StopValidation

from clinic import clock, filters
from clinic.catalogue.models import Location
from clinic.catalogue.sites import SiteCard
from clinic.clock import MINUTES_IN_A_DAY
from clinic.controls import Required, choices
from clinic.forms import PressedOnce
from clinic.local_times import (
    DayField,
    MinuteField,
    Needed,
    StretchesField,
    must_exist,
)
from clinic.rosters.forms.base import AsksWhich, Changing, RosterForm, short_text
from clinic.scheduling.on_offer import Person
from clinic.scheduling.rules import AbsenceKind, Away, DayHours, Week

LIKE = _l("Like 09:00-12:30, 13:30-17:00; leave it empty for a day off.")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KINDS = {
    AbsenceKind.HOLIDAY: _l("Holiday"),
    AbsenceKind.ILL: _l("Ill"),
    AbsenceKind.TRAINING: _l("Training"),
    AbsenceKind.OTHER: _l("Other"),
}


def first_day(label: str) -> DayField:
    return DayField(label, validators=[Needed(_l("Enter a day like 2026-11-24"))])


class WeekForm(Changing):
    """Weekly hours, and from when until when they hold."""

    monday = StretchesField(_l("Monday"))
    tuesday = StretchesField(_l("Tuesday"))
    wednesday = StretchesField(_l("Wednesday"))
    thursday = StretchesField(_l("Thursday"))
    friday = StretchesField(_l("Friday"))
    saturday = StretchesField(_l("Saturday"))
    sunday = StretchesField(_l("Sunday"))
    valid_from = first_day(_l("From"))
    valid_until = DayField(
        _l("Until and including (optional)"),
        description=_l("Empty: for good. Otherwise what held before goes on the day after."),
    )

    @property
    def days(self) -> list[StretchesField]:
        return [self[name] for name in WEEKDAYS]

    @classmethod
    def over(
        cls,
        stretches: Iterable[tuple[int, int, int]],
        *,
        first: date,
        until: date | None,
        shown: str,
        **sent: None,
    ) -> Self:
        """The form with a week written into it."""
        by_day: dict[int, list[tuple[int, int]]] = {}
        for weekday, opens, closes in stretches:
            by_day.setdefault(weekday, []).append((opens, closes))
        week = {name: tuple(by_day.get(number, ())) for number, name in enumerate(WEEKDAYS)}
        dates = {"valid_from": first, "valid_until": until}
        return cls(data={**week, **dates, "shown": shown}, **sent)

    def validate_valid_until(self, field: DayField) -> None:
        if self.valid_from.data and field.data and field.data < self.valid_from.data:
            raise StopValidation(_("The last day is before the first. Change one of them."))

    @property
    def week(self) -> Week:
        assert self.valid_from.data is not None
        found = tuple(
            (number, *stretch) for number, day in enumerate(self.days) for stretch in day.data
        )
        return Week(self.valid_from.data, self.valid_until.data, found)


class ClosedDayForm(RosterForm):
    day = first_day(_l("Day"))
    name = short_text(_l("Why"), _l("Enter a name like Christmas Day"), 80)


class ExtraForm(AsksWhich):
    """Hours on one date, of a site."""

    day = first_day(_l("Day"))
    hours = StretchesField(
        _l("Hours"),
        validators=[Needed(_l("Enter hours like 10:00-14:00"))],
        description=_l("Like 10:00-14:00. They count beside the weekly hours."),
    )

    def validate_hours(self, field: StretchesField) -> None:
        for day, at in self.ends().values():
            for zone in self.zones:
                must_exist(day, at, zone)
        if self.is_answered and any(
            stretch.period(zone) is None for stretch in self.stretches for zone in self.zones
        ):
            raise StopValidation(_("This ends before it begins. Change one of both."))

    def ends(self) -> Mapping[str, tuple[date, int]]:
        day = self.day.data
        if day is None:
            return {}
        opens = {f"opens_{at}": (day, at) for at, _closes in self.hours.data}
        return opens | {f"closes_{at}": (day, at) for _opens, at in self.hours.data}

    @property
    def stretches(self) -> list[DayHours]:
        if self.day.data is None:
            return []
        return [
            DayHours(
                self.day.data,
                opens,
                closes,
                self.is_second(f"opens_{opens}"),
                self.is_second(f"closes_{closes}"),
            )
            for opens, closes in self.hours.data
        ]


class PersonExtraForm(ExtraForm):
    """The same of a person, at one of the sites."""

    site = RadioField(_l("Where"), invalid_choice_message=_l("Choose a site"))

    def offer(self, sites: Iterable[Location]) -> Self:
        sites = list(sites)
        self.site.choices = choices(*((site.public_id, site.name) for site in sites))
        if len(sites) == 1 and not self.site.data:
            self.site.data = sites[0].public_id
        return self


class AwayForm(AsksWhich):
    """From a day and time to another; without times whole days, without a last day one day."""

    starts_on = first_day(_l("First day"))
    starts_at = MinuteField(
        _l("From (optional)"), description=_l("A time like 13:00; empty: from the morning on.")
    )
    ends_on = DayField(_l("Last day (optional)"), description=_l("Empty: the same day."))
    ends_at = MinuteField(
        _l("Until (optional)"), description=_l("A time like 17:00; empty: until midnight.")
    )

    @property
    def last(self) -> date | None:
        return self.ends_on.data or self.starts_on.data

    @property
    def away(self) -> Away:
        assert self.starts_on.data is not None and self.last is not None
        until = MINUTES_IN_A_DAY if self.ends_at.data is None else self.ends_at.data
        return Away(
            self.starts_on.data,
            self.starts_at.data or 0,
            self.last,
            until,
            self.is_second("starts_which"),
            self.is_second("ends_which"),
        )

    def ends(self) -> Mapping[str, tuple[date, int]]:
        typed = {
            "starts_which": (self.starts_on.data, self.starts_at.data),
            "ends_which": (self.last, self.ends_at.data),
        }
        return {
            name: (day, at)
            for name, (day, at) in typed.items()
            if day is not None and at is not None
        }

    def validate_starts_at(self, field: MinuteField) -> None:
        self._exists(self.starts_on.data, field)

    def validate_ends_at(self, field: MinuteField) -> None:
        self._exists(self.last, field)
        if self.starts_on.data is None or self.starts_at.errors or not self.is_answered:
            return
        if all(self.away.period(zone) is None for zone in self.zones):
            raise StopValidation(_("This ends before it begins. Change one of both."))

    def validate_ends_on(self, field: DayField) -> None:
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise StopValidation(_("The last day is before the first. Change one of them."))

    def _exists(self, day: date | None, field: MinuteField) -> None:
        if day is not None and field.data is not None:
            for zone in self.zones:
                must_exist(day, field.data, zone)


class AbsenceForm(AwayForm):
    kind = RadioField(
        _l("Why?"),
        choices=choices(*((kind.value, words) for kind, words in KINDS.items())),
        invalid_choice_message=_l("Choose why"),
    )


class OutOfOrderForm(AwayForm):
    """A room or a device: nothing but when."""


class Values(Field):
    """All values that were sent under one name."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist


class AcceptForm(PressedOnce):
    """Proposals that somebody pressed for, each as the page wrote it."""

    proposal = Values(validators=[Required("")])


class IllForm(AwayForm, PressedOnce):
    """Somebody is away from now on: who, and until when."""

    who = RadioField(_l("Who?"), invalid_choice_message=_l("Choose who is away"))

    @classmethod
    def at(cls, sites: Iterable[SiteCard], people: Iterable[Person]) -> Self:
        """From now until the end of the day, wherever somebody works: wall time at every site.

        Where clocks differ, from the earliest that one shows until the last day that one shows.
        """
        zones = sorted({site.zone for site in sites})
        local = [clock.local(clock.now(), zone) for zone in zones]
        since = min(now.replace(tzinfo=None) for now in local)
        form = cls(
            data={
                "starts_on": since.date(),
                "starts_at": since.hour * 60 + since.minute,
                "ends_on": max(now.date() for now in local),
                "ends_at": MINUTES_IN_A_DAY,
            }
        )
        form.who.choices = choices(*((p.public_id, p.name) for p in people))
        return form.in_zones(*zones)


def week_name(week: Week, today: date) -> str:
    """From when until when a week holds, in words."""
    if week.valid_until is not None and week.valid_until < today:
        return _("Until %(day)s", day=filters.full_date(week.valid_until))
    if week.valid_from > today and week.valid_until is not None:
        return _(
            "From %(first)s until %(last)s",
            first=filters.full_date(week.valid_from),
            last=filters.full_date(week.valid_until),
        )
    if week.valid_from > today:
        return _("From %(day)s", day=filters.full_date(week.valid_from))
    if week.valid_until is not None:
        return _("Now, until %(day)s", day=filters.full_date(week.valid_until))
    return _("Now")
