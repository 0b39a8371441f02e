"""What the numbers are called, and how a cell is written on a page and in a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel import numbers
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from clinic import filters
from clinic.numbers.measures import BY_PATIENT, Column, Of, Table, Unit
from clinic.numbers.rules import FEW, FEWEST, Shown
from clinic.scheduling.words import DESK_REASON_WORDS

TITLES: Mapping[Of, str] = {
    Of.PHYSICIANS: _l("Utilisation of physicians"),
    Of.ROOMS: _l("Utilisation of rooms"),
    Of.MISSED: _l("No-shows"),
    Of.LEAD: _l("Lead time"),
    Of.CANCELLED: _l("Cancellations"),
    Of.REASONS: _l("Cancellations by reason"),
    Of.WAITING: _l("Waiting times"),
    Of.APPROVAL_TIME: _l("From form to approval"),
    Of.APPROVAL_RATE: _l("Approval rate"),
}
# One line below each title: what was counted, of what.
ABOUT: Mapping[Of, str] = {
    Of.PHYSICIANS: _l(
        "Time that visits take up, with what goes before and after them, of the hours worked."
    ),
    Of.ROOMS: _l("Time that visits take up a room, of the hours in which it can be used."),
    Of.MISSED: _l("Visits that nobody came to, of those whose time has come."),
    Of.LEAD: _l("From booking to the visit, by the week of the visit; cancelled ones left out."),
    Of.CANCELLED: _l("Visits called off, of all that were booked for the week."),
    Of.REASONS: _l("Why visits were called off, for all the weeks together."),
    Of.WAITING: _l("From arriving to being in the room."),
    Of.APPROVAL_TIME: _l("From the form that was sent to the approval signed on it, at all sites."),
    Of.APPROVAL_RATE: _l(
        "Decisions that approve a treatment, of all that were signed, at all sites."
    ),
}
COLUMNS: Mapping[str, str] = {
    "all": _l("All"),
    "due": _l("Visits due"),
    "missed": _l("Not come"),
    "visits": _l("Visits"),
    "median": _l("Median"),
    "ninetieth": _l("9 of 10 within"),
    "booked": _l("Booked"),
    "cancelled": _l("Cancelled"),
    "by-patient": _l("By the patient online"),
    "by-desk": _l("By the clinic"),
    "cancellations": _l("Cancellations"),
    "of-all": _l("Share"),
    "approvals": _l("Approvals"),
    "decisions": _l("Decisions"),
    "approving": _l("Approve"),
}
REASON_WORDS: Mapping[str, str] = {BY_PATIENT: _l("Patient, online"), **DESK_REASON_WORDS}
# Counted over open weeks alone: the total would tell what a closed week closes.
WITHOUT_CLOSED = frozenset({Of.APPROVAL_TIME, Of.APPROVAL_RATE})


def column(one: Column) -> str:
    return one.name or str(COLUMNS[one.code])


def row(of: date | str) -> str:
    """A week by its first day, with its year: "7 Sep 2026"; a reason in words."""
    return filters.format_date(of, "d MMM y") if isinstance(of, date) else str(REASON_WORDS[of])


def short(of: date | str) -> str:
    """The same where there is little room."""
    return filters.format_date(of, "d MMM") if isinstance(of, date) else str(REASON_WORDS[of])


def heading(table: Table) -> str:
    return _("Reason") if table.of == Of.REASONS else _("Week from")


def total(table: Table) -> str:
    return _("All shown weeks") if table.of in WITHOUT_CLOSED else _("All weeks")


def cell(value: Shown, unit: Unit) -> str:
    """ "83%", "12.5 days", "4 min"; a dash where there was nothing to count."""
    if value is None:
        return "–"
    if value is FEW:
        return _("fewer than %(n)s", n=FEWEST)
    if unit == Unit.SHARE:
        return numbers.format_percent(value, "#,##0%", locale=get_locale())
    if unit == Unit.DAYS:
        return _("%(n)s days", n=_decimal(value, "#,##0.#"))
    number = _decimal(value, "#,##0")
    return _("%(n)s min", n=number) if unit == Unit.MINUTES else number


def _decimal(value: float, form: str) -> str:
    return numbers.format_decimal(value, form, locale=get_locale())


def plain(value: Shown, unit: Unit) -> object:
    """A cell of a file: a number to calculate with, a share in percent."""
    if value is None or value is FEW:
        return None if value is None else cell(value, unit)
    if unit == Unit.COUNT:
        return round(value)
    return round(value * 100 if unit == Unit.SHARE else value, 1)


def plain_column(one: Column) -> str:
    """With its unit, for the numbers below have none."""
    units = {Unit.SHARE: "%", Unit.DAYS: _("days"), Unit.MINUTES: _("minutes")}
    return f"{column(one)} ({units[one.unit]})" if one.unit in units else column(one)
