"""What a patient agrees to before a treatment: the shape of the texts, and the one that counts.

A text is data with a version: one that somebody has read is never edited; a change is a new module
beside it. Source of the points: clinical reference h. To sign them belongs to the treatment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from clinic.screening.rules import Modality

Words = str  # a lazy gettext string


class TextName(StrEnum):
    """The last part of an address; no brand and no substance, for addresses are read too."""

    RELAXING = "relaxing"  # toxin
    FILLER = "filler"
    BOTH = "both"


def text_of(modalities: Collection[Modality]) -> TextName | None:
    """What is agreed to before a treatment with these; None where nothing is injected."""
    if len(modalities) > 1:
        return TextName.BOTH
    texts = {Modality.TOXIN: TextName.RELAXING, Modality.FILLER: TextName.FILLER}
    return next((texts[modality] for modality in modalities), None)


class Part(StrEnum):
    """Under which heading a point stands."""

    EFFECT = "effect"
    COMMON = "common"
    POSSIBLE = "possible"
    RARE = "rare"
    BEFORE = "before"


RISKS = (Part.COMMON, Part.POSSIBLE, Part.RARE)


@dataclass(frozen=True)
class Chance:
    """How often, in a number as the source counted it. *source* is a key of the text's sources."""

    number: Words
    source: str


@dataclass(frozen=True)
class Point:
    """One thing to understand, short enough to be initialled by itself.

    A risk has its chances; none means that nobody has counted it well enough to print a number.
    """

    key: str
    part: Part
    text: Words
    chances: tuple[Chance, ...] = ()

    @property
    def is_risk(self) -> bool:
        return self.part in RISKS


@dataclass(frozen=True)
class ConsentText:
    """One version: the points of each text, those that every treatment has, and who counted."""

    version: str
    points: Mapping[TextName, tuple[Point, ...]]
    of_every: tuple[Point, ...]
    sources: Mapping[str, Words]

    def own_points(self, name: TextName, part: Part) -> list[Point]:
        return [point for point in self.points[name] if point.part == part]

    def sources_of(self, names: tuple[TextName, ...]) -> list[Words]:
        """Who counted what stands in these texts, each once, in the order of the points."""
        keys = [
            chance.source
            for name in names
            for point in self.points[name]
            for chance in point.chances
        ]
        return [self.sources[key] for key in dict.fromkeys(keys)]
