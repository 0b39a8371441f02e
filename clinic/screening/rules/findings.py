"""What a physician recorded on examination. "Not recorded" is None and is never read as normal.

Source: clinical reference d.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clinic.screening.rules.codes import BrowPosition, Dermatochalasis, DroopTimes
from clinic.screening.rules.not_allowed import NotAllowed

EYES = ("right", "left")
# What is measured on each eye, from and to, and its unit. Source: clinical reference d.1.
MEASURED_RANGES = {
    "mrd1": (Decimal(-5), Decimal(8), "mm"),
    "levator": (Decimal(0), Decimal(20), "mm"),
    "snap_back": (Decimal(0), Decimal(30), "seconds"),
    "distraction": (Decimal(0), Decimal(20), "mm"),
}


def decimal_of(typed: Decimal | float | str) -> Decimal:
    """*typed* as the exact decimal that it reads: 2.9 is 2.9, not the nearest binary float."""
    return Decimal(str(typed))


def allowed_of(name: str) -> str:
    """What the measurement *name* takes, in words."""
    lowest, highest, unit = MEASURED_RANGES[name]
    return f"{lowest} to {highest} {unit}, with at most one decimal"


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the physician recorded on examination; None is "not recorded", never "normal".

    Lengths are millimetres and snap-back is seconds, with at most one decimal, as Decimal so that
    differences are exact.
    *short_forehead* is also true when the lowest line is under 2 cm above the brow.
    Source: clinical reference d.1.
    """

    brow_right: BrowPosition | None = None
    brow_left: BrowPosition | None = None
    frontalis_compensation: bool | None = None
    dermatochalasis: Dermatochalasis | None = None
    mrd1_right: Decimal | None = None
    mrd1_left: Decimal | None = None
    levator_right: Decimal | None = None
    levator_left: Decimal | None = None
    snap_back_right: Decimal | None = None
    snap_back_left: Decimal | None = None
    distraction_right: Decimal | None = None
    distraction_left: Decimal | None = None
    fatigable: bool | None = None
    droop_after_toxin: DroopTimes | None = None
    eyelid_or_brow_surgery: bool | None = None
    short_forehead: bool | None = None
    neuromuscular_disease: bool | None = None

    def __post_init__(self) -> None:
        for name, (lowest, highest, _unit) in MEASURED_RANGES.items():
            for eye, value in self.each_eye(name):
                if not _is_measured(value, lowest, highest):
                    raise NotAllowed(f"findings.{name}_{eye}", allowed_of(name))

    def each_eye(self, name: str) -> Iterator[tuple[str, Any]]:
        """(eye, value) of the finding *name*, right then left, where it is recorded."""
        for eye in EYES:
            recorded = getattr(self, f"{name}_{eye}")
            if recorded is not None:
                yield eye, recorded

    def says_yes(self, name: str) -> bool:
        """Whether the finding *name* is recorded, and present."""
        return getattr(self, name) not in (None, False, DroopTimes.NONE)

    @property
    def mrd1_difference(self) -> Decimal | None:
        """How far apart the two upper lids stand; None unless both eyes were measured."""
        if self.mrd1_right is None or self.mrd1_left is None:
            return None
        return abs(self.mrd1_right - self.mrd1_left)


def _is_measured(value: object, lowest: Decimal, highest: Decimal) -> bool:
    # A float is refused, not converted: 0.1 steps in binary would shift every cut-off.
    if not isinstance(value, Decimal) or not value.is_finite():
        return False
    return lowest <= value <= highest and value == round(value, 1)
