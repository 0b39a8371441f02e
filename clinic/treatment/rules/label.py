"""Which approved places lie outside a product's label: a patient is told before agreeing.

Source: clinical reference a (column "Toxin labelled?"), a.1 rule 6, h ("say which").
"""

from __future__ import annotations

from collections.abc import Collection

from clinic.screening.rules import Area, ToxinProduct
from clinic.screening.rules.products import LABELLED_DOSES


def off_label(product: str | None, areas: Collection[Area]) -> list[Area]:
    """Those of *areas* that the label of this toxin does not name; the forehead needs the glabella.

    A product that nobody has named is labelled for nothing.
    """
    labelled = LABELLED_DOSES[ToxinProduct(product)] if product else {}
    return [
        area
        for area in Area
        if area in areas
        and (area not in labelled or (area == Area.FOREHEAD and Area.GLABELLA not in areas))
    ]
