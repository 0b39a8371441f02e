"""The areas a patient can name, and what each is asked: versioned data, as the questions are.

A list that a sent form was answered from is never edited: a change is a new list beside it.
Source: clinical reference sections a and b; wording ours, reading age 11.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from clinic.intake.questions import Words
from clinic.screening.rules import Area

WHEN_MOVING: Words = _l("When I move my face")
AT_REST_TOO: Words = _l("At rest too")


class AreaKind(StrEnum):
    LINE = "line"  # seen in motion, at rest or both; how deep
    VOLUME = "volume"  # hollow or less full; how much
    BULK = "bulk"  # a wide muscle; how much
    SWEAT = "sweat"


@dataclass(frozen=True)
class AreaChoice:
    """One area of the tick list.

    *moving* and *still* word the two ticks of a line. *fuller* words a third one, volume, where
    the reference has both ("ask which of the two"), and *fuller_told* is how staff read it.
    *by_depth* is false where "how deep" would ask for one of the two alone. *sides*: it has two.
    """

    area: Area
    name: Words
    more: Words
    kind: AreaKind
    moving: Words = WHEN_MOVING
    still: Words = AT_REST_TOO
    fuller: Words = ""
    fuller_told: Words = ""
    by_depth: bool = True
    sides: bool = False

    @property
    def is_line(self) -> bool:
        return self.kind == AreaKind.LINE

    @property
    def asks_depth(self) -> bool:
        """Whether the severity is a depth, or an amount."""
        return self.is_line and self.by_depth


@dataclass(frozen=True)
class AreaGroup:
    name: Words
    areas: tuple[AreaChoice, ...]


K = AreaKind

AREAS_2026_1 = (
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

_UPPER = (
    AreaChoice(
        Area.FOREHEAD,
        _l("Forehead"),
        _l("lines across"),
        K.LINE,
        moving=_l("When I raise my brows"),
    ),
    AreaChoice(
        Area.GLABELLA,
        _l("Frown lines"),
        _l("between the brows"),
        K.LINE,
        moving=_l("When I frown"),
    ),
    AreaChoice(
        Area.CROWS_FEET,
        _l("Beside the eyes"),
        _l("crow’s feet"),
        K.LINE,
        moving=_l("When I smile"),
        sides=True,
    ),
    AreaChoice(
        Area.BUNNY_LINES,
        _l("Sides of the nose"),
        _l("bunny lines"),
        K.LINE,
        moving=_l("When I wrinkle my nose"),
        sides=True,
    ),
)
_MIDDLE = (
    AreaChoice(Area.TEAR_TROUGH, _l("Under the eyes"), _l("hollows"), K.VOLUME, sides=True),
    AreaChoice(Area.CHEEKS, _l("Cheeks"), _l("less full"), K.VOLUME, sides=True),
    AreaChoice(
        Area.NASOLABIAL_FOLDS,
        _l("Nose to mouth"),
        _l("folds"),
        K.LINE,
        moving=_l("A fold when I smile"),
        still=_l("A fold at rest too"),
        fuller=_l("Hollow skin beside it"),
        fuller_told=_l("hollow beside it"),
        sides=True,
    ),
)
_MOUTH = (
    AreaChoice(
        Area.PERIORAL,
        _l("Lip lines"),
        _l("above the lip"),
        K.LINE,
        moving=_l("When I purse my lips"),
    ),
    AreaChoice(Area.LIPS, _l("Lips"), _l("less full"), K.VOLUME),
    AreaChoice(
        Area.MARIONETTE,
        _l("Mouth corners"),
        _l("lines downwards"),
        K.LINE,
        moving=_l("A line when I pull them down"),
        still=_l("A line at rest too"),
        fuller=_l("Hollow skin beside it"),
        fuller_told=_l("hollow beside it"),
        sides=True,
    ),
    AreaChoice(
        Area.CHIN,
        _l("Chin"),
        _l("dimples, or its shape"),
        K.LINE,
        moving=_l("Dimples when I move my mouth"),
        still=_l("Dimples at rest too"),
        fuller=_l("A small chin, seen from the side"),
        fuller_told=_l("profile: small chin"),
        by_depth=False,
    ),
    AreaChoice(Area.MASSETER, _l("Jaw muscle"), _l("wide"), K.BULK, sides=True),
    AreaChoice(Area.JAWLINE, _l("Jawline"), _l("less clear"), K.VOLUME, sides=True),
    AreaChoice(
        Area.NECK_BANDS,
        _l("Neck bands"),
        _l("cords that stand out"),
        K.LINE,
        moving=_l("When I tighten my neck"),
        sides=True,
    ),
    AreaChoice(
        Area.NECK_LINES,
        _l("Neck lines"),
        _l("across"),
        K.LINE,
        moving=_l("When I move my head"),
    ),
)
_SWEATING = (
    AreaChoice(Area.AXILLAE, _l("Armpits"), _l("sweating"), K.SWEAT, sides=True),
    AreaChoice(Area.PALMS, _l("Hands"), _l("sweating of the palms"), K.SWEAT, sides=True),
)

# Asks for the side, and which of the two where an area can be a line or a matter of volume.
AREAS_2026_2 = (
    AreaGroup(_l("Upper face"), _UPPER),
    AreaGroup(_l("Middle"), _MIDDLE),
    AreaGroup(_l("Mouth, chin, neck"), _MOUTH),
    AreaGroup(_l("Body, sweating"), _SWEATING),
)
