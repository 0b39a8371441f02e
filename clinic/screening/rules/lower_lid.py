"""Lower-lid laxity: apart from the upper-lid rating, and never a part of it.

Source: clinical reference d.2, last paragraph (PR).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from clinic.screening.rules.codes import Area, Level, ScopeModality, Topic
from clinic.screening.rules.findings import EYES, Findings
from clinic.screening.rules.flags import Flag, Scope, cause

SLOW_SNAP_BACK = Decimal("2.0")  # seconds, and slower
WIDE_DISTRACTION = Decimal("8.0")  # mm, and wider than that


@dataclass(frozen=True)
class LowerLid:
    """What was measured of the lower lids: the signs of a lax one, and what is still missing.

    It is firm only when both signs were measured on both eyes and none is beyond its limit.
    """

    signs: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def is_lax(self) -> bool:
        return bool(self.signs)

    @property
    def is_firm(self) -> bool:
        return not self.signs and not self.missing


def assess_lower_lid(findings: Findings) -> LowerLid:
    names = [f"{sign}_{eye}" for sign in ("snap_back", "distraction") for eye in EYES]
    return LowerLid(
        signs=tuple(sentence for sentence, _fact in _lax(findings)),
        missing=tuple(name for name in names if getattr(findings, name) is None),
    )


def flags_from_lower_lid(findings: Findings) -> Iterator[Flag]:
    """Cautions for toxin beside the eye and filler under it, whatever areas are wanted."""
    causes = tuple(fact for _sentence, fact in _lax(findings))
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


def _lax(findings: Findings) -> Iterator[tuple[str, str]]:
    """Each sign beyond its limit: in words, and the fact that it was read from."""
    for eye, seconds in findings.each_eye("snap_back"):
        if seconds >= SLOW_SNAP_BACK:
            fact = cause(f"findings.snap_back_{eye}", f"{seconds:.1f}")
            yield f"snap-back {eye} {seconds:.1f} s", fact
    for eye, mm in findings.each_eye("distraction"):
        if mm > WIDE_DISTRACTION:
            fact = cause(f"findings.distraction_{eye}", f"{mm:.1f}")
            yield f"distraction {eye} {mm:.1f} mm", fact
