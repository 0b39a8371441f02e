"""How much the appearance weighs on somebody: the questions of section g, and what they raise.

Source: clinical reference section g (PR, own words, not validated). The patient never sees a
score or a label, and nothing here declines anybody. None is "not asked" and raises nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from clinic.screening.rules.codes import Level, ScopeModality, Topic
from clinic.screening.rules.flags import Flag, Scope, cause
from clinic.screening.rules.history_face import UNREALISTIC_EXPECTATIONS


class TimeADay(StrEnum):
    UNDER_15_MIN = "under-15-min"
    UP_TO_1_H = "15-59-min"
    UP_TO_3_H = "1-3-h"
    OVER_3_H = "over-3-h"


class Upset(StrEnum):
    NOT = "not"
    A_LITTLE = "a-little"
    A_LOT = "a-lot"
    EXTREMELY = "extremely"


class KeepsFrom(StrEnum):
    NO = "no"
    SOMETIMES = "sometimes"
    OFTEN = "often"


class OthersHardlySee(StrEnum):
    NO = "no"
    YES = "yes"
    NOT_ASKED = "not-asked"


class UnhappyAfter(StrEnum):
    NONE = "none"
    ONCE = "once"
    TWICE_OR_MORE = "twice-or-more"


class WillChangeLife(StrEnum):
    NO = "no"
    PARTLY = "partly"
    YES = "yes"


class Unsafe(StrEnum):
    NO = "no"
    YES = "yes"
    PREFER_NOT_TO_SAY = "prefer-not-to-say"


@dataclass(frozen=True, kw_only=True)
class Distress:
    """The answers g1 to g7, in their order."""

    time_a_day: TimeADay | None = None
    upset: Upset | None = None
    keeps_from: KeepsFrom | None = None
    others_hardly_see: OthersHardlySee | None = None
    unhappy_after: UnhappyAfter | None = None
    will_change_life: WillChangeLife | None = None
    unsafe: Unsafe | None = None


# The codes of each question, in order.
DISTRESS: dict[str, type[StrEnum]] = {
    "time_a_day": TimeADay,
    "upset": Upset,
    "keeps_from": KeepsFrom,
    "others_hardly_see": OthersHardlySee,
    "unhappy_after": UnhappyAfter,
    "will_change_life": WillChangeLife,
    "unsafe": Unsafe,
}
# The answers of g1 to g5 that count one each.
SCORED: dict[str, tuple[StrEnum, ...]] = {
    "time_a_day": (TimeADay.UP_TO_3_H, TimeADay.OVER_3_H),
    "upset": (Upset.A_LOT, Upset.EXTREMELY),
    "keeps_from": (KeepsFrom.OFTEN,),
    "others_hardly_see": (OthersHardlySee.YES,),
    "unhappy_after": (UnhappyAfter.TWICE_OR_MORE,),
}
SCORED_THAT_RAISE = 3


def answers_given(distress: Distress) -> Iterator[tuple[str, StrEnum]]:
    """(key, answer) of each question that was asked, in order."""
    for each in fields(distress):
        given = getattr(distress, each.name)
        if given is not None:
            yield each.name, given


def flags_from_distress(distress: Distress) -> Iterator[Flag]:
    """Appearance distress, unrealistic expectations and a concern for safety."""
    yield from _appearance_distress(distress)
    if distress.will_change_life == WillChangeLife.YES:
        row = UNREALISTIC_EXPECTATIONS
        fact = cause("distress.will_change_life", WillChangeLife.YES)
        yield _flag(row.topic, Level.CAUTION, (fact,), row.reason, row.source)
    levels = {Unsafe.YES: Level.CAUTION, Unsafe.PREFER_NOT_TO_SAY: Level.INFORMATION}
    if distress.unsafe in levels:
        yield _flag(
            Topic.SAFETY_CONCERN,
            levels[distress.unsafe],
            (cause("distress.unsafe", distress.unsafe),),
            "Ask in private how this person is, and help before anything else.",
            "PR",
        )


def _appearance_distress(distress: Distress) -> Iterator[Flag]:
    scored = {key: given for key, given in answers_given(distress) if given in SCORED.get(key, ())}
    dwells = "time_a_day" in scored and ("upset" in scored or "keeps_from" in scored)
    if dwells or len(scored) >= SCORED_THAT_RAISE:
        yield _flag(
            Topic.APPEARANCE_DISTRESS,
            Level.CAUTION,
            tuple(cause(f"distress.{key}", given) for key, given in scored.items()),
            "Discuss in consultation; consider referral before treatment.",
            "AHP, GMC",
        )


def _flag(topic: Topic, level: Level, causes: tuple[str, ...], reason: str, source: str) -> Flag:
    return Flag(topic, level, Scope(ScopeModality.BOTH), causes, reason, source)
