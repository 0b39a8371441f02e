"""How dates, times, money and names are written on a page. Instants go in, site time comes out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

import qrcode
from babel import Locale, dates, numbers
from flask import Flask
from flask_babel import get_locale, ngettext

from clinic import clock
from clinic.texts import text_of as _


@lru_cache(maxsize=4096)  # the same few days, many times on a page
def _written(value: date, form: str, locale: Locale | None) -> str:
    return dates.format_date(value, form, locale or dates.LC_TIME)


def format_date(value: date, form: str) -> str:
    """A date in the reader's language."""
    return _written(value, form, get_locale())


def time(instant: datetime, zone: str) -> str:
    """ "2:12 pm"."""
    local = clock.local(instant, zone)
    return minute_of_day(local.hour * 60 + local.minute)


def wall_time(instant: datetime, zone: str) -> str:
    """ "14:12", as it is typed and stands in an address."""
    return clock.local(instant, zone).strftime("%H:%M")


def minute_of_day(minute: int) -> str:
    """Wall time from minutes after midnight: "9 am", "9:40 am", "midnight" for 1440."""
    if minute == clock.MINUTES_IN_A_DAY:
        return _("midnight")
    hour, rest = divmod(minute, 60)
    half = _("am") if hour < 12 else _("pm")
    shown = (hour + 11) % 12 + 1
    return f"{shown}:{rest:02d} {half}"


def hour_of_day(minute: int) -> str:
    """Like `minute_of_day`, leaving ":00" out: for opening hours."""
    return minute_of_day(minute).replace(":00", "")


def day(value: date) -> str:
    """ "Tue 24 November"."""
    return format_date(value, "EEE d MMMM")


def long_day(value: date) -> str:
    """ "Tuesday 24 November"."""
    return format_date(value, "EEEE d MMMM")


def full_date(value: date) -> str:
    """ "24 November 2026", for days that may lie in another year."""
    return format_date(value, "d MMMM y")


def month_year(value: date) -> str:
    """ "November 2026"."""
    return format_date(value, "LLLL y")


def weekday(value: date) -> str:
    return format_date(value, "EEE")


def weekday_name(number: int) -> str:
    """0 is Monday."""
    return format_date(date(2024, 1, 1 + number), "EEEE")


def day_time(instant: datetime, zone: str) -> str:
    """ "Tue 24 November, 10:20 am"."""
    return f"{day(clock.local(instant, zone).date())}, {time(instant, zone)}"


def end_time(instant: datetime, zone: str) -> str:
    """When something is over: "Tue 24 November, 5:00 pm"; a midnight is the end of the day before:
    "Tue 24 November"."""
    local = clock.local(instant, zone)
    if local.hour == local.minute == 0:
        return day(local.date() - timedelta(days=1))
    return day_time(instant, zone)


def short_day_time(instant: datetime, zone: str) -> str:
    """ "Mon 23, 4:20 pm", for places with little room."""
    local = clock.local(instant, zone)
    return f"{format_date(local.date(), 'EEE d')}, {time(instant, zone)}"


def iso_date(text: str) -> str:
    """A date stored as text, written out: "24 November 2026"."""
    return full_date(date.fromisoformat(text))


def zone_city(zone: str) -> str:
    """ "London" for Europe/London: how people name a time zone."""
    return zone.rpartition("/")[2].replace("_", " ")


def local_date(instant: datetime, zone: str) -> date:
    return clock.local(instant, zone).date()


@lru_cache(maxsize=4096)  # a clinic has a few prices
def _priced(pence: int, currency: str, locale: Locale | None) -> str:
    text = numbers.format_currency(pence / 100, currency, locale=locale)
    return text.removesuffix(".00")


def money(pence: int, currency: str) -> str:
    """ "£60", "£60.50"."""
    return _priced(pence, currency, get_locale())


def weeks_or_days(days: int) -> str:
    """ "12 weeks", "100 days": weeks where they come out even."""
    weeks, rest = divmod(days, 7)
    if rest:
        return ngettext("%(num)d day", "%(num)d days", days)
    return ngettext("%(num)d week", "%(num)d weeks", weeks)


def initials(name: str) -> str:
    """ "AO" for Dr Amara Okafor."""
    words = [w for w in name.split() if not w.endswith(".") and w.lower() not in ("dr", "prof")]
    return "".join(w[0] for w in (words[:1] + words[1:][-1:])).upper()


def qr_path(text: str) -> tuple[int, str]:
    """The picture of *text* that a phone reads: its width in squares, and an SVG path of them."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make()
    squares = [
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(code.modules)
        for x, is_dark in enumerate(row)
        if is_dark
    ]
    return len(code.modules), "".join(squares)


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        time=time,
        wall_time=wall_time,
        minute_of_day=minute_of_day,
        hour_of_day=hour_of_day,
        day=day,
        long_day=long_day,
        full_date=full_date,
        month_year=month_year,
        weekday=weekday,
        weekday_name=weekday_name,
        day_time=day_time,
        end_time=end_time,
        short_day_time=short_day_time,
        iso_date=iso_date,
        zone_city=zone_city,
        local_date=local_date,
        money=money,
        initials=initials,
        weeks_or_days=weeks_or_days,
        qr_path=qr_path,
    )
