"""Hours of a week, of one day, and absences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField
from wtforms.validators import StopValidation

from clinic import clock, filters
from clinic.catalogue.models import Location
from clinic.clock import MINUTES_IN_A_DAY
from clinic.forms import PressedOnce, Required, choices
from clinic.local_times import (
    DayField,
    MinuteField,
    Needed,
    StretchesField,
    must_exist,
    said_of_twice,
)
from clinic.rosters.forms.base import Changing, RosterForm, short_text
from clinic.scheduling.roster import Person
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


class ExtraForm(RosterForm):
    """Hours on one date, of a site."""

    zones: Iterable[str] = ()
    day = first_day(_l("Day"))
    hours = StretchesField(
        _l("Hours"),
        validators=[Needed(_l("Enter hours like 10:00-14:00"))],
        description=_l("Like 10:00-14:00. They count beside the weekly hours."),
    )

    def in_zones(self, *zones: str) -> Self:
        self.zones = zones
        return self

    def validate_hours(self, field: StretchesField) -> None:
        for _opens, _closes, at in self._ends():
            if self.day.data is not None:
                for zone in self.zones:
                    must_exist(self.day.data, at, zone)

    def _ends(self) -> list[tuple[int, int, int]]:
        return [(opens, closes, at) for opens, closes in self.hours.data for at in (opens, closes)]

    def twice(self) -> list[str]:
        """What to say of times that the clocks show twice."""
        assert self.day.data is not None
        said = [
            said_of_twice(self.day.data, at, zone)
            for _opens, _closes, at in self._ends()
            for zone in self.zones
        ]
        return [words for words in said if words]

    @property
    def stretches(self) -> list[DayHours]:
        assert self.day.data is not None
        return [DayHours(self.day.data, opens, closes) for opens, closes in self.hours.data]


class PersonExtraForm(ExtraForm):
    """The same of a person, at one of the sites."""

    site = RadioField(_l("Where"), invalid_choice_message=_l("Choose a site"))

    def offer(self, sites: Iterable[Location]) -> Self:
        sites = list(sites)
        self.site.choices = choices(*((site.public_id, site.name) for site in sites))
        if len(sites) == 1 and not self.site.data:
            self.site.data = sites[0].public_id
        return self


class AwayForm(RosterForm):
    """From a day and time to another; without times whole days, without a last day one day."""

    zones: Iterable[str] = ()
    starts_on = first_day(_l("First day"))
    starts_at = MinuteField(
        _l("From (optional)"), description=_l("A time like 13:00; empty: from the morning on.")
    )
    ends_on = DayField(_l("Last day (optional)"), description=_l("Empty: the same day."))
    ends_at = MinuteField(
        _l("Until (optional)"), description=_l("A time like 17:00; empty: until midnight.")
    )

    def in_zones(self, *zones: str) -> Self:
        self.zones = zones
        return self

    @property
    def last(self) -> date | None:
        return self.ends_on.data or self.starts_on.data

    @property
    def away(self) -> Away:
        assert self.starts_on.data is not None and self.last is not None
        until = MINUTES_IN_A_DAY if self.ends_at.data is None else self.ends_at.data
        return Away(self.starts_on.data, self.starts_at.data or 0, self.last, until)

    def validate_starts_at(self, field: MinuteField) -> None:
        self._exists(self.starts_on.data, field)

    def validate_ends_at(self, field: MinuteField) -> None:
        self._exists(self.last, field)
        if self.starts_on.data is None or self.last is None or self.starts_at.errors:
            return
        start, end = self.away, self.away
        if (start.starts_on, start.starts_minute) >= (end.ends_on, end.ends_minute):
            raise StopValidation(_("This ends before it begins. Change one of both."))

    def validate_ends_on(self, field: DayField) -> None:
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise StopValidation(_("The last day is before the first. Change one of them."))

    def _exists(self, day: date | None, field: MinuteField) -> None:
        if day is not None and field.data is not None:
            for zone in self.zones:
                must_exist(day, field.data, zone)

    def twice(self) -> list[str]:
        """What to say of times that the clocks show twice."""
        ends = [(self.starts_on.data, self.starts_at.data), (self.last, self.ends_at.data)]
        said = [
            said_of_twice(day, at, zone)
            for day, at in ends
            for zone in self.zones
            if day is not None and at is not None
        ]
        return [words for words in said if words]


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
    def at(cls, zone: str, people: Iterable[Person]) -> Self:
        """From now until the end of the day at the site."""
        now = clock.local(clock.now(), zone)
        started = {"starts_on": now.date(), "starts_at": now.hour * 60 + now.minute}
        form = cls(data={**started, "ends_on": now.date(), "ends_at": MINUTES_IN_A_DAY})
        form.who.choices = choices(*((p.public_id, p.name) for p in people))
        return form.in_zones(zone)


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
