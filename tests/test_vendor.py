"""What was vendored is what VENDOR.md says, byte for byte, with its licence beside it."""

import hashlib
from pathlib import Path

import pytest

from clinic.config import ROOT

FOLDER = ROOT / "static" / "vendor"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (FOLDER / "VENDOR.md").read_text().splitlines()
    if line.startswith("| ") and "sha256" not in line
]


@pytest.mark.parametrize("row", ROWS, ids=[row[3] for row in ROWS])
def test_a_vendored_file_has_the_sum_that_is_written_down(row):
    path = FOLDER / row[3]

    assert hashlib.sha256(path.read_bytes()).hexdigest() == row[4]


@pytest.mark.parametrize("row", ROWS, ids=[row[3] for row in ROWS])
def test_a_vendored_file_has_its_licence_beside_it(row):
    assert (FOLDER / Path(row[3]).parent / "LICENSE").stat().st_size > 0


def test_every_vendored_file_is_written_down():
    listed = {row[3] for row in ROWS}
    present = {
        str(path.relative_to(FOLDER))
        for path in FOLDER.rglob("*")
        if path.is_file() and path.name not in ("LICENSE", "VENDOR.md")
    }

    assert present == listed
