"""What a flag is, and how the flags that many rules raise become the list that is shown.

Source: clinical reference section 0 and `screening-case-format.md`, "Output".
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from clinic.screening.rules.codes import Area, Level, Modality, ScopeModality, Topic, place

# Stored with every flag. Raise it with any change to what a rule reads, says or raises.
RULE_VERSION = "2026.4"
UNCONFIRMED = "unconfirmed, clarify at consultation"


@dataclass(frozen=True)
class Scope:
    """What a flag speaks about. *areas* None means everywhere, *product* None every product.

    *product* is the code of a product or of a family of products; *areas* keeps the area list's
    order, whatever order it is given in.
    """

    modality: ScopeModality
    areas: tuple[Area, ...] | None = None
    product: str | None = None

    def __post_init__(self) -> None:
        if self.areas is not None:
            if not self.areas:
                raise ValueError("a scope without any area speaks about nothing")
            object.__setattr__(self, "areas", tuple(sorted(set(self.areas), key=place)))

    def covers(self, other: Scope) -> bool:
        """Whether everything that *other* speaks about is spoken about here too."""
        return (
            other.modality.modalities <= self.modality.modalities
            and self.product in (None, other.product)
            and self._has_all_areas_of(other)
        )

    def _has_all_areas_of(self, other: Scope) -> bool:
        if self.areas is None:
            return True
        return other.areas is not None and set(other.areas) <= set(self.areas)


@dataclass(frozen=True)
class Flag:
    """One thing to discuss: how strong, about what, which facts raised it, why, and who says so.

    *causes* are facts in the form "history.blood-thinners = yes".
    """

    topic: Topic
    level: Level
    scope: Scope
    causes: tuple[str, ...]
    reason: str
    source: str
    rule_version: str = RULE_VERSION

    @property
    def raised_by(self) -> str:
        return "; ".join(self.causes)

    @property
    def is_unconfirmed(self) -> bool:
        """Whether nothing but a "not sure" raised it."""
        return self.reason.endswith(UNCONFIRMED)

    def stops(self, modality: Modality, area: Area) -> bool:
        """Whether this is a stop for all of *modality* in *area*, not for one product alone.

        Source: clinical reference a.1, rule 2.
        """
        return (
            self.level == Level.ABSOLUTE
            and self.scope.product is None
            and modality in self.scope.modality.modalities
            and (self.scope.areas is None or area in self.scope.areas)
        )


def cause(path: str, fact: object) -> str:
    """The fact at *path* as a case file would put it: "history.blood-thinners = yes"."""
    words = {True: "yes", False: "no"}
    return f"{path} = {words[fact] if isinstance(fact, bool) else fact}"


def unconfirmed(reason: str) -> str:
    """*reason* as it reads when the patient was not sure."""
    # mutant: constant, because no reason ends with a question
    return f"{reason.rstrip('.')}; {UNCONFIRMED}"


def as_shown(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """*flags* joined, merged, without repetitions and in order, as the case format's Output says.

    Merging toxin and filler can leave two flags for both, so areas are joined once more after it.
    """
    joined = _one_of_each(flags, _all_but_areas)
    merged = _one_of_each(joined, _all_but_modality)
    rejoined = _one_of_each(merged, _all_but_areas)
    return tuple(sorted(_without_repetitions(rejoined), key=_order))


def _all_but_areas(flag: Flag) -> Hashable:
    return flag.topic, flag.level, flag.scope.product, flag.scope.modality


def _all_but_modality(flag: Flag) -> Hashable:
    return flag.topic, flag.level, flag.scope.product, flag.scope.areas


def _one_of_each(flags: Iterable[Flag], kind: Callable[[Flag], Hashable]) -> list[Flag]:
    kinds: dict[Hashable, list[Flag]] = {}
    for flag in flags:
        kinds.setdefault(kind(flag), []).append(flag)
    return [_as_one(alike) for alike in kinds.values()]


def _as_one(alike: Sequence[Flag]) -> Flag:
    """One flag for several of the same topic, level and product.

    What one cause confirms is no longer unconfirmed, so a sure reason replaces an unsure one.
    """
    sure = [flag for flag in alike if not flag.is_unconfirmed] or alike
    return replace(
        alike[0],  # mutant: constant, because what is kept of one is alike in all
        scope=_joined([flag.scope for flag in alike]),
        causes=_distinct(fact for flag in alike for fact in flag.causes),
        reason=" ".join(_distinct(flag.reason for flag in sure)),
        source="; ".join(_distinct(flag.source for flag in sure)),
    )


def _joined(scopes: Sequence[Scope]) -> Scope:
    everywhere = any(scope.areas is None for scope in scopes)
    areas = tuple(area for scope in scopes for area in scope.areas or ())
    modalities = {modality for scope in scopes for modality in scope.modality.modalities}
    # mutant: constant, because the product is the same in all
    return Scope(ScopeModality.of(modalities), None if everywhere else areas, scopes[0].product)


def _without_repetitions(flags: Sequence[Flag]) -> list[Flag]:
    return [flag for flag in flags if not any(_only_repeats(flag, other) for other in flags)]


def _only_repeats(flag: Flag, other: Flag) -> bool:
    return (
        (flag.topic, flag.level) == (other.topic, other.level)
        and flag.scope != other.scope
        and other.scope.covers(flag.scope)
    )


def _order(flag: Flag) -> tuple[int, int, str, int]:
    """Level, then topic; product and modality only keep the order the same every time."""
    scope = flag.scope
    # mutant: constant, because every product's name comes after both
    return place(flag.level), place(flag.topic), scope.product or "", place(scope.modality)


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
