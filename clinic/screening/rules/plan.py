"""One line of a treatment plan: a product in an area, and how much of it.

Source: clinical reference e.1 (R2) and e.2; `screening-case-format.md`, "Plan".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from clinic.screening.rules.codes import Area, Modality, ToxinProduct
from clinic.screening.rules.not_allowed import NotAllowed
from clinic.screening.rules.products import FILLERS

OTHER = {Modality.TOXIN: Modality.FILLER, Modality.FILLER: Modality.TOXIN}
KEYS = {Modality.TOXIN: ("units", "sites"), Modality.FILLER: ("ml",)}


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """*units* and *sites* of a toxin, *ml* of a filler, for the whole area, both sides together."""

    product: str
    area: Area
    units: Decimal | None = None
    sites: int | None = None
    ml: Decimal | None = None

    def __post_init__(self) -> None:
        if self.product not in (*ToxinProduct, *FILLERS):
            raise NotAllowed("plan.product", ", ".join((*ToxinProduct, *FILLERS)))
        mine, others = KEYS[self.modality], KEYS[OTHER[self.modality]]
        for key in others:
            if getattr(self, key) is not None:
                kind = "a filler" if key == "ml" else "a toxin"
                raise NotAllowed(f"plan.{key}", f"{kind} only")
        for key in mine:
            amount = getattr(self, key)
            if amount is not None and not amount > 0:
                raise NotAllowed(f"plan.{key}", "a number above 0")

    @property
    def modality(self) -> Modality:
        return Modality.TOXIN if self.product in tuple(ToxinProduct) else Modality.FILLER
