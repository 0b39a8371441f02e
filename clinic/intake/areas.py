"""The places that a form lists, and what it asks of each.

Source: clinical reference section a; names in the patient's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from clinic.intake.questions import Words
from clinic.screening.rules import Area


class AreaKind(StrEnum):
    LINE = "line"  # seen in motion, at rest or both; how deep
    VOLUME = "volume"  # hollow or less full; how much
    BULK = "bulk"  # a wide muscle; how much
    SWEAT = "sweat"


@dataclass(frozen=True)
class AreaChoice:
    area: Area
    name: Words
    more: Words
    kind: AreaKind


@dataclass(frozen=True)
class AreaGroup:
    name: Words
    areas: tuple[AreaChoice, ...]


K = AreaKind

AREAS = (
    AreaGroup(
        _l("Upper face"),
        (
            AreaChoice(Area.FOREHEAD, _l("Forehead"), _l("lines across"), K.LINE),
            AreaChoice(Area.GLABELLA, _l("Frown lines"), _l("between the brows"), K.LINE),
            AreaChoice(Area.CROWS_FEET, _l("Beside the eyes"), _l("crow’s feet"), K.LINE),
            AreaChoice(Area.BUNNY_LINES, _l("Sides of the nose"), _l("bunny lines"), K.LINE),
        ),
    ),
    AreaGroup(
        _l("Middle"),
        (
            AreaChoice(Area.TEAR_TROUGH, _l("Under the eyes"), _l("hollows"), K.VOLUME),
            AreaChoice(Area.CHEEKS, _l("Cheeks"), _l("less full"), K.VOLUME),
            AreaChoice(Area.NASOLABIAL_FOLDS, _l("Nose to mouth"), _l("folds"), K.LINE),
        ),
    ),
    AreaGroup(
        _l("Mouth, chin, neck"),
        (
            AreaChoice(Area.PERIORAL, _l("Lip lines"), _l("above the lip"), K.LINE),
            AreaChoice(Area.LIPS, _l("Lips"), _l("less full"), K.VOLUME),
            AreaChoice(Area.MARIONETTE, _l("Mouth corners"), _l("lines downwards"), K.LINE),
            AreaChoice(Area.CHIN, _l("Chin"), _l("dimples"), K.LINE),
            AreaChoice(Area.MASSETER, _l("Jaw muscle"), _l("wide"), K.BULK),
            AreaChoice(Area.JAWLINE, _l("Jawline"), _l("less clear"), K.VOLUME),
            AreaChoice(Area.NECK_BANDS, _l("Neck bands"), _l("cords that stand out"), K.LINE),
            AreaChoice(Area.NECK_LINES, _l("Neck lines"), _l("across"), K.LINE),
        ),
    ),
    AreaGroup(
        _l("Body, sweating"),
        (
            AreaChoice(Area.AXILLAE, _l("Armpits"), _l("sweating"), K.SWEAT),
            AreaChoice(Area.PALMS, _l("Hands"), _l("sweating of the palms"), K.SWEAT),
        ),
    ),
)
