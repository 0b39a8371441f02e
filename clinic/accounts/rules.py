"""Pure rules of accounts: names compared, addresses tidied, how long a door stays open or shut."""

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
LONGEST_ADDRESS = 254

_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})[ ./-]+(?P<m>\d{1,2})[ ./-]+(?P<y>\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", re.ASCII)


def name_key(name: str) -> str:
    """How two spellings of one name compare equal: no accents, case or doubled spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def tidy_email(address: str) -> str:
    """The address as we store and compare it: no spaces around it, lower case."""
    return unicodedata.normalize("NFC", address.strip()).lower()


def can_be_written_to(address: str) -> bool:
    """Whether a mail could be stored for *address*: what anybody types at a door is not checked."""
    return 0 < len(address) <= LONGEST_ADDRESS and not any(
        unicodedata.category(c) == "Cc" for c in address
    )


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


FRESH_FOR = timedelta(minutes=10)  # how long a shown password counts for what is delicate (S16)


@dataclass(frozen=True)
class Lifetime:
    """How long a session lasts: without being used, and in all. Source: security checklist S20."""

    idle: timedelta
    longest: timedelta


TYPED_ON = timedelta(days=1)  # a page with a half-written note may be left open overnight
STAFF_LIFETIME = Lifetime(idle=timedelta(minutes=15), longest=timedelta(hours=10))
PATIENT_LIFETIME = Lifetime(idle=timedelta(minutes=30), longest=timedelta(hours=24))


@dataclass(frozen=True)
class SessionTimes:
    """When a session began and was last used, both aware."""

    started_at: datetime
    seen_at: datetime


def has_lapsed(times: SessionTimes, lifetime: Lifetime, now: datetime) -> bool:
    """Whether a session was unused too long or is open too long."""
    return now > ran_out_at(times, lifetime)


def ran_out_at(times: SessionTimes, lifetime: Lifetime) -> datetime:
    """The last moment of a session that is not used any more."""
    return min(times.seen_at + lifetime.idle, times.started_at + lifetime.longest)


def keeps_what_is_typed(ran_out_at: datetime, now: datetime) -> bool:
    """Whether a form is kept that somebody sends whose session ran out: within a day.

    Later, whoever sits at that browser is hardly the one who went from it.
    """
    return now - ran_out_at <= TYPED_ON


# In this order: a browser that names itself also names those whose pages it can show.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_name(agent: str) -> str:
    """What people call the browser that sends *agent*: "Chrome, Windows"; empty when unknown."""
    parts = [
        next((name for sign, name in table if sign in agent), "") for table in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Guessable:
    """Words that somebody who knows a person or the clinic would try first."""

    words: tuple[str, ...]

    def makes_up(self, password: str) -> bool:
        """Whether little is left of *password* without these words: under 8 letters and digits."""
        rest = name_key(password)
        for word in sorted(self.words, key=len, reverse=True):
            rest = rest.replace(word, "")
        return sum(c.isalnum() for c in rest) < 8


def words_to_avoid(*texts: str) -> Guessable:
    """The words of names and addresses, three letters or longer, as `name_key` spells them."""
    found = {word for text in texts for word in re.findall(r"[^\W_]+", name_key(text))}
    return Guessable(tuple(sorted(word for word in found if len(word) >= 3)))
