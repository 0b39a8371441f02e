"""Lists as CSV for a spreadsheet, in which no cell is taken for a formula (S32)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# What makes a spreadsheet calculate instead of show.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def document(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with its mark, so that a spreadsheet reads accents right; None is an empty cell."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow([_cell(name) for name in heading])
    lines.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(STARTS_A_FORMULA):
        return f"'{value}"
    return value
