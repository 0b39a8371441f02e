"""What is another answer than before: the part of a form that an approval rests on.

Source: clinical reference e.4, "Ends early: patient edits a health answer". Health answers are the
history and the questions about distress; so is what was said of an area that is approved, because
the dose of that area rests on it. Own words, and a wish for one more area, end nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from clinic.intake import rules
from clinic.screening.rules import AnswerValue, Area, Concern

Document = Mapping[str, Any]
Given = Mapping[str, Any]

ANSWER, DISTRESS, AREA = "answer", "distress", "area"

# Asked for the first time and answered like this, nothing is told that was not known before.
NOTHING_TOLD: Mapping[str, frozenset[str]] = {
    "time_a_day": frozenset({"under-15-min"}),
    "upset": frozenset({"not"}),
    "keeps_from": frozenset({"no"}),
    "others_hardly_see": frozenset({"no", "not-asked"}),
    "unhappy_after": frozenset({"none"}),
    "will_change_life": frozenset({"no"}),
    "unsafe": frozenset({"no"}),
}


@dataclass(frozen=True)
class Change:
    """One answer before and now; None where the question was not asked, or the area not named.

    *kind* says what *key* is a code of: a topic, a question about distress, an area. *asked* are
    the words of the question as they were shown, where the form kept them.
    """

    kind: str
    key: str
    asked: str
    was: Given | None
    now: Given | None

    @property
    def code(self) -> str:
        return self.key if self.kind == ANSWER else f"{self.kind}:{self.key}"


def health_changes(before: Document, now: Document, areas: Collection[Area]) -> list[Change]:
    """Each answer of *now* that an approval for *areas*, given on *before*, did not rest on."""
    return [
        *_answers(ANSWER, before.get("answers", {}), now.get("answers", {})),
        *_answers(DISTRESS, before.get("distress", {}), now.get("distress", {})),
        *_areas(before, now, areas),
    ]


def _answers(kind: str, before: Mapping[str, Given], now: Mapping[str, Given]) -> Iterator[Change]:
    """A question that is not asked any more tells nothing new."""
    for key, given in now.items():
        was = before.get(key)
        if was is None and not _tells(kind, key, given):
            continue
        if was is None or _said(was) != _said(given):
            yield Change(kind, key, given.get("asked") or (was or {}).get("asked", ""), was, given)


def _tells(kind: str, key: str, given: Given) -> bool:
    value = str(given.get("value", ""))
    if kind == ANSWER:
        return value != AnswerValue.NO
    return value not in NOTHING_TOLD.get(key, frozenset())


def _said(given: Given) -> dict[str, Any]:
    """An answer with its details, without the words of its question; in which order sessions of
    toxin were told is no detail."""
    said = {
        name: _plain(value)
        for name, value in given.items()
        if name not in ("asked", rules.NEWEST, rules.EARLIER) and value not in (None, "", [], {})
    }
    told = sorted(sorted(_said(each).items()) for each in rules.sessions_told(given))
    return {**said, rules.NEWEST: told} if told else said


def _plain(value: Any) -> Any:
    """Spaces, capitals and the order of ticks are no other answer."""
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    if isinstance(value, list):
        return sorted(map(str, value))
    if isinstance(value, Mapping):
        return _said(value)
    return value


def _areas(before: Document, now: Document, areas: Collection[Area]) -> Iterator[Change]:
    was, told = _concerns(before), _concerns(now)
    for area in Area:
        if area in areas and was.get(area) != told.get(area):
            yield Change(AREA, area, "", _shown(was.get(area)), _shown(told.get(area)))


def _concerns(document: Document) -> dict[Area, Concern]:
    return {concern.area: concern for concern in rules.concerns(document)}


def _shown(concern: Concern | None) -> Given | None:
    return None if concern is None else {f.name: getattr(concern, f.name) for f in fields(concern)}


def told(document: Document) -> list[Change]:
    """What a form tells beside "no": what there is to confirm before a visit, in its order."""
    return [
        *_answers(ANSWER, {}, document.get("answers", {})),
        *_answers(DISTRESS, {}, document.get("distress", {})),
    ]


def says_unsafe(document: Document) -> bool:
    """Whether g7 was answered with yes: help comes before everything else."""
    return bool(document.get("distress", {}).get("unsafe", {}).get("value") == "yes")
