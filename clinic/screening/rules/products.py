"""The products that a plan can name, with the doses and volumes that are labelled for them.

Source: clinical reference a (column "Toxin labelled?", tag BC and BX), e.1 and e.2. Units belong
to one product and are never converted (R1). Where the reference found no limit there is none here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from clinic.screening.rules.codes import Area, ToxinProduct

# Units for the whole area, both sides together. An area that is missing is not labelled.
LABELLED_DOSES: Mapping[ToxinProduct, Mapping[Area, Decimal]] = {
    ToxinProduct.ONABOTULINUMTOXIN_A: {
        Area.FOREHEAD: Decimal(20),
        Area.GLABELLA: Decimal(20),
        Area.CROWS_FEET: Decimal(24),
        Area.NECK_BANDS: Decimal(36),
        Area.AXILLAE: Decimal(100),
    },
    ToxinProduct.ABOBOTULINUMTOXIN_A: {Area.GLABELLA: Decimal(50)},
    ToxinProduct.INCOBOTULINUMTOXIN_A: {
        Area.FOREHEAD: Decimal(20),
        Area.GLABELLA: Decimal(20),
        Area.CROWS_FEET: Decimal(24),
    },
    ToxinProduct.DAXIBOTULINUMTOXIN_A: {Area.GLABELLA: Decimal(40)},
    ToxinProduct.PRABOTULINUMTOXIN_A: {Area.GLABELLA: Decimal(20)},
    ToxinProduct.LETIBOTULINUMTOXIN_A: {Area.GLABELLA: Decimal(20)},
}

# The product whose total over three months has a ceiling, and the ceiling in units (W4).
CUMULATIVE_PRODUCT = ToxinProduct.ONABOTULINUMTOXIN_A
CUMULATIVE_CEILING = Decimal(400)


@dataclass(frozen=True)
class VolumeLimit:
    """At most *ml* of a filler in one treatment, in *areas* together."""

    areas: tuple[Area, ...]
    ml: Decimal
    words: str
    source: str
    by: str = "Labelled"


@dataclass(frozen=True)
class FillerProduct:
    name: str
    limits: tuple[VolumeLimit, ...] = ()
    is_labelled_under_the_eye: bool = False


_RESTYLANE_LIMITS = (
    VolumeLimit(
        (Area.LIPS,), Decimal("3.0"), "1.5 mL per lip per treatment, two lips", "RS monograph"
    ),
    VolumeLimit(
        tuple(area for area in Area if area != Area.LIPS),
        Decimal("6.0"),
        "6 mL per patient per treatment (folds)",
        "RS monograph",
    ),
)
_VOLUX_LIMITS = (VolumeLimit(tuple(Area), Decimal("9.0"), "at most 9 mL", "JV monograph"),)

FILLERS: Mapping[str, FillerProduct] = {
    filler.name: filler
    for filler in (
        FillerProduct("Restylane", _RESTYLANE_LIMITS),
        FillerProduct("Restylane Eyelight", is_labelled_under_the_eye=True),
        FillerProduct("Restylane Kysse"),
        FillerProduct("Juvederm Ultra"),
        FillerProduct("Juvederm Volbella", is_labelled_under_the_eye=True),
        FillerProduct("Juvederm Voluma"),
        FillerProduct("Juvederm Volux", _VOLUX_LIMITS),
    )
}

# What authors advise of any filler, where no label has a number: the last row of e.2.
ADVISED_LIMITS = (
    VolumeLimit(
        (Area.TEAR_TROUGH,),
        Decimal("2.0"),
        "1 mL per side under the eye, two sides",
        "practice paper",
        "Advised",
    ),
)
