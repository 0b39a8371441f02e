"""Views, purposes, limits, and what follows from what the patient said."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

MOST_BYTES = 10 * 1024 * 1024  # of one photo as sent (S33)
MOST_OF_FORM = 8  # photos
MOST_OF_PATIENT = 50 * 1024 * 1024  # bytes, as stored
# 24 megapixels, as phones count them: 5712 × 4284 is what they call so (S34).
MOST_PIXELS = 5712 * 4284
FEWEST_PIXELS = 200  # of the shorter side: with less nothing can be judged
LONGEST_SIDE = 2048
LONGEST_SIDE_SMALL = 480


class View(StrEnum):
    REST = "rest"
    FROWN = "frown"
    BROWS_RAISED = "brows-raised"
    SMILE = "smile"
    PROFILE_RIGHT = "profile-right"
    PROFILE_LEFT = "profile-left"


class Purpose(StrEnum):
    """What a patient may let a photo be used for; each by itself."""

    ASSESSMENT = "assessment"  # the physician looks at it before and at the consultation
    RECORD = "record"  # it stays in the medical record after the decision
    TEACHING = "teaching"  # the clinic's own staff learn from it


class Said(StrEnum):
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Refusal(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    HEIC = "heic"
    NO_PHOTO = "no-photo"
    MOVING = "moving"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_SMALL = "too-small"
    BROKEN = "broken"
    TOO_HARD = "too-hard"  # it took longer or more memory than any photo of these sizes does
    TOO_MANY = "too-many"
    NO_ROOM = "no-room"


HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def refusal_at_sight(raw: bytes) -> Refusal | None:
    """What the length and the first bytes say against a file, whatever its name is."""
    if not raw:
        return Refusal.EMPTY
    if len(raw) > MOST_BYTES:
        return Refusal.TOO_LARGE
    if raw[4:8] == b"ftyp" and raw[8:12] in HEIC_BRANDS:
        return Refusal.HEIC
    is_webp = raw[:4] == b"RIFF" and raw[8:12] == b"WEBP"
    if raw.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or is_webp:
        return None
    return Refusal.NO_PHOTO


def in_force(said: Iterable[tuple[Purpose, Said]]) -> frozenset[Purpose]:
    """The purposes that stand, of all that was said, oldest first: the last word counts."""
    last = dict(said)
    return frozenset(purpose for purpose, word in last.items() if word == Said.GIVEN)


def may_stay(purposes: frozenset[Purpose], *, is_decided: bool) -> bool:
    """Whether a photo of a sent form has a reason to be kept.

    For the record it stays as long as the record does. For the assessment alone it stays until the
    physician has decided. Teaching is no reason by itself: it uses what is kept anyhow.
    """
    if Purpose.RECORD in purposes:
        return True
    return Purpose.ASSESSMENT in purposes and not is_decided
