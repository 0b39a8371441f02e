"""Which engine a case takes, where several are asked for and the case needs only one of them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import pytest


def params_of(item: pytest.Item) -> Mapping[str, Any]:
    return getattr(getattr(item, "callspec", None), "params", {})


def turn(item: pytest.Item, names: Sequence[str], *left_out: str) -> int:
    """The place in *names* of the engine whose turn it is; the same in every run.

    Told by a case's parameters, so that tests that look at one thing in several ways share it on
    one engine, or else by its name; an engine, and the words *left_out*, make no difference.
    """
    name, _bracket, case = item.name.rstrip("]").partition("[")
    for word in (*names, *left_out):
        case = case.replace(word, "")
    return zlib.crc32((case.strip("-") or name).encode()) % len(names)
