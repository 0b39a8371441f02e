"""What the concerns point to, per area and overall, before and after the flags.

Source: clinical reference a.1 (PR). It follows the patient's own words; a physician decides after
examining. Nothing is ever swapped in: what a stop takes away leaves "none yet".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clinic.screening.rules.codes import (
    SWEATING_AREAS,
    Area,
    Level,
    Modality,
    Pattern,
    ScopeModality,
    Topic,
)
from clinic.screening.rules.facts import Case, Concern
from clinic.screening.rules.flags import Flag, Scope, cause
from clinic.screening.rules.plan import PlanLine
from clinic.screening.rules.products import FILLERS

# The rows of a.1: what the patient says, the values that count, what they point to. Seen in motion
# and at rest meets two rows, and so is combined.
SIGNS: tuple[tuple[str, tuple[int, ...], Modality], ...] = (
    ("in_motion", (True,), Modality.TOXIN),
    ("at_rest", (True,), Modality.FILLER),
    ("volume", (True,), Modality.FILLER),
    ("bulk", (True,), Modality.TOXIN),
    ("hdss", (3, 4), Modality.TOXIN),
)
# Source: clinical reference a, column "Toxin labelled?". The forehead only with the glabella.
TOXIN_LABELLED_AREAS = frozenset(
    {Area.FOREHEAD, Area.GLABELLA, Area.CROWS_FEET, Area.NECK_BANDS, Area.AXILLAE}
)
# Source: clinical reference a.1, rule 5.
HIGH_RISK_FILLER_SITES = frozenset(
    {
        Area.FOREHEAD,
        Area.GLABELLA,
        Area.CROWS_FEET,
        Area.BUNNY_LINES,
        Area.TEAR_TROUGH,
        Area.NECK_BANDS,
        Area.NECK_LINES,
    }
)


@dataclass(frozen=True)
class Considered:
    """One modality considered in one area, and the fact that put it there.

    Source: clinical reference a.1, rule 7.
    """

    area: Area
    modality: Modality
    cause: str


def considered(concerns: Iterable[Concern]) -> tuple[Considered, ...]:
    """What *concerns* point to, in the order of the area list whatever order they come in."""
    wanted = tuple(concerns)
    return tuple(
        Considered(area, modality, cause(f"concerns.{area}.{sign}", value))
        for area in Area
        for sign, values, modality in SIGNS
        for value in values
        if any(c.area == area and getattr(c, sign) == value for c in wanted)
    )


def considered_in_plan(plan: Iterable[PlanLine]) -> tuple[Considered, ...]:
    """What a plan puts somewhere; it is considered there, and never a part of the pattern."""
    return tuple(
        Considered(line.area, line.modality, cause(f"plan.{line.area}.product", line.product))
        for line in plan
    )


def areas_of(modality: Modality, proposed: Iterable[Considered]) -> frozenset[Area]:
    """The areas where *modality* is among what is *proposed*."""
    return frozenset(each.area for each in proposed if each.modality == modality)


def overall_pattern(proposed: Iterable[Considered]) -> Pattern:
    """The union over all areas. Source: clinical reference a.1, rule 1."""
    return Pattern.of(each.modality for each in proposed)


def pattern_by_area(areas: Iterable[Area], proposed: Sequence[Considered]) -> dict[Area, Pattern]:
    """The pattern of each of *areas*, in the order of the area list; none where nothing is."""
    wanted = frozenset(areas)
    return {
        area: Pattern.of(each.modality for each in proposed if each.area == area)
        for area in Area
        if area in wanted
    }


def not_stopped(proposed: Iterable[Considered], flags: Sequence[Flag]) -> tuple[Considered, ...]:
    """What is left of *proposed* under the stops among *flags*.

    A stop of a whole modality takes it away everywhere, an area's stop in that area only, and a
    product's stop nowhere. Source: clinical reference a.1, rule 2.
    """
    return tuple(
        each for each in proposed if not any(flag.stops(each.modality, each.area) for flag in flags)
    )


def ungraded_sweating(concerns: Iterable[Concern]) -> tuple[Area, ...]:
    """The sweating areas that somebody wants treated and nobody has graded."""
    ungraded = {concern.area for concern in concerns if concern.hdss is None}
    return tuple(area for area in SWEATING_AREAS if area in ungraded)


def flags_from_suggestion(case: Case, proposed: Sequence[Considered]) -> Iterator[Flag]:
    """The flags of a.1 on what is considered: before any stop, for a stop can be resolved."""
    yield from _high_risk_filler_sites(proposed, case.plan)
    yield from _off_label_areas(proposed)
    yield from _below_labelled_severity(case.concerns, areas_of(Modality.TOXIN, proposed))
    yield from _creams_first(case.concerns)


def _under_eye_is_labelled(plan: Iterable[PlanLine]) -> bool:
    """Whether the plan names fillers under the eye, and each of them is labelled there."""
    named = [FILLERS[line.product] for line in plan if _is_filler_under_the_eye(line)]
    return bool(named) and all(filler.is_labelled_under_the_eye for filler in named)


def _is_filler_under_the_eye(line: PlanLine) -> bool:
    return line.modality == Modality.FILLER and line.area == Area.TEAR_TROUGH


def _high_risk_filler_sites(
    proposed: Iterable[Considered], plan: Sequence[PlanLine]
) -> Iterator[Flag]:
    sites = HIGH_RISK_FILLER_SITES
    if _under_eye_is_labelled(plan):
        sites = sites - {Area.TEAR_TROUGH}
    for each in proposed:
        if each.modality == Modality.FILLER and each.area in sites:
            yield Flag(
                topic=Topic.HIGH_RISK_FILLER_SITE,
                level=Level.CAUTION,
                scope=Scope(ScopeModality.FILLER, (each.area,)),
                causes=(each.cause,),
                reason="FDA advises against filler in the forehead, glabella, nose and neck, and "
                "around the eyes outside approved under-eye products.",
                source="FF",
            )


def _off_label_areas(proposed: Sequence[Considered]) -> Iterator[Flag]:
    labelled = TOXIN_LABELLED_AREAS
    if Area.GLABELLA not in areas_of(Modality.TOXIN, proposed):
        labelled = labelled - {Area.FOREHEAD}
    for each in proposed:
        if each.modality == Modality.TOXIN and each.area not in labelled:
            yield Flag(
                topic=Topic.OFF_LABEL_AREA,
                level=Level.CAUTION,
                scope=Scope(ScopeModality.TOXIN, (each.area,)),
                causes=(each.cause,),
                reason="Toxin is labelled for the glabella, crow's feet, neck bands and armpits, "
                "and for the forehead only together with the glabella.",
                source="PR",
            )


def _below_labelled_severity(
    concerns: Iterable[Concern], toxin_areas: frozenset[Area]
) -> Iterator[Flag]:
    grades = {(concern.area, concern.fws) for concern in concerns if concern.area in toxin_areas}
    for area in Area:
        for grade in (0, 1):
            if (area, grade) in grades:
                yield Flag(
                    topic=Topic.BELOW_LABELLED_SEVERITY,
                    level=Level.INFORMATION,
                    scope=Scope(ScopeModality.TOXIN, (area,)),
                    causes=(cause(f"concerns.{area}.fws", grade),),
                    reason="Moderate to severe lines, FWS 2 or 3, are the labelled severity for "
                    "toxin.",
                    source="PR",
                )


def _creams_first(concerns: Sequence[Concern]) -> Iterator[Flag]:
    """Sweating of HDSS 2, or of HDSS 3 or 4 where creams have not failed yet."""
    sides = {(concern.area, concern.hdss, concern.creams_failed) for concern in concerns}
    for area in SWEATING_AREAS:
        for hdss, failed in ((2, False), (2, True), (3, False), (4, False)):
            if (area, hdss, failed) in sides:
                also = () if hdss == 2 else (cause(f"concerns.{area}.creams_failed", failed),)
                yield Flag(
                    topic=Topic.CREAMS_FIRST,
                    level=Level.INFORMATION,
                    scope=Scope(ScopeModality.TOXIN, (area,)),
                    causes=(cause(f"concerns.{area}.hdss", hdss), *also),
                    reason="Toxin is labelled for severe sweating that creams do not control: "
                    "creams or antiperspirant come first.",
                    source="BX",
                )
