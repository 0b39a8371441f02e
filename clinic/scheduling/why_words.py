"""Why a time is not on offer, in whole sentences: the same on the page and from the command.

They say which of the clinic's own people and things are taken and until when; never by whom.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from clinic import clock, filters
from clinic.scheduling.rules import Why, WhyNot

W = WhyNot


@dataclass(frozen=True)
class Wording:
    """What sentences about one time need: the time asked about, its site, how all are called."""

    starts_at: datetime
    zone: str
    site: str
    names: Mapping[int, str]

    def of(self, why: Why) -> str:
        return SENTENCES[why.code](self, why)

    def name(self, why: Why) -> str:
        return self.names.get(why.actor_id or 0, "")

    def until(self, why: Why) -> str:
        """The end of a reason: the time alone on the day asked about, else with its day."""
        assert why.until is not None
        asked = clock.local(self.starts_at, self.zone).date()
        if clock.local(why.until, self.zone).date() == asked:
            return filters.time(why.until, self.zone)
        return filters.day_time(why.until, self.zone)

    def taken(self, why: Why) -> dict[str, str]:
        return {"name": self.name(why), "until": self.until(why), "spare": minutes(why.spare)}


def minutes(length: timedelta) -> str:
    return ngettext("%(num)d minute", "%(num)d minutes", int(length / timedelta(minutes=1)))


def hours(length: timedelta) -> str:
    return ngettext("%(num)d hour", "%(num)d hours", int(length / timedelta(hours=1)))


def days(length: timedelta) -> str:
    return ngettext("%(num)d day", "%(num)d days", length.days)


def _visit(wording: Wording, why: Why) -> str:
    if why.spare:
        return _(
            "%(name)s has a visit until %(until)s with %(spare)s of clean-up.", **wording.taken(why)
        )
    return _("%(name)s has a visit until %(until)s.", **wording.taken(why))


def _taken(wording: Wording, why: Why) -> str:
    if why.spare:
        return _(
            "%(name)s is taken until %(until)s with %(spare)s of clean-up.", **wording.taken(why)
        )
    return _("%(name)s is taken until %(until)s.", **wording.taken(why))


def _too_close(wording: Wording, why: Why) -> str:
    return _(
        "Too close to another visit with %(name)s: %(spare)s are kept between the two.",
        **wording.taken(why),
    )


def _out_of_use(wording: Wording, why: Why) -> str:
    return _("%(name)s is out of use until %(until)s.", **wording.taken(why))


SENTENCES: Mapping[WhyNot, Callable[[Wording, Why], str]] = {
    W.PAST: lambda w, y: _("This time has passed."),
    W.NOTICE: lambda w, y: _(
        "Notice of %(notice)s: the first time is from %(when)s on.",
        notice=hours(y.needs),
        when=w.until(y),
    ),
    W.HORIZON: lambda w, y: _(
        "Booked at most %(days)s ahead: the last time is on %(when)s.",
        days=days(y.needs),
        when=w.until(y),
    ),
    W.CLOSED: lambda w, y: _(
        "%(site)s is closed then, or closes before the visit and its clean-up are over.",
        site=w.site,
    ),
    W.HOURS: lambda w, y: _(
        "%(name)s does not work then, or not for the whole visit and its clean-up.", name=w.name(y)
    ),
    W.OFF_GRID: lambda w, y: _(
        "Visits start every %(step)s from the start of the hours; this lies between two starts.",
        step=minutes(y.needs),
    ),
    W.NOT_QUALIFIED: lambda w, y: _(
        "%(name)s has no hours here, or no licence or qualification for this on that day.",
        name=w.name(y),
    ),
    W.PRACTITIONER_AWAY: lambda w, y: _("%(name)s is away until %(until)s.", **w.taken(y)),
    W.PRACTITIONER_BUSY: _visit,
    W.PRACTITIONER_BUFFER: _too_close,
    W.NO_ROOM: lambda w, y: _("No room here can host this service."),
    W.ROOM_AWAY: _out_of_use,
    W.ROOM_BUSY: _taken,
    W.ROOM_BUFFER: lambda w, y: _(
        "Too close to another visit in %(name)s: %(spare)s are kept between the two.", **w.taken(y)
    ),
    W.NO_DEVICE: lambda w, y: _("No device here is of the kind that this service needs."),
    W.DEVICE_AWAY: _out_of_use,
    W.DEVICE_BUSY: _taken,
    W.DEVICE_BUFFER: lambda w, y: _(
        "Too close to another use of %(name)s: %(spare)s are kept between the two.", **w.taken(y)
    ),
    W.PATIENT_BUSY: lambda w, y: _(
        "The patient has another visit until %(until)s.", until=w.until(y)
    ),
}
