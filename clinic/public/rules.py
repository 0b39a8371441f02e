"""Which treatments have a page of their own, and which services each is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from clinic.catalogue.rules import ServiceKind


class TreatmentPage(StrEnum):
    """The last part of an address; no brand and no substance, for addresses are read too."""

    LINES = "lines"
    SWEATING = "sweating"
    FILLER = "filler"
    COMBINED = "combined"


# The same medicine and the same service against lines and against sweating, with other risks.
KINDS: Mapping[TreatmentPage, ServiceKind] = {
    TreatmentPage.LINES: ServiceKind.TOXIN,
    TreatmentPage.SWEATING: ServiceKind.TOXIN,
    TreatmentPage.FILLER: ServiceKind.FILLER,
    TreatmentPage.COMBINED: ServiceKind.COMBINED,
}


def pages_for(offered: Collection[ServiceKind]) -> list[TreatmentPage]:
    """The pages of a clinic that offers these kinds, in the order in which they are listed."""
    return [page for page, kind in KINDS.items() if kind in offered]
