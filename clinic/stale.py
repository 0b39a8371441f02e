"""Pages that are old: what a form showed of the stored values, and whether they are others now."""

from __future__ import annotations

import hashlib


class ChangedMeanwhile(RuntimeError):
    """Somebody else changed what the page showed after it was drawn."""


def fingerprint(*values: object) -> str:
    """Stands for values in a page; the same values have the same."""
    return hashlib.sha256(repr(values).encode()).hexdigest()


def must_be(shown: str | None, now: str) -> None:
    """Raises `ChangedMeanwhile` unless the page showed what is there now."""
    if shown != now:
        raise ChangedMeanwhile
