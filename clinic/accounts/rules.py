"""Pure rules of accounts: names compared, addresses tidied, waiting times of the throttle."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

FREE_FAILURES = 5
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=15)
WINDOW = timedelta(hours=1)
ADDRESS_FAILURES = 30

ADULT = 18

_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})[ ./-]+(?P<m>\d{1,2})[ ./-]+(?P<y>\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", re.ASCII)


def name_key(name: str) -> str:
    """How two spellings of one name compare equal: no accents, case or doubled spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def tidy_email(address: str) -> str:
    """The address as we store and compare it: no spaces around it, lower case."""
    return unicodedata.normalize("NFC", address.strip()).lower()


def phone_key(phone: str) -> str:
    """The digits of a phone number, to search by; a leading plus is kept out as well."""
    return re.sub(r"\D", "", phone)


def birth_date(words: str) -> date | None:
    """The date in "12 5 1992", "12/5/1992", "12.5.1992" or "1992-05-12"; None for other words."""
    typed = words.strip()
    parts = _DAY_FIRST.fullmatch(typed) or _YEAR_FIRST.fullmatch(typed)
    try:
        return date(int(parts["y"]), int(parts["m"]), int(parts["d"])) if parts else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Failures:
    """What the throttle knows of one key: failures since *window_started_at*, both aware."""

    count: int
    window_started_at: datetime
    closed_until: datetime | None


def after_failure(known: Failures | None, now: datetime, *, per_address: bool) -> Failures:
    """The throttle after one more failure. Source: security checklist S13.

    An account: 5 failures are free, then each closes it for 30 s, doubling up to 15 minutes.
    A network address: 30 failures in an hour, then closed until that hour is over.
    """
    if known is None or now - known.window_started_at >= WINDOW:
        known = Failures(0, now, None)
    count = known.count + 1
    if per_address:
        full = known.window_started_at + WINDOW if count >= ADDRESS_FAILURES else None
        return Failures(count, known.window_started_at, full)
    if count < FREE_FAILURES:
        return Failures(count, known.window_started_at, None)
    delay = min(FIRST_DELAY * 2 ** (count - FREE_FAILURES), LONGEST_DELAY)
    # The window of an account starts again with each closing, so that slow guessing adds up.
    return Failures(count, now, now + delay)


def wait(known: Failures | None, now: datetime) -> timedelta | None:
    """How long the key stays closed, or None when it is open."""
    if known is None or known.closed_until is None or known.closed_until <= now:
        return None
    return known.closed_until - now
