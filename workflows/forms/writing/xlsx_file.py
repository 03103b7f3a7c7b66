"""Draws a form as a workbook: a sheet per table, A4, 仿宋 and 黑体, merged and bordered cells, every cell as text."""

import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from workflows.forms.form import Boxes, Form, Line, Look, Part, Place
from workflows.forms.writing.archive import repacked
from workflows.forms.writing.placing import placed
from workflows.forms.writing.shown import printable
from workflows.forms.writing.xlsx_notes import annotate

TEXT_FONT, HEAD_FONT, TITLE_FONT = "仿宋", "黑体", "方正小标宋简体"
SHEET_WIDTH, LANDSCAPE_WIDTH = 92.0, 136.0
"""Column widths (in digits) that together fill A4, upright and sideways."""
A4, LINE_HEIGHT, HIGHEST = 9, 15.0, 400.0
LONGEST_NAME = 31
_THIN = Side(style="thin", color="000000")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_ACROSS = {Look.LABEL: "center", Look.TEXT: "left", Look.NUMBER: "right"}
_LINES = {
    Place.TITLE: (TITLE_FONT, 18, "center"), Place.BESIDE_TITLE: (TEXT_FONT, 12, "center"),
    Place.HEADING: (HEAD_FONT, 12, "left"), Place.LEFT: (TEXT_FONT, 11, "left"), Place.RIGHT: (TEXT_FONT, 11, "right"),
    Place.NOTE: (TEXT_FONT, 9, "left"),
}  # fmt: skip
_NO_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


def xlsx_of(form: Form, notes: Mapping[str, str] | None = None) -> bytes:
    """Return the form as a workbook; a title after the first begins a new sheet. The same form, the same bytes.

    `notes` stand as comments on the cells that print their labels.
    """
    book = Workbook()
    book.properties.title, book.properties.creator = printable(form.name)[:200], ""
    sheets = _by_title(form.parts)
    for number, parts in enumerate(sheets, 1):
        sheet = book.worksheets[0] if number == 1 else book.create_sheet()
        sheet.title = _name(form.name if len(sheets) == 1 else _heading(parts), number if len(sheets) > 1 else 0)
        _Drawing(sheet, parts, landscape=form.landscape).draw()
        annotate(sheet, notes or {})
    out = io.BytesIO()
    book.save(out)
    return repacked(out.getvalue())


def _by_title(parts: Sequence[Part]) -> list[list[Part]]:
    sheets: list[list[Part]] = [[]]
    for part in parts:
        if isinstance(part, Line) and part.place is Place.TITLE and sheets[-1]:
            sheets.append([])
        sheets[-1].append(part)
    return sheets


def _heading(parts: Sequence[Part]) -> str:
    return next((part.text for part in parts if isinstance(part, Line)), "")


def _name(text: str, number: int) -> str:
    before = f"{number} " if number else ""
    return (before + _NO_NAME.sub("", printable(text))).strip()[:LONGEST_NAME] or "绩效目标表"


@dataclass
class _Drawing:
    sheet: Worksheet
    parts: Sequence[Part]
    landscape: bool

    def draw(self) -> None:
        tables = [part for part in self.parts if isinstance(part, Boxes)]
        main = max(tables, key=lambda boxes: len(boxes.widths)).widths if tables else (1,)
        room = LANDSCAPE_WIDTH if self.landscape else SHEET_WIDTH
        self.widths = [room * share / sum(main) for share in main]
        for number, width in enumerate(self.widths, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = round(width, 2)
        row = 1
        for part in self.parts:
            row = self._boxes(part, row) if isinstance(part, Boxes) else self._texts(part, row)
        self._page()

    def _page(self) -> None:
        setup = self.sheet.page_setup
        setup.paperSize, setup.fitToHeight = A4, 0
        setup.orientation = "landscape" if self.landscape else "portrait"
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self.sheet.print_options.horizontalCentered = True

    def _texts(self, part: Part, row: int) -> int:
        texts = (part.text,) if isinstance(part, Line) else getattr(part, "beside", ())
        font, size, across = _LINES[part.place if isinstance(part, Line) else Place.NOTE]
        for text in texts:
            cell = self.sheet.cell(row, 1)
            _write(cell, text)
            cell.font, cell.alignment = Font(name=font, size=size), Alignment(across, "center", wrap_text=True)
            if len(self.widths) > 1:
                self.sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(self.widths))
            lines = _lines_of(text, sum(self.widths) * 11 / size)
            self.sheet.row_dimensions[row].height = min(HIGHEST, lines * size * 1.5 + 6)
            row += 1
        return row

    def _boxes(self, boxes: Boxes, row: int) -> int:
        edges = _edges(boxes.widths, self.widths)
        needed = [1] * len(boxes.rows)
        for down, column, box in placed(boxes):
            begin, end = edges[column], edges[column + box.columns]
            top, bottom = row + down, row + min(down + box.rows, len(boxes.rows)) - 1
            cell = self.sheet.cell(top, begin + 1)
            _write(cell, box.text)
            cell.font = Font(name=HEAD_FONT if box.look is Look.LABEL else TEXT_FONT, size=10.5)
            cell.alignment = Alignment(_ACROSS[box.look], "center", wrap_text=True)
            for each in self.sheet.iter_rows(top, bottom, begin + 1, end):
                for inside in each:
                    inside.border = _FRAME
            if (bottom, end) != (top, begin + 1):
                self.sheet.merge_cells(start_row=top, end_row=bottom, start_column=begin + 1, end_column=end)
            lines = _lines_of(box.text, sum(self.widths[begin:end]))
            share = -(-lines // (bottom - top + 1))
            for each_row in range(down, bottom - row + 1):
                needed[each_row] = max(needed[each_row], share)
        for number, lines in enumerate(needed):
            self.sheet.row_dimensions[row + number].height = min(HIGHEST, lines * LINE_HEIGHT + 6)
        if boxes.heads == 1 and self.sheet.print_title_rows is None:
            self.sheet.print_title_rows = f"{row}:{row}"
        return row + len(boxes.rows)


def _write(cell: object, text: str) -> None:
    """Write a text as a text, never as a formula or a number."""
    cell.value = text or None  # type: ignore[attr-defined]
    if text:
        cell.data_type = "s"  # type: ignore[attr-defined]
        cell.number_format = "@"  # type: ignore[attr-defined]


def _edges(shares: Sequence[int], widths: Sequence[float]) -> list[int]:
    """Lay a table's columns on the sheet's: each edge at the nearest one that leaves a column for every other."""
    if len(shares) == len(widths):
        return list(range(len(widths) + 1))
    ends = [sum(widths[: number + 1]) / sum(widths) for number in range(len(widths))]
    edges = [0]
    for number in range(1, len(shares)):
        wanted = sum(shares[:number]) / sum(shares)
        room = range(edges[-1] + 1, len(widths) - (len(shares) - number) + 1)
        edges.append(min(room, key=lambda at: abs(ends[at - 1] - wanted)))
    return [*edges, len(widths)]


def _lines_of(text: str, width: float) -> int:
    """How many lines a text takes in so many digits' width."""
    signs = max(1.0, width / 1.05 - 1)
    return sum(max(1, -(-_wide(line) // int(signs))) for line in text.split("\n"))


def _wide(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in line)
