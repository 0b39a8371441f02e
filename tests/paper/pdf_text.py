"""What a PDF of ours says, page by page, as a reader would copy it out."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)\s*endobj", re.S)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
FONT = re.compile(rb"/F(\d+) (\d+) 0 R")
LETTER = re.compile(r"<([0-9A-F]{4})> <([0-9A-F]{4,8})>")
# A font chosen, or a text in brackets, whose own brackets stand behind a backslash.
DRAWN = re.compile(rb"/F(\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", re.S)
ESCAPED = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages(pdf: bytes) -> list[str]:
    """The texts of each page, one line for each piece."""
    objects = {int(found[1]): found[2] for found in OBJECT.finditer(pdf)}
    letters = _letters(objects)
    return [
        "\n".join(_texts(_stream(objects[_reference(body, b"Contents")]), letters))
        for body in objects.values()
        if body.rstrip(b">\n ").endswith(b"/Type /Page")
    ]


def _stream(body: bytes) -> bytes:
    found = STREAM.search(body)
    assert found is not None
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _reference(body: bytes, name: bytes) -> int:
    found = re.search(rb"/%s (\d+) 0 R" % name, body)
    assert found is not None
    return int(found[1])


def _letters(objects: dict[int, bytes]) -> dict[bytes, dict[str, str]]:
    """By the name of a font: its letters by their code."""
    fonts = {name: int(at) for body in objects.values() for name, at in FONT.findall(body)}
    found = {}
    for name, at in fonts.items():
        table = _stream(objects[_reference(objects[at], b"ToUnicode")]).decode()
        found[name] = {
            code: bytes.fromhex(letter).decode("utf-16-be")
            for code, letter in LETTER.findall(table)
        }
    return found


def _texts(stream: bytes, letters: dict[bytes, dict[str, str]]) -> Iterator[str]:
    font = b""
    for chosen, text in DRAWN.findall(stream):
        font = chosen or font
        if chosen:
            continue
        plain = re.sub(rb"\\(.)", lambda found: ESCAPED.get(found[1], found[1]), text, flags=re.S)
        codes = [plain[n : n + 2].hex().upper() for n in range(0, len(plain), 2)]
        yield "".join(letters[font][code] for code in codes)
