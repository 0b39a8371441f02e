"""Pure rules of reading dates of birth as people type them into a search."""

from __future__ import annotations

import re
from datetime import date

_DAY_FIRST = re.compile(r"(\d{1,2})\s*([./ -])\s*(\d{1,2})\s*\2\s*(\d{4}|(?<=[./])\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})\s*[./ -]\s*(\d{1,2})\s*[./ -]\s*(\d{1,2})", re.ASCII)
_IN_ONE = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_YEAR_FIRST_IN_ONE = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
EITHER_WAY = frozenset("/-")  # 11/24/1990 is read as well, and 5/12/1992 both ways

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?"
_MONTH = r"(?P<m>[a-z]{3,9})\.?"
_WITH_NAME = [
    re.compile(rf"\b{_DAY}[\s-]+{_MONTH},?[\s-]+(?P<y>\d{{4}})\b", re.ASCII | re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+(?P<y>\d{{4}})\b", re.ASCII | re.IGNORECASE),
]

_IN_TEXT = re.compile(
    r"(?<![\d+./-])(?:\d{1,2}([./-])\d{1,2}\1\d{4}|\d{4}-\d\d?-\d\d?)(?![\d./-])", re.A
)


def day(year: str, month: str, day_: str) -> list[date]:
    """The date, or none where there is no such day."""
    try:
        return [date(int(year), int(month), int(day_))]
    except ValueError:
        return []


def readings(typed: str) -> list[date]:
    """The dates that digits may mean, day first before month first; none for other digits."""
    if parts := _YEAR_FIRST.fullmatch(typed) or _YEAR_FIRST_IN_ONE.fullmatch(typed):
        return day(*parts.groups())
    if parts := _IN_ONE.fullmatch(typed):
        first, second, year = parts.groups()
        return day(year, second, first)
    parts = _DAY_FIRST.fullmatch(typed)
    if parts is None:
        return []
    first, between, second, year = parts.groups()
    years = [year] if len(year) == 4 else [f"19{year}", f"20{year}"]
    found = [one for y in years for one in day(y, second, first)]
    if between in EITHER_WAY:
        found += [one for y in years for one in day(y, first, second) if one not in found]
    return found


def take(typed: str) -> tuple[str, list[date]]:
    """*typed* without a date like 24.11.1990, "24 Nov 1990" or "November 24, 1990", and what that
    may mean. A date with bare spaces could be the beginning of a phone number: see `readings`."""
    for pattern in (*_WITH_NAME, _IN_TEXT):
        for found in pattern.finditer(typed):
            if days := _named(found) if pattern is not _IN_TEXT else readings(found[0]):
                return f"{typed[: found.start()]} {typed[found.end() :]}", days
    return typed, []


def _named(found: re.Match[str]) -> list[date]:
    month = found["m"].lower()
    number = next((n for n, name in enumerate(MONTHS, 1) if name.startswith(month)), 0)
    return day(found["y"], str(number), found["d"])
