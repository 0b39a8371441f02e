"""Everything the rules say about one case, in one answer.

Source: `screening-case-format.md`, "Output".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clinic.screening.rules.answers import flags_from_history
from clinic.screening.rules.codes import Area, Modality, Pattern
from clinic.screening.rules.droop import Droop, assess_droop, flags_from_droop
from clinic.screening.rules.facts import Case
from clinic.screening.rules.flags import RULE_VERSION, Flag, as_shown
from clinic.screening.rules.suggestion import (
    Considered,
    areas_of,
    considered,
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
    droop = assess_droop(case, areas_of(Modality.TOXIN, proposed))
    flags = as_shown(
        [
            *flags_from_history(case),
            *flags_from_suggestion(case.concerns, proposed),
            *flags_from_droop(droop),
        ]
    )
    left = not_stopped(proposed, flags)
    wanted = {concern.area for concern in case.concerns}
    return Evaluation(
        pattern=overall_pattern(proposed),
        after_flags=overall_pattern(left),
        pattern_by_area=pattern_by_area(wanted, proposed),
        after_flags_by_area=pattern_by_area(wanted, left),
        considered=proposed,
        flags=flags,
        droop=droop,
        incomplete=_incomplete(case, droop),
    )


def _incomplete(case: Case, droop: Droop) -> tuple[str, ...]:
    ungraded = (f"concerns.{area}.hdss" for area in ungraded_sweating(case.concerns))
    return (*ungraded, *(f"findings.{name}" for name in droop.missing))
