"""What the desk's lists hold as files: the columns of the page, one line for each line of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _

from clinic import filters
from clinic.accounts.lookup import Known
from clinic.frontdesk.arrivals import Arrivals, Row
from clinic.frontdesk.lines import Line
from clinic.paper import words
from clinic.scheduling.rules import AppointmentStatus
from clinic.waitlist.queries import WishLine


class Sheet(NamedTuple):
    heading: Sequence[str]
    rows: Sequence[Sequence[object]]


def day(lines: Sequence[Line], shown: date) -> Sheet:
    """The visits of a day in the order of the page."""
    heading = [
        _("Date"),
        _("Start"),
        _("End"),
        _("Time zone"),
        _("Patient"),
        _("Service"),
        _("Physician"),
        _("Room"),
        _("Site"),
        _("State"),
        _("Missing"),
    ]
    return Sheet(heading, [_visit(line, shown) for line in lines])


def _visit(line: Line, shown: date) -> list[object]:
    return [
        shown,
        filters.wall_time(line.starts_at, line.zone),
        filters.wall_time(line.ends_at, line.zone),
        line.zone,
        line.patient_name,
        line.service,
        line.practitioner,
        line.room,
        line.place,
        words.status(line.status),
        "; ".join(words.readiness(*line.missing)),
    ]


def arrivals(here: Arrivals) -> Sheet:
    """Today's visits in the parts of the page, with the minutes that it says."""
    parts = (
        (_("Late"), here.late),
        (_("Waiting"), here.waiting),
        (_("In a room"), here.in_room),
        (_("Still to come"), here.coming),
        (_("Missed"), here.missed),
        (_("Done"), here.done),
    )
    heading = [
        _("Part"),
        _("Start"),
        _("Time zone"),
        _("Patient"),
        _("Service"),
        _("Physician"),
        _("Room"),
        _("Site"),
        _("Since"),
        _("Minutes since"),
        _("Minutes past the start"),
        _("Missing"),
    ]
    return Sheet(heading, [_arrival(part, row) for part, rows in parts for row in rows])


def _arrival(part: str, row: Row) -> list[object]:
    line = row.line
    is_here = line.status in (AppointmentStatus.ARRIVED, AppointmentStatus.IN_ROOM)
    return [
        part,
        filters.wall_time(line.starts_at, line.zone),
        line.zone,
        line.patient_name,
        line.service,
        line.practitioner,
        line.room,
        line.place,
        filters.wall_time(line.since, line.zone) if is_here else None,
        row.since if is_here else None,
        row.over or None,
        "; ".join(words.readiness(*line.missing)),
    ]


def patients(found: Sequence[Known]) -> Sheet:
    heading = [_("Name"), _("Date of birth"), _("Phone"), _("Possible duplicate")]
    rows = [
        [one.name, one.born_on, one.phone, _("yes") if one.possible_duplicate_of_id else None]
        for one in found
    ]
    return Sheet(heading, rows)


def waiting(entries: Sequence[WishLine]) -> Sheet:
    """Who waits, the longest first."""
    heading = [
        _("Patient"),
        _("Phone"),
        _("Has an e-mail address"),
        _("Service"),
        _("Site"),
        _("Wish"),
        _("Waiting since"),
        _("Time zone"),
        _("Offers"),
    ]
    return Sheet(heading, list(_wishes(entries)))


def _wishes(entries: Sequence[WishLine]) -> Iterator[list[object]]:
    for one in entries:
        since = filters.local_date(one.since, one.zone), filters.wall_time(one.since, one.zone)
        yield [
            one.patient_name,
            one.phone,
            _("yes") if one.has_email else _("no"),
            one.service,
            one.place,
            words.wish(one),
            " ".join(map(str, since)),
            one.zone,
            len(one.offers),
        ]
