"""Which passwords are taken: 12 to 128 characters of any kind, but for those tried first (S10)."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask_babel import gettext
from flask_security import PasswordUtil
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from clinic.accounts.rules import words_to_avoid
from clinic.catalogue import queries as catalogue

MINIMUM, MAXIMUM = 12, 128
COMMON = frozenset(FREQUENCY_LISTS["passwords"])
ROWS = ("0123456789" * 13, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
OUR_WORDS = "botox filler fillers clinic aesthetics password dermal doctor patient"


def characters(text: str) -> int:
    """How many a person would count: the library stores "ü" as two, some keyboards send two."""
    return len(unicodedata.normalize("NFC", text))


def is_common(password: str) -> bool:
    """Whether it is among those that everybody tries first, digits and signs at its ends aside."""
    plain = password.casefold()
    kernel = plain.strip("0123456789 !?.,:;*#-_+$%&")
    in_a_row = any(plain in row for row in ROWS)
    return plain in COMMON or kernel in COMMON or in_a_row or _repeats(plain)


def _repeats(text: str) -> bool:
    """A few characters, or a common password, typed over and over."""
    return any(
        text == (text[:n] * len(text))[: len(text)] and (n <= 4 or text[:n] in COMMON)
        for n in range(1, len(text) // 2 + 1)
    )


class PasswordRules(PasswordUtil):
    """Long is enough: no signs or digits are demanded, and none runs out (S10)."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[Any, str]:
        """Problems, or None, and the password as it is stored. *user* or *person* says whose."""
        plain = self.normalize(password)
        problem = self._problem(password, _who(kwargs))
        return ([problem] if problem else None), plain

    def _problem(self, password: str, who: tuple[str, ...]) -> str | None:
        if characters(password) < MINIMUM:
            return gettext("Use at least 12 characters. Three or four words do well.")
        if characters(password) > MAXIMUM:
            return gettext("Use at most 128 characters.")
        if is_common(password):
            return gettext("Many people use this password. Choose words that only you would join.")
        if words_to_avoid(*who, _clinic_name(), OUR_WORDS).makes_up(password):
            return gettext("This is mostly your name or ours. Choose other words.")
        return None


def _clinic_name() -> str:
    """The clinic's name; empty while its first manager comes before the clinic itself."""
    try:
        return catalogue.site().clinic.name
    except catalogue.NoClinic:
        return ""


def _who(given: dict[str, Any]) -> tuple[str, ...]:
    """Name and address of the person whose password it is."""
    person = given.get("user") or given.get("person")
    if not person:  # the library's stand-in for nobody is not None
        return ()
    return (str(person.name), str(person.email or "").partition("@")[0])
