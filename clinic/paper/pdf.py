"""The day as a PDF: A4 on its side, each physician on sheets of their own, head and page on each.

Drawn here and not by a browser, so that the file looks the same wherever it is opened. The font is
vendored, for the standard ones lack most letters of most names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flask_babel import gettext as _
from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout, XPos, YPos

from clinic.clock import Period
from clinic.config import ROOT
from clinic.paper import words
from clinic.paper.queries import Block, Entry, Paper

FONTS = ROOT / "static" / "vendor" / "dejavu-sans-5.3.0"
FAMILY = "DejaVu"
MARGIN, LINE = 10, 4.6  # millimetres
BOX = "☐"
GREY = (90, 90, 90)
STRONG = FontFace(emphasis="B")


class Sheets(FPDF):
    """*head* is what stands on top of the sheets of the block that is being drawn."""

    def __init__(self) -> None:
        super().__init__(orientation="landscape", format="A4")
        self.head: tuple[str, str, str] = ("", "", "")
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, margin=MARGIN + 4)
        self.add_font(FAMILY, "", str(FONTS / "dejavu-sans-latin-400-normal.woff"))
        self.add_font(FAMILY, "B", str(FONTS / "dejavu-sans-latin-700-normal.woff"))

    def header(self) -> None:
        left, right, below = self.head
        self.set_font(FAMILY, "B", 13)
        self.cell(self.epw * 0.6, 7, left)
        self.cell(0, 7, right, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font(FAMILY, "", 8.5)
        self.set_text_color(*GREY)
        self.cell(self.epw * 0.6, 5, below)
        self.cell(
            0,
            5,
            _("Page %(n)s of %(all)s", n=self.page_no(), all="{nb}"),
            align="R",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )
        self.set_text_color(0)
        self.ln(2)


def document(paper: Paper, clinic: str) -> bytes:
    """The file; a day on which nobody works and nobody comes has one sheet that says so."""
    sheets = Sheets()
    day = words.full_day(paper.day)
    sheets.set_title(day)
    sheets.set_creator(clinic)
    for block in paper.blocks:
        name = block.practitioner or _("Everybody, by time")
        printed = words.printed(paper.printed_at, block.zone)
        sheets.head = f"{clinic}: {name}", day, f"{block.place}. {printed}"
        sheets.add_page()
        _table(sheets, block)
    if not paper.blocks:
        sheets.head = clinic, day, ""
        sheets.add_page()
        sheets.set_font(FAMILY, "", 10)
        sheets.cell(0, 8, _("No visit on this day."))
    return bytes(sheets.output())


def _table(sheets: Sheets, block: Block) -> None:
    columns = _columns(block)
    sheets.set_font(FAMILY, "", 9)
    with sheets.table(
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        col_widths=[column.width for column in columns],
        headings_style=STRONG,
        line_height=LINE,
        padding=1.4,
        text_align="LEFT",
        v_align="T",
    ) as table:
        table.row([column.head for column in columns])
        for line in block.lines:
            row, is_free = table.row(), isinstance(line, Period)
            for column in columns:
                text = _free(line, column, block) if isinstance(line, Period) else column.of(line)
                row.cell(text, style=STRONG if column.is_strong and not is_free else None)


class _Column(NamedTuple):
    head: str
    width: int
    of: Callable[[Entry], str]
    is_strong: bool = False


def _columns(block: Block) -> list[_Column]:
    """How to reach somebody only where that is known; with whom only where it is not on top."""
    reach = any(entry.born_on for entry in block.entries)
    found = [
        _Column("", 8, lambda _entry: BOX),
        _Column(_("Time"), 46, lambda entry: words.span(entry, block.zone)),
        _Column(_("Patient"), 50, lambda entry: entry.patient_name, True),
        _Column(_("Born, phone"), 38, _reach) if reach else None,
        _Column(_("Service"), 38, lambda entry: entry.service),
        None if block.practitioner else _Column(_("Physician"), 36, lambda e: e.practitioner),
        _Column(_("Room"), 22, lambda entry: entry.room),
        _Column(_("State"), 32, lambda entry: "\n".join(words.state(entry))),
        _Column(_("Notes"), 40, lambda _entry: ""),
    ]
    return [column for column in found if column]


def _reach(entry: Entry) -> str:
    born = words.born(entry.born_on) if entry.born_on else None
    return "\n".join(part for part in (born, entry.phone) if part)


def _free(period: Period, column: _Column, block: Block) -> str:
    """A line to write on."""
    if column.head == _("Time"):
        return words.span(period, block.zone)
    return _("free") if column.head == _("Patient") else ""
