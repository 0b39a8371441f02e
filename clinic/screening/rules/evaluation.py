"""Everything the rules say about one case, in one answer.

Source: `screening-case-format.md`, "Output".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clinic.screening.rules.answers import flags_from_history
from clinic.screening.rules.codes import Area, Modality, Pattern, Topic
from clinic.screening.rules.distress import flags_from_distress
from clinic.screening.rules.droop import Droop, assess_droop, flags_from_droop
from clinic.screening.rules.facts import Case
from clinic.screening.rules.flags import RULE_VERSION, Flag, as_shown
from clinic.screening.rules.lower_lid import flags_from_lower_lid
from clinic.screening.rules.plan_rules import flags_from_plan
from clinic.screening.rules.suggestion import (
    Considered,
    areas_of,
    considered,
    considered_in_plan,
    flags_from_suggestion,
    not_stopped,
    overall_pattern,
    pattern_by_area,
    ungraded_sweating,
)


@dataclass(frozen=True)
class Evaluation:
    """The suggestion before and after flags, the flags as shown, and the droop assessment.

    *incomplete* names what is missing in the words of a case file. The two mappings hold every
    area the patient wants, in the order of the area list.
    """

    pattern: Pattern
    after_flags: Pattern
    pattern_by_area: Mapping[Area, Pattern]
    after_flags_by_area: Mapping[Area, Pattern]
    considered: tuple[Considered, ...]
    flags: tuple[Flag, ...]
    droop: Droop
    incomplete: tuple[str, ...]
    rule_version: str = RULE_VERSION


def evaluate(case: Case) -> Evaluation:
    """What the rules say about *case*. The same facts always give the same answer."""
    proposed = considered(case.concerns)
    all_considered = (*proposed, *considered_in_plan(case.plan))
    droop = assess_droop(case, areas_of(Modality.TOXIN, all_considered))
    flags = as_shown(_raised(case, all_considered, droop))
    left = not_stopped(proposed, flags)
    wanted = {concern.area for concern in case.concerns}
    return Evaluation(
        pattern=overall_pattern(proposed),
        after_flags=overall_pattern(left),
        pattern_by_area=pattern_by_area(wanted, proposed),
        after_flags_by_area=pattern_by_area(wanted, left),
        considered=all_considered,
        flags=flags,
        droop=droop,
        incomplete=_incomplete(case, droop),
    )


def _raised(case: Case, proposed: Sequence[Considered], droop: Droop) -> Iterator[Flag]:
    from_suggestion = tuple(flags_from_suggestion(case, proposed))
    off_label = frozenset(
        area
        for flag in from_suggestion
        if flag.topic == Topic.OFF_LABEL_AREA
        for area in flag.scope.areas or ()
    )
    yield from flags_from_history(case)
    yield from flags_from_distress(case.distress)
    yield from from_suggestion
    yield from flags_from_plan(case, off_label)
    yield from flags_from_droop(droop)
    yield from flags_from_lower_lid(case.findings)


def _incomplete(case: Case, droop: Droop) -> tuple[str, ...]:
    ungraded = (f"concerns.{area}.hdss" for area in ungraded_sweating(case.concerns))
    return (*ungraded, *(f"findings.{name}" for name in droop.missing))
