"""Making a clean picture of what was sent, in a child process that can do no harm (S34)."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from clinic.photos import rules
from clinic.photos.rules import Refusal

DECODER = Path(__file__).with_name("decoder.py")
SECONDS = 20  # by the clock
CPU_SECONDS = 8
MEMORY_BYTES = 700 * 1024 * 1024  # addresses, not pages: the libraries alone take a third of it


class Refused(RuntimeError):
    """A file is not taken; *why* is said to the patient."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Picture:
    """Two JPEGs of our own making."""

    image: bytes
    thumbnail: bytes
    width: int
    height: int


def clean(raw: bytes) -> Picture:
    """The picture in *raw*, the right way up, with nothing that came along. Raises `Refused`."""
    at_sight = rules.refusal_at_sight(raw)
    if at_sight is not None:
        raise Refused(at_sight)
    head, _newline, body = _ask_child(raw).partition(b"\n")
    try:
        said = json.loads(head)
    except ValueError:
        raise Refused(Refusal.TOO_HARD) from None  # it was ended before it could say anything
    if "refused" in said:
        raise Refused(Refusal(said["refused"]))
    length = said["lengths"][0]
    return Picture(body[:length], body[length:], said["width"], said["height"])


def _ask_child(raw: bytes) -> bytes:
    """What the decoder says; nothing when it was too slow or took too much.

    Isolated, without an environment and in the root folder: it finds nothing of ours. What it
    says of errors is dropped, because it could hold bytes of the picture.
    """
    limits = (
        *(rules.MOST_PIXELS, rules.FEWEST_PIXELS, rules.LONGEST_SIDE, rules.LONGEST_SIDE_SMALL),
        *(CPU_SECONDS, MEMORY_BYTES),
    )
    command = [sys.executable, "-I", "-B", str(DECODER), *map(str, limits)]
    try:
        done = subprocess.run(  # noqa: S603  (our own program, and numbers)
            command,
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout if done.returncode == 0 else b""
