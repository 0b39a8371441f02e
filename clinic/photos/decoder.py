"""A program of its own that makes a clean JPEG of whatever it is given, or says why not.

Pictures come from strangers, and decoders have had holes. So this one runs as a child that knows
nothing: no environment, no module of ours, no file of its own making, little memory, a few
seconds (S34). It reads the picture from its input and writes one line of JSON and then two JPEGs:
the picture and its thumbnail. Nothing of what came along survives, because both are drawn anew:
no EXIF, no place, no comment, no colour profile, no bytes after the end.

    decoder.py MOST_PIXELS FEWEST_PIXELS LONGEST_SIDE LONGEST_SIDE_SMALL CPU_SECONDS MEMORY_BYTES
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys

from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

FORMATS = (
    JpegImagePlugin.JpegImageFile.format,
    PngImagePlugin.PngImageFile.format,
    WebPImagePlugin.WebPImageFile.format,
)
QUALITY = 85
OPEN_FILES = 16
NICENESS = 10  # who waits for a page comes first


class Refused(Exception):
    """With one of the codes of `rules.Refusal`."""


def main(
    most_pixels: int, fewest: int, longest: int, longest_small: int, seconds: int, memory: int
) -> None:
    _limit(seconds, memory)
    raw = sys.stdin.buffer.read()
    try:
        image = _opened(raw, most_pixels, fewest, longest)
        full = _drawn(image, longest)
        head: dict[str, object] = {"width": full.width, "height": full.height}
        bodies = [_jpeg(full), _jpeg(_drawn(full, longest_small))]
        head["lengths"] = [len(body) for body in bodies]
    except Refused as refused:
        head, bodies = {"refused": str(refused)}, []
    except MemoryError:
        head, bodies = {"refused": "too-hard"}, []
    except Exception:  # a decoder fails in any way it likes; the patient is told one thing
        head, bodies = {"refused": "broken"}, []
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(bodies))


def _limit(seconds: int, memory: int) -> None:
    os.nice(NICENESS)
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(what, (most, most))


def _opened(raw: bytes, most_pixels: int, fewest: int, longest: int) -> Image.Image:
    """The picture the right way up. Its size is known, and refused, before a pixel is decoded."""
    Image.MAX_IMAGE_PIXELS = None  # ours is lower, and says it in words
    image = Image.open(io.BytesIO(raw), formats=FORMATS)
    if image.width * image.height > most_pixels:
        raise Refused("too-many-pixels")
    if min(image.size) < fewest:
        raise Refused("too-small")
    # A JPEG of several pictures holds a depth map or a preview beside the photo, which is first.
    if getattr(image, "is_animated", False) and image.format in ("PNG", "WEBP"):
        raise Refused("moving")
    image.draft("RGB", (longest, longest))  # a large JPEG is decoded at a half or a quarter at once
    image.load()
    return _upright(image)


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # what stands there about the camera may be nonsense; the picture is whole
        return image


def _drawn(image: Image.Image, longest: int) -> Image.Image:
    """A new picture of plain colours, no larger than it is of use; what is clear becomes white."""
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits of grey
        image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    is_clear = "A" in image.getbands() or "transparency" in image.info
    plain = image.convert("RGBA" if is_clear else "RGB")
    plain.thumbnail((longest, longest))
    new = Image.new("RGB", plain.size, "white")
    new.paste(plain, mask=plain.getchannel("A") if is_clear else None)
    return new


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:7]))
