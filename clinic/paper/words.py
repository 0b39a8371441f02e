"""Words of codes for paper and files: those of the pages, whose macros own them."""

from __future__ import annotations

from datetime import date, datetime

from flask import get_template_attribute
from flask_babel import gettext as _
from markupsafe import Markup

from clinic import filters
from clinic.clock import Period
from clinic.paper.queries import Entry
from clinic.scheduling.rules import AppointmentStatus
from clinic.waitlist.queries import WishLine


def _of_macro(file: str, name: str, *values: object) -> str:
    drawn: Markup = get_template_attribute(f"_macros/{file}.html", name)(*values)
    return drawn.striptags()


def status(code: AppointmentStatus) -> str:
    return _of_macro("status", "status_chip", code)


def readiness(*missing: bool) -> list[str]:
    """What is missing for a visit, one word each, in the order of `Line.missing`."""
    last = len(missing)
    each = [[place == n for n in range(last)] for place in range(last) if missing[place]]
    return [_of_macro("status", "readiness_chips", False, *one) for one in each]


def state(entry: Entry) -> list[str]:
    return [status(entry.status), *readiness(*entry.missing)]


def wish(entry: WishLine) -> str:
    return _of_macro("waiting", "wish_words", entry, entry.practitioner)


def span(line: Entry | Period, zone: str) -> str:
    """ "10:20 am to 11:00 am"."""
    return _(
        "%(start)s to %(end)s",
        start=filters.time(line.starts_at, zone),
        end=filters.time(line.ends_at, zone),
    )


def full_day(day: date) -> str:
    """ "Tuesday 24 November 2026": paper lies about for longer than a page is open."""
    return filters.format_date(day, "EEEE d MMMM y")


def printed(at: datetime, zone: str) -> str:
    return _(
        "Printed %(day)s, %(time)s, %(zone)s time",
        day=filters.full_date(filters.local_date(at, zone)),
        time=filters.time(at, zone),
        zone=filters.zone_city(zone),
    )


def born(day: date) -> str:
    return _("born %(date)s", date=filters.full_date(day))
