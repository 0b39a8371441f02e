"""What a question of the form is: its words, what may be answered, and what a yes asks further."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clinic.screening.rules import AnswerValue, Area, Topic

Words = str  # a lazy gettext string: worded when shown, stored as shown


class Detail(StrEnum):
    """What a yes (or not sure) asks further."""

    NOTE = "note"  # which one, in own words
    AREAS = "areas"
    TIMES = "times"
    SESSION = "session"
    KIND = "kind"  # one of the question's own *detail_choices*
    NOW = "now"  # whether it is so at the moment
    ACTIVE = "active"  # the same of an illness


# Without these a yes would be read as its milder half.
DEMANDED_OF_A_YES = (Detail.SESSION, Detail.KIND, Detail.NOW, Detail.TIMES)


@dataclass(frozen=True)
class Choice:
    """One answer of a question that is not plain yes or no, and what the rules read of it."""

    code: str
    words: Words
    read_as: AnswerValue


@dataclass(frozen=True)
class Question:
    """A question of section c. *choices* stand in place of yes, no and not sure.

    *only_with* asks it of those alone who ticked that place.
    """

    topic: Topic
    asked: Words
    hint: Words = ""
    detail: Detail | None = None
    detail_asked: Words = ""
    detail_choices: tuple[tuple[str, Words], ...] = ()
    choices: tuple[Choice, ...] = ()
    only_with: Area | None = None


@dataclass(frozen=True)
class Feeling:
    """A question of section g; *key* and codes are those of `screening.rules.Distress`."""

    key: str
    asked: Words
    choices: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class Page:
    """A page of questions; *for_the_visit* adds name, interpreter, access and chaperone."""

    key: str
    title: Words
    questions: tuple[Question, ...]
    lead: Words = ""
    feelings: tuple[Feeling, ...] = ()
    for_the_visit: bool = False
