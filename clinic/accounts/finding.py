"""Pure rules of finding a patient: what is kept to search by, what typed words ask for, who fits.

A name is found by any of its words, in any order, without accents, by their beginnings and with one
slip in a word of four letters or more: a letter missing, too many, wrong, or two swapped. Two words
that are one slip apart become equal when each loses at most one letter, so the shortened spellings
are kept as keys, and those of the typed word are looked up. A phone number is kept from its end, so
that the last digits find it, whatever stands before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from functools import lru_cache

from clinic.accounts import dates
from clinic.accounts.rules import name_key, tidy_email

SHORTEST_WITH_A_SLIP, LONGEST_WITH_SLIPS = 4, 24
FEWEST_DIGITS = 4  # of the end of a phone number
WHOLE_NUMBER = 10  # digits from which a number may begin with the code of a country
MOST_PARTS = 8
LONGEST_KEY = 254
LAST = "\U0010ffff"  # comes behind whatever can follow the beginning of a key

# Letters of their own that no decomposition turns into plain ones.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"[+(]?\d(?:[\d\s()./-]*\d)?", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)


class KeyKind(StrEnum):
    WORD = "word"  # of the name
    SLIP = "slip"  # a word of the name, whole or with a letter less
    PHONE = "phone"  # digits from the end
    BIRTH = "birth"  # 1990-11-24
    EMAIL = "email"


Key = tuple[KeyKind, str]


@dataclass(frozen=True)
class Identity:
    """What somebody is known by at the desk."""

    name: str
    born_on: date
    phone: str | None = None
    email: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        return words_in(self.name)


def fold(text: str) -> str:
    """How spellings compare equal: no accents, no case, ø as o, ß as ss."""
    return name_key(text).translate(_PLAIN)


def words_of(name: str) -> Iterator[str]:
    """The words of a name as folded; of "O’Neil" and "Anne-Marie" also the parts in one."""
    for chunk in fold(name).split():
        parts = _WORD.findall(chunk)
        yield from parts
        if len(parts) > 1:
            yield "".join(parts)


@lru_cache(maxsize=8192)
def words_in(name: str) -> tuple[str, ...]:
    """The same, kept: while somebody types, the same names are looked at with each letter."""
    return tuple(words_of(name))


def shortened(word: str) -> set[str]:
    """*word* and each spelling of it with one letter less."""
    if len(word) > LONGEST_WITH_SLIPS:
        return {word}
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def from_the_end(phone: str) -> str:
    """The digits of a phone number, the last one first, without what it is dialled with at home."""
    return re.sub(r"\D", "", phone.replace("(0)", "")).lstrip("0")[::-1]


def keys_of(one: Identity) -> set[Key]:
    """All that is kept of somebody to search by."""
    slips = {s for w in one.words if len(w) >= SHORTEST_WITH_A_SLIP for s in shortened(w)}
    return {*plain_keys(one), *((KeyKind.SLIP, slip) for slip in slips)}


@lru_cache(maxsize=8192)
def plain_keys(one: Identity) -> Set[Key]:
    """The keys without those for slips."""
    found = {(KeyKind.WORD, word) for word in one.words}
    found.add((KeyKind.BIRTH, one.born_on.isoformat()))
    if one.phone and (digits := from_the_end(one.phone)):
        found.add((KeyKind.PHONE, digits))
    if one.email:
        found.add((KeyKind.EMAIL, tidy_email(one.email)))
    return frozenset((kind, key[:LONGEST_KEY]) for kind, key in found)


class Fit(IntEnum):
    """How well a part fits somebody; the lower, the further up they are listed."""

    EXACT = 0
    BEGINNING = 1
    SLIP = 2


@dataclass(frozen=True)
class Range:
    """Keys of one kind from *low* to *high*, both included."""

    kind: KeyKind
    low: str
    high: str

    def fits(self, keys: Iterable[Key]) -> Fit | None:
        within = [k for kind, k in keys if kind == self.kind and self.low <= k <= self.high]
        if not within:
            return None
        return Fit.EXACT if self.low in within else Fit.BEGINNING


def exactly(kind: KeyKind, key: str) -> Range:
    return Range(kind, key, key)


def beginning(kind: KeyKind, key: str) -> Range:
    return Range(kind, key, key + LAST)


@dataclass(frozen=True)
class Part:
    """One thing that somebody must have: any of *ranges*, or *word* but for a slip."""

    ranges: tuple[Range, ...]
    word: str = ""

    @property
    def slips(self) -> set[str]:
        """The keys that lead to words one slip away; none where *word* is too short."""
        return shortened(self.word) if len(self.word) >= SHORTEST_WITH_A_SLIP - 1 else set()

    def fits(self, one: Identity) -> Fit | None:
        keys = plain_keys(one)
        fits = [fit for range_ in self.ranges if (fit := range_.fits(keys)) is not None]
        if not fits and any(is_slip_of(self.word, word) for word in one.words):
            return Fit.SLIP
        return min(fits, default=None)


@dataclass(frozen=True)
class Wanted:
    """What typed words ask for, and what they would say of a new patient."""

    parts: tuple[Part, ...]
    name: str = ""
    born_on: date | None = None
    phone: str = ""
    email: str = ""

    def fits(self, one: Identity) -> int | None:
        """How well all parts fit, the lower the better; None when one does not fit at all."""
        fits = [part.fits(one) for part in self.parts]
        known = [fit for fit in fits if fit is not None]
        return sum(known) if len(known) == len(fits) and fits else None


def wanted(typed: str) -> Wanted:
    """Take *typed* apart: an e-mail address, dates, digits, and the words of a name."""
    addresses = [chunk for chunk in typed.split() if "@" in chunk]
    rest = " ".join(chunk for chunk in typed.split() if "@" not in chunk)
    rest, days = dates.take(rest)
    parts = [Part((beginning(KeyKind.EMAIL, tidy_email(one)),)) for one in addresses]
    parts += [_born(days)] if days else []
    phone = ""
    for run in _DIGITS.findall(rest):
        found = dates.readings(run)
        if found and not days:
            days = found
            parts.append(_born(found))
        elif len(re.sub(r"\D", "", run)) >= FEWEST_DIGITS:
            phone = phone or run
            parts.append(_digits(run))
        else:
            continue
        rest = rest.replace(run, " ", 1)
    parts += [Part((beginning(KeyKind.WORD, w),), w) for w in _WORD.findall(fold(rest))]
    return Wanted(
        tuple(parts[:MOST_PARTS]),
        name=" ".join(rest.split()),
        born_on=days[0] if days else None,
        phone=phone,
        email=addresses[0] if addresses else "",
    )


def _born(days: Iterable[date]) -> Part:
    return Part(tuple(exactly(KeyKind.BIRTH, day.isoformat()) for day in days))


def _digits(run: str) -> Part:
    """The end of a phone number; for a whole one also without the code of a country. Digits in one
    may be a year of birth, or a word of a name."""
    digits = from_the_end(run)
    found = [beginning(KeyKind.PHONE, digits)] if digits else []
    if len(digits) >= WHOLE_NUMBER:
        found += [exactly(KeyKind.PHONE, from_the_end(digits[::-1][n:])) for n in (1, 2, 3)]
    if run.isdecimal():
        found.append(beginning(KeyKind.WORD, run))
    if _YEAR.fullmatch(run):
        found.append(beginning(KeyKind.BIRTH, f"{run}-"))
    return Part(tuple(found))


def is_slip_of(typed: str, word: str) -> bool:
    """Whether *typed* is *word*, of four letters or more, but for one slip."""
    if len(word) < SHORTEST_WITH_A_SLIP or abs(len(typed) - len(word)) > 1:
        return False
    same = 0
    while same < min(len(typed), len(word)) and typed[same] == word[same]:
        same += 1
    left, right = typed[same:], word[same:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped


def may_be_the_same(one: Identity, other: Identity) -> bool:
    """Whether two records may be one person: born on the same day, and the name but for a slip or
    a word left out, the phone number or the e-mail address is the same."""
    if one.born_on != other.born_on:
        return False
    emails = [tidy_email(who.email) for who in (one, other) if who.email]
    return (
        are_alike(one.words, other.words)
        or (len(emails) == 2 and emails[0] == emails[1])
        or _same_phone(one.phone or "", other.phone or "")
    )


def are_alike(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether these are the words of one name: the same but for one slip, in any order, or two or
    more of them with others left out."""
    some, more = {*one}, {*other}
    left, right = some - more, more - some
    if not left or not right:
        return not (left or right) or len(some & more) >= 2
    if len(left) > 1 or len(right) > 1:
        return False
    (typed,), (word,) = left, right
    return is_slip_of(typed, word) or is_slip_of(word, typed)


def _same_phone(one: str, other: str) -> bool:
    short, long = sorted((from_the_end(one), from_the_end(other)), key=len)
    return len(short) >= 7 and long.startswith(short)


def ranked(who: Mapping[int, Identity], asked: Wanted) -> list[int]:
    """The numbers of those who fit, the best first, then by name and birth date."""
    fits = {number: asked.fits(one) for number, one in who.items()}
    return sorted(
        (number for number, fit in fits.items() if fit is not None),
        key=lambda n: (fits[n], who[n].words, who[n].born_on, n),
    )
