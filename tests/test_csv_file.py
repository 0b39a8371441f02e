"""Lists as CSV: a spreadsheet shows every cell and calculates none (S32)."""

from __future__ import annotations

import csv
import io

import pytest

from clinic import csv_file


def cells(*row: object) -> list[str]:
    body = csv_file.document(["Name"], [row])
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))[1]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_S32_text_that_would_be_a_formula_gets_an_apostrophe(first):
    assert cells(f"{first}1+1") == [f"'{first}1+1"]


@pytest.mark.parametrize("text", ["Cal Ortega", "a=b", "O'Neil", "1-2", "", 'He said "no", twice'])
def test_other_text_stays_as_it_is(text):
    assert cells(text) == [text]


def test_numbers_stay_numbers_and_nothing_is_an_empty_cell():
    assert cells(-3, None) == ["-3", ""]


def test_S32_a_heading_is_a_cell_like_others():
    assert csv_file.document(["=1"], []).decode("utf-8-sig") == "'=1\r\n"


def test_accents_are_marked_as_utf_8():
    assert csv_file.document(["Name"], [["Marín"]]).startswith(b"\xef\xbb\xbf")
