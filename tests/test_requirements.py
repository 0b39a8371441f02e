"""Each requirement that this app claims has a test that names it: its number is in the name."""

from __future__ import annotations

import re

import pytest

from clinic.config import ROOT

# Of the security checklist and the known failures: who gets in, who sees what, who looked.
DOORS = [f"S{n}" for n in (*range(1, 9), *range(10, 18), *range(20, 27), 30, 31, 32, 33, 34, 35)]
KEYS_AND_LOGS = ["S41", "S42", "S50", "S51", "S52", "S53", "S60", "S61"]
# The scheduling of visits, but for what is not built: other calendars (L4).
BOOKING = [f"C{n}" for n in range(1, 12)]
TIMES = [f"T{n}" for n in range(1, 13)]
SLOTS = [f"L{n}" for n in (*range(1, 4), *range(5, 14))]
CONCURRENCY = [f"S{n}" for n in (*range(70, 76), 77, 78, 80)]
SCHEDULING = [*BOOKING, *TIMES, *SLOTS, *CONCURRENCY]
PRIVACY = ["M6", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P9"]

NAMES = "\n".join(
    line
    for path in sorted((ROOT / "tests").rglob("test_*.py"))
    for line in path.read_text().splitlines()
    if line.startswith("def test_")
)


@pytest.mark.parametrize("number", [*DOORS, *KEYS_AND_LOGS, *PRIVACY, *SCHEDULING])
def test_a_test_names(number):
    assert re.search(rf"^def test_(?:[A-Z]\d+_)*{number}_", NAMES, re.M)
