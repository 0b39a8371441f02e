"""What may stand under each key of a screening case: its values in words, and how they are read.

Source: `screening-case-format.md`. YAML turns an unquoted yes or no into true or false, so both
are read alike wherever yes and no are among the values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from clinic.screening.rules import (
    DETAILS,
    EYES,
    FILLERS,
    HISTORY_TOPICS,
    MEASURED_RANGES,
    AnswerValue,
    Area,
    BrowPosition,
    Dermatochalasis,
    DroopTimes,
    KeepsFrom,
    OthersHardlySee,
    Side,
    TimeADay,
    Topic,
    ToxinProduct,
    UnhappyAfter,
    Unsafe,
    Upset,
    WillChangeLife,
    allowed_of,
    decimal_of,
)

YES_AND_NO = {True: "yes", False: "no"}


@dataclass(frozen=True)
class Kind:
    """*allowed* in words; *takes* says whether a value fits; *read* makes the fact of it."""

    allowed: str
    takes: Callable[[Any], bool]
    read: Callable[[Any], Any] = lambda value: value


def _word(value: Any) -> Any:
    return YES_AND_NO[value] if isinstance(value, bool) else value


def one_of(codes: Iterable[StrEnum | str]) -> Kind:
    by_name = {str(code): code for code in codes}
    return Kind(
        ", ".join(by_name),
        lambda value: isinstance(_word(value), str) and _word(value) in by_name,
        lambda value: by_name[_word(value)],
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole(lowest: int, highest: int) -> Kind:
    return Kind(
        f"a whole number from {lowest} to {highest}",
        lambda value: _is_number(value) and value in range(lowest, highest + 1),
        int,
    )


def _day(value: Any) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    # Python reads 20260615 and 2026-W25-1 too.
    return day if day and day.isoformat() == value else None


def _list_of(kind: Kind) -> Kind:
    return Kind(
        f"a list of {kind.allowed}",
        lambda value: isinstance(value, list) and all(kind.takes(each) for each in value),
        lambda value: tuple(kind.read(each) for each in value),
    )


NAME = Kind(
    "a word or a whole number",
    lambda value: (
        (isinstance(value, str) and bool(value.strip()))
        or (isinstance(value, int) and not isinstance(value, bool))
    ),
)
TRUTH = Kind(
    "true, false",
    lambda value: _word(value) in ("yes", "no"),
    lambda value: _word(value) == "yes",
)
YES_OR_NO = Kind("yes, no", TRUTH.takes, TRUTH.read)
DAY = Kind("a date like 2026-06-15", lambda value: _day(value) is not None, _day)
TEXT = Kind("a text", lambda value: isinstance(value, str))
ABOVE_NOTHING = Kind(
    "a number above 0",
    lambda value: _is_number(value) and Decimal(str(value)).is_finite() and value > 0,
    decimal_of,
)
SITES = Kind("a whole number from 1 to 100", whole(1, 100).takes, int)
A_LIST = Kind("a list", lambda value: value is None or isinstance(value, list))
KEYS = Kind("keys with values", lambda value: value is None or isinstance(value, dict))
AREA = one_of(Area)

CASE = {
    "id": NAME,
    "today": DAY,
    "patient": KEYS,
    "concerns": A_LIST,
    "history": KEYS,
    "distress": KEYS,
    "findings": KEYS,
    "plan": A_LIST,
}
PATIENT = {"born_on": DAY}
SWEATING = {"side": one_of(Side), "hdss": whole(1, 4), "creams_failed": TRUTH}
SEEN = {
    "side": one_of(Side),
    "in_motion": TRUTH,
    "at_rest": TRUTH,
    "volume": TRUTH,
    "bulk": TRUTH,
    "fws": whole(0, 3),
    "wsrs": whole(1, 5),
}
_ANSWER = one_of(AnswerValue)
HISTORY = {
    str(topic): Kind(
        f"{_ANSWER.allowed}, or a mapping with answer",
        lambda value: isinstance(value, dict) or _ANSWER.takes(value),
        lambda value: value if isinstance(value, dict) else _ANSWER.read(value),
    )
    for topic in HISTORY_TOPICS
}
SESSION = {"date": DAY, "product": one_of(ToxinProduct), "units": ABOVE_NOTHING, "where": TEXT}
DISTRESS = {
    "time_a_day": one_of(TimeADay),
    "upset": one_of(Upset),
    "keeps_from": one_of(KeepsFrom),
    "others_hardly_see": one_of(OthersHardlySee),
    "unhappy_after": one_of(UnhappyAfter),
    "will_change_life": one_of(WillChangeLife),
    "unsafe": one_of(Unsafe),
}
FINDINGS: Mapping[str, Kind] = {
    "brow_right": one_of(BrowPosition),
    "brow_left": one_of(BrowPosition),
    "frontalis_compensation": YES_OR_NO,
    "dermatochalasis": one_of(Dermatochalasis),
    # Whether a number lies in its range is the finding's own affair; see screening.rules.findings.
    **{
        f"{name}_{eye}": Kind(f"a number, {allowed_of(name)}", _is_number, decimal_of)
        for name in MEASURED_RANGES
        for eye in EYES
    },
    "fatigable": YES_OR_NO,
    "droop_after_toxin": one_of(DroopTimes),
    "eyelid_or_brow_surgery": YES_OR_NO,
    "short_forehead": YES_OR_NO,
    "neuromuscular_disease": YES_OR_NO,
}
PLAN = {
    "product": one_of((*ToxinProduct, *FILLERS)),
    "area": AREA,
    "units": ABOVE_NOTHING,
    "sites": SITES,
    "ml": ABOVE_NOTHING,
}


def answer_of(topic: Topic) -> Mapping[str, Kind]:
    """The keys of an answer that is a mapping: answer, and the details of that question."""
    details = DETAILS.get(topic, {})
    return {"answer": _ANSWER, **{name: _detail(name, values) for name, values in details.items()}}


def _detail(detail: str, values: tuple[Any, ...]) -> Kind:
    if detail == "sessions":
        return A_LIST
    if detail == "areas":
        return _list_of(AREA)
    return TRUTH if set(values) == {False, True} else one_of(values)
