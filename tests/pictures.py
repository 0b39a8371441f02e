"""Pictures to send: real ones, and such as no camera makes."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from PIL import Image

from clinic.intake.models import Intake
from clinic.photos import services
from clinic.photos.models import Photo
from clinic.photos.pictures import Picture
from clinic.photos.rules import Purpose, View
from tests.factories import TESTER

SKIN = (200, 160, 140)
KEPT = frozenset({Purpose.ASSESSMENT, Purpose.RECORD})


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(size: tuple[int, int] = (480, 600), colour: Any = SKIN, **options: Any) -> bytes:
    return saved(Image.new("RGB", size, colour), **options)


def opened(raw: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(raw))
    image.load()
    return image


def picture(words: bytes = b"") -> Picture:
    """As the decoder makes them, made here: quicker where the decoder is not what is tested.

    *words* stand at the end of the picture, to be looked for.
    """
    return Picture(jpeg() + words, jpeg((160, 200)) + words, 480, 600)


def add_photos(
    draft: Intake,
    views: Iterable[View] = (View.FROWN,),
    purposes: frozenset[Purpose] = KEPT,
    words: bytes = b"",
) -> list[Photo]:
    services.say(draft, purposes, actor=TESTER)
    return [services.add(draft, view, picture(words), actor=TESTER) for view in views]
