"""Lower-lid laxity: apart from the upper-lid rating, and never a part of it.

Source: clinical reference d.2, last paragraph (PR).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from clinic.screening.rules.codes import Area, Level, ScopeModality, Topic
from clinic.screening.rules.findings import Findings
from clinic.screening.rules.flags import Flag, Scope, cause

SLOW_SNAP_BACK = Decimal("2.0")  # seconds, and slower
WIDE_DISTRACTION = Decimal("8.0")  # mm, and wider than that


def flags_from_lower_lid(findings: Findings) -> Iterator[Flag]:
    """Cautions for toxin beside the eye and filler under it, whatever areas are wanted."""
    causes = tuple(_lax(findings))
    if not causes:
        return
    for modality, area in (
        (ScopeModality.TOXIN, Area.CROWS_FEET),
        (ScopeModality.FILLER, Area.TEAR_TROUGH),
    ):
        yield Flag(
            topic=Topic.LOWER_LID_LAXITY,
            level=Level.CAUTION,
            scope=Scope(modality, (area,)),
            causes=causes,
            reason="The lower lid is lax: snap-back of 2 s or more, or distraction above 8 mm.",
            source="PR",
        )


def _lax(findings: Findings) -> Iterator[str]:
    for eye, seconds in findings.each_eye("snap_back"):
        if seconds >= SLOW_SNAP_BACK:
            yield cause(f"findings.snap_back_{eye}", f"{seconds:.1f}")
    for eye, mm in findings.each_eye("distraction"):
        if mm > WIDE_DISTRACTION:
            yield cause(f"findings.distraction_{eye}", f"{mm:.1f}")
