"""S34: what is decoded, what is refused and how, and that nothing but the picture survives."""

from __future__ import annotations

import io
import os
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from clinic.photos import pictures, rules
from clinic.photos.pictures import Refused, clean
from clinic.photos.rules import Refusal
from tests.pictures import SKIN, jpeg, opened, saved

MARKER = b"quellenbrisk"
GPS = 0x8825


def tagged() -> bytes:
    """A photo as a phone makes it: place, words, profile, and something after its end."""
    exif = Image.Exif()
    exif[0x010E] = MARKER.decode()
    exif[0x0112] = 6  # stands on its side
    exif.get_ifd(GPS)[2] = (51.5, 7.0, 0.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.new("RGB", (600, 400), SKIN)
    image.paste((20, 40, 60), (0, 0, 600, 40))
    return saved(image, exif=exif, icc_profile=profile + MARKER, comment=MARKER) + MARKER


def as_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("note.txt", MARKER)
    return out.getvalue()


def png(image: Image.Image, **more: object) -> bytes:
    return saved(image, "PNG", **more)


def claimed(width: int, height: int) -> bytes:
    """A PNG whose head claims a size, with rows of nothing that would be as large as that."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (width + 1) * min(height, 200), 9)
    parts = [(b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def bomb(side: int = 24_000) -> bytes:
    """A grey picture of nothing: half a megabyte that unpacks to more than half a gigabyte."""
    return png(Image.new("L", (side, side)), compress_level=9)


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (400, 400), (n * 60, 0, 0)) for n in range(3)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def why(raw: bytes) -> Refusal:
    with pytest.raises(Refused) as refused:
        clean(raw)
    return refused.value.why


TAKEN = {
    "JPEG": jpeg(),
    "JPEG that comes bit by bit": jpeg(progressive=True),
    "PNG": png(Image.new("RGB", (480, 600), SKIN)),
    "WebP": saved(Image.new("RGB", (480, 600), SKIN), "WEBP"),
    "JPEG for printers, CMYK": saved(Image.new("RGB", (480, 600), SKIN).convert("CMYK")),
    "PNG with a palette": png(Image.new("RGB", (480, 600), SKIN).quantize(8)),
    "JPEG with a page of the web behind it": jpeg() + b"<html><script>alert(1)</script>" + MARKER,
    "JPEG with an archive behind it": jpeg() + as_zip(),
}
REFUSED = {
    "nothing": (b"", Refusal.EMPTY),
    "a page of the web": (b"<html>" + MARKER, Refusal.NO_PHOTO),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', Refusal.NO_PHOTO),
    "a GIF": (saved(Image.new("P", (400, 400)), "GIF"), Refusal.NO_PHOTO),
    "a TIFF": (saved(Image.new("RGB", (400, 400)), "TIFF"), Refusal.NO_PHOTO),
    "an iPhone's HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Refusal.HEIC),
    "one pixel": (jpeg((1, 1)), Refusal.TOO_SMALL),
    "a PNG that moves": (moving("PNG"), Refusal.MOVING),
    "a WebP that moves": (moving("WEBP"), Refusal.MOVING),
    "half a JPEG": (jpeg((900, 900))[:2000], Refusal.BROKEN),
    "half a PNG": (png(Image.effect_noise((300, 300), 90))[:3000], Refusal.BROKEN),
    "the head of a JPEG alone": (b"\xff\xd8\xff\xe0", Refusal.BROKEN),
    "the head of a WebP alone": (b"RIFF\x04\0\0\0WEBPVP8 ", Refusal.BROKEN),
    "25 megapixels, claimed": (claimed(5000, 5000), Refusal.TOO_MANY_PIXELS),
    "four thousand megapixels, claimed": (claimed(65_000, 65_000), Refusal.TOO_MANY_PIXELS),
}


@pytest.mark.parametrize("name", TAKEN)
def test_S34_what_is_a_photo_by_content_becomes_a_plain_jpeg(name):
    made = clean(TAKEN[name])

    images = [opened(made.image), opened(made.thumbnail)]
    assert [(image.format, image.mode) for image in images] == [("JPEG", "RGB")] * 2
    assert (made.width, made.height) == images[0].size == (480, 600)
    assert max(images[1].size) == rules.LONGEST_SIDE_SMALL
    assert MARKER not in made.image + made.thumbnail


@pytest.mark.parametrize("name", REFUSED)
def test_S34_what_is_none_is_refused_for_what_it_is(name):
    raw, expected = REFUSED[name]

    assert why(raw) == expected


def test_S34_no_place_word_profile_or_byte_after_the_end_survives():
    raw = tagged()

    made = clean(raw)

    assert raw.count(MARKER) == 4
    for jpeg_of_ours in (made.image, made.thumbnail):
        image = opened(jpeg_of_ours)
        assert MARKER not in jpeg_of_ours
        assert image.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert dict(image.getexif()) == {}
        assert jpeg_of_ours.endswith(b"\xff\xd9")


def test_S34_a_photo_that_stands_on_its_side_is_turned_upright():
    image = opened(clean(tagged()).image)

    assert image.size == (400, 600)
    assert image.getpixel((395, 300))[2] < 90  # what was at the top is at the right
    assert image.getpixel((5, 300))[0] > 150


def test_S34_nonsense_about_the_camera_is_no_reason_to_refuse_the_photo():
    nonsense = b"Exif\0\0II*\0\xff\xff\xff\x7f" + b"\xff" * 40
    segment = b"\xff\xe1" + struct.pack(">H", len(nonsense) + 2) + nonsense
    raw = jpeg()

    assert clean(raw[:2] + segment + raw[2:]).width == 480


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_S34_what_is_clear_becomes_white(kind):
    image = Image.new("RGBA", (400, 400), (255, 0, 0, 0))

    assert opened(clean(saved(image, kind, lossless=True)).image).getpixel((200, 200)) == (
        255,
        255,
        255,
    )


def test_S34_sixteen_bits_of_grey_keep_their_shades():
    grey = Image.linear_gradient("L").resize((600, 600)).convert("I;16")

    image = opened(clean(png(grey.point(lambda value: value * 257))).image)

    assert [image.getpixel((300, y))[0] // 32 for y in (2, 300, 597)] == [0, 4, 7]


def test_S34_a_large_photo_is_stored_no_larger_than_it_is_of_use():
    made = clean(jpeg((5712, 4284)))

    assert (made.width, made.height) == (2048, 1536)


def test_S34_words_packed_into_a_png_do_not_unpack_in_our_memory():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "x" * 50_000_000, zip=True)

    assert why(png(Image.new("L", (300, 300)), pnginfo=text)) == Refusal.BROKEN


def test_S34_a_bomb_that_gets_past_the_head_is_ended_by_memory_not_ours(monkeypatch):
    monkeypatch.setattr(rules, "MOST_PIXELS", 10**10)

    assert why(bomb()) == Refusal.TOO_HARD


def test_S34_a_photo_that_takes_too_long_is_ended_by_the_clock(monkeypatch):
    monkeypatch.setattr(pictures, "SECONDS", 0.05)
    began = time.monotonic()

    assert why(jpeg()) == Refusal.TOO_HARD
    assert time.monotonic() - began < 10


ENDLESS = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[5]),) * 2)
while True: pass
"""
GREEDY = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[6]),) * 2)
b"x" * 10**10
"""


@pytest.mark.parametrize("program", [ENDLESS, GREEDY])
def test_S34_a_decoder_that_ran_wild_is_ended_and_told_as_a_refusal(tmp_path, monkeypatch, program):
    (tmp_path / "wild.py").write_text(program)
    monkeypatch.setattr(pictures, "DECODER", tmp_path / "wild.py")
    monkeypatch.setattr(pictures, "CPU_SECONDS", 1)

    assert why(jpeg()) == Refusal.TOO_HARD


CURIOUS = """
import json, os, sys
seen = {"environment": dict(os.environ), "path": sys.path, "folder": os.getcwd()}
try:
    import clinic
except ImportError as error:
    seen["ours"] = str(error)
sys.stdout.buffer.write(json.dumps({"refused": "broken", "seen": seen}).encode())
"""


def test_S34_the_decoder_finds_nothing_of_ours(tmp_path, monkeypatch):
    (tmp_path / "curious.py").write_text(CURIOUS)
    monkeypatch.setattr(pictures, "DECODER", tmp_path / "curious.py")
    monkeypatch.setenv("CLINIC_SECRET", "in the environment")

    said = pictures._ask_child(jpeg()).decode()

    assert "in the environment" not in said
    assert "No module named 'clinic'" in said


WRITES = """
import importlib.util, os, sys
spec = importlib.util.spec_from_file_location("decoder", {decoder!r})
decoder = importlib.util.module_from_spec(spec)
spec.loader.exec_module(decoder)
decoder._limit(8, 700 * 1024 * 1024)
open({there!r}, "wb").write(b"x")
"""


def test_S34_the_decoder_can_write_no_file(tmp_path, monkeypatch):
    there = tmp_path / "written"
    program = WRITES.format(decoder=str(pictures.DECODER), there=str(there))
    (tmp_path / "writes.py").write_text(program)
    monkeypatch.setattr(pictures, "DECODER", tmp_path / "writes.py")

    assert why(jpeg()) == Refusal.TOO_HARD
    assert not there.exists() or there.stat().st_size == 0


def test_a_file_over_ten_megabytes_is_refused_without_a_child(monkeypatch):
    monkeypatch.setattr(pictures, "_ask_child", lambda _raw: pytest.fail("it was asked"))

    assert why(jpeg() + b"\0" * rules.MOST_BYTES) == Refusal.TOO_LARGE


def test_no_child_is_left_behind():
    clean(jpeg())

    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    commands = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
    assert [command for command in commands if b"decoder.py" in command] == []
