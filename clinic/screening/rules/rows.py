"""What a row of the history table is made of: what it raises, and the words it shows.

Source: clinical reference section c, the columns "Level and scope", "Why" and "Source".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from clinic.screening.rules.codes import Area, Level, ScopeModality, Topic


@dataclass(frozen=True)
class Raises:
    """One level and scope that a row lists.

    *in_named_areas* is the table's "area": the areas that the answer names.
    """

    level: Level
    modality: ScopeModality
    areas: tuple[Area, ...] | None = None
    product: str | None = None
    in_named_areas: bool = False


def absolute(
    modality: ScopeModality, areas: tuple[Area, ...] | None = None, product: str | None = None
) -> Raises:
    return Raises(Level.ABSOLUTE, modality, areas, product)


def caution(
    modality: ScopeModality, areas: tuple[Area, ...] | None = None, product: str | None = None
) -> Raises:
    return Raises(Level.CAUTION, modality, areas, product)


def information(modality: ScopeModality, product: str | None = None) -> Raises:
    return Raises(Level.INFORMATION, modality, product=product)


def in_named_areas(level: Level, modality: ScopeModality) -> Raises:
    return Raises(level, modality, in_named_areas=True)


@dataclass(frozen=True)
class Instead:
    """What a row raises instead of its usual when the answer's *detail* has this *value*."""

    detail: str
    value: object
    raises: tuple[Raises, ...]


@dataclass(frozen=True)
class Question:
    """One row that a patient answers.

    *finding* is the finding of section d.1 that says yes to the same question. The last three
    only lengthen the reason: *if_left_out* when a yes comes without that detail, *if_said* when
    that detail is true, *if_wanted* when one of those areas is wanted or planned.
    """

    topic: Topic
    raises: tuple[Raises, ...]
    reason: str
    source: str
    finding: str | None = None
    not_sure_counts_as_yes: bool = False
    instead: Instead | None = None
    if_left_out: Mapping[str, str] = field(default_factory=dict)
    if_said: Mapping[str, str] = field(default_factory=dict)
    if_wanted: Mapping[Area, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AgeBand:
    """One row that reads the age: *youngest* to *oldest* in whole years, both included."""

    topic: Topic
    raises: tuple[Raises, ...]
    reason: str
    source: str
    youngest: int = 0  # mutant: constant, because nobody is younger
    oldest: int | None = None
